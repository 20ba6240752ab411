/** A server of every adapter, with the same two routes. */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { LiveSource } from 'crossgate'
import { cors as expressCors } from 'crossgate/express'
import crossgate from 'crossgate/fastify'
import { cors as koaCors } from 'crossgate/koa'
import { withCors } from 'crossgate/node'
import express from 'express'
import fastify from 'fastify'
import Koa from 'koa'

/** Long enough for the policy to change while a request is under way. */
const SLOW = 120

export const SERVERS: Readonly<Record<string, (source: LiveSource) => Promise<Server>>> = {
  express: async (source) => {
    const app = express()
    app.use(expressCors(source))
    app.get('/', (_request, response) => void response.json({}))
    app.get('/slow', async (_request, response) => {
      await wait(SLOW)
      response.json({})
    })
    return createServer(app)
  },
  fastify: async (source) => {
    const app = fastify()
    await app.register(crossgate, source)
    app.get('/', async () => ({}))
    app.get('/slow', async () => {
      await wait(SLOW)
      return {}
    })
    await app.ready()
    return app.server
  },
  koa: async (source) => {
    const app = new Koa()
    app.use(koaCors(source))
    app.use(async (context) => {
      if (context.path === '/slow') await wait(SLOW)
      context.body = {}
    })
    return createServer(app.callback())
  },
  node: async (source) =>
    createServer(
      withCors(source, async (request: IncomingMessage, response: ServerResponse) => {
        if (request.url === '/slow') await wait(SLOW)
        response.end('{}')
      }),
    ),
}

/** Tells on each response which version was in force when the request arrived. */
export const ARRIVED = 'x-arrived'

export async function listen(server: Server, version: () => number): Promise<number> {
  server.prependListener('request', (_request, response) => {
    response.setHeader(ARRIVED, version())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

export async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}
