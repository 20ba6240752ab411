/** A real server behind a subject, for whole requests: `server.js KIND SUBJECT SCENARIO`. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { serve } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { SCENARIOS, type Scenario } from './scenarios.ts'
import { EXPRESS_SUBJECTS } from './subjects/express.ts'
import { FASTIFY_SUBJECTS } from './subjects/fastify.ts'
import { FETCH_SUBJECTS } from './subjects/fetch.ts'
import { HONO_SUBJECTS } from './subjects/hono.ts'
import { KOA_SUBJECTS } from './subjects/koa.ts'
import { NODE_SUBJECTS } from './subjects/node.ts'
import { subjectOf } from './subjects/subjects.ts'

/** The parent's question, and what it gets: microseconds of processor so far. */
export type CpuQuestion = 'cpu'
export interface CpuAnswer {
  readonly cpu: number
}
export interface Listening {
  readonly port: number
}

type Start = (subject: string, scenario: Scenario) => Server | Promise<Server>

const OK = 'ok'
const TEXT = 'text/plain'
const TOTAL = '7'

const SERVERS: Readonly<Record<string, Start>> = {
  node: (subject, scenario) => {
    const layer = subjectOf(NODE_SUBJECTS, subject)(scenario)
    return createServer(
      layer((_request: IncomingMessage, response: ServerResponse) => {
        response.setHeader('content-type', TEXT)
        response.setHeader('x-total', TOTAL)
        response.end(OK)
      }),
    )
  },
  koa: (subject, scenario) => {
    const app = new Koa()
    app.use(subjectOf(KOA_SUBJECTS, subject)(scenario))
    app.use((context) => {
      context.set('x-total', TOTAL)
      context.body = OK
    })
    return createServer(app.callback())
  },
  fastify: async (subject, scenario) => {
    const app = fastify()
    await subjectOf(FASTIFY_SUBJECTS, subject)(scenario)(app)
    app.route({
      method: ['GET', 'OPTIONS'],
      url: '/',
      handler: (_request, reply) => reply.type(TEXT).header('x-total', TOTAL).send(OK),
    })
    await app.ready()
    return app.server
  },
  express: (subject, scenario) => {
    const app = express()
    app.use(subjectOf(EXPRESS_SUBJECTS, subject)(scenario))
    app.all('/', (_request, response) => void response.type(TEXT).set('x-total', TOTAL).send(OK))
    return createServer(app)
  },
  hono: (subject, scenario) => {
    const app = new Hono()
    app.use(subjectOf(HONO_SUBJECTS, subject)(scenario))
    app.all('/', (context) => context.text(OK, 200, { 'x-total': TOTAL }))
    return serve({ fetch: app.fetch, port: 0, hostname: HOST }) as Server
  },
  fetch: (subject, scenario) => {
    const layer = subjectOf(FETCH_SUBJECTS, subject)(scenario)
    const handle = layer(
      () => new Response(OK, { headers: { 'content-type': TEXT, 'x-total': TOTAL } }),
    )
    return serve({ fetch: handle, port: 0, hostname: HOST }) as Server
  },
}

const HOST = '127.0.0.1'
const [kind = '', subject = '', name = ''] = process.argv.slice(2)
const scenario = SCENARIOS.find((one) => one.name === name)
const start = SERVERS[kind]
if (scenario === undefined || start === undefined) throw new Error(`no ${kind}, ${name}`)
const server = await start(subject, scenario)

function tell(): void {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 })
}

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpu: user + system })
})
if (server.listening) tell()
else {
  server.once('listening', tell)
  if (kind !== 'hono' && kind !== 'fetch') server.listen(0, HOST)
}
