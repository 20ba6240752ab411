/**
 * Where every property that is added to a response of Express costs a microsecond or two, its server's
 * responses get their guard before Express sees them.
 *
 * Express changes the prototype of each response. In V8 up to 12, of Node 20 and 22, that leaves it with
 * a hidden class of its own, and so does each property that it gets from then on.
 */

import { recordOf } from './inside.ts'
import type { NodeRequest, NodeResponse } from './response.ts'
import { coverEarly } from './unseen.ts'

const LAST_SLOW_V8 = 12
// Not every runtime that has Node's modules has all of its `process`.
const isSlow = Number.parseInt(globalThis.process?.versions?.v8 ?? '', 10) <= LAST_SLOW_V8

/** Sees to it that the responses to later requests of the same server are guarded as they come. */
export function comeEarlier(request: NodeRequest, response: NodeResponse): void {
  if (!isSlow || response.stream !== undefined || recordOf(response) !== undefined) return
  if (Object.hasOwn(Object.getPrototypeOf(response), 'writeHead')) return
  const { server } = (request.socket ?? {}) as { readonly server?: Emitter }
  // Sockets may have come through a server of another kind, which hands them on.
  if (typeof server?.listenerCount !== 'function' || server.listenerCount('request') === 0) return
  coverEarly(server)
}

interface Emitter {
  listenerCount?(event: string): number
}
