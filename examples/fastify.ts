/** Fastify 5. Run it: `npx tsx examples/fastify.ts` */

import crossgate from 'crossgate/fastify'
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'

const message = {
  type: 'object',
  required: ['text'],
  properties: { text: { type: 'string' } },
}

export async function createApp(options: FastifyServerOptions = {}): Promise<FastifyInstance> {
  const app = fastify(options)

  // Awaited, and before the routes and hooks that it shall cover.
  await app.register(crossgate, {
    origin: ['https://app.example.com', 'https://*.partner.example'],
    credentials: true,
    maxAge: 600,
  })

  app.get('/hello', async () => ({ message: 'hello' }))

  app.post<{ Body: { text: string } }>(
    '/messages',
    { schema: { body: message } },
    async (request, reply) => {
      reply.code(201)
      return { text: request.body.text }
    },
  )

  // Pages see the status of errors, too: Fastify answers 500, with the headers of the policy.
  app.get('/report', async () => {
    throw new Error('the report is not ready')
  })

  return app
}

if (process.argv[1] === import.meta.filename) {
  const { PORT = 3000 } = process.env
  const app = await createApp({ logger: true })
  await app.listen({ port: Number(PORT), host: '127.0.0.1' })
}
