/** The adapters, each with the same application by its framework's own means. */

import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { Server } from 'node:net'
import { Readable } from 'node:stream'
import { cors as expressCors } from 'crossgate/express'
import { cors as fastifyCors } from 'crossgate/fastify'
import { cors as koaCors } from 'crossgate/koa'
import { withCors } from 'crossgate/node'
import express, { type Request, type Response } from 'express'
import createFastify from 'fastify'
import Koa from 'koa'
import type { CorsOptions } from '../../src/index.ts'
import { CERTIFICATE } from '../adapters/wire.ts'
import { type Answer, type Asked, answerTo } from './answers.ts'

export interface Adapter {
  /** Part of a host name, too. */
  readonly name: string
  readonly protocol: 'http/1' | 'http/2'
  readonly scheme: 'http' | 'https'
  /** A server that does not listen yet. */
  readonly create: (options: CorsOptions) => Promise<Server>
}

export const ADAPTERS: readonly Adapter[] = [
  {
    name: 'express-5',
    protocol: 'http/1',
    scheme: 'http',
    create: async (options) => createHttpServer(expressApp(options)),
  },
  {
    name: 'fastify-5',
    protocol: 'http/1',
    scheme: 'http',
    create: async (options) => (await fastifyApp(options)).server,
  },
  {
    name: 'koa-3',
    protocol: 'http/1',
    scheme: 'http',
    create: async (options) => createHttpServer(koaApp(options).callback()),
  },
  {
    name: 'node-http',
    protocol: 'http/1',
    scheme: 'http',
    create: async (options) => createHttpServer(withCors(options, nodeHandler, SILENT)),
  },
  {
    name: 'node-https',
    protocol: 'http/1',
    scheme: 'https',
    create: async (options) =>
      createHttpsServer(CERTIFICATE, withCors(options, nodeHandler, SILENT)),
  },
  {
    name: 'node-http2',
    protocol: 'http/2',
    scheme: 'https',
    create: async (options) =>
      createSecureServer(CERTIFICATE, withCors(options, nodeHandler, SILENT)),
  },
]

/** Handlers that throw are what some scenarios are about. */
const SILENT = { onError: () => undefined }

function expressApp(options: CorsOptions) {
  const app = express()
  app.use(expressCors(options as Parameters<typeof expressCors>[0]))
  app.use((request: Request, response: Response, next: () => void) => {
    const answer = answerTo(request)
    if (answer === undefined) return next()
    response.status(answer.status).set(answer.headers)
    if (typeof answer.body === 'string') response.send(answer.body)
    else Readable.from(answer.body).pipe(response)
  })
  return app
}

async function fastifyApp(options: CorsOptions) {
  const app = createFastify({ forceCloseConnections: true })
  app.addHttpMethod('PROPFIND', { hasBody: true })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume()
    done(null)
  })
  await app.register(fastifyCors, options)
  app.all('/*', (request, reply) => {
    const answer = answerTo(request)
    if (answer === undefined) return reply.callNotFound()
    reply.code(answer.status).headers(answer.headers)
    return reply.send(typeof answer.body === 'string' ? answer.body : Readable.from(answer.body))
  })
  await app.ready()
  return app
}

function koaApp(options: CorsOptions): Koa {
  const app = new Koa()
  app.silent = true
  app.use(koaCors(options as Parameters<typeof koaCors>[0]))
  app.use(async (context, next) => {
    const answer = answerTo(context.request)
    if (answer === undefined) return next()
    context.status = answer.status
    context.set(answer.headers)
    context.body = typeof answer.body === 'string' ? answer.body : Readable.from(answer.body)
  })
  return app
}

type NodeAsked = IncomingMessage | Http2ServerRequest
type NodeReply = ServerResponse | Http2ServerResponse

function nodeHandler(request: NodeAsked, response: NodeReply): void {
  const answer = answerTo(request as Asked) ?? MISSING
  response.statusCode = answer.status
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value)
  if (typeof answer.body === 'string') response.end(answer.body)
  else Readable.from(answer.body).pipe(response as ServerResponse)
}

const MISSING: Answer = { status: 404, headers: {}, body: '' }
