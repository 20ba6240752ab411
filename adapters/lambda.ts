/**
 * CORS for AWS Lambda: functions behind API Gateway (REST and HTTP APIs), function URLs and load
 * balancers, as a wrapper and as a middleware for middy 6 and 7.
 *
 * What is no request (a schedule, a queue, an authorizer, a direct call) passes as if nothing were
 * there.
 *
 * @module crossgate/lambda
 */

import type { CheckedSource, PolicySource } from '../src/index.ts'
import type { LambdaEvent } from './lambda/events.ts'
import { failureHandler, type LambdaSettings } from './lambda/failure.ts'
import { call, checkHandler, type LambdaHandler } from './lambda/handler.ts'
import { type LambdaMiddleware, middlewareOf } from './lambda/middleware.ts'
import { endedResult, type LambdaResult } from './lambda/results.ts'
import { coveredBy, settle, settledFor } from './lambda/settled.ts'
import { createNodeDecider } from './shared/decider.ts'
import { failureOf } from './shared/exchange.ts'

export type { LambdaEvent } from './lambda/events.ts'
export type { LambdaSettings } from './lambda/failure.ts'
export type { LambdaCallback, LambdaHandler } from './lambda/handler.ts'
export type { LambdaMiddleware, MiddyRequest } from './lambda/middleware.ts'
export type { LambdaResult } from './lambda/results.ts'

/**
 * Puts a policy in front of a handler. Preflights are answered; every other result carries the policy's
 * headers, whatever the handler sets. The result is copied only where a header has to change.
 *
 * A handler that throws or rejects is answered for with an empty 500, with the headers. So is a look-up
 * of a delegate or a predicate that fails; the handler then does not run.
 *
 * Handlers that declare a callback are waited for, and so is, on Node 22 and earlier, every one that
 * returns nothing: it may use `context.succeed`, `fail` or `done`. The first answer counts, and goes out as
 * soon as it is there, whatever `callbackWaitsForEmptyEventLoop` says.
 *
 * @param source Options, a policy, a delegate `(event) => options`, or a source such as `tenants`.
 * @throws {CorsConfigError} where the options are wrong.
 * @throws {TypeError} where the handler is none, or one of `awslambda.streamifyResponse`.
 * @example
 * export const handler = withCors({ origin: 'https://app.example.com' }, async (event) => ({
 *   statusCode: 200,
 *   body: 'hello',
 * }))
 */
export function withCors<
  const Source extends PolicySource<Event>,
  Event = LambdaEvent,
  Context = unknown,
  Result = unknown,
>(
  source: Source & CheckedSource<Source>,
  handler: LambdaHandler<Event, Context, Result>,
  settings: LambdaSettings<Event> = {},
): (event: Event, context: Context) => Promise<Exclude<Awaited<Result>, void> | LambdaResult> {
  type Answer = Exclude<Awaited<Result>, void> | LambdaResult
  checkHandler(handler)
  const fail = failureHandler(settings)
  const decider = createNodeDecider<Event>(source)

  // Of two parameters: the runtime of Node 24 does not start with a handler of three.
  return async function corsHandler(event, context) {
    const settled = await settle(decider, event)
    if (settled === undefined) return (await call(handler, event, context)) as Answer
    const { decision, dialect } = settled
    if (decision.status !== undefined) return endedResult(decision, decision.status, dialect)
    const failure = failureOf(decision)
    if (failure !== undefined) return fail(failure, event, settled)
    try {
      const result = await call(handler, event, context)
      return coveredBy(settledFor(event) ?? settled, result) as Answer
    } catch (error) {
      return fail(error, event, settledFor(event) ?? settled)
    }
  }
}

/**
 * The same as a middleware for middy: `middy(handler).use(cors(options))`.
 *
 * Use it before all others. Its `before` then runs first, so that what others return early is covered,
 * and its `onError` last, after that of an error handler, whose response it covers. Where there is none,
 * it answers as {@link withCors} does.
 *
 * @param source Options, a policy, a delegate `(event) => options`, or a source such as `tenants`.
 * @throws {CorsConfigError} where the options are wrong.
 * @example
 * export const handler = middy()
 *   .use(cors({ origin: 'https://app.example.com' }))
 *   .use(httpErrorHandler())
 *   .handler(lambdaHandler)
 */
export function cors<const Source extends PolicySource<Event>, Event = LambdaEvent>(
  source: Source & CheckedSource<Source>,
  settings: LambdaSettings<Event> = {},
): LambdaMiddleware {
  const fail = failureHandler(settings)
  return middlewareOf(createNodeDecider<Event>(source), fail)
}
