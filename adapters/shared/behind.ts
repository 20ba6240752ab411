/**
 * A hold on a response of HTTP/1 behind every wrapper of `writeHead`.
 *
 * A wrapper that was there before the guard runs after it, and could undo what it did. Behind them
 * all is Node's own `writeHead`, which hands the fields on to `_storeHeader`. That name is not
 * documented, so that it is used only where it has to be, and only where it is there.
 */

import type { CorsDecision } from '../../src/index.ts'
import { applyToStored, type Finds, mergedFields } from './fields.ts'
import type { NodeResponse } from './response.ts'

interface Inside {
  _storeHeader?: (this: unknown, ...parameters: unknown[]) => unknown
}

/** Whether a response is Node's, of HTTP/1, or made in its image. */
export function hasInside(response: NodeResponse): boolean {
  return typeof (response as Inside)._storeHeader === 'function'
}

/**
 * Makes a decision hold where Node has all fields together.
 *
 * @param decide The decision at that moment. `undefined`: the fields are left as they are.
 * @param done Called once the head is written.
 * @returns Whether there is such a place.
 */
export function holdBehind(
  response: NodeResponse,
  finds: Finds,
  decide: (status: unknown) => CorsDecision | undefined,
  done: (finds: Finds) => void,
): boolean {
  const inside = response as Inside
  const { _storeHeader: storeHeader } = inside
  if (typeof storeHeader !== 'function') return false
  inside._storeHeader = (statusLine, fields) => {
    const decision = decide(response.statusCode)
    if (decision === undefined) return storeHeader.call(response, statusLine, fields)
    finds.found = undefined
    const held = heldFields(fields, decision, response, finds)
    const answer = storeHeader.call(response, statusLine, held)
    done(finds)
    return answer
  }
  return true
}

/** Node hands on either the stored fields, by reference, or, if there are none, the given ones. */
function heldFields(
  fields: unknown,
  decision: CorsDecision,
  response: NodeResponse,
  finds: Finds,
): unknown {
  if (response.getHeaderNames?.().length === 0) {
    return mergedFields((fields ?? []) as object, decision, response, finds)
  }
  applyToStored(response, decision, finds)
  return fields
}
