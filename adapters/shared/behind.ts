/**
 * A hold on a response behind every wrapper of `writeHead`.
 *
 * A wrapper that was there before the guard runs after it, and could undo what it did. Behind them
 * all is Node's own `writeHead`, which hands the fields on: HTTP/2's to the `respond` of the stream,
 * HTTP/1's to `_storeHeader`. That name is not documented, so that it is used only where it has to
 * be, and only where it is there.
 */

import type { CorsDecision } from '../../src/index.ts'
import { applyToStored, mergedFields } from './fields.ts'
import type { NodeResponse } from './response.ts'

type Call = (this: unknown, ...parameters: unknown[]) => unknown

interface Inside {
  _storeHeader?: Call
  readonly stream?: { respond?: Call }
}

/**
 * Makes a decision hold where Node has all fields together.
 *
 * @param decisionNow The decision at that moment. `undefined`: the fields are left as they are.
 * @returns Whether there is such a place.
 */
export function holdBehind(
  response: NodeResponse,
  decisionNow: () => CorsDecision | undefined,
): boolean {
  const inside = response as Inside
  const { _storeHeader: storeHeader, stream } = inside
  const respond = stream?.respond
  if (stream !== undefined && respond !== undefined) {
    stream.respond = (...parameters) => {
      const decision = decisionNow()
      if (decision !== undefined) applyToStored(response, decision)
      return respond.apply(stream, parameters)
    }
    return true
  }
  if (storeHeader === undefined) return false
  inside._storeHeader = (statusLine, fields) => {
    const decision = decisionNow()
    const held = decision === undefined ? fields : heldFields(fields, decision, response)
    return storeHeader.call(response, statusLine, held)
  }
  return true
}

/** Node hands on either the stored fields, by reference, or, if there are none, the given ones. */
function heldFields(fields: unknown, decision: CorsDecision, response: NodeResponse): unknown {
  if (response.getHeaderNames?.().length === 0) {
    return mergedFields((fields ?? []) as object, decision, response)
  }
  applyToStored(response, decision)
  return fields
}
