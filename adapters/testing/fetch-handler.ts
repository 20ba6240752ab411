/** Handlers of the Fetch API, asked without a socket. */

import type { Field } from '../../src/browser/index.ts'
import { ApplicationError } from './failure.ts'
import { isMistake, mistake, NODE_FIX, wrongValue } from './mistake.ts'
import type { IncomingResponse, Transport } from './wire.ts'

/** What answers a `Request` with a `Response`. */
export type FetchHandler = (request: Request) => Response | Promise<Response>

/** `Headers` joins equal names with commas, so several lines look like a list. */
export function askHandler(handler: FetchHandler): Transport {
  return async ({ method, url, headers, body, readsBody }, signal) => {
    const sent = new Request(url, {
      method,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      redirect: 'manual',
      signal,
      ...(body === undefined ? {} : { body }),
    })
    refuseLoss(headers, sent)
    try {
      return await receivedFrom(await handler(sent), readsBody && method !== 'HEAD')
    } catch (error) {
      throw isMistake(error) ? error : new ApplicationError(error)
    }
  }
}

/** Whether `value` is a `Response`, also one of another copy of the Fetch API. */
export function isResponse(value: unknown): value is Response {
  const { status, headers, arrayBuffer } = (value ?? {}) as Partial<Response>
  return typeof status === 'number' && headers !== undefined && typeof arrayBuffer === 'function'
}

/** Where a page's own classes stand in for Node's, `Request` drops what pages cannot set. */
function refuseLoss(headers: readonly Field[], { headers: kept }: Request): void {
  const lost = headers.find(([name]) => !kept.has(name))
  if (lost === undefined) return
  throw mistake(`this environment has a Request that drops the header '${lost[0]}'; ${NODE_FIX}`)
}

async function receivedFrom(response: unknown, readsBody: boolean): Promise<IncomingResponse> {
  if (!isResponse(response)) {
    const fix = 'return a Response; to serve (request, response), give the handler two parameters'
    throw wrongValue('what the Fetch handler returned', response, fix)
  }
  if (response.type === 'error') throw new Error('the handler returned Response.error()')
  const { status, statusText, headers } = response
  const lines = [...headers]
  if (readsBody) {
    const bytes = new Uint8Array(await response.arrayBuffer())
    return { status, statusText, headers: lines, bytes }
  }
  // Not waited for: the stream may be waiting itself, and nobody minds how it ends.
  response.body?.cancel().catch(() => {})
  return { status, statusText, headers: lines, bytes: undefined }
}
