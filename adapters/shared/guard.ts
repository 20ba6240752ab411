/**
 * The guard: makes a decision hold at the moment when a response's head is sent.
 *
 * Every reply of Node goes through one function: in HTTP/1 through the one behind `writeHead`, explicit
 * or implied, in HTTP/2 through the stream's `respond`. There, and only there, the CORS fields that are
 * on the response are replaced by the decision's, whatever put them there, and `Vary` is merged. Nothing
 * is stored before, because an application that calls `writeHead` with lists of its own depends on being
 * the first to set a header.
 */

import type { CorsDecision } from '../../src/index.ts'
import { applyToStored } from './fields.ts'
import { hasInside, holdInside, isNodes, recordOf } from './inside.ts'
import {
  decisionOf,
  GUARD,
  type Guarded,
  type GuardRecord,
  type LateDecision,
  type Teller,
} from './record.ts'
import type { NodeRequest, NodeResponse } from './response.ts'
import { holdStream } from './stream.ts'
import { holdWriteHead } from './write-head.ts'

/** The stream of a response of HTTP/2, which is there before the response is, and keeps the record. */
function streamOf({ stream }: NodeResponse): Guarded | undefined {
  return typeof stream?.respond === 'function' ? (stream as Guarded) : undefined
}

function guardOf(response: NodeResponse): GuardRecord | undefined {
  const stream = streamOf(response)
  return stream === undefined ? recordOf(response) : stream[GUARD]
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
  const record = guardOf(response)
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
  if (guardOf(response) !== undefined) return false
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
  return decisionOf(guardOf(response), status)
}

/**
 * Lets a response go: its headers are what the application makes them. The documented way out for a
 * route that has to answer for itself.
 */
export function releaseGuard(response: object): void {
  const record = guardOf(response as NodeResponse)
  if (record === undefined) return
  record.decision = undefined
  record.late = undefined
}

/**
 * Stores the fields on a response that is not Node's: whether it calls its `writeHead`, if it has one,
 * cannot be known. Whoever removes its headers has to call this again.
 */
export function storeAtOnce(response: NodeResponse): void {
  if (isNodes(response) || response.headersSent) return
  if (streamOf(response) !== undefined) return
  const decision = recordOf(response)?.decision
  if (decision !== undefined) applyToStored(response, decision)
}

function install(response: NodeResponse, record: GuardRecord): void {
  const stream = streamOf(response)
  if (stream !== undefined) holdStream(stream, record)
  else if (hasInside(response)) holdInside(response, record)
  else holdWriteHead(response, record)
}
