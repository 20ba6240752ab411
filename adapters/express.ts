/**
 * CORS for Express 4 and 5, and for whatever else runs `(request, response, next)` middleware.
 *
 * @module crossgate/express
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CheckedSource, CorsDecision, PolicySource } from '../src/index.ts'
import { createNodeDecider } from './shared/decider.ts'
import { comeEarlier } from './shared/early.ts'
import { endResponse, failureOf, settle } from './shared/exchange.ts'
import { endWithError, printError } from './shared/failure.ts'

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
 * On Node 20 and 22, the first request adds a listener for `request` to its server, so that responses
 * are guarded before Express changes them, which is cheaper.
 *
 * @param source Options, a policy, a delegate `(request) => options`, or a source such as `tenants`.
 * @throws {CorsConfigError} where the options are wrong.
 * @example app.use(cors({ origin: ['https://app.example.com'], credentials: true }))
 */
export function cors<const Source extends PolicySource<IncomingMessage>>(
  source: Source & CheckedSource<Source>,
): CorsMiddleware {
  const decider = createNodeDecider<IncomingMessage>(source)

  // Three parameters: Express takes a function of four for an error handler.
  return function corsMiddleware(request, response, next) {
    comeEarlier(request, response)
    const settled = settle(decider, request, request, response)
    if (settled instanceof Promise) goOnLater(settled, response, next)
    else goOn(settled, response, next)
  }
}

async function goOnLater(
  settled: Promise<CorsDecision | undefined>,
  response: ServerResponse,
  next: (error?: unknown) => void,
): Promise<void> {
  try {
    goOn(await settled, response, next)
  } catch (error) {
    failAlone(error, response)
  }
}

function goOn(
  decision: CorsDecision | undefined,
  response: ServerResponse,
  next: (error?: unknown) => void,
): void {
  if (decision === undefined) return
  if (decision.status === undefined) next(failureOf(decision))
  else endResponse(response, decision)
}

/**
 * Express catches what its layers throw. In a stack that does not, an exception of `next` has nobody
 * above it after a look-up: it must neither end the process nor go into the same `next` again.
 */
function failAlone(error: unknown, response: ServerResponse): void {
  endWithError(response)
  printError(error)
}

export default cors
