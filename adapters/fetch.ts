/**
 * CORS for handlers of the Fetch API: Cloudflare Workers, `Deno.serve`, `Bun.serve`, Next.js, SvelteKit,
 * Remix, Astro, h3, and whatever else answers a `Request` with a `Response`.
 *
 * @module crossgate/fetch
 */

import {
  type CheckedSource,
  type CorsDecision,
  createDecider,
  type PolicySource,
} from '../src/index.ts'
import { systemClock } from './shared/clock.ts'
import { failureOf } from './shared/exchange.ts'
import { type FetchRequest, factsOfRequest } from './shared/fetch-request.ts'
import { answerTo, covered, emptyError, isResponse } from './shared/fetch-response.ts'

export { systemClock } from './shared/clock.ts'
export type { FetchRequest } from './shared/fetch-request.ts'

/**
 * Sees what a handler threw, and may answer for it. What it returns is sent with the headers of the
 * policy; where it returns nothing, an empty 500 is.
 */
export type ErrorResponder<Request> = {
  // A method's parameters are bivariant, so that it can declare the request it expects.
  // biome-ignore lint/suspicious/noConfusingVoidType: what only logs need not return anything
  respond(error: unknown, request: Request): ErrorAnswer | PromiseLike<ErrorAnswer | void> | void
}['respond']

type ErrorAnswer = Response | undefined

/** What is done about a handler that fails. */
export interface FetchSettings<Request> {
  /**
   * `'rethrow'`: what the handler threw goes on to the platform, or to a framework that uses exceptions
   * for its control flow, and no headers are on what that answers. A function sees it, and may answer.
   *
   * A `Response` that is thrown is no error: it is sent, or with `'rethrow'` thrown, with the headers.
   *
   * @default prints it to the console, and answers with an empty 500
   */
  readonly onError?: 'rethrow' | ErrorResponder<Request> | undefined
}

/**
 * One exchange: answers a request here, or has it answered by `next` and puts the policy's headers on.
 *
 * @param next Runs the handler. It is not called for what ends here, such as a preflight.
 */
export type FetchCors<Request> = (
  request: Request,
  next: () => Response | Promise<Response>,
) => Promise<Response>

/**
 * A policy for frameworks that hand over something else than a `Request`: an event, a context, loader
 * arguments. Make it once, outside of the handler.
 *
 * @param source Options, a policy, a delegate `(request) => options`, or a source such as `tenants`.
 * @throws {CorsConfigError} where the options are wrong.
 * @example
 * const cors = createCors({ origin: 'https://app.example.com' })
 * export const handle = ({ event, resolve }) => cors(event.request, () => resolve(event)) // SvelteKit
 */
export function createCors<
  const Source extends PolicySource<Incoming>,
  Incoming extends FetchRequest = Request,
>(
  source: Source & CheckedSource<Source>,
  { onError = printError }: FetchSettings<Incoming> = {},
): FetchCors<Incoming> {
  const decider = createDecider<Incoming>(source, systemClock)

  /** What a handler or `onError` gave, with the headers. */
  function cover(
    given: unknown,
    giver: string,
    decision: CorsDecision,
    request: Incoming,
  ): Response {
    if (isResponse(given)) return covered(given, decision, decider, request)
    throw new TypeError(`${giver} returned ${nameOf(given)}; return a Response`)
  }

  async function failed(
    thrown: unknown,
    decision: CorsDecision,
    request: Incoming,
  ): Promise<Response> {
    const isAnswer = isResponse(thrown)
    if (onError === 'rethrow') {
      throw isAnswer ? covered(thrown, decision, decider, request) : thrown
    }
    try {
      const answer = isAnswer ? thrown : await onError(thrown, request)
      return cover(answer ?? emptyError(), 'onError', decision, request)
    } catch (error) {
      printError(error)
      return covered(emptyError(), decision, decider, request)
    }
  }

  return async function corsExchange(request, next) {
    const settled = decider.decide(factsOfRequest(request), request)
    const decision = settled instanceof Promise ? await settled : settled
    if (decision.status !== undefined) return answerTo(decision)
    const failure = failureOf(decision)
    if (failure !== undefined) return failed(failure, decision, request)
    try {
      return cover(await next(), 'the handler', decision, request)
    } catch (thrown) {
      return failed(thrown, decision, request)
    }
  }
}

/**
 * Puts a policy in front of a handler. Preflights are answered; every response of the handler is sent
 * with the policy's headers, whatever the handler or an upstream server put there. Responses are never
 * changed but copied; switches of protocols and `Response.error()` pass as they are.
 *
 * The handler keeps its further parameters, with their types. One that throws, or that returns no
 * `Response`, is answered for with an empty 500, with the headers; so is a look-up of a delegate or a
 * predicate that fails.
 *
 * @param source Options, a policy, a delegate `(request) => options`, or a source such as `tenants`.
 * @throws {CorsConfigError} where the options are wrong.
 * @example
 * export default {
 *   fetch: withCors({ origin: 'https://app.example.com' }, (request, env, context) => new Response('hello')),
 * }
 */
export function withCors<
  const Source extends PolicySource<Incoming>,
  Rest extends unknown[],
  Incoming extends FetchRequest = Request,
>(
  source: Source & CheckedSource<Source>,
  handler: (request: Incoming, ...rest: Rest) => Response | Promise<Response>,
  settings?: FetchSettings<Incoming>,
): (request: Incoming, ...rest: Rest) => Promise<Response> {
  const cors = createCors<Source, Incoming>(source, settings)
  return (request, ...rest) => cors(request, () => handler(request, ...rest))
}

function printError(error: unknown): undefined {
  console.error(error)
}

/** What somebody returned, named for a message. */
function nameOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    return `an object of ${value.constructor?.name ?? 'no class'}`
  }
  return value === undefined || value === null ? String(value) : `a ${typeof value}`
}
