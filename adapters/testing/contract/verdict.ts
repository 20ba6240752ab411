/** Says where an answer differs from what it has to be, for people. */

import { AssertionError } from 'node:assert'
import type { PolicySource } from '../../../src/index.ts'
import { printed } from '../printed.ts'
import type { Answer, Comparison } from './expectation.ts'
import { described } from './policies.ts'
import { CONTRACT_RULES, type ContractRule, linkTo } from './rules.ts'
import type { ContractRequest } from './service.ts'

/** What was tried. */
export interface Trial {
  readonly rule: ContractRule
  readonly title: string
  /** `undefined` where it is the application without the adapter. */
  readonly source?: PolicySource<unknown> | undefined
  readonly request?: ContractRequest | undefined
}

/** @throws {AssertionError} unless what was received is what was expected, all of it. */
export function assertSame(trial: Trial, { expected, received }: Comparison): void {
  const parts = Object.keys(expected) as (keyof Answer)[]
  const wrong = parts.filter((part) => !isSame(expected[part], received[part]))
  if (wrong.length === 0) return
  // The header set as a whole tells most; of the rest, what differs.
  const shown = parts.filter(
    (part) => part === 'status' || part === 'cors' || part === 'vary' || wrong.includes(part),
  )
  throw broken(
    trial,
    [
      `differs in: ${wrong.join(', ')}`,
      'expected:',
      ...answerLines(expected, shown),
      'received:',
      ...answerLines(received, shown),
    ],
    expected,
    received,
  )
}

/** @throws {AssertionError} unless two lists are the same. */
export function assertSameList(
  trial: Trial,
  what: string,
  expected: readonly unknown[],
  received: readonly unknown[],
  hint?: string,
): void {
  if (isSame(expected, received)) return
  throw broken(
    trial,
    [
      `differs in: ${what}`,
      `expected: ${printed(JSON.stringify(expected))}`,
      `received: ${printed(JSON.stringify(received))}`,
      ...(hint === undefined ? [] : [hint]),
    ],
    expected,
    received,
  )
}

/** The failure of a case. */
export function broken(
  { rule, title, source, request }: Trial,
  lines: readonly string[],
  expected?: unknown,
  actual?: unknown,
): AssertionError {
  const message = [
    `${rule}: ${title}`,
    `  rule: ${CONTRACT_RULES[rule]}`,
    `  see ${linkTo(rule)}`,
    ...(source === undefined ? [] : [`  policy: ${described(source)}`]),
    ...(request === undefined ? [] : requestLines(request)),
    ...lines.map((line) => `  ${line}`),
  ].join('\n')
  return new AssertionError({ message, expected, actual, operator: 'adapterContract' })
}

function requestLines({ method = 'GET', path = '/answer', headers = [] }: ContractRequest) {
  const lines = headers.map(([name, value]) => `    ${name}: ${printed(value)}`)
  return [`  request: ${method} ${path}`, ...lines]
}

function answerLines(answer: Answer, parts: readonly (keyof Answer)[]): string[] {
  return parts.flatMap((part) => {
    const value = answer[part]
    if (typeof value === 'number') return [`  ${part}: ${value}`]
    if (typeof value === 'string')
      return [`  ${part}: ${value === '' ? '(empty)' : printed(value)}`]
    if (part === 'vary') return [`  vary: ${value.length === 0 ? '(none)' : value.join(', ')}`]
    if (value.length === 0) return [`  ${part}: (none)`]
    return [`  ${part}:`, ...value.map((line) => `    ${printed(line)}`)]
  })
}

/** Plain data with its keys in one order. */
function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}
