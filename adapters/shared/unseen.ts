/**
 * Guards every response of a server as it comes: for answers that no hook of a framework sees, because it
 * gives them before it has looked for a route (to a path that cannot be decoded, or on a server that closes),
 * and for responses that are dearer to guard later.
 */

import { type CorsDecision, type Decider, kindOf } from '../../src/index.ts'
import { factsOf } from './facts.ts'
import { guardLate } from './guard.ts'
import { hasInside } from './inside.ts'
import type { LateDecision, Settled } from './record.ts'
import type { NodeRequest, NodeResponse, NodeStream } from './response.ts'

/** Decides about responses about which nobody else does. */
export interface Fallback {
  readonly decide: LateDecision
  /** Sees requests as they come in, where a decision takes time. */
  readonly prepare?: ((request: NodeRequest) => void) | undefined
}

/** Sees a request of a server, before anybody else does. */
export type RequestObserver = (request: NodeRequest, response: NodeResponse) => void

/** The parts of Node's servers that are used. */
interface CoverableServer {
  [COVER]?: Cover
  prependListener?(event: string, listener: (...parameters: never[]) => void): unknown
  listenerCount?(event: string): number
  /** HTTP/2's alone. */
  readonly updateSettings?: unknown
}

interface Cover {
  readonly fallbacks: Fallback[]
  readonly observe: RequestObserver
}

// Known to other copies of crossgate, and to its other adapters, which may share a server.
const COVER = Symbol.for('crossgate.cover')

/**
 * Lets a fallback decide about every response of a server about which nobody else does. The last that
 * is added is asked first.
 */
export function coverUnseen(server: object, fallback: Fallback): void {
  coverOf(server).fallbacks.unshift(fallback)
}

/**
 * The same for a fallback that is asked after all others.
 *
 * @returns What sees the server's requests.
 */
export function coverLast(server: object, fallback: Fallback): RequestObserver {
  const { fallbacks, observe } = coverOf(server)
  fallbacks.push(fallback)
  return observe
}

/**
 * Guards the responses of a server, for who decides about them later. What is sent without a decision is
 * left as it is.
 */
export function coverEarly(server: object): void {
  coverOf(server)
}

function coverOf(server: CoverableServer): Cover {
  const known = server[COVER]
  if (known !== undefined) return known
  const fallbacks: Fallback[] = []
  const first: LateDecision = (request, status) => {
    for (const { decide } of fallbacks) {
      const settled = decide(request, status)
      if (settled !== undefined) return settled
    }
    return undefined
  }
  const observe: RequestObserver = (request, response) => {
    // Outside, a guard that comes early is one that others come after.
    if (fallbacks.length === 0 && !hasInside(response)) return
    if (!guardLate(response, request, first)) return
    for (const { prepare } of fallbacks) prepare?.(request)
  }
  const cover: Cover = { fallbacks, observe }
  server[COVER] = cover
  observeRequests(server, observe)
  return cover
}

function observeRequests(server: CoverableServer, observe: RequestObserver): void {
  const isHttp2 = server.updateSettings !== undefined
  if (isHttp2) {
    server.prependListener?.('stream', (stream: SessionStream, headers: NodeRequest['headers']) =>
      observe(requestOf(stream, headers), { stream } as NodeResponse),
    )
  }
  // The first listener for requests makes HTTP/2 answer them in a way of its own.
  const hasListener = (server.listenerCount?.('request') ?? 0) > 0
  if (!isHttp2 || hasListener) server.prependListener?.('request', observe)
}

type SessionStream = NodeStream & { readonly session?: { readonly socket?: unknown } }

function requestOf({ session }: SessionStream, headers: NodeRequest['headers']): NodeRequest {
  const { ':method': method, ':path': url } = headers
  return { method: String(method), url: String(url), headers, socket: session?.socket }
}

/**
 * The decision where there is neither time for a look-up nor a request of the framework's own: a
 * refused one, if that would be needed. So are preflights, which an error refuses anyway.
 */
export function decideUnseen<Subject>(decider: Decider<Subject>, request: NodeRequest): Settled {
  const facts = factsOf(request, decider.looksAtSite)
  const refuse = !decider.immediate || kindOf(facts) === 'preflight'
  const made = refuse ? decider.pending(facts) : decider.look(facts, request as Subject)
  // Where nothing has to be looked up, a decision is no promise.
  const decision = made as CorsDecision
  decider.tell(decision, request as Subject)
  return { decision, teller: decider, subject: request }
}

/** Whether the path of a request is below a prefix. */
export function isBelow({ url = '' }: NodeRequest, prefix: string): boolean {
  const next = url.charAt(prefix.length)
  return url.startsWith(prefix) && (next === '' || next === '/' || next === '?')
}
