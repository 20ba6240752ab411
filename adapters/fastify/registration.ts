/** Registrations of the plugin: what they hold, and how instances and routes find theirs. */

import type { FastifyInstance, FastifyRequest, LogLevel } from 'fastify'
import {
  type AnyCorsPolicy,
  type CorsOptions,
  type Decider,
  definePolicy,
  isCorsPolicy,
  isLiveSource,
  type PolicySource,
} from '../../src/index.ts'
import { createNodeDecider } from '../shared/decider.ts'

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

/** One registration, as the instances below it find it. */
export interface Registration {
  readonly decider: Decider<FastifyRequest>
  readonly source: PolicySource<FastifyRequest>
  readonly settings: RegistrationSettings
  /** The deciders of routes with options of their own, by those options. */
  readonly routes: WeakMap<object, Decider<FastifyRequest>>
}

/** What all registrations on one server share. */
export interface ServerState {
  /** The routes that were seen when they were declared, and the preflight routes. */
  readonly known: Set<string>
  /** Preflight routes to add once they are needed: not as long as one policy governs the whole server. */
  waiting: (() => void)[] | undefined
  /** The encapsulated instances with a prefix and a registration. */
  readonly scopes: CorsInstance[]
}

// Known to other copies of crossgate, which may be registered on the same server.
export const REGISTRATION = Symbol.for('crossgate.fastify.registration')
const STATE = Symbol.for('crossgate.fastify.server')

export type CorsInstance = FastifyInstance & { [REGISTRATION]?: Registration }

export type RouteCors = Partial<CorsOptions> | AnyCorsPolicy | false | undefined

export function deciderFor(registration: Registration, own: RouteCors): Decider<FastifyRequest> {
  if (own === undefined) return registration.decider
  if (own === false) return NO_CORS
  // What is no object is refused, with the reason.
  if (typeof own !== 'object' || own === null) return createNodeDecider(own)
  const known = registration.routes.get(own)
  if (known !== undefined) return known
  const decider = createNodeDecider<FastifyRequest>(overlaid(registration.source, own))
  registration.routes.set(own, decider)
  return decider
}

/** The options of a route, laid over those of the registration where those are known beforehand. */
function overlaid(
  source: PolicySource<FastifyRequest>,
  own: Partial<CorsOptions> | AnyCorsPolicy,
): CorsOptions | AnyCorsPolicy {
  if (isCorsPolicy(own)) return own
  if (isLiveSource(source) || typeof source === 'function' || 'delegator' in source) {
    return own as CorsOptions
  }
  const given = Object.entries(own).filter(([, value]) => value !== undefined)
  const inherited = isCorsPolicy(source) ? source.options : source
  return { ...inherited, ...Object.fromEntries(given) } as CorsOptions
}

export const NO_CORS = createNodeDecider<FastifyRequest>(definePolicy({ origin: false }))

export function stateOf({ server }: FastifyInstance): ServerState {
  const holder = server as { [STATE]?: ServerState }
  holder[STATE] ??= { known: new Set(), waiting: [], scopes: [] }
  return holder[STATE]
}

export function registrationOf(instance: CorsInstance): Registration {
  return instance[REGISTRATION] as Registration
}

/** Fastify derives encapsulated instances from their parents. */
export function isEncapsulated(instance: FastifyInstance): boolean {
  return 'addHook' in Object.getPrototypeOf(instance)
}
