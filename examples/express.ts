/** Express 5. Run it: `npx tsx examples/express.ts` */

import { cors } from 'crossgate/express'
import express, { type Express } from 'express'

export function createApp(): Express {
  const app = express()

  // First, so that every answer is covered: those of the parser, the 404s and the errors, too.
  app.use(
    cors({
      origin: ['https://app.example.com', 'https://*.partner.example'],
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

  // Pages see the status of errors, too: Express answers 500, with the headers of the policy.
  app.get('/report', async () => {
    throw new Error('the report is not ready')
  })

  return app
}

if (process.argv[1] === import.meta.filename) {
  const { PORT = 3000 } = process.env
  createApp().listen(Number(PORT), '127.0.0.1', (error) => {
    if (error) throw error
    console.log(`listening on http://127.0.0.1:${PORT}`)
  })
}
