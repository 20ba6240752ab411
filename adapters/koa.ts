/**
 * CORS for Koa 2.16 and later, and 3.
 *
 * @module crossgate/koa
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CheckedSource, CorsDecision, PolicySource } from '../src/index.ts'
import { createNodeDecider } from './shared/decider.ts'
import { bodyOf, failureOf, settle } from './shared/exchange.ts'
import { formsOf } from './shared/forms.ts'

/**
 * The parts of Koa's context that are used, and those that delegates ask for, as Koa 2 and 3 have
 * them, so that no framework's types are needed. Annotate a delegate to see the rest:
 * `(context: Koa.Context) => options`.
 */
export interface KoaContext {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly method: string
  readonly url: string
  readonly path: string
  readonly host: string
  readonly hostname: string
  /** A field of the request; empty where there is none. */
  get(name: string): string
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
 * @param source Options, a policy, a delegate `(context) => options`, or a source such as `tenants`.
 * @throws {CorsConfigError} where the options are wrong.
 * @example app.use(cors({ origin: 'https://app.example.com' }))
 */
export function cors<const Source extends PolicySource<KoaContext>>(
  source: Source & CheckedSource<Source>,
): CorsMiddleware {
  const decider = createNodeDecider<KoaContext>(source)

  // Not `async`: without a look-up there is nothing to wait for but the application.
  return function corsMiddleware(context, next) {
    const settled = settle(decider, context, context.req, context.res)
    return settled instanceof Promise
      ? goOnLater(settled, context, next)
      : goOn(settled, context, next)
  }
}

async function goOnLater(
  settled: Promise<CorsDecision | undefined>,
  context: KoaContext,
  next: () => Promise<unknown>,
): Promise<unknown> {
  return goOn(await settled, context, next)
}

function goOn(
  decision: CorsDecision | undefined,
  context: KoaContext,
  next: () => Promise<unknown>,
): Promise<unknown> {
  if (decision === undefined) return DONE
  if (decision.status !== undefined) {
    endContext(context, decision, decision.status)
    return DONE
  }
  const failure = failureOf(decision)
  return failure === undefined ? next() : Promise.reject(failure)
}

const DONE = Promise.resolve()
const NO_CONTENT = 204

function endContext(context: KoaContext, decision: CorsDecision, status: number): void {
  context.status = status
  // An explicit `null` keeps Koa from sending the status's name as the body. It makes the status 204.
  context.body = bodyOf(decision) ?? null
  if (status !== NO_CONTENT) context.status = status
  for (const [name, value] of formsOf(decision).own) context.res.setHeader(name, value)
}

export default cors
