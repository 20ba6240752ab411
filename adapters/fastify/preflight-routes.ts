/**
 * Routes for preflights, so that each gets the policy of the route that it asks about.
 *
 * Only preflights reach them, by a routing constraint, so that they stand beside the application's own
 * OPTIONS routes. None are added as long as one policy governs the whole server.
 */

import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { kindOf } from '../../src/index.ts'
import { factsOf } from '../shared/facts.ts'
import type { NodeRequest } from '../shared/response.ts'
import { type CorsInstance, type RouteCors, registrationOf, stateOf } from './registration.ts'

export const OPTIONS = 'OPTIONS'
export const ANY_METHOD = '*'
const PREFLIGHT = 'crossgatePreflight'
const DUPLICATE = 'FST_ERR_DUPLICATED_ROUTE'

/** A route for preflights: where it is, which method it is about, and the policy of that route. */
interface PreflightRoute {
  /** With the prefix of the instance. */
  readonly url: string
  readonly method: string
  readonly constraints?: Record<string, unknown>
  readonly own?: RouteCors
  readonly prefixTrailingSlash?: TrailingSlash | undefined
}

type TrailingSlash = NonNullable<RouteOptions['prefixTrailingSlash']>

/**
 * Adds a route that only preflights for one method reach, so that it can stand beside the
 * application's own OPTIONS routes. Fastify runs the hooks of its instance for it, and thereby ours.
 */
export function addPreflightRoute(instance: CorsInstance, route: PreflightRoute): void {
  const { settings } = registrationOf(instance)
  if (settings.preflight === false) return
  if (!instance.hasConstraintStrategy(PREFLIGHT)) instance.addConstraintStrategy(preflightStrategy)
  const { known } = stateOf(instance)
  const key = `preflight ${routeKey(route)}`
  if (known.has(key)) return
  known.add(key)
  try {
    instance.route({
      method: OPTIONS,
      ...placeOf(route, instance.prefix),
      constraints: { ...route.constraints, [PREFLIGHT]: route.method },
      ...(settings.logLevel === undefined ? {} : { logLevel: settings.logLevel }),
      schema: { hide: settings.hideOptionsRoute ?? true } as object,
      config: { cors: route.own },
      handler: answerNotFound,
    })
  } catch (error) {
    // Two paths can be one to the router, as `/:a` and `/:b`: then the first has the answer already.
    if ((error as { code?: unknown }).code !== DUPLICATE) throw error
  }
}

/** Where a route is. Fastify tells once of a route at the root of a prefix, which it adds with and without a slash. */
function placeOf(
  { url, prefixTrailingSlash = 'both' }: PreflightRoute,
  prefix: string,
): { url: string; prefixTrailingSlash?: TrailingSlash } {
  const place = url.slice(prefix.length)
  if (prefix === '' || (place !== '' && place !== '/')) return { url: place }
  return { url: '/', prefixTrailingSlash: place === '/' ? 'slash' : prefixTrailingSlash }
}

export function routeKey({ url, method, constraints = {} }: PreflightRoute): string {
  // Hosts may be constrained by expressions, which JSON does not show.
  const constrained = Object.entries(constraints).map(([name, value]) => `${name}=${String(value)}`)
  return [method, url, ...constrained].join(' ')
}

/** Reached by preflights that are left to the application, where the application has no route. */
function answerNotFound(_request: FastifyRequest, reply: FastifyReply): void {
  reply.callNotFound()
}

/** Routes preflights by the method that they ask for. */
const preflightStrategy = {
  name: PREFLIGHT,
  storage: () => {
    const handlers = new Map<unknown, unknown>()
    return {
      get: (method: unknown) => handlers.get(method) ?? handlers.get(ANY_METHOD) ?? null,
      set: (method: unknown, handler: unknown) => {
        handlers.set(method, handler)
      },
    }
  },
  validate: () => true,
  deriveConstraint: (request: NodeRequest) => {
    const facts = factsOf(request, false)
    return kindOf(facts) === 'preflight' ? facts.requestMethod : undefined
  },
} as never

/** From now on there is more than one policy on the server, so that every route needs its own answer. */
export function needPreflightRoutes(instance: CorsInstance): void {
  const state = stateOf(instance)
  const { waiting = [] } = state
  state.waiting = undefined
  for (const add of waiting) add()
}
