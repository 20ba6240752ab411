/**
 * CORS for Node's own servers: `http`, `https`, and `http2` with its compatibility API.
 *
 * @module crossgate/node
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { type CheckedSource, createDecider, type PolicySource } from '../src/index.ts'
import { systemClock } from './shared/clock.ts'
import { endResponse, exchange } from './shared/exchange.ts'
import { isOver, type NodeRequest, type NodeResponse } from './shared/response.ts'

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
 * @param source Options, a policy, or a delegate `(request) => options`.
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
  const decider = createDecider<Request>(source, systemClock)

  return function corsListener(request, response) {
    const fail = (error: unknown): void => {
      onError(error, request)
      endWithError(response)
    }
    exchange(decider, request, request, response, {
      proceed: () => {
        try {
          const returned = handler(request, response)
          if (returned instanceof Promise) returned.catch(fail)
        } catch (error) {
          fail(error)
        }
      },
      end: (decision, status) => endResponse(response, decision, status),
      fail,
      abandon: ignore,
    })
  }
}

const INTERNAL_SERVER_ERROR = 500

/** Closes an answer that has begun, since its end would pass for the end of a complete one. */
function endWithError(response: NodeResponse & { destroy?(): unknown }): void {
  if (response.headersSent) response.destroy?.()
  else if (!isOver(response)) {
    response.statusCode = INTERNAL_SERVER_ERROR
    for (const name of response.getHeaderNames?.() ?? []) response.removeHeader?.(name)
    response.end()
  }
}

function printError(error: unknown): void {
  console.error(error)
}

function ignore(): void {}
