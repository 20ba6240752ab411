/** Servers for tests of one framework: each ends with its test. */

import { createServer, type RequestListener, type Server } from 'node:http'
import { onTestFinished } from 'vitest'
import { APP } from '../tables/exchanges.ts'
import { corsLines } from './harness.ts'
import { close, type Fields, listen, sendHttp1, type WireAnswer, type WireRequest } from './wire.ts'

export type Send = (request?: WireRequest) => Promise<WireAnswer>

/** Serves until the test is over. */
export async function serve(listener: RequestListener | Server): Promise<Send & { port: number }> {
  const server = typeof listener === 'function' ? createServer(listener) : listener
  const port = await listen(server)
  onTestFinished(() => close(server))
  return Object.assign((request: WireRequest = {}) => sendHttp1(port, request), { port })
}

export function from(origin: string, ...more: Fields): WireRequest {
  return { headers: [['Origin', origin], ...more] }
}

export function preflight(origin: string, method = 'PUT', path = '/'): WireRequest {
  return {
    method: 'OPTIONS',
    path,
    headers: [
      ['Origin', origin],
      ['Access-Control-Request-Method', method],
    ],
  }
}

/** The answer as far as CORS is concerned. */
export function seen({ status, rawHeaders }: WireAnswer): [status: number, ...string[][]] {
  return [status, ...corsLines(rawHeaders)]
}

/** What {@link seen} shows of an allowed request, without credentials. */
export function allowed(status: number, origin = APP): [number, ...string[][]] {
  return [status, ['access-control-allow-origin', origin], ['vary', 'Origin']]
}

/** What it shows of a refused one, and of one without Origin. */
export function refused(status: number): [number, ...string[][]] {
  return [status, ['vary', 'Origin']]
}

/** What it shows of a preflight that a policy without further options grants. */
export function granted(origin = APP): [number, ...string[][]] {
  return [
    204,
    ['access-control-allow-headers', '*,authorization'],
    ['access-control-allow-methods', 'GET,HEAD,PUT,PATCH,POST,DELETE'],
    ['access-control-allow-origin', origin],
    ['vary', 'Origin'],
  ]
}
