/** A server around a request listener, which fails where the listener does. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { ApplicationError } from './failure.ts'
import { isResponse } from './fetch-handler.ts'
import { isMistake, mistake } from './mistake.ts'

/** What Node calls for each request; applications of Express are such functions. */
export type RequestListener = (request: IncomingMessage, response: ServerResponse) => unknown

export interface ListenerServer {
  readonly server: Server
  /** Of what the listener threw or rejected with. */
  readonly failure: () => Error | undefined
}

/** A listener that throws would end the process, and the test with it. */
export function listenerServer(listener: RequestListener): ListenerServer {
  let failure: Error | undefined
  const server = createServer((request, response) => {
    const answering = (async () => refuseResponse(await listener(request, response)))()
    answering.catch((error: unknown) => {
      failure = isMistake(error) ? error : new ApplicationError(error)
      request.destroy()
    })
  })
  return { server, failure: () => failure }
}

function refuseResponse(returned: unknown): void {
  if (!isResponse(returned)) return
  throw mistake(
    'the target returned a Response, but a function of two parameters is a Node listener; ' +
      'wrap it as { fetch: handler }',
  )
}
