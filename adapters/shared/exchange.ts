/** One exchange on Node: asks the decider, guards the response, and says how it goes on. */

import type { CorsDecision, Decider } from '../../src/index.ts'
import { factsOf } from './facts.ts'
import { guard } from './guard.ts'
import { isOver, type NodeRequest, type NodeResponse } from './response.ts'

/** How a framework goes on after a decision. Exactly one of them is called, once. */
export interface Continuation {
  /** The application answers. */
  readonly proceed: () => void
  /** The response ends here, with the decision's status. */
  readonly end: (decision: CorsDecision, status: number) => void
  /** A look-up failed, or going on threw; the error takes the framework's own way. */
  readonly fail: (error: Error) => void
  /** The look-up took so long that the response is over; nothing may touch it. */
  readonly abandon: () => void
}

/** @param subject What delegates and observers get as the request: the framework's own object. */
export function exchange<Subject>(
  decider: Decider<Subject>,
  subject: Subject,
  request: NodeRequest,
  response: NodeResponse,
  next: Continuation,
): void {
  const facts = factsOf(request)
  const decision = decider.decide(facts, subject)
  if (!(decision instanceof Promise)) {
    goOn(decision, response, next)
    return
  }
  // What is sent while the look-up takes time, such as a timeout's 503, must not allow anybody.
  guard(response, decider.pending(facts))
  decision
    .then((settled) => {
      if (isOver(response)) next.abandon()
      else goOn(settled, response, next)
    })
    .catch(next.fail)
}

function goOn(decision: CorsDecision, response: NodeResponse, next: Continuation): void {
  guard(response, decision)
  if (decision.status !== undefined) next.end(decision, decision.status)
  else if (decision.outcome === 'source-failed') next.fail(decision.error as Error)
  else next.proceed()
}

/** Ends the response by Node's own means. */
export function endResponse(response: NodeResponse, decision: CorsDecision, status: number): void {
  response.statusCode = status
  const body = bodyOf(decision)
  if (body === undefined) {
    response.end()
    return
  }
  response.setHeader('content-type', TEXT)
  response.end(body)
}

export const TEXT = 'text/plain; charset=utf-8'

/** The explanation of a refused preflight, with `debug`. */
export function bodyOf(decision: CorsDecision): string | undefined {
  return Object.hasOwn(decision, 'explanation') ? `${decision.explanation}\n` : undefined
}
