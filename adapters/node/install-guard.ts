/** The guard around a whole server: for what is answered before or beside all middleware. */

import { subscribe } from 'node:diagnostics_channel'
import type { Server as HttpServer } from 'node:http'
import type { Http2SecureServer, Http2Server } from 'node:http2'
import type { Server as HttpsServer } from 'node:https'
import type { CheckedSource, CorsDecision, Decider, PolicySource } from '../../src/index.ts'
import { createNodeDecider } from '../shared/decider.ts'
import { factsOf } from '../shared/facts.ts'
import type { Settled } from '../shared/record.ts'
import type { NodeRequest } from '../shared/response.ts'
import { coverLast, type Fallback, type RequestObserver } from '../shared/unseen.ts'
import { answerClientErrors } from './client-errors.ts'

/** A server of `http`, `https` or `http2`. */
export type GuardableServer = HttpServer | HttpsServer | Http2Server | Http2SecureServer

/** What is kept for a server, so that another call only replaces the policy. */
interface Installation {
  fallback: Fallback
}

// Known to other copies of crossgate, so that a server is not guarded, and no error answered, twice.
const INSTALLATION = Symbol.for('crossgate.node.installation')

type InstalledServer = object & { [INSTALLATION]?: Installation }

/**
 * Makes a policy hold for every response of a server, also for those that no middleware sees: errors of
 * layers that come before it, answers that Node gives itself (417, 503 beyond `maxRequestsPerSocket`),
 * and its replies to broken requests (400, 408, 413, 431), where no listener of yours answers them.
 *
 * It only puts headers on: preflights go to the application, and `onDisallowed: 'reject'` keeps nobody
 * out. Middleware of crossgate on the same server goes before it, as do routes with policies of their
 * own. Called again, the new policy replaces the old one.
 *
 * @param server A server of `http`, `https` or `http2`; a framework's is `app.server` in Fastify, and what
 * `listen` or `createServer` returns elsewhere.
 * @param source Options, a policy, a delegate `(request) => options`, or a source such as `tenants`.
 * @throws {CorsConfigError} where the options are wrong.
 * @throws {TypeError} where `server` is none.
 * @example
 * const server = createServer(app)
 * installGuard(server, { origin: 'https://app.example.com' })
 */
export function installGuard<const Source extends PolicySource<NodeRequest>>(
  server: GuardableServer,
  source: Source & CheckedSource<Source>,
): void {
  const fallback = fallbackOf(createNodeDecider<NodeRequest>(source))
  const installed: InstalledServer = server
  if (typeof installed?.[INSTALLATION] === 'object') {
    installed[INSTALLATION].fallback = fallback
    return
  }
  if (!isServer(server)) {
    throw new TypeError('installGuard takes a server of node:http, node:https or node:http2')
  }
  const installation: Installation = { fallback }
  installed[INSTALLATION] = installation
  const observe = coverLast(server, {
    prepare: (request) => installation.fallback.prepare?.(request),
    decide: (request, status) => installation.fallback.decide(request, status),
  })
  observeAll(server, observe)
  answerClientErrors(server, (request) => installation.fallback.decide(request, undefined))
}

/** An Express application has listeners, too, and a `listen`. */
function isServer(server: unknown): boolean {
  const { prependListener, address, setTimeout } = (server ?? {}) as Record<string, unknown>
  return [prependListener, address, setTimeout].every((one) => typeof one === 'function')
}

function fallbackOf(decider: Decider<NodeRequest>): Fallback {
  const settled = (decision: CorsDecision, subject: NodeRequest): Settled => {
    decider.tell(decision, subject)
    return { decision, teller: decider, subject }
  }
  // Only where something is looked up, or may change, is anything kept for a request.
  const decisions = new WeakMap<NodeRequest, CorsDecision>()
  return {
    prepare: (request) => {
      if (decider.immediate && !decider.isSourced) return
      const decision = decider.look(factsOf(request, decider.looksAtSite), request)
      if (!(decision instanceof Promise)) decisions.set(request, decision)
      else void decision.then((made) => decisions.set(request, made))
    },
    decide: (request) => {
      const facts = factsOf(request, decider.looksAtSite)
      const late = decider.immediate ? decider.look : decider.pending
      // Where nothing has to be looked up, a decision is no promise.
      return settled(decisions.get(request) ?? (late(facts, request) as CorsDecision), request)
    },
  }
}

/** What Node publishes of each request of each server, before it looks at it. */
interface RequestStart {
  readonly server: object
  readonly request: Parameters<RequestObserver>[0]
  readonly response: Parameters<RequestObserver>[1]
}

const observers = new WeakMap<object, RequestObserver>()
let subscribed = false

/** Sees also the requests that Node answers without asking a listener, in HTTP/1. */
function observeAll(server: object, observe: RequestObserver): void {
  observers.set(server, observe)
  if (subscribed) return
  subscribed = true
  subscribe('http.server.request.start', (message) => {
    const { server: started, request, response } = message as RequestStart
    observers.get(started)?.(request, response)
  })
}
