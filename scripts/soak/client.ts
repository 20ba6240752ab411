/** Sends one request on a connection that is kept, and reads what concerns CORS. */

import { once } from 'node:events'
import { type Agent, type IncomingMessage, request as send } from 'node:http'
import type { SoakRequest, SoakResponse } from './policies.ts'
import { ARRIVED } from './servers.ts'

export interface Received extends SoakResponse {
  /** The version that was in force when the request arrived. */
  readonly arrived: number
}

export async function ask(agent: Agent, port: number, question: SoakRequest): Promise<Received> {
  const { path, host, origin, preflight } = question
  const sent = send({
    agent,
    host: '127.0.0.1',
    port,
    path,
    method: preflight ? 'OPTIONS' : 'GET',
    headers: {
      Host: host,
      ...(origin === undefined ? {} : { Origin: origin }),
      ...(preflight ? { 'Access-Control-Request-Method': 'PUT' } : {}),
    },
  })
  sent.end()
  const [received] = (await once(sent, 'response')) as [IncomingMessage]
  received.resume()
  await once(received, 'end')
  return {
    status: received.statusCode,
    lines: corsLines(received.rawHeaders),
    arrived: Number(received.headers[ARRIVED]),
  }
}

/** As received, so that one that came twice is there twice. */
function corsLines(rawHeaders: readonly string[]): readonly string[] {
  const lines: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? ''
    if (/^(access-control-|vary$)/.test(name)) lines.push(`${name}: ${rawHeaders[index + 1]}`)
  }
  return lines.sort()
}
