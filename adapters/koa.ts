/**
 * CORS for Koa 2.16 and later, and 3.
 *
 * @module crossgate/koa
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type CheckedSource,
  type CorsDecision,
  createDecider,
  type PolicySource,
} from '../src/index.ts'
import { systemClock } from './shared/clock.ts'
import { bodyOf, exchange } from './shared/exchange.ts'

/** The parts of Koa's context that are used, so that no framework's types are needed. */
export interface KoaContext {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  status: number
  body: unknown
}

/** Koa middleware. */
export type CorsMiddleware = (context: KoaContext, next: () => Promise<unknown>) => Promise<unknown>

/**
 * CORS middleware. Put it first: `app.use(cors(options))`.
 *
 * Preflights are answered here. Every other response carries the policy's headers, also errors,
 * from which Koa removes all headers. A look-up of a delegate or a predicate that fails is thrown
 * to the middleware above, and to Koa.
 *
 * @param source Options, a policy, or a delegate `(context) => options`.
 * @throws {CorsConfigError} where the options are wrong.
 * @example app.use(cors({ origin: 'https://app.example.com' }))
 */
export function cors<const Source extends PolicySource<KoaContext>>(
  source: Source & CheckedSource<Source>,
): CorsMiddleware {
  const decider = createDecider<KoaContext>(source, systemClock)

  return function corsMiddleware(context, next) {
    return new Promise<unknown>((resolve, reject) => {
      exchange(decider, context, context.req, context.res, {
        proceed: () => next().then(resolve, reject),
        end: (decision, status) => {
          endContext(context, decision, status)
          resolve(undefined)
        },
        fail: reject,
        abandon: () => resolve(undefined),
      })
    })
  }
}

function endContext(context: KoaContext, decision: CorsDecision, status: number): void {
  // An explicit `null` keeps Koa from sending the status's name as the body. It sets 204 itself.
  context.body = bodyOf(decision) ?? null
  context.status = status
}

export default cors
