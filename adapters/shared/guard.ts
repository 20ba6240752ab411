/**
 * The guard: makes a decision hold at the moment when a response's head is sent.
 *
 * Every reply of Node goes through one function: in HTTP/1 through the response's `writeHead`, explicit
 * or implied, in HTTP/2 through the stream's `respond`. There, and only there, the CORS fields that are
 * on the response are replaced by the decision's, whatever put them there, and `Vary` is merged. Nothing
 * is stored before, because an application that calls `writeHead` with lists of its own depends on being
 * the first to set a header.
 */

import type { CorsDecision } from '../../src/index.ts'
import { hasInside, holdBehind } from './behind.ts'
import { applyToStored, type Finds, mergedFields, removeStored } from './fields.ts'
import type { NodeRequest, NodeResponse, NodeStream, WriteHead } from './response.ts'
import { holdStream } from './stream.ts'

const GUARD = Symbol.for('crossgate.guard')

/** Whoever made a decision: is told which CORS fields it replaced. */
export interface Teller {
  readonly replaced: (
    decision: CorsDecision,
    found: NonNullable<Finds['found']>,
    subject: never,
  ) => void
}

/** A decision, with whoever made it and what that calls the request. */
export interface Settled {
  readonly decision: CorsDecision
  readonly teller?: Teller
  readonly subject?: unknown
}

/** @param status The status that is about to be sent. `undefined`: the response is left as it is. */
export type LateDecision = (request: NodeRequest, status: unknown) => Settled | undefined

/** What the guard keeps on a response, or on its stream. Another copy of crossgate finds it there. */
interface GuardRecord extends Finds {
  /** The decision that holds; `undefined` once the response is released. */
  decision: CorsDecision | undefined
  teller: Teller | undefined
  subject: unknown
  /** Decides at the last moment, as long as nobody has decided. */
  late: LateDecision | undefined
  readonly request: NodeRequest | undefined
  /** The `writeHead` of somebody else that the guard took the place of. */
  writeHead: WriteHead | undefined
}

interface Guarded {
  [GUARD]?: GuardRecord
}

type GuardedResponse = NodeResponse & Guarded & { writeHead?: WriteHead }

/** The response, or in HTTP/2 its stream, which is there before the response is. */
function placeOf(response: NodeResponse): Guarded {
  const { stream } = response
  return (typeof stream?.respond === 'function' ? stream : response) as Guarded
}

/**
 * Makes `decision` hold for `response`. Installed again, it only replaces the decision, so that the
 * innermost policy wins. A response that is not Node's gets its headers at once.
 */
export function guard(
  response: NodeResponse,
  decision: CorsDecision,
  teller?: Teller,
  subject?: unknown,
): void {
  const record = placeOf(response)[GUARD]
  if (record === undefined) {
    install(response, {
      decision,
      teller,
      subject,
      late: undefined,
      request: undefined,
      writeHead: undefined,
      found: undefined,
    })
  } else {
    record.decision = decision
    record.teller = teller
    record.subject = subject
  }
  storeAtOnce(response)
}

/**
 * Decides when the head is sent, unless {@link guard} was called by then.
 *
 * @returns Whether it was not guarded before.
 */
export function guardLate(
  response: NodeResponse,
  request: NodeRequest,
  late: LateDecision,
): boolean {
  if (placeOf(response)[GUARD] !== undefined) return false
  install(response, {
    decision: undefined,
    teller: undefined,
    subject: undefined,
    late,
    request,
    writeHead: undefined,
    found: undefined,
  })
  return true
}

/**
 * The decision that holds for a response, for what is sent past it. Decided late, it holds from then
 * on.
 */
export function guardedDecision(response: NodeResponse, status: unknown): CorsDecision | undefined {
  return decisionOf(placeOf(response)[GUARD], status)
}

function decisionOf(record: GuardRecord | undefined, status: unknown): CorsDecision | undefined {
  if (record === undefined || record.decision !== undefined) return record?.decision
  const settled = record.request && record.late?.(record.request, status)
  if (settled === undefined) return undefined
  record.decision = settled.decision
  record.teller = settled.teller
  record.subject = settled.subject
  return settled.decision
}

/**
 * Lets a response go: its headers are what the application makes them. The documented way out for a
 * route that has to answer for itself.
 */
export function releaseGuard(response: object): void {
  const record = placeOf(response as NodeResponse)[GUARD]
  if (record === undefined) return
  record.decision = undefined
  record.late = undefined
}

/**
 * Stores the fields on a response that is not Node's: whether it calls its `writeHead`, if it has one,
 * cannot be known. Whoever removes its headers has to call this again.
 */
export function storeAtOnce(response: NodeResponse): void {
  if (hasInside(response) || response.headersSent) return
  const place = placeOf(response)
  const decision = place[GUARD]?.decision
  if (place === (response as Guarded) && decision !== undefined) applyToStored(response, decision)
}

function install(response: GuardedResponse, record: GuardRecord): void {
  const place = placeOf(response)
  place[GUARD] = record
  if (place !== response) {
    holdStream(response.stream as NodeStream, record, holding(record), tell)
    return
  }
  if (typeof response.writeHead !== 'function') return
  if (Object.hasOwn(response, 'writeHead')) {
    // Where somebody else has taken the place of `writeHead`, the guard has to stand behind it.
    if (holdBehind(response, record, holding(record), tell)) return
    record.writeHead = response.writeHead
  }
  response.writeHead = guardedWriteHead
}

/** For the places where one function for all responses will not do. */
function holding(record: GuardRecord): (status: unknown) => CorsDecision | undefined {
  return (status) => decisionOf(record, status)
}

/** Tells whoever decided what was there, where there was anything. */
function tell(finds: Finds): void {
  const { found, decision, teller, subject } = finds as GuardRecord
  if (found === undefined) return
  finds.found = undefined
  if (decision !== undefined) teller?.replaced(decision, found, subject as never)
}

/** Stands in for `writeHead` on every guarded response: one function for all. */
function guardedWriteHead(this: unknown, ...parameters: unknown[]): unknown {
  const response = this as GuardedResponse
  const record = response[GUARD] as GuardRecord
  // A framework may have given the response another prototype since.
  const writeHead: WriteHead = record.writeHead ?? Object.getPrototypeOf(this).writeHead
  const [status, reason, last] = parameters
  const decision = response.headersSent ? undefined : decisionOf(record, status)
  if (decision === undefined) return writeHead.apply(this, parameters)
  // Of an earlier attempt, which failed.
  record.found = undefined
  // writeHead(status), writeHead(status, fields), writeHead(status, reason, fields)
  const given = typeof reason === 'string' ? last : (last ?? reason)
  if (typeof given !== 'object' || given === null) {
    applyToStored(response, decision, record)
    const answer = writeHead.apply(this, parameters)
    tell(record)
    return answer
  }
  removeStored(response, record)
  const merged = mergedFields(given, decision, response, record)
  const answer =
    typeof reason === 'string'
      ? writeHead.call(this, status, reason, merged)
      : writeHead.call(this, status, merged)
  tell(record)
  return answer
}
