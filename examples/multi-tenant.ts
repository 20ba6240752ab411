/** A policy for each customer, kept in a database. Run it: `npx tsx examples/multi-tenant.ts` */

import { type CorsOptions, tenants } from 'crossgate'
import { cors } from 'crossgate/express'
import express, { type Express, type Request } from 'express'

/** Where customers' options are kept: a table, Redis, another service. */
export interface TenantStore {
  find(host: string): Promise<CorsOptions | null>
}

const memory = new Map<string, CorsOptions>([
  ['acme.example.com', { origin: 'https://acme.example', credentials: true, maxAge: 600 }],
  [
    '127.0.0.1',
    {
      origin: ['https://app.example.com', 'https://*.partner.example'],
      credentials: true,
      maxAge: 600,
    },
  ],
])

export function createApp(store: TenantStore = { find: async (h) => memory.get(h) ?? null }) {
  const app: Express = express()

  // By host, which the preflight has, too. It has no cookies and no Authorization.
  const tenant = (request: Request): string => request.hostname
  // An edit counts within a minute; through an outage old policies hold for an hour.
  app.use(cors(tenants({ tenant, load: (host) => store.find(host), ttl: 60_000 })))
  app.use(express.json())

  app.get('/hello', (_request, response) => void response.json({ message: 'hello' }))
  app.post('/messages', ({ body }, response) => {
    if (typeof body?.text === 'string') response.status(201).json({ text: body.text })
    else response.status(400).json({ error: 'text is missing' })
  })
  app.get('/report', async () => {
    throw new Error('the report is not ready')
  })
  return app
}

if (process.argv[1] === import.meta.filename) {
  const { PORT = 3000 } = process.env
  createApp().listen(Number(PORT), '127.0.0.1', () => {
    console.log(`listening on http://127.0.0.1:${PORT}`)
  })
}
