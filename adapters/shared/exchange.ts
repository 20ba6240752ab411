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

/** Ends the response by Node's own means. */
export function endResponse(response: NodeResponse, decision: CorsDecision): void {
  const { status } = decision
  for (const [name, value] of formsOf(decision).own) response.setHeader(name, value)
  const body = bodyOf(decision)
  if (status === NO_CONTENT && body === undefined && mayWriteHead(response)) {
    response.writeHead(status)
    response.end()
    return
  }
  if (status !== undefined) response.statusCode = status
  if (body === undefined) {
    response.end()
    return
  }
  response.setHeader('content-type', TEXT)
  response.end(body)
}

/** `end` adds nothing to its head, such as the length of an empty body. */
const NO_CONTENT = 204

/**
 * Whether a head may be written by itself, which costs less than to leave it to `end`. HTTP/2 would send
 * a second frame.
 */
function mayWriteHead(response: NodeResponse): response is NodeResponse & Heading {
  const { writeHead } = response as Partial<Heading>
  return typeof writeHead === 'function' && response.stream === undefined && !response.headersSent
}

interface Heading {
  writeHead(status: number): unknown
}

export const TEXT = 'text/plain; charset=utf-8'

/** The explanation of a refused preflight, with `debug`. */
export function bodyOf(decision: CorsDecision): string | undefined {
  return Object.hasOwn(decision, 'explanation') ? `${decision.explanation}\n` : undefined
}
