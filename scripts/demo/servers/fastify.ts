import type { AddressInfo } from 'node:net'
import crossgate from 'crossgate/fastify'
import fastify from 'fastify'
import { policy } from '../policy.ts'
import { BODY_LIMIT } from '../requests.ts'
import type { DemoServer } from './server.ts'

export const fastifyServer: DemoServer = {
  name: 'Fastify 5',
  start: async () => {
    const app = fastify({ bodyLimit: BODY_LIMIT })
    await app.register(crossgate, policy)
    app.get('/hello', async () => ({ message: 'hello' }))
    app.post('/messages', async (request, reply) => {
      reply.code(201)
      return request.body
    })
    app.get('/broken', async () => {
      throw new Error('broken on purpose')
    })
    await app.listen({ port: 0, host: '127.0.0.1' })
    return { port: (app.server.address() as AddressInfo).port, stop: () => app.close() }
  },
}
