/**
 * CORS for Express 4 and 5, and for whatever else runs `(request, response, next)` middleware.
 *
 * @module crossgate/express
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { type CheckedSource, createDecider, type PolicySource } from '../src/index.ts'
import { systemClock } from './shared/clock.ts'
import { endResponse, exchange } from './shared/exchange.ts'

/** Express middleware, typed by what it needs, so that no framework's types are. */
export type CorsMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * CORS middleware. Mount it before what it shall cover: `app.use(cors(options))`.
 *
 * Preflights are answered here. Every other response carries the policy's headers, also those of
 * error handlers, 404s, and handlers that set CORS headers of their own. A look-up of a delegate or
 * a predicate that fails goes to `next(error)`.
 *
 * @param source Options, a policy, or a delegate `(request) => options`.
 * @throws {CorsConfigError} where the options are wrong.
 * @example app.use(cors({ origin: ['https://app.example.com'], credentials: true }))
 */
export function cors<const Source extends PolicySource<IncomingMessage>>(
  source: Source & CheckedSource<Source>,
): CorsMiddleware {
  const decider = createDecider<IncomingMessage>(source, systemClock)

  // Three parameters: Express takes a function of four for an error handler.
  return function corsMiddleware(request, response, next) {
    exchange(decider, request, request, response, {
      proceed: () => next(),
      end: (decision, status) => endResponse(response, decision, status),
      fail: next,
      abandon: ignore,
    })
  }
}

function ignore(): void {}

export default cors
