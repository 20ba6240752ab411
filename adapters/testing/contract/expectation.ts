/** What has to come back: the decision of the core, on what the application answers without the adapter. */

import {
  type CorsDecision,
  createDecider,
  isCorsField,
  mergeVary,
  type PolicySource,
} from '../../../src/index.ts'
import { systemClock } from '../../shared/clock.ts'
import type { Received } from './service.ts'

/** An answer, in the form in which it is compared: lines sorted, names in lower case. */
export interface Answer {
  readonly status: number | typeof SERVER_ERROR
  readonly handlerRuns: number
  /** Every line of a CORS field. */
  readonly cors: readonly string[]
  /** The names in `Vary`, in lower case. */
  readonly vary: readonly string[]
  /** Every other line, as far as it is known what it has to be. */
  readonly others: readonly string[]
  readonly body: string
}

/** Which of them it is, is the framework's affair. */
export const SERVER_ERROR = 'a server error (500 to 599)'

const VARY = 'vary'
const CONTENT_TYPE = 'content-type'
const CONTENT_LENGTH = 'content-length'
const NO_CONTENT = 204

/** Lines that belong to the connection, or to the clock. */
const VOLATILE: ReadonlySet<string> = new Set(['date', 'connection', 'keep-alive'])

type Line = readonly [name: string, value: string]

/** What is asked for and what comes back, in the same form. */
export interface Comparison {
  readonly expected: Answer
  readonly received: Answer
}

/**
 * What the core decides. The adapter asks it the same; that it hears the facts of the request, and that
 * the decision reaches the wire, is what is tested.
 */
export async function decisionFor(
  source: PolicySource<unknown>,
  { facts }: Pick<Received, 'facts'>,
): Promise<CorsDecision> {
  return createDecider(source, systemClock).decide(facts, undefined)
}

/** The application answers: with the fields of the decision, and else as without the adapter. */
export function ofApplication(
  decision: CorsDecision,
  received: Received,
  bare: Received,
): Comparison {
  const expected = {
    ...answerOf(bare),
    cors: corsLinesOf(decision),
    vary: varyNames(mergeVary(valuesOf(bare, VARY), decision.vary)),
  }
  return { expected, received: answerOf(received) }
}

/** The adapter answers, with nothing but the decision. */
export function ofAdapter(decision: CorsDecision, status: number, received: Received): Comparison {
  const own = Object.entries(decision.headers).filter(([name]) => !isCorsField(name))
  const { explanation } = decision
  const names = new Set([...own.map(([name]) => name), CONTENT_TYPE])
  // The length of an empty body is optional, but not with 204 (RFC 9110, section 8.6).
  if (status === NO_CONTENT) names.add(CONTENT_LENGTH)
  const type: readonly Line[] = explanation === undefined ? [] : [[CONTENT_TYPE, 'text/plain']]
  const answer = answerOf(received)
  return {
    expected: {
      status,
      handlerRuns: 0,
      cors: corsLinesOf(decision),
      vary: varyNames(decision.vary.join()),
      others: printedLines([...own, ...type]),
      body: explanation ?? '',
    },
    received: {
      ...answer,
      others: printedLines(
        linesOf(received)
          .filter(([name]) => names.has(name))
          .map(([name, value]) => [name, name === CONTENT_TYPE ? mediaType(value) : value]),
      ),
      body: answer.body.trimEnd(),
    },
  }
}

/** A look-up has failed: the framework answers for it as for any failure, and nothing is allowed. */
export function ofFailure(decision: CorsDecision, received: Received): Comparison {
  const answer = answerOf(received)
  return {
    expected: {
      status: SERVER_ERROR,
      handlerRuns: 0,
      cors: corsLinesOf(decision),
      vary: varyNames(decision.vary.join()),
      others: [],
      body: '',
    },
    received: {
      ...answer,
      status: isServerError(received.status) ? SERVER_ERROR : received.status,
      others: [],
      body: '',
    },
  }
}

export function isServerError(status: number): boolean {
  return status >= 500 && status <= 599
}

/** The lines of a field, joined; `undefined` where there is none. */
export function valuesOf(received: Received, field: string): string | undefined {
  const values = linesOf(received).filter(([name]) => name === field)
  return values.length === 0 ? undefined : values.map(([, value]) => value).join(', ')
}

/** The CORS fields of an answer. */
export function corsFieldsOf(received: Received): readonly Line[] {
  return linesOf(received).filter(([name]) => isCorsField(name))
}

export function answerOf(received: Received): Answer {
  const others = linesOf(received).filter(
    ([name]) => !isCorsField(name) && name !== VARY && !VOLATILE.has(name),
  )
  return {
    status: received.status,
    handlerRuns: received.runs,
    cors: printedLines(corsFieldsOf(received)),
    vary: varyNames(valuesOf(received, VARY) ?? ''),
    others: printedLines(others),
    body: received.body,
  }
}

function corsLinesOf({ headers }: CorsDecision): readonly string[] {
  return printedLines(Object.entries(headers).filter(([name]) => isCorsField(name)))
}

function linesOf({ headers }: Received): readonly Line[] {
  return headers.map(([name, value]) => [name.toLowerCase(), value])
}

/** Sorted by name; the lines of one name keep their order, which may matter. */
function printedLines(lines: readonly Line[]): readonly string[] {
  return [...lines]
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([name, value]) => `${name}: ${value}`)
}

function varyNames(value: string): readonly string[] {
  const names = value.split(',').map((name) => name.trim().toLowerCase())
  return names.filter((name) => name !== '').sort()
}

/** Servers differ in the letter case of the parameter. */
function mediaType(value: string): string {
  return (value.split(';')[0] ?? '').trim().toLowerCase()
}
