/**
 * A hold on a stream of HTTP/2. Its `respond` gets all fields together, from a response of the
 * compatibility API, from an application that answers on the stream itself, and from Node.
 */

import { mergedFields } from './fields.ts'
import { decisionOf, GUARD, type Guarded, type GuardRecord, tell } from './record.ts'

type Send = (this: unknown, ...parameters: unknown[]) => unknown

const STATUS = ':status'
const DEFAULT_STATUS = 200

/** The functions that send a head, and which of their parameters holds its fields. */
const FIELDS_AT = { respond: 0, respondWithFile: 1, respondWithFD: 1 } as const

type Sender = keyof typeof FIELDS_AT

const SENDERS = Object.keys(FIELDS_AT) as Sender[]

/** One of each for all streams. */
const HELD = SENDERS.map((name) => held(name))

/** Makes the decision of a stream's record hold for what it sends. */
export function holdStream(stream: Guarded, record: GuardRecord): void {
  stream[GUARD] = record
  const functions = stream as Record<string, unknown>
  SENDERS.forEach((name, index) => {
    // What somebody else has put in its place has to be called in turn.
    const own = Object.hasOwn(stream, name) ? (functions[name] as Send) : undefined
    functions[name] = own === undefined ? HELD[index] : held(name, own)
  })
}

/** @param own What to call, if not what the stream inherits. */
function held(name: Sender, own?: Send): Send {
  const at = FIELDS_AT[name]
  return function (...parameters) {
    const record = (this as Guarded)[GUARD] as GuardRecord
    const send = own ?? (Object.getPrototypeOf(this)[name] as Send)
    const given = (parameters[at] ?? {}) as Record<string, unknown>
    const decision = decisionOf(record, given[STATUS] ?? DEFAULT_STATUS)
    if (decision === undefined) return send.apply(this, parameters)
    record.found = undefined
    parameters[at] = mergedFields(given, decision, undefined, record)
    const answer = send.apply(this, parameters)
    tell(record)
    return answer
  }
}
