/** Handlers of the Fetch API, asked without a socket. */

import { untilAborted } from './deadline.ts'
import { wrongValue } from './mistake.ts'
import type { IncomingResponse, Transport } from './wire.ts'

/** What answers a `Request` with a `Response`. */
export type FetchHandler = (request: Request) => Response | Promise<Response>

/** `Headers` joins equal names with commas, so several lines look like a list. */
export function askHandler(handler: FetchHandler): Transport {
  return async ({ method, url, headers, body }, signal) => {
    const sent = new Request(url, {
      method,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      redirect: 'manual',
      signal,
      ...(body === undefined ? {} : { body }),
    })
    const answering = (async () => receivedFrom(await handler(sent), method))()
    return untilAborted(signal, answering)
  }
}

/** Whether `value` is a `Response`, also one of another copy of the Fetch API. */
export function isResponse(value: unknown): value is Response {
  const { status, headers, arrayBuffer } = (value ?? {}) as Partial<Response>
  return typeof status === 'number' && headers !== undefined && typeof arrayBuffer === 'function'
}

async function receivedFrom(response: unknown, method: string): Promise<IncomingResponse> {
  if (!isResponse(response)) {
    const fix = 'return a Response; to serve (request, response), give the handler two parameters'
    throw wrongValue('what the Fetch handler returned', response, fix)
  }
  if (response.type === 'error') throw new Error('the handler returned Response.error()')
  const { status, statusText, headers } = response
  const bytes = new Uint8Array(await response.arrayBuffer())
  // Servers send no body to HEAD, whatever the handler returns.
  const body = method === 'HEAD' ? new Uint8Array() : bytes
  return { status, statusText, headers: [...headers], bytes: body }
}
