/** A server without crossgate: it sends the lines that a scenario gives, and nothing else. */

import { createServer, type Server } from 'node:http'
import { Readable } from 'node:stream'
import type { Lines, Raw } from './scenario.ts'

/** Raw answers by the run that asks. */
export type RawAnswers = (run: string) => Raw | undefined

/** It has the place of an adapter, and of a policy. */
export const RAW = { name: 'raw', policy: 'lines', protocol: 'http/1', scheme: 'http' } as const

export function createRawServer(answers: RawAnswers): Server {
  return createServer((request, response) => {
    const [, run = '', path = ''] = (request.url ?? '').split('/')
    const raw = answers(run)
    const lines = raw === undefined ? undefined : chosen(raw, request.method, path)
    if (lines === undefined) {
      response.writeHead(404).end()
      return
    }
    const { status = 200, body = 'raw' } = lines
    const base = `http://${request.headers.host}/${run}`
    const fields = fieldsOf(lines, request.headers.origin, base)
    response.writeHead(status, fields.flat())
    Readable.from([body]).pipe(response)
  })
}

function chosen(raw: Raw, method: string | undefined, path: string): Lines {
  if (method === 'OPTIONS' && raw.preflight !== undefined) return raw.preflight
  return path.startsWith('target') ? (raw.target ?? raw.response) : raw.response
}

/** The lines for this request. Those with an Origin are left out where there is none. */
function fieldsOf(
  { lines = [] }: Lines,
  origin: string | undefined,
  base: string,
): readonly (readonly [string, string])[] {
  return lines
    .filter(([, value]) => origin !== undefined || !value.includes('{origin}'))
    .map(([name, value]) => [
      name,
      value.replaceAll('{origin}', origin ?? '').replaceAll('{self}', base),
    ])
}
