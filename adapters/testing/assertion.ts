/** Assertions about verdicts, failing as every test runner shows it. */

import { AssertionError } from 'node:assert'
import { RULES, type RuleCode } from '../../src/browser/index.ts'
import { wrongValue } from './mistake.ts'
import type { Observation } from './observation.ts'
import { report } from './report.ts'

/** The algorithms by which a server's answer keeps a page out; the rest is the page's own doing. */
const REFUSALS: ReadonlySet<string> = new Set(['CORS check', 'CORS-preflight fetch'])

/** The function that the test has called: the stack of a failure starts behind it. */
type Caller = (...parameters: never[]) => unknown

/** @throws {AssertionError} unless the page can read the response. */
export function assertIsReadable(observation: Observation, caller: Caller): void {
  if (!observation.verdict.readable) throw failure(observation, 'readable', caller)
}

/** @throws {AssertionError} unless the server's answer keeps the page out: by `rule`, if it is given. */
export function assertIsBlocked(
  observation: Observation,
  rule: RuleCode | undefined,
  caller: Caller,
): void {
  const found = observation.verdict.rule
  const isMeant = rule === undefined ? isRefusal(found) : found === rule
  const expected = rule === undefined ? 'blocked by CORS' : blocked(rule)
  if (!isMeant) throw failure(observation, expected, caller)
}

/** @throws {TypeError} for what is no rule. */
export function checkRule(rule: RuleCode | undefined): void {
  if (rule === undefined || Object.hasOwn(RULES, rule)) return
  throw wrongValue('the rule', rule, `the rules are ${Object.keys(RULES).join(', ')}`)
}

function isRefusal(rule: RuleCode | undefined): boolean {
  return rule !== undefined && REFUSALS.has(RULES[rule].algorithm)
}

function failure(
  { asked, verdict, cause }: Observation,
  expected: string,
  caller: Caller,
): AssertionError {
  const error = new AssertionError({
    message: `expected ${expected}, but ${report(asked, verdict)}`,
    actual: verdict.rule === undefined ? 'readable' : blocked(verdict.rule),
    expected,
    operator: caller.name,
    stackStartFn: caller,
  })
  if (cause !== undefined) error.cause = cause
  return error
}

function blocked(rule: RuleCode): string {
  return `blocked by ${rule}`
}
