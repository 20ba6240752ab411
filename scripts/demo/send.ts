/** Sends over a socket what a browser would send for a page. */

import { once } from 'node:events'
import { type IncomingMessage, request as open } from 'node:http'
import type { Answer } from './browser.ts'
import type { DemoRequest } from './requests.ts'

const PATIENCE = 5000

export async function send(port: number, request: DemoRequest): Promise<Answer> {
  const { method, path, body } = request
  const sent = open({
    host: '127.0.0.1',
    port,
    method,
    path,
    headers: headersOf(request),
    agent: false,
    signal: AbortSignal.timeout(PATIENCE),
  })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  return { status: response.statusCode ?? 0, fields: pairs(response.rawHeaders) }
}

function headersOf({ origin, credentialed, asks, body }: DemoRequest): Record<string, string> {
  return {
    Connection: 'keep-alive',
    Accept: '*/*',
    Origin: origin,
    'Sec-Fetch-Mode': 'cors',
    'Sec-Fetch-Site': 'cross-site',
    // A preflight never carries credentials.
    ...(credentialed && asks === undefined ? { Cookie: 'session=42' } : {}),
    ...(asks === undefined ? {} : { 'Access-Control-Request-Method': asks.method }),
    ...(asks === undefined || asks.headers.length === 0
      ? {}
      : { 'Access-Control-Request-Headers': asks.headers.join(',') }),
    ...(body === undefined
      ? {}
      : {
          'Content-Type': 'application/json',
          'Content-Length': String(Buffer.byteLength(body)),
        }),
  }
}

/** Node lists raw headers flat: name, value, name, value. */
function pairs(flat: readonly string[]): [string, string][] {
  const fields: [string, string][] = []
  for (let index = 0; index + 1 < flat.length; index += 2) {
    fields.push([flat[index] ?? '', flat[index + 1] ?? ''])
  }
  return fields
}
