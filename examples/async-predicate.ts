/** Origins that are rows in a database. Run it: `npx tsx examples/async-predicate.ts` */

import { cors } from 'crossgate/express'
import express, { type Express } from 'express'

/** Where customers' sites are kept: a table, a Redis set, another service. */
export interface SiteStore {
  has(origin: string): Promise<boolean>
}

export function createApp(sites: SiteStore): Express {
  const app = express()

  app.use(
    cors({
      // Asked for every request that carries an origin; what is no valid origin is never looked up.
      origin: (origin) => sites.has(origin),
      // A look-up that fails, or takes longer than this, allows nobody: 500, for preflights 403.
      timeout: 1000,
      credentials: true,
      maxAge: 600,
    }),
  )
  app.use(express.json())

  app.get('/hello', (_request, response) => {
    response.json({ message: 'hello' })
  })

  app.post('/messages', (request, response) => {
    const text = request.body?.text
    if (typeof text !== 'string') response.status(400).json({ error: 'text is missing' })
    else response.status(201).json({ text })
  })

  app.get('/report', async () => {
    throw new Error('the report is not ready')
  })

  return app
}

if (process.argv[1] === import.meta.filename) {
  const { PORT = 3000 } = process.env
  const app = createApp({ has: async (origin) => origin === 'https://app.example.com' })
  app.listen(Number(PORT), '127.0.0.1', (error) => {
    if (error) throw error
    console.log(`listening on http://127.0.0.1:${PORT}`)
  })
}
