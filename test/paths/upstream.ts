/** What applications of several frameworks send alike. */

import type { OutgoingHttpHeader, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'

const OTHER = 'https://other.example'

/** A server behind the application, with CORS headers of its own, some of its lines twice. */
export const UPSTREAM_LINES = [
  ['Access-Control-Allow-Origin', '*'],
  ['Access-Control-Allow-Origin', OTHER],
  ['Access-Control-Allow-Methods', 'DELETE'],
  ['Vary', 'Accept-Encoding'],
  ['X-Total', '7'],
  ['vary', 'Accept'],
  ['Set-Cookie', 'a=1; Path=/'],
  ['Set-Cookie', 'b=2; Path=/'],
] as const

/** The same as an object, as most clients hand headers on. */
export const UPSTREAM: Readonly<Record<string, string | string[]>> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Credentials': 'false',
  Vary: 'Accept-Encoding',
  'X-Total': '7',
  'Set-Cookie': ['a=1; Path=/', 'b=2; Path=/'],
}

/** What a handler sets that believes CORS to be its own business. */
export const OWN_CORS: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': OTHER,
  'access-control-allow-credentials': 'true',
  'Access-Control-Allow-Methods': 'DELETE',
  'Access-Control-Expose-Headers': 'x-secret',
  'ACCESS-CONTROL-MAX-AGE': '1',
  'Access-Control-Allow-Private-Network': 'true',
}

/** For `writeHead`, as an object and as lists. */
export const WITH_VARY = { ...OWN_CORS, Vary: 'Accept-Encoding', 'X-Total': '7' }
export const WITH_VARY_PAIRS = Object.entries(WITH_VARY)
export const WITH_VARY_FLAT: OutgoingHttpHeader[] = WITH_VARY_PAIRS.flat()
export const UPSTREAM_FLAT: OutgoingHttpHeader[] = UPSTREAM_LINES.flat()

export const BODY = 'body '.repeat(500)

/** Two chunks, the second later. */
export function twoChunks(): Readable {
  return Readable.from(['one,', 'two'])
}

/** Fails before there is anything to send. */
export function failingAtOnce(): Readable {
  return new Readable({
    read() {
      this.destroy(new Error('the source failed'))
    },
  })
}

/** Fails once the first chunk is with the client. */
export function failingLater(): Readable {
  let sent = false
  return new Readable({
    read() {
      if (sent) setTimeout(() => this.destroy(new Error('the source failed')), 20)
      else this.push('first')
      sent = true
    },
  })
}

/** Another package's wrapper of `writeHead`: adds a field and a name to `Vary`, and hands on. */
export function wrapWriteHead(response: ServerResponse): void {
  const writeHead = response.writeHead as (...parameters: unknown[]) => ServerResponse
  response.writeHead = ((...parameters: unknown[]) => {
    if (!response.headersSent) {
      response.setHeader('X-Wrapped', '1')
      response.appendHeader('Vary', 'X-Wrapped-By')
    }
    return writeHead.apply(response, parameters)
  }) as never
}
