/** One exchange on Node: asks the decider, guards the response, and ends what ends here. */

import type { CorsDecision, Decider } from '../../src/index.ts'
import { factsOf } from './facts.ts'
import { formsOf } from './forms.ts'
import { guard } from './guard.ts'
import { isOver, type NodeRequest, type NodeResponse } from './response.ts'

/**
 * Decides about a request and makes the decision hold for its response. The framework then ends the
 * response if the decision has a status, raises its failure if it has one, and else goes on.
 *
 * It comes at once unless a look-up takes time. `undefined`: the look-up took so long that the
 * response is over, and nothing may touch it. Never throws, never rejects.
 *
 * @param subject What delegates and observers get as the request: the framework's own object.
 */
export function settle<Subject>(
  decider: Decider<Subject>,
  subject: Subject,
  request: NodeRequest,
  response: NodeResponse,
): CorsDecision | Promise<CorsDecision | undefined> {
  const facts = factsOf(request, decider.looksAtSite)
  const decision = decider.look(facts, subject)
  if (decision instanceof Promise) {
    // What is sent while the look-up takes time, such as a timeout's 503, must not allow anybody.
    guard(response, decider.pending(facts), decider, subject)
    return settleLater(decision, decider, subject, response)
  }
  decider.tell(decision, subject)
  guard(response, decision, decider, subject)
  return decision
}

/** Told here, since each step of a promise costs. */
async function settleLater<Subject>(
  pending: Promise<CorsDecision>,
  decider: Decider<Subject>,
  subject: Subject,
  response: NodeResponse,
): Promise<CorsDecision | undefined> {
  const decision = await pending
  decider.tell(decision, subject)
  if (isOver(response)) return undefined
  guard(response, decision, decider, subject)
  return decision
}

/** The error of a look-up that failed, for the framework's own error path. */
export function failureOf(decision: CorsDecision): Error | undefined {
  return decision.outcome === 'source-failed' ? decision.error : undefined
}

/**
 * Ends the response by Node's own means. The head is left to `end`: layers outside may have wrapped it, to
 * set a field of theirs at the last moment.
 */
export function endResponse(response: NodeResponse, decision: CorsDecision): void {
  if (decision.status !== undefined) response.statusCode = decision.status
  for (const [name, value] of formsOf(decision).own) response.setHeader(name, value)
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
