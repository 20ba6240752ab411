/**
 * A hold on a response's `writeHead`, explicit or implied: where the response is not Node's, or Node is not
 * as it is known.
 */

import type { CorsDecision } from '../../src/index.ts'
import { applyToStored, mergedFields, removeStored } from './fields.ts'
import { formsOf, objectOf } from './forms.ts'
import { decisionOf, GUARD, type Guarded, type GuardRecord, tell } from './record.ts'
import type { NodeResponse, WriteHead } from './response.ts'

type HeldResponse = NodeResponse & Guarded & { writeHead?: WriteHead }

/** Makes the decision of a record hold for what `writeHead` sends. */
export function holdWriteHead(response: HeldResponse, record: GuardRecord): void {
  response[GUARD] = record
  if (typeof response.writeHead !== 'function') return
  if (Object.hasOwn(response, 'writeHead')) record.writeHead = response.writeHead
  response.writeHead = heldWriteHead as WriteHead
}

/** One function for all responses. */
function heldWriteHead(
  this: HeldResponse,
  status: unknown,
  reason: unknown,
  last: unknown,
): unknown {
  const record = this[GUARD] as GuardRecord
  const writeHead = record.writeHead ?? writeHeadBehind(this)
  const decision = this.headersSent ? undefined : decisionOf(record, status)
  if (decision === undefined) return writeHead.call(this, status, reason, last)
  // Of an earlier attempt, which failed.
  record.found = undefined
  // writeHead(status), writeHead(status, fields), writeHead(status, reason, fields)
  const hasReason = typeof reason === 'string'
  const fields = fieldsToSend(this, record, decision, hasReason ? last : (last ?? reason))
  const answer = hasReason
    ? writeHead.call(this, status, reason, fields)
    : writeHead.call(this, status, fields)
  if (record.found !== undefined) tell(record)
  return answer
}

/**
 * What the guard stands before. A framework may have given the response another prototype since, and
 * somebody may have derived an object from a response that is held.
 */
function writeHeadBehind(response: object): WriteHead {
  const { writeHead: next } = Object.getPrototypeOf(response) as { writeHead: WriteHead }
  return next === heldWriteHead ? writeHeadBehind(Object.getPrototypeOf(response)) : next
}

/** The fields to send besides those that are stored on the response, once those are seen to. */
function fieldsToSend(
  response: HeldResponse,
  record: GuardRecord,
  decision: CorsDecision,
  given: unknown,
): unknown {
  const names = response.getHeaderNames?.()
  if (typeof given === 'object' && given !== null) {
    if (names !== undefined) removeStored(response, names, record)
    return mergedFields(given, decision, response, record)
  }
  // Node sends an object as it is only where nothing is stored. Others get what they know.
  if (names?.length === 0 && record.writeHead === undefined) return objectOf(formsOf(decision))
  applyToStored(response, decision, record)
  return given
}
