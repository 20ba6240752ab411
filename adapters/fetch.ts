/**
 * CORS for handlers of the Fetch API: Cloudflare Workers, `Deno.serve`, `Bun.serve`, Next.js, SvelteKit,
 * Remix, Astro, h3, and whatever else answers a `Request` with a `Response`.
 *
 * @module crossgate/fetch
 */

import { type CheckedSource, createDecider, type PolicySource } from '../src/index.ts'
import { systemClock } from './shared/clock.ts'
import { failureOf } from './shared/exchange.ts'
import { type FetchRequest, factsOfRequest } from './shared/fetch-request.ts'
import {
  answerTo,
  type Covering,
  covered,
  emptyError,
  isResponse,
} from './shared/fetch-response.ts'
import { checkHandler, checkOnError, checkSettings, nameOf } from './shared/parameters.ts'

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
   * Where the function fails itself, both errors are printed, and an empty 500 is sent.
   *
   * A `Response` that is thrown is no error: it is sent, with the headers. With `'rethrow'` it is thrown
   * with them, and the framework decides what becomes of it. An `Error` that has a `status` and `headers`
   * is an error.
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
 * @throws {TypeError} where `onError` is neither a function nor `'rethrow'`.
 * @example
 * const cors = createCors({ origin: 'https://app.example.com' })
 * export const handle = ({ event, resolve }) => cors(event.request, () => resolve(event)) // SvelteKit
 */
export function createCors<
  const Source extends PolicySource<Incoming>,
  Incoming extends FetchRequest = Request,
>(
  source: Source & CheckedSource<Source>,
  settings: FetchSettings<Incoming> = {},
): FetchCors<Incoming> {
  checkSettings(settings)
  const { onError = printError } = settings
  checkOnError(onError)
  const decider = createDecider<Incoming>(source, systemClock)

  /** What a handler or `onError` gave, with the headers. */
  function cover(given: unknown, giver: string, covering: Covering<Incoming>): Response {
    if (isResponse(given)) return covered(given, covering)
    throw new TypeError(`${giver} returned ${nameOf(given)}; return a Response`)
  }

  async function failed(thrown: unknown, covering: Covering<Incoming>): Promise<Response> {
    const isAnswer = isResponse(thrown)
    if (onError === 'rethrow') throw isAnswer ? covered(thrown, covering) : thrown
    try {
      const answer = isAnswer ? thrown : await onError(thrown, covering.subject)
      return cover(answer ?? emptyError(), 'onError', covering)
    } catch (error) {
      // What the handler threw may have been seen by nobody.
      if (!isAnswer) printError(thrown)
      printError(error)
      return covered(emptyError(), covering)
    }
  }

  return async function corsExchange(request, next) {
    const facts = factsOfRequest(request, decider.looksAtSite)
    const settled = decider.decide(facts, request)
    const decision = settled instanceof Promise ? await settled : settled
    const covering = { decision, origin: facts.origin, teller: decider, subject: request }
    if (decision.status !== undefined) return answerTo(covering)
    const failure = failureOf(decision)
    if (failure !== undefined) return failed(failure, covering)
    try {
      return cover(await next(), 'the handler', covering)
    } catch (thrown) {
      return failed(thrown, covering)
    }
  }
}

/**
 * Puts a policy in front of a handler. Preflights are answered; every response of the handler is sent
 * with the policy's headers, whatever the handler or an upstream server put there. Responses are never
 * changed but copied; switches of protocols and `Response.error()` pass as they are.
 *
 * The handler keeps its further parameters, with their types. One that throws, that returns no
 * `Response`, or one with a status that no `Response` can be made with (an upstream's 999), is answered
 * for with an empty 500, with the headers; so is a look-up of a delegate or a predicate that fails.
 *
 * @param source Options, a policy, a delegate `(request) => options`, or a source such as `tenants`.
 * @throws {CorsConfigError} where the options are wrong.
 * @throws {TypeError} where the handler is no function, or `onError` is neither one nor `'rethrow'`.
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
  checkHandler(handler, '(request) => response')
  const cors = createCors<Source, Incoming>(source, settings)
  return (request, ...rest) => cors(request, () => handler(request, ...rest))
}

function printError(error: unknown): undefined {
  console.error(error)
}
