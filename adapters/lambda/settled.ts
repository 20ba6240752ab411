/**
 * Which decision holds for an invocation. Layers can lie in each other: a wrapper in a wrapper, in a
 * middleware. The last one to decide is the innermost, and its decision holds for all of them.
 */

import type { CorsDecision, Decider } from '../../src/index.ts'
import { type Dialect, dialectOf, factsOf } from './events.ts'
import { type Covered, cover } from './results.ts'

/** A decision about an event, with what it takes to put it into a result. */
export interface Settled {
  readonly dialect: Dialect
  readonly decision: CorsDecision
  /** Tells the observer of whoever decided what gave way. */
  readonly replaced: (found: Covered['found']) => void
}

const settledEvents = new WeakMap<object, Settled>()

/**
 * Decides about an event, and remembers it. Never throws, never rejects.
 *
 * @returns `undefined` where the event is no request.
 */
export async function settle<Event>(
  decider: Decider<Event>,
  event: Event,
): Promise<Settled | undefined> {
  const dialect = dialectOf(event)
  if (dialect === undefined) return undefined
  const made = decider.decide(factsOf(event), event)
  const decision = made instanceof Promise ? await made : made
  const settled: Settled = {
    dialect,
    decision,
    replaced: (found) => decider.replaced(decision, found, event),
  }
  settledEvents.set(event as object, settled)
  return settled
}

/** The decision that holds for an event. */
export function settledFor(event: unknown): Settled | undefined {
  return settledEvents.get(event as object)
}

/** A result with the decision in it. */
export function coveredBy({ dialect, decision, replaced }: Settled, given: unknown): unknown {
  const { result, found } = cover(given, dialect, decision)
  if (found.length > 0) replaced(found)
  return result
}
