/**
 * The guard: makes a decision hold at the moment when a response's head is sent.
 *
 * Every reply of Node, explicit or implied, goes through `writeHead`. There, and only there, the
 * CORS fields that are on the response are replaced by the decision's, whatever put them there, and
 * `Vary` is merged. Nothing is stored before, because an application that calls `writeHead` with
 * lists of its own depends on being the first to set a header.
 */

import type { CorsDecision } from '../../src/index.ts'
import { type Hold, holdBehind } from './behind.ts'
import { applyToStored, type Finds, mergedFields, removeStored } from './fields.ts'
import type { NodeResponse, WriteHead } from './response.ts'

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

/** What the guard keeps on a response. Another copy of crossgate finds it there. */
interface GuardRecord extends Finds {
  /** The decision that holds; `undefined` once the response is released. */
  decision: CorsDecision | undefined
  teller: Teller | undefined
  subject: unknown
  /** Decides at the last moment, as long as nobody has decided. */
  late: LateDecision | undefined
  /** The `writeHead` that the guard took the place of; a shim may have none. */
  readonly writeHead: WriteHead | undefined
}

/** @param status The status that is about to be sent. `undefined`: the response is left as it is. */
export type LateDecision = (response: NodeResponse, status: unknown) => Settled | undefined

type GuardedResponse = NodeResponse & { [GUARD]?: GuardRecord; writeHead?: WriteHead }

/**
 * Makes `decision` hold for `response`. Installed again, it only replaces the decision, so that the
 * innermost policy wins. A response without `writeHead` gets its headers at once.
 */
export function guard(
  response: NodeResponse,
  decision: CorsDecision,
  teller?: Teller,
  subject?: unknown,
): void {
  const guarded: GuardedResponse = response
  const record = guarded[GUARD]
  if (record === undefined) {
    const writeHead = typeof guarded.writeHead === 'function' ? guarded.writeHead : undefined
    install(guarded, { decision, teller, subject, late: undefined, writeHead, found: undefined })
  } else {
    record.decision = decision
    record.teller = teller
    record.subject = subject
  }
  storeWithoutHead(response)
}

/**
 * Stores the fields of a response that has no `writeHead`: nothing else will. Whoever removes its
 * headers has to call this again.
 */
export function storeWithoutHead(response: NodeResponse): void {
  const record = (response as GuardedResponse)[GUARD]
  if (record?.decision === undefined || record.writeHead !== undefined) return
  if (!response.headersSent) applyToStored(response, record.decision)
}

/**
 * Decides when the head is sent, unless {@link guard} was called by then.
 *
 * @returns Whether it was not guarded before.
 */
export function guardLate(response: NodeResponse, late: LateDecision): boolean {
  const guarded: GuardedResponse = response
  const { writeHead } = guarded
  if (guarded[GUARD] !== undefined || typeof writeHead !== 'function') return false
  install(guarded, {
    decision: undefined,
    teller: undefined,
    subject: undefined,
    late,
    writeHead,
    found: undefined,
  })
  return true
}

function install(response: GuardedResponse, record: GuardRecord): void {
  response[GUARD] = record
  if (record.writeHead === undefined) return
  // Where somebody else has taken the place of `writeHead`, the guard has to stand behind it.
  const isWrapped = Object.hasOwn(response, 'writeHead')
  if (isWrapped && holdBehind(response, holdOf(response, record))) return
  response.writeHead = guardedWriteHead
}

function holdOf(response: GuardedResponse, record: GuardRecord): Hold {
  return {
    finds: record,
    decision: () => guardedDecision(response, response.statusCode),
    done: () => tell(record),
  }
}

/**
 * The decision that holds for a response, for what is sent past it. Decided late, it holds from then
 * on.
 */
export function guardedDecision(response: NodeResponse, status: unknown): CorsDecision | undefined {
  const record = (response as GuardedResponse)[GUARD]
  if (record === undefined || record.decision !== undefined) return record?.decision
  const settled = record.late?.(response, status)
  if (settled === undefined) return undefined
  record.decision = settled.decision
  record.teller = settled.teller
  record.subject = settled.subject
  return settled.decision
}

/** Tells whoever decided what was there, where there was anything. */
function tell(record: GuardRecord): void {
  const { found, decision, teller, subject } = record
  if (found === undefined) return
  record.found = undefined
  if (decision !== undefined) teller?.replaced(decision, found, subject as never)
}

/**
 * Lets a response go: its headers are what the application makes them. The documented way out for a
 * route that has to answer for itself.
 */
export function releaseGuard(response: object): void {
  const record = (response as Partial<GuardedResponse>)[GUARD]
  if (record === undefined) return
  record.decision = undefined
  record.late = undefined
}

/** Stands in for `writeHead` on every guarded response: one function for all. */
function guardedWriteHead(this: unknown, ...parameters: unknown[]): unknown {
  const response = this as GuardedResponse
  const record = response[GUARD] as GuardRecord
  const writeHead = record.writeHead as WriteHead
  const [status, reason, last] = parameters
  const decision = response.headersSent ? undefined : guardedDecision(response, status)
  if (decision === undefined) return writeHead.apply(this, parameters)
  // writeHead(status), writeHead(status, fields), writeHead(status, reason, fields)
  const given = typeof reason === 'string' ? last : (last ?? reason)
  if (typeof given !== 'object' || given === null) {
    applyToStored(response, decision, record)
    tell(record)
    return writeHead.apply(this, parameters)
  }
  removeStored(response, record)
  const merged = mergedFields(given, decision, response, record)
  tell(record)
  return typeof reason === 'string'
    ? writeHead.call(this, status, reason, merged)
    : writeHead.call(this, status, merged)
}
