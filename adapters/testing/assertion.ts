/** Assertions about verdicts, failing as every test runner shows it. */

import { AssertionError } from 'node:assert'
import { RULES, type RuleCode } from '../../src/browser/index.ts'
import { mistake } from './mistake.ts'
import type { Observation } from './observation.ts'
import { report } from './report.ts'

/** The algorithms by which a server's answer keeps a page out; the rest is the page's own doing. */
const REFUSALS: ReadonlySet<string> = new Set(['CORS check', 'CORS-preflight fetch'])

/** @throws {AssertionError} unless the page can read the response. */
export function assertIsReadable(observation: Observation): void {
  if (!observation.verdict.readable) throw failure(observation, 'readable')
}

/** @throws {AssertionError} unless the server's answer keeps the page out: by `rule`, if it is given. */
export function assertIsBlocked(observation: Observation, rule: RuleCode | undefined): void {
  const found = observation.verdict.rule
  const isMeant = rule === undefined ? isRefusal(found) : found === rule
  if (!isMeant) throw failure(observation, rule === undefined ? 'blocked by CORS' : blocked(rule))
}

/** @throws {TypeError} for what is no rule. */
export function checkRule(rule: RuleCode | undefined): void {
  if (rule === undefined || Object.hasOwn(RULES, rule)) return
  throw mistake('the rule', rule, `the rules are ${Object.keys(RULES).join(', ')}`)
}

function isRefusal(rule: RuleCode | undefined): boolean {
  return rule !== undefined && REFUSALS.has(RULES[rule].algorithm)
}

function failure({ asked, verdict, cause }: Observation, expected: string): AssertionError {
  const actual = verdict.rule === undefined ? 'readable' : blocked(verdict.rule)
  const message = `expected ${expected}, but ${report(asked, verdict)}`
  const error = new AssertionError({ message, actual, expected, operator: 'strictEqual' })
  if (cause !== undefined) error.cause = cause
  return error
}

function blocked(rule: RuleCode): string {
  return `blocked by ${rule}`
}
