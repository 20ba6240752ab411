/** A server with a policy in front of it, and what a page would see. */

import { createServer, type IncomingMessage } from 'node:http'
import type { PolicySource } from 'crossgate'
import { withCors } from 'crossgate/node'
import { close, type Fields, listen, sendHttp1, type WireAnswer } from '../adapters/wire.ts'

export const APP = 'https://app.example.com'
export const NEW = 'https://new.example.com'

export interface Served {
  readonly port: number
  readonly stop: () => Promise<void>
  /** Status and CORS lines of a request that a page sends. */
  readonly ask: (origin: string, path?: string) => Promise<Seen>
}

export interface Seen {
  readonly status: number
  readonly fields: Fields
}

export const ALLOWED = (origin: string): Seen => ({
  status: 200,
  fields: [
    ['access-control-allow-origin', origin],
    ['vary', 'Origin'],
  ],
})
export const REFUSED: Seen = { status: 200, fields: [['vary', 'Origin']] }
export const FAILED: Seen = { status: 500, fields: [['vary', 'Origin']] }

export async function serve(source: PolicySource<IncomingMessage>): Promise<Served> {
  const server = createServer(
    withCors(source as never, (_request, response) => response.end('hello'), {
      // Failures are seen by their status.
      onError: () => undefined,
    }),
  )
  const port = await listen(server)
  return { port, stop: () => close(server), ask: (origin, path) => ask(port, origin, path) }
}

export async function ask(port: number, origin: string, path = '/'): Promise<Seen> {
  const answer = await sendHttp1(port, { path, headers: [['Origin', origin]] })
  return { status: answer.status, fields: corsLines(answer) }
}

function corsLines({ rawHeaders }: WireAnswer): Fields {
  return rawHeaders
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name === 'vary' || name.startsWith('access-control-'))
}

/** The tenant of the tests: the path, decoded, so that ids can be anything. */
export function tenantOf({ url = '' }: IncomingMessage): string {
  return decodeURIComponent(url.slice(1))
}
