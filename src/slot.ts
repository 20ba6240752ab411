/** What adapters keep beside decisions that are given again. */

import type { CorsDecision } from './decision.ts'
import { hide } from './hidden.ts'

// Known to other copies of crossgate.
const HOLDER = Symbol.for('crossgate.slot')

/**
 * A function, so that who freezes all that hangs on a decision does not reach the slot. It knows its
 * decision, so that a copy or an heir of one has no slot.
 */
type Holder = (asked: CorsDecision, isShared: boolean) => DecisionSlot | undefined

/** What adapters keep of a decision, each under a symbol of its own. */
export type DecisionSlot = Record<symbol, unknown>

/**
 * Where an adapter keeps what it has made of a decision, such as a list of its fields, so that it makes
 * that once for all requests which get this decision. `undefined`: it is for one request only.
 *
 * @example
 * const LINES = Symbol('lines')
 * const slot = slotOf(decision)
 * const lines = slot?.[LINES] ?? linesOf(decision)
 * if (slot !== undefined) slot[LINES] = lines
 */
export function slotOf(decision: CorsDecision): DecisionSlot | undefined {
  return holderOf(decision)?.(decision, false)
}

/** Gives a decision its slot, if it has room for one: from now on it goes to more than one request. */
export function share(made: CorsDecision): CorsDecision {
  holderOf(made)?.(made, true)
  return made
}

/** Freezes a decision that may come to be shared. */
export function shareable(made: CorsDecision): CorsDecision {
  let slot: DecisionSlot | undefined
  const holder: Holder = (asked, isShared) => {
    if (asked !== made) return undefined
    if (isShared) slot ??= {}
    return slot
  }
  return Object.freeze(hide(made, HOLDER, holder))
}

function holderOf(decision: CorsDecision): Holder | undefined {
  return (decision as { readonly [HOLDER]?: Holder })[HOLDER]
}
