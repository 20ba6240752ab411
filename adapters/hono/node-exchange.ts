/** Node's request and response behind a context of Hono, on a server of `@hono/node-server`. */

import { pathOf } from '../shared/fetch-request.ts'
import type { NodeRequest, NodeResponse } from '../shared/response.ts'
import type { HonoContext } from './context.ts'

/** What `@hono/node-server` hands over as the environment. */
export interface NodeExchange {
  readonly incoming: NodeRequest
  readonly outgoing: NodeResponse
}

/**
 * Node's part of the exchange that a context answers; `undefined` on other platforms, and where the
 * context has the environment of another one: an application may ask itself, or a part of itself, with
 * `app.request(path, init, c.env)`, and that answer is not what Node's response will be.
 */
export function nodeExchangeOf({ env, req }: HonoContext): NodeExchange | undefined {
  const { incoming, outgoing } = (env ?? {}) as Partial<NodeExchange>
  if (typeof incoming?.headers !== 'object' || typeof outgoing?.setHeader !== 'function') {
    return undefined
  }
  const { method, url } = req.raw
  const isSame = method === incoming.method && pathOf(url) === incoming.url
  return isSame ? { incoming, outgoing } : undefined
}
