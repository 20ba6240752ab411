/**
 * CORS for Fastify 5.
 *
 * @module crossgate/fastify
 */

import type {
  FastifyPluginCallback,
  FastifyReply,
  FastifyRequest,
  onRequestHookHandler,
  RouteOptions,
} from 'fastify'
import {
  type AnyCorsPolicy,
  type CorsDecision,
  type CorsOptions,
  type Decider,
  type DelegateSettings,
  isCorsPolicy,
  type LiveSource,
  type PolicySource,
} from '../src/index.ts'
import {
  ANY_METHOD,
  addPreflightRoute,
  needPreflightRoutes,
  OPTIONS,
  routeKey,
} from './fastify/preflight-routes.ts'
import {
  type CorsInstance,
  deciderFor,
  isEncapsulated,
  NO_CORS,
  REGISTRATION,
  type Registration,
  type RegistrationSettings,
  registrationOf,
  stateOf,
} from './fastify/registration.ts'
import { configOf } from './fastify/route-config.ts'
import { createNodeDecider } from './shared/decider.ts'
import { bodyOf, failureOf, settle, TEXT } from './shared/exchange.ts'
import { formsOf } from './shared/forms.ts'
import type { NodeRequest } from './shared/response.ts'
import { coverUnseen, decideUnseen, isBelow } from './shared/unseen.ts'

export type { RegistrationSettings } from './fastify/registration.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The CORS options of this route, laid over those of the registration; `false` for no CORS.
     * They govern its preflights, too.
     */
    cors?: Partial<CorsOptions> | AnyCorsPolicy | false | undefined
  }
}

/**
 * Everything that `register(crossgate, ...)` takes: options, a policy, a source such as
 * `tenants`, or `{ delegator }`. A function
 * is Fastify's own affair: it calls it once, at the start, with the instance.
 */
export type FastifyCorsOptions = (
  | CorsOptions
  | AnyCorsPolicy
  | DelegateSettings<FastifyRequest>
  | LiveSource<FastifyRequest>
) &
  RegistrationSettings

/**
 * The Fastify plugin. It covers the instance on which it is registered, with all its routes, hooks,
 * errors and 404s, and every encapsulated instance below, where it may be registered again with
 * another policy. Register it before hooks that refuse requests, such as authentication.
 *
 * Await the registration before you declare routes, inside encapsulated instances above all: only then
 * are their preflights known. A route's `config.cors` holds options of its own, or `false`; where such
 * a route was declared earlier it gets no CORS headers, and the log says so.
 *
 * @example await app.register(crossgate, { origin: 'https://app.example.com' })
 */
export const cors: FastifyPluginCallback<FastifyCorsOptions> = (instance, options, done) => {
  try {
    registerOn(instance, options)
    done()
  } catch (error) {
    done(error as Error)
  }
}

// What `fastify-plugin` would do: hooks reach the instance on which the plugin is registered.
Object.assign(cors, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'crossgate',
  [Symbol.for('plugin-meta')]: { name: 'crossgate', fastify: '5.x' },
})

function registerOn(instance: CorsInstance, options: FastifyCorsOptions): void {
  const inherited = instance[REGISTRATION]
  const { source, settings } = split(options)
  const registration: Registration = {
    decider: createNodeDecider<FastifyRequest>(source),
    source,
    settings,
    routes: new WeakMap(),
  }
  const again = Object.hasOwn(instance, REGISTRATION)
  instance[REGISTRATION] = registration
  // Hooks and preflight routes find the innermost registration themselves.
  if (inherited === undefined) {
    instance.addHook('onRequest', onRequest)
    instance.addHook('onRoute', onRoute)
  }
  if (again) return
  coverAnswersWithoutHooks(instance)
  if (isEncapsulated(instance)) needPreflightRoutes(instance)
  addFallbackRoutes(instance, settings)
}

/**
 * Preflights for paths where no route is: Fastify's own 404 belongs to the server, with its hooks and
 * its log level. Where the server has a registration, its hook finds the policy of the prefix.
 */
function addFallbackRoutes(instance: CorsInstance, settings: RegistrationSettings): void {
  const { prefix } = instance
  if (prefix !== '') {
    stateOf(instance).scopes.push(instance)
    if (REGISTRATION in serverOf(instance)) return
    addPreflightRoute(instance, { url: prefix, method: ANY_METHOD })
    addPreflightRoute(instance, { url: `${prefix}/*`, method: ANY_METHOD })
  } else if (!isEncapsulated(instance) && settings.logLevel !== undefined) {
    addPreflightRoute(instance, { url: '*', method: ANY_METHOD })
  }
}

/** The instance that encapsulates all others. */
function serverOf(instance: CorsInstance): CorsInstance {
  return isEncapsulated(instance) ? serverOf(Object.getPrototypeOf(instance)) : instance
}

const NOT_FOUND = 404

/** Below a prefix that is Fastify's 404, which belongs to the server; on the server all the rest, too. */
function coverAnswersWithoutHooks(instance: CorsInstance): void {
  const encapsulated = isEncapsulated(instance)
  if (encapsulated && instance.prefix === '') return
  coverUnseen(instance.server, {
    decide: (request, status) => {
      const isOwn = !encapsulated || (status === NOT_FOUND && isBelow(request, instance.prefix))
      return isOwn ? decideUnseen(registrationOf(instance).decider, request) : undefined
    },
  })
}

/** Takes the registration's own settings, and Fastify's, out of what goes to the core. */
function split(options: FastifyCorsOptions): {
  source: PolicySource<FastifyRequest>
  settings: RegistrationSettings
} {
  if (typeof options === 'function' || isCorsPolicy(options)) {
    return { source: options as PolicySource<FastifyRequest>, settings: {} }
  }
  const { preflight, logLevel, hideOptionsRoute, ...rest } = options as CorsOptions &
    RegistrationSettings & { prefix?: unknown }
  // Fastify hands its own option on to plugins.
  const { prefix: _prefix, ...source } = rest
  const level = logLevel === undefined ? {} : { logLevel }
  return { source, settings: { preflight, hideOptionsRoute, ...level } }
}

const onRequest: onRequestHookHandler = (request, reply, done) => {
  const registration = registrationOf(request.is404 ? scopeOf(request) : request.server)
  const decider = deciderOf(request, registration)
  const settled = settle(decider, request, request.raw as NodeRequest, reply.raw)
  if (settled instanceof Promise) goOnLater(settled, registration, reply, done)
  else goOn(settled, registration, reply, done)
}

async function goOnLater(
  settled: Promise<CorsDecision | undefined>,
  registration: Registration,
  reply: FastifyReply,
  done: (error?: Error) => void,
): Promise<void> {
  try {
    goOn(await settled, registration, reply, done)
  } catch (error) {
    done(error as Error)
  }
}

function goOn(
  decision: CorsDecision | undefined,
  registration: Registration,
  reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  const failure = decision && failureOf(decision)
  // Where the reply is over, Fastify sees that for itself.
  if (decision?.status === undefined) done(failure)
  else if (isLeftToApplication(decision, registration) && failure === undefined) done()
  else endReply(reply, decision, decision.status)
}

/** Fastify's own 404 belongs to the server; its policy is the innermost one whose prefix the path has. */
function scopeOf(request: FastifyRequest): CorsInstance {
  const scopes = stateOf(request.server).scopes.filter(({ prefix }) => isBelow(request.raw, prefix))
  return scopes.reduce(
    (inner, scope) => (scope.prefix.length > inner.prefix.length ? scope : inner),
    request.server as CorsInstance,
  )
}

function isLeftToApplication({ kind }: CorsDecision, { settings }: Registration): boolean {
  return kind === 'preflight' && settings.preflight === false
}

function deciderOf(request: FastifyRequest, registration: Registration): Decider<FastifyRequest> {
  const own = configOf(request)?.cors
  if (own === undefined) return registration.decider
  const { method, url } = request.routeOptions
  const { known } = stateOf(request.server)
  const keys = [method].flat().map((one) => routeKey({ url: url ?? '', method: String(one) }))
  if (keys.some((key) => known.has(key))) return deciderFor(registration, own)
  request.log.error(
    `config.cors of ${keys.join(', ')} is not in force: await the registration of crossgate before you declare the route`,
  )
  return NO_CORS
}

function endReply(reply: FastifyReply, decision: CorsDecision, status: number): void {
  const body = bodyOf(decision)
  if (body !== undefined) reply.type(TEXT)
  for (const [name, value] of formsOf(decision).own) reply.header(name, value)
  reply.code(status).send(body)
}

/**
 * Remembers the route, and gives it a preflight route with the same policy: a preflight's policy is
 * that of the route that it asks about.
 */
function onRoute(this: CorsInstance, route: RouteOptions): void {
  const { known, waiting } = stateOf(this)
  const { url, constraints = {}, config, prefixTrailingSlash } = route
  const own = config?.cors
  if (own !== undefined) {
    deciderFor(registrationOf(this), own)
    needPreflightRoutes(this)
  }
  for (const method of [route.method].flat()) {
    known.add(routeKey({ url, method }))
    if (method === OPTIONS) continue
    const add = (): void =>
      addPreflightRoute(this, { url, method, constraints, own, prefixTrailingSlash })
    if (waiting === undefined || own !== undefined) add()
    else waiting.push(add)
  }
}

export default cors
