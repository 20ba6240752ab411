/**
 * CORS for Fastify 5.
 *
 * @module crossgate/fastify
 */

import type {
  FastifyInstance,
  FastifyPluginCallback,
  FastifyReply,
  FastifyRequest,
  LogLevel,
  onRequestHookHandler,
  RouteOptions,
} from 'fastify'
import {
  type AnyCorsPolicy,
  type CorsDecision,
  type CorsOptions,
  createDecider,
  type Decider,
  type DelegateSettings,
  definePolicy,
  isCorsPolicy,
  kindOf,
  type PolicyDelegate,
  type PolicySource,
} from '../src/index.ts'
import { systemClock } from './shared/clock.ts'
import { bodyOf, failureOf, settle, TEXT } from './shared/exchange.ts'
import { factsOf } from './shared/facts.ts'
import { ownFieldsOf } from './shared/fields.ts'
import type { NodeRequest } from './shared/response.ts'
import { coverUnseen, decideUnseen, isBelow } from './shared/unseen.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The CORS options of this route, laid over those of the registration; `false` for no CORS.
     * They govern its preflights, too.
     */
    cors?: Partial<CorsOptions> | AnyCorsPolicy | false | undefined
  }
}

/** What a registration takes besides a policy. */
export interface RegistrationSettings {
  /** Whether preflights are answered here. `false`: the application's own routes answer them. @default true */
  readonly preflight?: boolean | undefined
  /**
   * The log level of the routes that answer preflights. Never `undefined`, which Fastify's own type
   * of registration options refuses.
   *
   * @default the server's
   */
  readonly logLevel?: LogLevel
  /** Whether those routes are hidden from API documentation. @default true */
  readonly hideOptionsRoute?: boolean | undefined
}

/** Everything that `register(crossgate, ...)` takes: options, a policy, or `{ delegator }`. */
export type FastifyCorsOptions = (
  | CorsOptions
  | AnyCorsPolicy
  | DelegateSettings<FastifyRequest>
  | PolicyDelegate<FastifyRequest>
) &
  RegistrationSettings

/** One registration, as the instances below it find it. */
interface Registration {
  readonly decider: Decider<FastifyRequest>
  readonly source: PolicySource<FastifyRequest>
  readonly settings: RegistrationSettings
  /** The deciders of routes with options of their own, by those options. */
  readonly routes: WeakMap<object, Decider<FastifyRequest>>
}

const REGISTRATION = Symbol('crossgate.registration')
/** The preflight routes that exist, by server: two registrations may cover the same paths. */
const preflightRoutes = new WeakMap<object, Set<string>>()

type CorsInstance = FastifyInstance & { [REGISTRATION]?: Registration }

/**
 * The Fastify plugin. It covers the instance on which it is registered, with all its routes, hooks,
 * errors and 404s, and every encapsulated instance below, where it may be registered again with
 * another policy. Register it before hooks that refuse requests, such as authentication.
 *
 * A route's `config.cors` holds options of its own, or `false`.
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
    decider: createDecider<FastifyRequest>(source, systemClock),
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
  if (!again) coverAnswersWithoutHooks(instance)
  // The server's own 404 answers preflights, too, but it has the log level of the server.
  if (!again && (isEncapsulated(instance) || settings.logLevel !== undefined)) {
    addPreflightRoute(instance, `${instance.prefix}*`, ANY_METHOD, undefined, {})
  }
}

const NOT_FOUND = 404

/** Below a prefix that is Fastify's 404, which belongs to the server; on the server all the rest, too. */
function coverAnswersWithoutHooks(instance: CorsInstance): void {
  const encapsulated = isEncapsulated(instance)
  if (encapsulated && instance.prefix === '') return
  coverUnseen(instance.server, ({ req }, status) => {
    if (req === undefined) return undefined
    if (encapsulated && !(status === NOT_FOUND && isBelow(req, instance.prefix))) return undefined
    return decideUnseen(registrationOf(instance).decider, req)
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
  const registration = registrationOf(request.server)
  const decider = deciderFor(registration, request.routeOptions.config.cors)
  const settled = settle(decider, request, request.raw as NodeRequest, reply.raw)
  const goOn = (decision: CorsDecision | undefined): void => {
    // Where the reply is over, Fastify sees that for itself.
    if (decision?.status === undefined) done(decision && failureOf(decision))
    else if (decision.kind === 'preflight' && registration.settings.preflight === false) done()
    else endReply(reply, decision, decision.status)
  }
  if (settled instanceof Promise) settled.then(goOn).catch(done)
  else goOn(settled)
}

function endReply(reply: FastifyReply, decision: CorsDecision, status: number): void {
  const body = bodyOf(decision)
  if (body !== undefined) reply.type(TEXT)
  for (const [name, value] of ownFieldsOf(decision)) reply.header(name, value)
  reply.code(status).send(body)
}

/** Gives the routes that have a policy of their own a preflight route with the same policy. */
function onRoute(this: FastifyInstance, route: RouteOptions): void {
  const registration = registrationOf(this)
  const own = route.config?.cors
  if (own !== undefined) deciderFor(registration, own)
  if (own === undefined && !isEncapsulated(this)) return
  for (const method of [route.method].flat()) {
    if (method !== OPTIONS) addPreflightRoute(this, route.url, method, own, route.constraints ?? {})
  }
}

type RouteCors = Partial<CorsOptions> | AnyCorsPolicy | false | undefined

function deciderFor(registration: Registration, own: RouteCors): Decider<FastifyRequest> {
  if (own === undefined) return registration.decider
  if (own === false) return NO_CORS
  const known = registration.routes.get(own)
  if (known !== undefined) return known
  const decider = createDecider<FastifyRequest>(overlaid(registration.source, own), systemClock)
  registration.routes.set(own, decider)
  return decider
}

/** The options of a route, laid over those of the registration where those are known beforehand. */
function overlaid(
  source: PolicySource<FastifyRequest>,
  own: Partial<CorsOptions> | AnyCorsPolicy,
): CorsOptions | AnyCorsPolicy {
  if (isCorsPolicy(own)) return own
  if (typeof source === 'function' || 'delegator' in source) return own as CorsOptions
  return { ...(isCorsPolicy(source) ? source.options : source), ...own } as CorsOptions
}

const NO_CORS = createDecider<FastifyRequest>(definePolicy({ origin: false }), systemClock)

const OPTIONS = 'OPTIONS'
const ANY_METHOD = '*'
const PREFLIGHT = 'crossgatePreflight'

/**
 * Adds a route that only preflights for one method reach, so that it can stand beside the
 * application's own OPTIONS routes. Fastify runs the hooks of its instance for it, and thereby ours.
 */
function addPreflightRoute(
  instance: CorsInstance,
  url: string,
  method: string,
  own: RouteCors,
  constraints: Record<string, unknown>,
): void {
  const { settings } = registrationOf(instance)
  if (settings.preflight === false) return
  if (!instance.hasConstraintStrategy(PREFLIGHT)) instance.addConstraintStrategy(preflightStrategy)
  const known = preflightRoutes.get(instance.server) ?? new Set()
  preflightRoutes.set(instance.server, known)
  const key = JSON.stringify([url, method, constraints])
  if (known.has(key)) return
  known.add(key)
  instance.route({
    method: OPTIONS,
    url: url.slice(instance.prefix.length),
    constraints: { ...constraints, [PREFLIGHT]: method },
    ...(settings.logLevel === undefined ? {} : { logLevel: settings.logLevel }),
    schema: { hide: settings.hideOptionsRoute ?? true } as object,
    config: { cors: own },
    handler: answerNotFound,
  })
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
    const facts = factsOf(request)
    return kindOf(facts) === 'preflight' ? facts.requestMethod : undefined
  },
} as never

function registrationOf(instance: CorsInstance): Registration {
  return instance[REGISTRATION] as Registration
}

/** Fastify derives encapsulated instances from their parents. */
function isEncapsulated(instance: FastifyInstance): boolean {
  return 'addHook' in Object.getPrototypeOf(instance)
}

export default cors
