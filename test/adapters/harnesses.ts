/** The frameworks, each with the same application by its own means. */

import { createServer, IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createSecureServer, Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { Server as NetServer } from 'node:net'
import type { PolicySource } from 'crossgate'
import { cors as expressCors } from 'crossgate/express'
import { cors as fastifyCors } from 'crossgate/fastify'
import { type KoaContext, cors as koaCors } from 'crossgate/koa'
import { withCors } from 'crossgate/node'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import createFastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import Koa, { type Context } from 'koa'
import {
  type Answer,
  type Harness,
  observed,
  type Reply,
  type Route,
  type Runs,
  type Service,
  type Source,
} from './harness.ts'
import { requireExpress4, requireKoa2 } from './majors.ts'
import {
  CERTIFICATE,
  close,
  HOST,
  listen,
  openHttp2,
  parseHead,
  sendHttp1,
  sendHttp2,
  type WireRequest,
} from './wire.ts'

const BODY_LIMIT = 1000

export const express5 = expressHarness('express 5', express)
export const express4 = expressHarness('express 4', requireExpress4())

function expressHarness(name: string, framework: typeof express): Harness {
  return {
    name,
    protocol: 'http/1',
    parsesBodies: true,
    takesLists: true,
    answersErrors: true,
    isOwnSubject: (subject) => subject instanceof IncomingMessage && 'app' in subject,
    serve: async (source, app) => {
      const runs: Runs = { count: 0 }
      const errors: string[] = []
      const server = createServer(expressApp(framework, source, app, runs, errors))
      return service(server, runs, errors)
    },
  }
}

function expressApp(
  framework: typeof express,
  source: Source | undefined,
  app: readonly Route[],
  runs: Runs,
  errors: string[],
): Express {
  const server = framework()
  server.disable('x-powered-by')
  if (source !== undefined) server.use(expressCors(source))
  server.use(framework.json({ limit: BODY_LIMIT }))
  for (const route of app) {
    const method = route.method.toLowerCase() as 'get' | 'post' | 'put' | 'options'
    server[method](route.path, (_request: Request, response: Response, next: NextFunction) => {
      runs.count += 1
      const returned = route.run(expressReply(response))
      // Express 4 leaves rejections to the application.
      if (returned instanceof Promise) returned.catch(next)
    })
  }
  server.use((error: unknown, _request: Request, _response: Response, next: NextFunction) => {
    errors.push(messageOf(error))
    // Express shows it, and it names the layers that were passed.
    if (error instanceof Error) error.stack = String(error)
    next(error)
  })
  return server
}

function expressReply(response: Response): Reply {
  return {
    set: (name, value) => response.setHeader(name, value),
    send: (status, body) => response.status(status).send(body),
    redirect: (location) => response.redirect(location),
    stream: (body) => body.pipe(response),
    raw: () => response,
  }
}

export const fastify5: Harness = {
  ...fastifyHarness('fastify 5', true),
  serve: async (source, app) => {
    const runs: Runs = { count: 0 }
    const errors: string[] = []
    const server = await fastifyApp(source, app, runs, errors)
    await server.listen({ port: 0, host: HOST })
    const port = (server.server.address() as { port: number }).port
    return {
      origin: `http://${HOST}:${port}`,
      errors,
      send: (request) => observed(runs, () => sendHttp1(port, request)),
      close: () => server.close(),
    }
  },
}

/** Fastify's own way to be tested, which real services rely on. */
export const fastifyInject: Harness = {
  ...fastifyHarness('fastify 5 inject', false),
  serve: async (source, app) => {
    const runs: Runs = { count: 0 }
    const errors: string[] = []
    const server = await fastifyApp(source, app, runs, errors)
    return {
      origin: 'http://localhost:80',
      errors,
      send: (request) => observed(runs, () => inject(server, request)),
      close: () => server.close(),
    }
  },
}

function fastifyHarness(name: string, takesLists: boolean): Omit<Harness, 'serve'> {
  return {
    name,
    protocol: 'http/1',
    parsesBodies: true,
    takesLists,
    answersErrors: true,
    isOwnSubject: (subject) => (subject as { routeOptions?: unknown }).routeOptions !== undefined,
  }
}

async function fastifyApp(
  source: Source | undefined,
  app: readonly Route[],
  runs: Runs,
  errors: string[],
): Promise<FastifyInstance> {
  const server = createFastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true })
  server.addHook('onError', async (_request, _reply, error) => {
    errors.push(messageOf(error))
  })
  if (source !== undefined) {
    // To `register` a function makes the options of an instance.
    const options = typeof source === 'function' ? () => source : source
    await server.register(fastifyCors, options as Parameters<typeof fastifyCors>[1])
  }
  for (const route of app) {
    server.route({
      method: route.method,
      url: route.path,
      handler: (_request, reply) => {
        runs.count += 1
        const returned = route.run(fastifyReply(reply))
        // To Fastify a returned promise is the reply.
        return (returned instanceof Promise ? returned : undefined) as never
      },
    })
  }
  return server
}

function fastifyReply(reply: FastifyReply): Reply {
  return {
    set: (name, value) => {
      reply.header(name, value)
    },
    send: (status, body) => {
      reply.code(status).send(body)
    },
    redirect: (location) => {
      reply.redirect(location)
    },
    stream: (body) => {
      reply.send(body)
    },
    raw: () => {
      reply.hijack()
      return reply.raw
    },
  }
}

async function inject(
  server: FastifyInstance,
  { method = 'GET', path = '/', headers = [], body }: WireRequest,
): Promise<{ status: number; rawHeaders: ReturnType<typeof parseHead>; body: string }> {
  const fields: Record<string, string> = {}
  // What Node makes of several lines.
  for (const [name, value] of headers) {
    fields[name] = fields[name] === undefined ? value : `${fields[name]}, ${value}`
  }
  const { raw, statusCode, payload } = await server.inject({
    method: method as 'GET',
    url: path,
    headers: fields,
    ...(body === undefined ? {} : { payload: body }),
  })
  // The head as it would be sent: a copy of the stored headers would miss what `writeHead` got.
  const { _header: head } = raw.res as unknown as { readonly _header: string }
  return { status: statusCode, rawHeaders: parseHead(head), body: payload }
}

export const koa3 = koaHarness('koa 3', Koa)
export const koa2 = koaHarness('koa 2', requireKoa2())

function koaHarness(name: string, Framework: typeof Koa): Harness {
  return {
    name,
    protocol: 'http/1',
    parsesBodies: false,
    takesLists: true,
    answersErrors: true,
    isOwnSubject: (subject) => {
      const { req, res, app } = subject as Partial<Context>
      return req instanceof IncomingMessage && res !== undefined && app !== undefined
    },
    serve: async (source, app) => {
      const runs: Runs = { count: 0 }
      const errors: string[] = []
      const server = new Framework()
      server.on('error', (error) => errors.push(messageOf(error)))
      if (source !== undefined) server.use(koaCors(source as PolicySource<KoaContext>))
      server.use(async (context, next) => {
        const route = routeFor(app, context.method, context.path)
        if (route === undefined) return next()
        runs.count += 1
        return route.run(koaReply(context))
      })
      return service(createServer(server.callback()), runs, errors)
    },
  }
}

function koaReply(context: Context): Reply {
  return {
    set: (name, value) => context.set(name, value),
    send: (status, body) => {
      context.status = status
      context.body = body
    },
    redirect: (location) => context.redirect(location),
    stream: (body) => {
      context.body = body
    },
    raw: () => {
      context.respond = false
      // Koa has set it to 404 already.
      context.res.statusCode = 200
      return context.res
    },
  }
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void

export const nodeHttp = nodeHarness('node http', (listener) => createServer(listener))
export const nodeHttps = nodeHarness(
  'node https',
  (listener) => createHttpsServer(CERTIFICATE, listener) as unknown as Server,
  true,
)

function nodeHarness(
  name: string,
  create: (listener: Listener) => Server,
  secure = false,
): Harness {
  return {
    name,
    protocol: 'http/1',
    parsesBodies: false,
    takesLists: true,
    answersErrors: false,
    isOwnSubject: (subject) => subject instanceof IncomingMessage,
    serve: async (source, app) => {
      const runs: Runs = { count: 0 }
      const errors: string[] = []
      const handler = nodeHandler(app, runs)
      const listener =
        source === undefined
          ? handler
          : withCors(source, handler, { onError: (error) => errors.push(messageOf(error)) })
      return service(create(listener), runs, errors, secure)
    },
  }
}

export const nodeHttp2: Harness = {
  name: 'node http2',
  protocol: 'http/2',
  parsesBodies: false,
  takesLists: true,
  answersErrors: false,
  isOwnSubject: (subject) => subject instanceof Http2ServerRequest,
  serve: async (source, app) => {
    const runs: Runs = { count: 0 }
    const errors: string[] = []
    const handler = nodeHandler(app, runs) as unknown as (
      request: Http2ServerRequest,
      response: Http2ServerResponse,
    ) => unknown
    const listener =
      source === undefined
        ? handler
        : withCors(source, handler, { onError: (error) => errors.push(messageOf(error)) })
    const server = createSecureServer(CERTIFICATE, listener)
    const port = await listen(server)
    const session = await openHttp2(port)
    return {
      origin: `https://${HOST}:${port}`,
      errors,
      send: (request) => observed(runs, () => sendHttp2(session, request)),
      close: async () => {
        session.close()
        await close(server)
      },
    }
  },
}

/** A small router, with Node's own means and nothing else. */
function nodeHandler(app: readonly Route[], runs: Runs) {
  return (request: IncomingMessage, response: ServerResponse): unknown => {
    // So that the connection is free for the answer.
    request.resume()
    const route = routeFor(app, request.method ?? '', request.url ?? '')
    if (route === undefined) {
      response.statusCode = 404
      response.end('not found')
      return undefined
    }
    runs.count += 1
    return route.run(nodeReply(response))
  }
}

function nodeReply(response: ServerResponse): Reply {
  return {
    set: (name, value) => response.setHeader(name, value),
    send: (status, body) => {
      response.statusCode = status
      response.end(body)
    },
    redirect: (location) => {
      response.statusCode = 302
      response.setHeader('location', location)
      response.end()
    },
    stream: (body) => body.pipe(response),
    raw: () => response,
  }
}

function routeFor(app: readonly Route[], method: string, path: string): Route | undefined {
  const asked = method === 'HEAD' ? 'GET' : method
  return app.find((route) => route.method === asked && route.path === path)
}

async function service(
  server: NetServer,
  runs: Runs,
  errors: string[],
  secure = false,
): Promise<Service> {
  const port = await listen(server)
  return {
    origin: `${secure ? 'https' : 'http'}://${HOST}:${port}`,
    errors,
    send: (request): Promise<Answer> => observed(runs, () => sendHttp1(port, request, secure)),
    close: () => close(server),
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
