/** Elysia, here on Node. Run it: `npx tsx examples/recipes/elysia.ts` */

import { serve } from '@hono/node-server'
import { withCors } from 'crossgate/fetch'
import { Elysia } from 'elysia'

const { PORT = 3000 } = process.env

const app = new Elysia()
  .get('/hello', () => ({ message: 'hello' }))
  .get('/report', () => {
    throw new Error('the report is not ready')
  })

const policy = { origin: 'https://app.example.com', credentials: true, maxAge: 600 }

// Around the application, so that its errors and 404s are covered, too. On Bun: `Bun.serve({ fetch })`
const fetch = withCors(policy, (request) => app.handle(request))

serve({ fetch, port: Number(PORT), hostname: '127.0.0.1' })
