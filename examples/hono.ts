/** Hono 4. Run it on Node: `npx tsx examples/hono.ts` */

import { serve } from '@hono/node-server'
import { cors } from 'crossgate/hono'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'

export function createApp(): Hono {
  const app = new Hono()

  // First, so that every answer is covered: errors and 404s, too.
  app.use(
    cors({
      origin: ['https://app.example.com', 'https://*.partner.example'],
      credentials: true,
      maxAge: 600,
    }),
  )

  app.get('/hello', (c) => c.json({ message: 'hello' }))

  app.post('/messages', bodyLimit({ maxSize: 100_000 }), async (c) => {
    // Pages can send other types without a preflight.
    if (!c.req.header('content-type')?.startsWith('application/json')) {
      return c.json({ error: 'JSON, please' }, 415)
    }
    const body = (await c.req.json().catch(() => null)) as { text?: unknown } | null
    if (typeof body?.text !== 'string') return c.json({ error: 'text is missing' }, 400)
    return c.json({ text: body.text }, 201)
  })

  app.get('/report', () => {
    // Pages see the status of errors, too: Hono answers 500, with the headers of the policy.
    throw new Error('the report is not ready')
  })

  return app
}

if (process.argv[1] === import.meta.filename) {
  const { PORT = 3000 } = process.env
  serve({ fetch: createApp().fetch, port: Number(PORT), hostname: '127.0.0.1' }, () => {
    console.log(`listening on http://127.0.0.1:${PORT}`)
  })
}
