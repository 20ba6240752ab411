/** Node's own server, without a framework. Run it: `npx tsx examples/node-http.ts` */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { withCors } from 'crossgate/node'

export function createApp(): Server {
  const policy = {
    origin: ['https://app.example.com', 'https://*.partner.example'],
    credentials: true,
    maxAge: 600,
  }
  return createServer(withCors(policy, answer))
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  switch (`${request.method} ${request.url}`) {
    case 'GET /hello':
      return send(response, 200, { message: 'hello' })
    case 'POST /messages': {
      const text = await readText(request)
      if (text === undefined) return send(response, 400, { error: 'text is missing' })
      return send(response, 201, { text })
    }
    case 'GET /report':
      // Pages see the status of errors, too: this is a 500, with the headers of the policy.
      throw new Error('the report is not ready')
    default:
      return send(response, 404, { error: 'not found' })
  }
}

async function readText(request: IncomingMessage): Promise<string | undefined> {
  const { 'content-type': type = '', 'content-length': length } = request.headers
  // Read only what is declared as JSON, and as short.
  if (!type.startsWith('application/json') || !(Number(length) <= 100_000)) return undefined
  const body = (await json(request).catch(() => null)) as { text?: unknown } | null
  return typeof body?.text === 'string' ? body.text : undefined
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

if (process.argv[1] === import.meta.filename) {
  const { PORT = 3000 } = process.env
  createApp().listen(Number(PORT), '127.0.0.1', () => {
    console.log(`listening on http://127.0.0.1:${PORT}`)
  })
}
