import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { withCors } from 'crossgate/node'
import { policy } from '../policy.ts'
import { readJson } from './read-json.ts'
import { type DemoServer, listen } from './server.ts'

export const nodeServer: DemoServer = {
  name: 'node:http',
  // The error is answered for; it is not printed, since it is thrown on purpose.
  start: () => listen(createServer(withCors(policy, answer, { onError: () => {} }))),
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  switch (`${request.method} ${request.url}`) {
    case 'GET /hello':
      return send(response, 200, { message: 'hello' })
    case 'POST /messages': {
      const body = await readJson(request)
      return body === undefined
        ? send(response, 413, { error: 'too long' })
        : send(response, 201, body)
    }
    case 'GET /broken':
      throw new Error('broken on purpose')
    default:
      return send(response, 404, { error: 'not found' })
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}
