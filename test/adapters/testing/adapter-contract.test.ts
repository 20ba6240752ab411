/**
 * The published contract, for every adapter, as authors of others run it: another adapter is another
 * row of {@link ADAPTERS}.
 */

import { createServer, IncomingMessage, type Server, type ServerResponse } from 'node:http'
import {
  createServer as createHttp2Server,
  createSecureServer,
  Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import { Readable } from 'node:stream'
import type { PolicySource } from 'crossgate'
import { cors as expressCors } from 'crossgate/express'
import fastifyCors from 'crossgate/fastify'
import { withCors as withFetchCors } from 'crossgate/fetch'
import { cors as koaCors } from 'crossgate/koa'
import { withCors } from 'crossgate/node'
import {
  type AdapterContractOptions,
  adapterContract,
  type ContractAnswer,
  type ContractRoute,
} from 'crossgate/testing'
import express from 'express'
import createFastify from 'fastify'
import Koa from 'koa'
import { describe, expect, it } from 'vitest'
import { failOnUnhandledRejections } from '../harness.ts'
import { requireExpress4, requireKoa2 } from '../majors.ts'
import { CERTIFICATE } from '../wire.ts'

type Source = PolicySource<unknown> | undefined
type OnError = (error: unknown) => void

const isNodeRequest = (request: unknown): boolean => request instanceof IncomingMessage

const ADAPTERS: readonly (readonly [name: string, options: AdapterContractOptions])[] = [
  ['express 5', { serve: serveExpress(express), isRequest: isNodeRequest }],
  ['express 4', { serve: serveExpress(requireExpress4()), isRequest: isNodeRequest }],
  [
    'fastify 5',
    {
      serve: serveFastify,
      isRequest: (request) => (request as { routeOptions?: unknown }).routeOptions !== undefined,
    },
  ],
  ['koa 3', { serve: serveKoa(Koa), isRequest: isContext }],
  ['koa 2', { serve: serveKoa(requireKoa2()), isRequest: isContext }],
  [
    'node http',
    { serve: serveNode((listener) => createServer(listener)), isRequest: isNodeRequest },
  ],
  [
    'node https',
    {
      serve: serveNode((listener) => createHttpsServer(CERTIFICATE, listener) as unknown as Server),
      isRequest: isNodeRequest,
    },
  ],
  ['node http2', { serve: serveHttp2(createHttp2Server), isRequest: isHttp2Request }],
  [
    'node http2, encrypted',
    {
      serve: serveHttp2((listener) => createSecureServer(CERTIFICATE, listener)),
      isRequest: isHttp2Request,
    },
  ],
  ['fetch', { serve: serveFetch, isRequest: (request) => request instanceof Request }],
]

describe.each(ADAPTERS)('%s keeps the contract', (_name, options) => {
  failOnUnhandledRejections()
  const cases = adapterContract(options)

  it('has cases, each with a title of its own', () => {
    expect(cases.length).toBeGreaterThan(150)
    expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length)
  })

  for (const { title, run } of cases) it.concurrent(title, run)
})

function serveExpress(framework: typeof express): AdapterContractOptions['serve'] {
  return (source, routes, onError) => {
    const app = framework()
    if (source !== undefined) app.use(expressCors(source))
    for (const { method, path, run } of routes) {
      app[method.toLowerCase() as 'get' | 'post' | 'options'](path, (_request, response, next) => {
        // Express 4 leaves rejections to the application.
        Promise.resolve(run()).then(({ status, fields, body }) => {
          response.status(status).set(fields)
          if (body === null || typeof body === 'string') response.send(body)
          else Readable.from(body).pipe(response)
        }, next)
      })
    }
    app.use(((error, _request, _response, next) => {
      onError(error)
      next(error)
    }) satisfies express.ErrorRequestHandler)
    // Express prints errors unless it is told that this is a test.
    app.set('env', 'test')
    return { target: app }
  }
}

async function serveFastify(source: Source, routes: readonly ContractRoute[], onError: OnError) {
  const app = createFastify()
  app.addHook('onError', async (_request, _reply, error) => onError(error))
  if (source !== undefined) {
    // To `register` a function makes the options of an instance.
    const options = typeof source === 'function' ? { delegator: source } : source
    await app.register(fastifyCors, options as Parameters<typeof fastifyCors>[1])
  }
  for (const { method, path, run } of routes) {
    app.route({
      method,
      url: path,
      handler: async (_request, reply) => {
        const { status, fields, body } = await run()
        const sent =
          body === null ? undefined : typeof body === 'string' ? body : Readable.from(body)
        return reply.code(status).headers(fields).send(sent)
      },
    })
  }
  return { target: app, close: () => app.close() }
}

function serveKoa(Framework: typeof Koa): AdapterContractOptions['serve'] {
  return (source, routes, onError) => {
    const app = new Framework()
    app.on('error', onError)
    if (source !== undefined) app.use(koaCors(source))
    app.use(async (context, next) => {
      const route = routeFor(routes, context.method, context.path)
      if (route === undefined) return next()
      const { status, fields, body } = await route.run()
      context.body = body === null || typeof body === 'string' ? body : Readable.from(body)
      context.status = status
      context.set(fields)
    })
    return { target: app }
  }
}

function isContext(request: unknown): boolean {
  const { req, app } = request as Partial<Koa.Context>
  return isNodeRequest(req) && app !== undefined
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void

function serveNode(create: (listener: Listener) => Server): AdapterContractOptions['serve'] {
  return (source, routes, onError) => {
    const handler = nodeHandler(routes)
    return {
      target: create(
        source === undefined
          ? answeringErrors(handler, onError)
          : withCors(source, handler, { onError }),
      ),
    }
  }
}

type Http2Listener = (request: Http2ServerRequest, response: Http2ServerResponse) => void

function serveHttp2(
  create: (listener: Http2Listener) => ReturnType<typeof createHttp2Server>,
): AdapterContractOptions['serve'] {
  return (source, routes, onError) => {
    const handler = nodeHandler(routes) as unknown as (
      request: Http2ServerRequest,
      response: Http2ServerResponse,
    ) => Promise<void>
    return {
      target: create(
        source === undefined
          ? (answeringErrors(handler as never, onError) as never)
          : withCors(source, handler, { onError }),
      ),
    }
  }
}

function isHttp2Request(request: unknown): boolean {
  return request instanceof Http2ServerRequest
}

/** A router, with Node's own means and nothing else. */
function nodeHandler(routes: readonly ContractRoute[]) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const route = routeFor(routes, request.method, request.url)
    if (route === undefined) {
      response.writeHead(404).end('not found')
      return
    }
    const { status, fields, body }: ContractAnswer = await route.run()
    response.writeHead(status, fields)
    if (body === null || typeof body === 'string') response.end(body ?? undefined)
    else Readable.from(body).pipe(response)
  }
}

/** What `withCors` does for handlers that fail; without it, Node ends the process. */
function answeringErrors(handler: ReturnType<typeof nodeHandler>, onError: OnError): Listener {
  return (request, response) => {
    handler(request, response).catch((error) => {
      response.statusCode = 500
      response.end()
      onError(error)
    })
  }
}

function serveFetch(source: Source, routes: readonly ContractRoute[], onError: OnError) {
  const handler = async ({ method, url }: Request): Promise<Response> => {
    const route = routeFor(routes, method, new URL(url).pathname)
    if (route === undefined) return new Response('not found', { status: 404 })
    const answer = await route.run()
    return new Response(answer.body, answer)
  }
  const bare = (request: Request): Promise<Response> =>
    handler(request).catch((error) => {
      onError(error)
      return new Response(null, { status: 500 })
    })
  return { target: source === undefined ? bare : withFetchCors(source, handler, { onError }) }
}

function routeFor(
  routes: readonly ContractRoute[],
  method: string | undefined,
  path: string | undefined,
): ContractRoute | undefined {
  const asked = method === 'HEAD' ? 'GET' : method
  return routes.find((route) => route.method === asked && route.path === path)
}
