/** What adapters keep beside decisions that are given again. */

import type { CorsDecision } from './decision.ts'

// Known to other copies of crossgate. Beside the data, and not copied with it.
const HOLDER = Symbol.for('crossgate.slot')

interface Holder {
  slot: DecisionSlot | undefined
}

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
  return (decision as { readonly [HOLDER]?: Holder })[HOLDER]?.slot
}

/** Gives a decision that has room for it its slot: from now on it goes to more than one request. */
export function share(made: CorsDecision): CorsDecision {
  const holder = (made as { readonly [HOLDER]?: Holder })[HOLDER]
  if (holder !== undefined) holder.slot ??= {}
  return made
}

/** Freezes a decision that may come to be shared. */
export function shareable(made: CorsDecision): CorsDecision {
  const holder: Holder = { slot: undefined }
  // Without a prototype, since others may have put `get` on everybody's.
  const hidden = { __proto__: null, value: holder } as PropertyDescriptor
  return Object.freeze(Object.defineProperty(made, HOLDER, hidden))
}
