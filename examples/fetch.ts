/** A handler of the Fetch API, as Workers, Deno and Bun run it. Run it on Node: `npx tsx examples/fetch.ts` */

import { withCors } from 'crossgate/fetch'

const policy = {
  origin: ['https://app.example.com', 'https://*.partner.example'],
  credentials: true,
  maxAge: 600,
}

const worker = { fetch: withCors(policy, answer) }

export default worker

async function answer(request: Request): Promise<Response> {
  switch (`${request.method} ${new URL(request.url).pathname}`) {
    case 'GET /hello':
      return Response.json({ message: 'hello' })
    case 'POST /messages': {
      const text = await readText(request)
      if (text === undefined) return Response.json({ error: 'text is missing' }, { status: 400 })
      return Response.json({ text }, { status: 201 })
    }
    case 'GET /report':
      // Pages see the status of errors, too: this is a 500, with the headers of the policy.
      throw new Error('the report is not ready')
    default:
      return Response.json({ error: 'not found' }, { status: 404 })
  }
}

async function readText(request: Request): Promise<string | undefined> {
  // Pages can send other types without a preflight.
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith('application/json')) return undefined
  const body = (await request.json().catch(() => null)) as { text?: unknown } | null
  return typeof body?.text === 'string' ? body.text : undefined
}

if (process.argv[1] === import.meta.filename) {
  const { serve } = await import('@hono/node-server')
  const { PORT = 3000 } = process.env
  serve({ ...worker, port: Number(PORT), hostname: '127.0.0.1' }, () => {
    console.log(`listening on http://127.0.0.1:${PORT}`)
  })
}
