/** Requests over real sockets, and responses as they came: every line, every byte. */

import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { buffer } from 'node:stream/consumers'
import type { Field } from '../../src/browser/index.ts'
import { closedError } from './failure.ts'

/** A request as it goes out, with all that a browser adds. */
export interface OutgoingRequest {
  readonly method: string
  readonly url: URL
  readonly headers: readonly Field[]
  readonly body: Uint8Array | undefined
  /** Whether the response is to be read behind its head: it may have no end. */
  readonly readsBody: boolean
}

/** A response as it came in. */
export interface IncomingResponse {
  readonly status: number
  readonly statusText: string
  readonly headers: readonly Field[]
  /** The body; `undefined` where nobody reads it. */
  readonly bytes: Uint8Array | undefined
}

/** Whoever answers. Rejects where there is no response, and when the signal is aborted. */
export type Transport = (request: OutgoingRequest, signal: AbortSignal) => Promise<IncomingResponse>

/** Where a server of the test listens, which may have a certificate of its own making. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/** HTTP/1.1, on a connection of its own: to where the URL says, or to a server of the test. */
export async function sendHttp1(
  { method, url, headers, body, readsBody }: OutgoingRequest,
  signal: AbortSignal,
  address?: ListenAddress,
): Promise<IncomingResponse> {
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)({
    ...(address ?? addressOf(url)),
    method,
    path: `${url.pathname}${url.search}`,
    // A flat list keeps duplicates apart. A connection that is to be closed may be closed early,
    // before a refused body was read.
    headers: [['host', url.host], ['connection', 'keep-alive'], ...headers].flat() as never,
    agent: false,
    rejectUnauthorized: address === undefined,
    signal,
  })
  try {
    const response = await responseTo(request, body)
    return {
      status: response.statusCode ?? 0,
      statusText: response.statusMessage ?? '',
      headers: fieldsOf(response.rawHeaders),
      bytes: readsBody ? await buffer(response) : undefined,
    }
  } finally {
    request.destroy()
  }
}

/** The lines of a flat list of names and values. */
export function fieldsOf(flat: readonly string[]): readonly Field[] {
  return flat.flatMap((name, index): Field[] =>
    index % 2 === 0 ? [[name, flat[index + 1] ?? '']] : [],
  )
}

function responseTo(
  request: ClientRequest,
  body: Uint8Array | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve)
    request.on('error', reject)
    request.on('close', () => reject(closedError('the connection was closed without a response')))
    request.on('upgrade', (_response, socket) => {
      socket.destroy()
      reject(new Error('the server switched to another protocol, unasked'))
    })
    request.end(body)
  })
}

function addressOf({ hostname, port, protocol }: URL): ListenAddress {
  const defaultPort = protocol === 'https:' ? 443 : 80
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? defaultPort : Number(port),
  }
}
