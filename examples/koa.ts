/** Koa 3. Run it: `npx tsx examples/koa.ts` */

import { json } from 'node:stream/consumers'
import { cors } from 'crossgate/koa'
import Koa, { type Context } from 'koa'

export function createApp(): Koa {
  const app = new Koa()

  // First, so that every answer is covered: errors, too, from which Koa removes all headers.
  app.use(
    cors({
      origin: ['https://app.example.com', 'https://*.partner.example'],
      credentials: true,
      maxAge: 600,
    }),
  )

  app.use(async (context) => {
    switch (`${context.method} ${context.path}`) {
      case 'GET /hello':
        context.body = { message: 'hello' }
        break
      case 'POST /messages':
        context.body = { text: await readText(context) }
        context.status = 201
        break
      case 'GET /report':
        // Pages see the status of errors, too: Koa answers 500, with the headers of the policy.
        throw new Error('the report is not ready')
    }
  })

  return app
}

async function readText(context: Context): Promise<string> {
  const { length } = context.request
  if (!context.is('json')) context.throw(415)
  if (length === undefined || length > 100_000) context.throw(413)
  const body = (await json(context.req).catch(() => null)) as { text?: unknown } | null
  return typeof body?.text === 'string' ? body.text : context.throw(400, 'text is missing')
}

if (process.argv[1] === import.meta.filename) {
  const { PORT = 3000 } = process.env
  createApp().listen(Number(PORT), '127.0.0.1', () => {
    console.log(`listening on http://127.0.0.1:${PORT}`)
  })
}
