/**
 * Answers that no hook of a framework sees, because it gives them before it has looked for a route:
 * to a path that cannot be decoded, or on a server that closes.
 */

import { type CorsDecision, type Decider, kindOf } from '../../src/index.ts'
import { factsOf } from './facts.ts'
import { guardLate, type LateDecision } from './guard.ts'
import type { NodeRequest, NodeResponse } from './response.ts'

/** The part of Node's servers that is used. */
interface RequestEmitter {
  prependListener(
    event: 'request',
    listener: (request: NodeRequest, response: NodeResponse) => void,
  ): unknown
}

/** Who decides, by server: the last that asked to comes first. */
const deciding = new WeakMap<object, LateDecision[]>()

/** Lets `late` decide about every response of a server about which nobody else does. */
export function coverUnseen(server: object, late: LateDecision): void {
  const known = deciding.get(server)
  if (known !== undefined) {
    known.unshift(late)
    return
  }
  const all = [late]
  deciding.set(server, all)
  const first: LateDecision = (response, status) => {
    for (const one of all) {
      const decision = one(response, status)
      if (decision !== undefined) return decision
    }
    return undefined
  }
  const { prependListener } = server as Partial<RequestEmitter>
  prependListener?.call(server, 'request', (_request, response) => guardLate(response, first))
}

/**
 * The decision where there is neither time for a look-up nor a request of the framework's own: a
 * refused one, if that would be needed. So are preflights, which an error refuses anyway.
 */
export function decideUnseen<Subject>(
  decider: Decider<Subject>,
  request: NodeRequest,
): CorsDecision {
  const facts = factsOf(request)
  if (!decider.immediate || kindOf(facts) === 'preflight') return decider.pending(facts)
  const decision = decider.decide(facts, request as Subject)
  return decision instanceof Promise ? decider.pending(facts) : decision
}

/** Whether the path of a request is below a prefix. */
export function isBelow({ url = '' }: NodeRequest, prefix: string): boolean {
  const next = url.charAt(prefix.length)
  return url.startsWith(prefix) && (next === '' || next === '/' || next === '?')
}
