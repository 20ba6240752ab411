/**
 * CORS for Hono 4, on Node, Bun, Deno, Workers, and wherever else it runs.
 *
 * @module crossgate/hono
 */

import { type CheckedSource, createDecider, type Decider, type PolicySource } from '../src/index.ts'
import { coverLater, type HonoContext, replaceResponse } from './hono/context.ts'
import { type NodeExchange, nodeExchangeOf } from './hono/node-exchange.ts'
import { systemClock } from './shared/clock.ts'
import { failureOf, settle } from './shared/exchange.ts'
import { factsOfRequest, originOf } from './shared/fetch-request.ts'
import {
  answerTo,
  bareAnswerTo,
  type Covering,
  covered,
  emptyError,
  markOf,
} from './shared/fetch-response.ts'
import { formsOf, VARY } from './shared/forms.ts'
import { guard } from './shared/guard.ts'

export type { HonoContext } from './hono/context.ts'

/** Hono middleware. It returns nothing; its type is as wide as what all of Hono's methods ask for. */
export type CorsMiddleware = (
  context: HonoContext,
  next: () => Promise<void>,
  // biome-ignore lint/suspicious/noConfusingVoidType: that of Hono's own middleware
) => Promise<void | Response>

type HonoDecider = Decider<HonoContext>

/**
 * CORS middleware. Put it first: `app.use(cors(options))`.
 *
 * Preflights are answered here. Every other response carries the policy's headers, also those of
 * `app.onError`, 404s, raw `Response`s, and handlers that set CORS headers of their own. A look-up of a
 * delegate or a predicate that fails is thrown, to `app.onError`. What a handler throws that is no
 * `Error` Hono answers for nowhere; it is printed, and answered with an empty 500.
 *
 * Except on Node, Hono sends what `app.onError` returns past all middleware in two cases: where nothing
 * but this middleware matches the path, and where a handler returns nothing. What it makes with `c.text`
 * and the like has the headers even then; a raw `Response` has not. `withCors(policy, app.fetch)` of
 * `crossgate/fetch` covers that, too.
 *
 * @param source Options, a policy, a delegate `(context) => options`, or a source such as `tenants`.
 * @throws {CorsConfigError} where the options are wrong.
 * @example app.use(cors({ origin: 'https://app.example.com' }))
 */
export function cors<const Source extends PolicySource<HonoContext>>(
  source: Source & CheckedSource<Source>,
): CorsMiddleware {
  const decider: HonoDecider = createDecider<HonoContext>(source, systemClock)

  return function corsMiddleware(context, next) {
    const node = nodeExchangeOf(context)
    return node === undefined
      ? coverResponse(decider, context, next)
      : guardResponse(decider, context, next, node)
  }
}

/**
 * On Node the headers are put on where Node sends them. That holds whatever becomes of Hono's response,
 * and leaves it as it is, so that `@hono/node-server` need not make a real `Response` of it.
 */
async function guardResponse(
  decider: HonoDecider,
  context: HonoContext,
  next: () => Promise<void>,
  { incoming, outgoing }: NodeExchange,
): Promise<void> {
  const settled = settle(decider, context, incoming, outgoing)
  const decision = settled instanceof Promise ? await settled : settled
  if (decision === undefined) {
    // Somebody else has answered; Hono wants a response all the same.
    replaceResponse(context, emptyError())
    return
  }
  if (decision.status !== undefined) {
    context.res = bareAnswerTo(decision)
    return
  }
  const failure = failureOf(decision)
  if (failure !== undefined) throw failure
  await run(context, next)
  // An application that is mounted in this one, and has a policy of its own, has covered its response.
  const inner = context.finalized ? markOf(context.res) : undefined
  if (inner !== undefined && inner.origin === originOf(context.req.raw)) {
    guard(outgoing, inner.decision)
  }
}

/** Elsewhere the response itself is replaced by one that has the headers. */
async function coverResponse(
  decider: HonoDecider,
  context: HonoContext,
  next: () => Promise<void>,
): Promise<void> {
  const facts = factsOfRequest(context.req.raw, decider.looksAtSite)
  const settled = decider.decide(facts, context)
  const decision = settled instanceof Promise ? await settled : settled
  const layer: Layer = { decision, origin: facts.origin, teller: decider, subject: context }
  const layered: Layered = context
  layered[LAYER] = layer
  try {
    if (decision.status !== undefined) {
      context.res = answerTo(layer)
    } else {
      const failure = failureOf(decision)
      if (failure !== undefined) throw failure
      await run(context, next)
    }
    // The innermost layer of the context has the last word.
    cover(context, layered[LAYER])
  } catch (error) {
    // Hono answers once this layer is left.
    const innermost = layered[LAYER] ?? layer
    prepare(context, innermost)
    coverLater(context, (response) => covered(response, innermost))
    throw error
  }
}

// Known to other copies of crossgate. The last layer to decide about a context is the innermost.
const LAYER = Symbol.for('crossgate.layer')

type Layer = Covering<HonoContext>

type Layered = HonoContext & { [LAYER]?: Layer }

function cover(context: HonoContext, layer: Layer): void {
  // A handler that returned nothing: Hono throws, and answers for it by its own means.
  if (!context.finalized) {
    prepare(context, layer)
    return
  }
  const { res } = context
  try {
    const answer = covered(res, layer)
    if (answer !== res) replaceResponse(context, answer)
  } catch (error) {
    // Hono would have to copy it, too, to put anything on what `app.onError` answers.
    replaceResponse(context, emptyError())
    throw error
  }
}

/** Puts the fields on the responses that Hono will make with `c.text`, `c.json` and the like. */
function prepare(context: HonoContext, { decision }: Layer): void {
  const { cors: fields, vary } = formsOf(decision)
  for (const [name, value] of fields) context.header(name, value)
  if (vary !== '') context.header(VARY, vary, { append: true })
}

/** Errors go to `app.onError`, below. What comes up to here is no `Error`, or is thrown by `onError`. */
async function run(context: HonoContext, next: () => Promise<void>): Promise<void> {
  try {
    await next()
  } catch (thrown) {
    if (thrown instanceof Error) throw thrown
    console.error(thrown)
    replaceResponse(context, emptyError())
  }
}

export default cors
