/** h3 2. Run it: `npx tsx examples/recipes/h3.ts` */

import { createServer } from 'node:http'
import { withCors } from 'crossgate/node'
import { H3, toNodeHandler } from 'h3'

const { PORT = 3000 } = process.env

const app = new H3()
  .get('/hello', () => ({ message: 'hello' }))
  .get('/report', () => {
    throw new Error('the report is not ready')
  })

const policy = { origin: 'https://app.example.com', credentials: true, maxAge: 600 }

// Around the application, so that its errors and 404s are covered, too. On Deno, Bun and Workers, with
// `withCors` of `crossgate/fetch`: `{ fetch: withCors(policy, (request) => app.fetch(request)) }`
createServer(withCors(policy, toNodeHandler(app))).listen(Number(PORT), '127.0.0.1')
