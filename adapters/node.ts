/**
 * CORS for Node's own servers: `http`, `https`, and `http2` with its compatibility API.
 *
 * @module crossgate/node
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CheckedSource, CorsDecision, PolicySource } from '../src/index.ts'
import { createNodeDecider } from './shared/decider.ts'
import { endResponse, failureOf, settle } from './shared/exchange.ts'
import { endWithError, printError } from './shared/failure.ts'
import type { NodeRequest, NodeResponse } from './shared/response.ts'

export { type GuardableServer, installGuard } from './node/install-guard.ts'
export { type PolicyFileSettings, type PolicyFileSource, policyFile } from './node/policy-file.ts'
export { systemClock } from './shared/clock.ts'
export { releaseGuard } from './shared/guard.ts'
export type { HeaderValue, NodeRequest, NodeResponse } from './shared/response.ts'

/** What a handler's failure is told to, after the response has been seen to. */
export interface HandlerSettings<Request> {
  /**
   * Sees what the handler threw or rejected with.
   *
   * @default prints it to the console
   */
  readonly onError?: ((error: unknown, request: Request) => void) | undefined
}

/**
 * Puts a policy in front of a request handler. Preflights are answered; every other response of the
 * handler carries the policy's headers, whatever the handler sets.
 *
 * A handler that throws or rejects before it has answered is answered for with an empty 500, with
 * the headers; one that has begun to answer has its connection closed. A look-up of a delegate or a
 * predicate that fails is an empty 500, too.
 *
 * @param source Options, a policy, a delegate `(request) => options`, or a source such as `tenants`.
 * @throws {CorsConfigError} where the options are wrong.
 * @example
 * createServer(withCors({ origin: 'https://app.example.com' }, (request, response) => {
 *   response.end('hello')
 * }))
 */
export function withCors<
  const Source extends PolicySource<Request>,
  Request extends NodeRequest = IncomingMessage,
  Response extends NodeResponse = ServerResponse,
>(
  source: Source & CheckedSource<Source>,
  handler: (request: Request, response: Response) => unknown,
  { onError = printError }: HandlerSettings<Request> = {},
): (request: Request, response: Response) => void {
  const decider = createNodeDecider<Request>(source)

  function fail(error: unknown, request: Request, response: Response): void {
    endWithError(response)
    try {
      onError(error, request)
    } catch (failure) {
      // One request must not end the process.
      printError(failure)
    }
  }

  async function watch(
    returned: PromiseLike<unknown>,
    request: Request,
    response: Response,
  ): Promise<void> {
    try {
      await returned
    } catch (error) {
      fail(error, request, response)
    }
  }

  function run(request: Request, response: Response): void {
    try {
      const returned = handler(request, response)
      if (isThenable(returned)) watch(returned, request, response)
    } catch (error) {
      fail(error, request, response)
    }
  }

  function goOn(decision: CorsDecision | undefined, request: Request, response: Response): void {
    if (decision === undefined) return
    const failure = failureOf(decision)
    if (decision.status !== undefined) endResponse(response, decision)
    else if (failure !== undefined) fail(failure, request, response)
    else run(request, response)
  }

  async function goOnLater(
    settled: Promise<CorsDecision | undefined>,
    request: Request,
    response: Response,
  ): Promise<void> {
    try {
      goOn(await settled, request, response)
    } catch (error) {
      fail(error, request, response)
    }
  }

  return function corsListener(request, response) {
    const settled = settle(decider, request, request, response)
    if (settled instanceof Promise) goOnLater(settled, request, response)
    else goOn(settled, request, response)
  }
}

/** Promises of libraries are not all instances of the language's. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
