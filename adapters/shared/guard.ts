/**
 * The guard: makes a decision hold at the moment when a response's head is sent.
 *
 * Every reply of Node, explicit or implied, goes through `writeHead`. There, and only there, the
 * CORS fields that are on the response are replaced by the decision's, whatever put them there, and
 * `Vary` is merged. Nothing is stored before, because an application that calls `writeHead` with
 * lists of its own depends on being the first to set a header.
 */

import type { CorsDecision } from '../../src/index.ts'
import { holdBehind } from './behind.ts'
import { applyToStored, mergedFields, removeStored } from './fields.ts'
import type { NodeResponse, WriteHead } from './response.ts'

const GUARD = Symbol.for('crossgate.guard')

/** What the guard keeps on a response. Another copy of crossgate finds it there. */
interface GuardRecord {
  /** The decision that holds; `undefined` once the response is released. */
  decision: CorsDecision | undefined
  /** Decides at the last moment, as long as nobody has decided. */
  late?: LateDecision | undefined
  /** The `writeHead` that the guard took the place of. */
  readonly writeHead: WriteHead
}

/** @param status The status that is about to be sent. `undefined`: the response is left as it is. */
export type LateDecision = (response: NodeResponse, status: unknown) => CorsDecision | undefined

type GuardedResponse = NodeResponse & { [GUARD]?: GuardRecord; writeHead?: WriteHead }

/**
 * Makes `decision` hold for `response`. Installed again, it only replaces the decision, so that the
 * innermost policy wins. A response without `writeHead` gets its headers at once.
 */
export function guard(response: NodeResponse, decision: CorsDecision): void {
  const guarded: GuardedResponse = response
  const record = guarded[GUARD]
  if (record !== undefined) {
    record.decision = decision
    return
  }
  const { writeHead } = guarded
  if (typeof writeHead !== 'function') {
    if (!response.headersSent) applyToStored(response, decision)
    return
  }
  install(guarded, { decision, writeHead })
}

/** Decides when the head is sent, unless {@link guard} was called by then. */
export function guardLate(response: NodeResponse, late: LateDecision): void {
  const guarded: GuardedResponse = response
  const { writeHead } = guarded
  if (guarded[GUARD] !== undefined || typeof writeHead !== 'function') return
  install(guarded, { decision: undefined, late, writeHead })
}

function install(response: GuardedResponse, record: GuardRecord): void {
  response[GUARD] = record
  // Where somebody else has taken the place of `writeHead`, the guard has to stand behind it.
  const isWrapped = Object.hasOwn(response, 'writeHead')
  if (isWrapped && holdBehind(response, () => decisionOf(response, response.statusCode))) return
  response.writeHead = guardedWriteHead
}

function decisionOf(response: GuardedResponse, status: unknown): CorsDecision | undefined {
  const record = response[GUARD]
  return record?.decision ?? record?.late?.(response, status)
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
  const { writeHead } = response[GUARD] as GuardRecord
  const decision = decisionOf(response, parameters[0])
  if (decision === undefined || response.headersSent) return writeHead.apply(this, parameters)
  // writeHead(status), writeHead(status, fields), writeHead(status, reason, fields)
  const [status, reason, last] = parameters
  const given = typeof reason === 'string' ? last : (last ?? reason)
  if (typeof given !== 'object' || given === null) {
    applyToStored(response, decision)
    return writeHead.apply(this, parameters)
  }
  removeStored(response)
  const merged = mergedFields(given, decision, response)
  return typeof reason === 'string'
    ? writeHead.call(this, status, reason, merged)
    : writeHead.call(this, status, merged)
}
