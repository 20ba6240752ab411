/**
 * A hold on a response behind every wrapper of `writeHead`.
 *
 * A wrapper that was there before the guard runs after it, and could undo what it did. Behind them
 * all is Node's own `writeHead`, which hands the fields on: HTTP/2's to the `respond` of the stream,
 * HTTP/1's to `_storeHeader`. That name is not documented, so that it is used only where it has to
 * be, and only where it is there.
 */

import type { CorsDecision } from '../../src/index.ts'
import { applyToStored, type Finds, mergedFields } from './fields.ts'
import type { NodeResponse } from './response.ts'

type Call = (this: unknown, ...parameters: unknown[]) => unknown

interface Inside {
  _storeHeader?: Call
  readonly stream?: { respond?: Call }
}

/** What is held. */
export interface Hold {
  /** The decision at that moment. `undefined`: the fields are left as they are. */
  readonly decision: () => CorsDecision | undefined
  readonly finds: Finds
  /** Called once the decision is in. */
  readonly done: () => void
}

/**
 * Makes a decision hold where Node has all fields together.
 *
 * @returns Whether there is such a place.
 */
export function holdBehind(response: NodeResponse, hold: Hold): boolean {
  const inside = response as Inside
  const { _storeHeader: storeHeader, stream } = inside
  const respond = stream?.respond
  if (stream !== undefined && respond !== undefined) {
    stream.respond = (...parameters) => {
      const decision = hold.decision()
      if (decision !== undefined) {
        applyToStored(response, decision, hold.finds)
        hold.done()
      }
      return respond.apply(stream, parameters)
    }
    return true
  }
  if (storeHeader === undefined) return false
  inside._storeHeader = (statusLine, fields) => {
    const decision = hold.decision()
    if (decision === undefined) return storeHeader.call(response, statusLine, fields)
    const held = heldFields(fields, decision, response, hold.finds)
    hold.done()
    return storeHeader.call(response, statusLine, held)
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
