/** Everything that can be asked, asked the same: what the page sees does not depend on the target. */

import { createServer, type Server } from 'node:http'
import { createServer as createHttp2Server, createSecureServer } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server as NetServer, Socket } from 'node:net'
import { cors as expressCors } from 'crossgate/express'
import fastifyCors from 'crossgate/fastify'
import { cors as koaCors } from 'crossgate/koa'
import { withCors } from 'crossgate/node'
import {
  assertBlocked,
  type BrowserTarget,
  browserFetch,
  type FetchHandler,
  type RequestListener,
  verdictOf,
} from 'crossgate/testing'
import express from 'express'
import createFastify from 'fastify'
import Koa from 'koa'
import { afterAll, describe, expect, it } from 'vitest'
import { requireExpress4, requireKoa2 } from '../majors.ts'
import { CERTIFICATE, close, listen } from '../wire.ts'

const APP = 'https://app.example.com'
const OTHER = 'https://other.example'
const OPTIONS = {
  origin: APP,
  credentials: true,
  methods: ['PUT'],
  exposedHeaders: ['x-total'],
} as const

interface Answerable {
  setHeader(name: string, value: string): unknown
  end(body: string): unknown
}

/** The same application everywhere: 'hello', with one header that pages see and one that they do not. */
function answer(_request: unknown, response: Answerable): void {
  response.setHeader('x-total', '3')
  response.setHeader('x-secret', '1')
  response.end('hello')
}

const listener = withCors(OPTIONS, answer)

function expressApp(framework: typeof express) {
  const app = framework()
  app.use(expressCors(OPTIONS))
  app.all('/items', answer)
  return app
}

function fastifyApp() {
  const app = createFastify()
  app.register(fastifyCors, OPTIONS).after(() => {
    app.route({
      method: ['GET', 'PUT'],
      url: '/items',
      handler: (_request, reply) =>
        reply.header('x-total', '3').header('x-secret', '1').send('hello'),
    })
  })
  return app
}

function koaApp(Framework: typeof Koa) {
  const app = new Framework()
  app.use(koaCors(OPTIONS))
  app.use((context) => {
    context.set({ 'x-total': '3', 'x-secret': '1' })
    context.body = 'hello'
  })
  return app
}

const fetchHandler: FetchHandler = (request) => {
  const isAllowed = request.headers.get('origin') === APP
  const headers: Record<string, string> = isAllowed
    ? {
        'access-control-allow-origin': APP,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'PUT',
        'access-control-expose-headers': 'x-total',
      }
    : {}
  if (request.method === 'OPTIONS')
    return new Response(null, { status: isAllowed ? 204 : 403, headers })
  return new Response('hello', { headers: { ...headers, 'x-total': '3', 'x-secret': '1' } })
}

const open: NetServer[] = []

afterAll(() => Promise.all(open.map(close)))

async function listeningServer(): Promise<Server> {
  const server = createServer(listener)
  await listen(server)
  open.push(server)
  return server
}

const localUrl = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}/items`

/** By name: the target, and where the page asks for it. */
const TARGETS: Record<string, () => BrowserTarget | Promise<BrowserTarget>> = {
  'a Node listener': () => listener,
  'an http server': () => createServer(listener),
  'an https server': () => createHttpsServer(CERTIFICATE, listener),
  'an HTTP/2 server': () => createHttp2Server(listener),
  'a secure HTTP/2 server': () => createSecureServer(CERTIFICATE, listener),
  'a secure HTTP/2 server that speaks HTTP/1, too': () =>
    createSecureServer({ ...CERTIFICATE, allowHTTP1: true }, listener),
  'a listening server': listeningServer,
  'Express 5': () => expressApp(express),
  'Express 4': () => expressApp(requireExpress4()),
  'Fastify 5': fastifyApp,
  'Koa 3': () => koaApp(Koa),
  'Koa 2': () => koaApp(requireKoa2()),
  'a Fetch handler': () => fetchHandler,
  'an async Fetch handler': () => async (request: Request) => fetchHandler(request),
  'an application with fetch': () => ({ fetch: fetchHandler }),
}

describe.each(Object.entries(TARGETS))('%s', (_name, create) => {
  const page = { from: APP, path: '/items', credentials: 'include' } as const

  it('shows an allowed page its answer, and nothing more', async () => {
    const response = await browserFetch(await create(), page)
    expect(response.status).toBe(200)
    expect(response.type).toBe('cors')
    expect(await response.text()).toBe('hello')
    expect(response.headers.get('x-total')).toBe('3')
    const seen = [...response.headers.keys()]
    expect(seen.filter((name) => !/^(content-(length|type)|x-total)$/.test(name))).toEqual([])
  })

  it('is asked with a preflight where a browser asks', async () => {
    const { readable, exchange } = await verdictOf(await create(), { ...page, method: 'PUT' })
    expect(readable).toBe(true)
    expect(exchange.map(({ request }) => request.method)).toEqual(['OPTIONS', 'PUT'])
    expect(exchange[0]?.response?.status).toBe(204)
  })

  it('keeps another page out', async () => {
    const target = await create()
    await assertBlocked(target, { ...page, from: OTHER }, 'allow-origin.missing')
    const refused = { ...page, from: OTHER, method: 'PUT' }
    await assertBlocked(target, refused, 'allow-origin.missing')
  })
})

describe('a URL', () => {
  it.each(['a string', 'a URL object'])('as %s shows an allowed page its answer', async (kind) => {
    const url = localUrl(await listeningServer())
    const response = await browserFetch(kind === 'a string' ? url : new URL(url), { from: APP })
    expect(await response.text()).toBe('hello')
    expect(response.url).toBe(url)
  })

  it('with a certificate that nobody has signed is a network error', async () => {
    const server = createHttpsServer(CERTIFICATE, listener)
    const port = await listen(server)
    try {
      const { rule, message, fix } = await verdictOf(`https://127.0.0.1:${port}/`, { from: APP })
      expect(rule).toBe('network')
      expect(fix).toBe(
        "Give the server object as the target instead of its URL, or name the certificate's file in NODE_EXTRA_CA_CERTS.",
      )
      expect(message).toMatch(/self-signed certificate/)
    } finally {
      await close(server)
    }
  })

  it('may have the brackets of an IPv6 address, and no port', async () => {
    const { rule } = await verdictOf('http://[::1]/', { from: APP })
    expect(rule).toBe('network')
  })
})

describe('the name of a target', () => {
  const urlOf = async (target: BrowserTarget): Promise<string> =>
    (await browserFetch(target, { from: APP, path: '/a?b=c' })).url

  it('is one that no page has where the target does not listen, so that messages are stable', async () => {
    expect(await urlOf(listener)).toBe('http://target.test/a?b=c')
    expect(await urlOf(createServer(listener))).toBe('http://target.test/a?b=c')
    expect(await urlOf(createHttpsServer(CERTIFICATE, listener))).toBe('https://target.test/a?b=c')
    expect(await urlOf({ fetch: fetchHandler })).toBe('http://target.test/a?b=c')
  })

  it('is its address where it does', async () => {
    const server = await listeningServer()
    expect(await urlOf(server)).toBe(localUrl(server).replace('/items', '/a?b=c'))
  })

  it.each([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '[::1]'],
    ['::1', '[::1]'],
  ])('is one that can be asked where it listens on %s', async (host, name) => {
    const server = await listeningServer()
    const { port } = server.address() as AddressInfo
    server.address = () => ({ address: host, family: 'IP', port })
    const { exchange } = await verdictOf(server, { from: APP })
    expect(exchange[0]?.request.url).toBe(`http://${name}:${port}/`)
  })
})

describe("the test's own server", () => {
  const CREATE: [string, () => NetServer][] = [
    ['http', () => createServer(listener)],
    ['https', () => createHttpsServer(CERTIFICATE, listener)],
    ['HTTP/2', () => createHttp2Server(listener)],
    ['secure HTTP/2', () => createSecureServer(CERTIFICATE, listener)],
  ]

  it.each(CREATE)('of %s is not made to listen, nor closed', async (_protocol, create) => {
    const server = create()
    const seen: string[] = []
    for (const event of ['listening', 'close']) server.on(event, () => seen.push(event))
    await Promise.all([1, 2].map(() => browserFetch(server, { from: APP })))
    expect(seen).toEqual([])
    expect(server.listening).toBe(false)
  })

  it.each(CREATE)('of %s may begin to listen meanwhile, and goes on', async (_protocol, create) => {
    const server = create()
    const listened = listen(server)
    open.push(server)
    expect(await (await browserFetch(server, { from: APP })).text()).toBe('hello')
    expect(await listened).toBeGreaterThan(0)
    expect(server.listening).toBe(true)
  })

  it.each(CREATE)('of %s has no socket afterwards', async (_protocol, create) => {
    const server = create()
    const sockets: Socket[] = []
    server.on('connection', (socket: Socket) => sockets.push(socket))
    await Promise.all([1, 2, 3].map(() => browserFetch(server, { from: APP })))
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, true, true])
  })

  it('may be told to listen by its own handler', async () => {
    const server = createServer(async (request, response) => {
      await listen(server)
      listener(request, response)
    })
    open.push(server)
    expect(await (await browserFetch(server, { from: APP })).text()).toBe('hello')
    expect(server.listening).toBe(true)
  })
})

describe('afterwards', () => {
  it('a server that did not listen does not listen', async () => {
    const server = createServer(listener)
    await browserFetch(server, { from: APP })
    expect(server.listening).toBe(false)
    expect(server.listenerCount('connection')).toBe(createServer().listenerCount('connection'))
  })

  it('a server that did listen still does', async () => {
    const server = await listeningServer()
    await browserFetch(server, { from: APP })
    expect(server.listening).toBe(true)
  })

  it('the same server can be asked again, at once and later', async () => {
    const server = createServer(listener)
    const ask = async (): Promise<string> => (await browserFetch(server, { from: APP })).text()
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(['hello', 'hello', 'hello'])
    const first = ask()
    await first
    expect(await ask()).toBe('hello')
  })

  it('an instance of Fastify can be asked again, and then listen', async () => {
    const app = fastifyApp()
    await browserFetch(app, { from: APP, path: '/items' })
    await browserFetch(app, { from: APP, path: '/items' })
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    expect(await (await browserFetch(`${url}/items`, { from: APP })).text()).toBe('hello')
    await app.close()
  })
})

describe('a target that fails', () => {
  const failure = new Error('no database')
  const ruleOf = async (target: BrowserTarget): Promise<unknown> =>
    (await browserFetch(target, { from: APP }).catch((error) => error)).verdict?.rule

  it.each<[string, RequestListener, string]>([
    [
      'an exception',
      () => {
        throw failure
      },
      'Handle the error in the application: it failed instead of answering.',
    ],
    [
      'a response that cannot be parsed',
      (request) => request.socket.end('hello\r\n\r\n'),
      'Answer as HTTP demands: the response cannot be parsed.',
    ],
    [
      'a connection that is cut',
      (request) => request.socket.destroy(),
      'End the response: the connection was closed before the end of it.',
    ],
  ])('%s comes with what to do', async (_what, listener, fix) => {
    const target: RequestListener = (request, response) => listener(request, response)
    expect(await verdictOf(target, { from: APP })).toMatchObject({ rule: 'network', fix })
  })

  it('nobody at the URL comes with what to do', async () => {
    expect(await verdictOf('http://127.0.0.1:2/', { from: APP })).toMatchObject({
      rule: 'network',
      fix: 'Start the server first, and ask where it listens.',
    })
  })

  it.each<[string, BrowserTarget]>([
    [
      'a listener that throws',
      (_request, _response) => {
        throw failure
      },
    ],
    [
      'a listener that rejects',
      async (_request: unknown, _response: unknown) => Promise.reject(failure),
    ],
    ['a Fetch handler that rejects', async (_request: Request) => Promise.reject(failure)],
    [
      'a Fetch handler that throws',
      (_request: Request) => {
        throw failure
      },
    ],
  ])('%s is a network error with the failure as its cause', async (_what, target) => {
    const error = await browserFetch(target, { from: APP }).catch((error) => error)
    expect(error).toMatchObject({ name: 'CorsBlockedError', verdict: { rule: 'network' } })
    expect(error.cause).toBe(failure)
    expect(error.message).toContain("rule: network: the request got no response: 'no database'")
  })

  it('Response.error() is a network error', async () => {
    const { message } = await verdictOf((_request: Request) => Response.error(), { from: APP })
    expect(message).toBe("the request got no response: 'the handler returned Response.error()'")
  })

  it('an instance of Fastify that does not start fails with its own error', async () => {
    const app = createFastify()
    app.register(async () => {
      throw failure
    })
    await expect(browserFetch(app, { from: APP })).rejects.toBe(failure)
  })

  it('a connection that is cut is a network error, before the head and behind it', async () => {
    const cut = await verdictOf((request, _response) => request.destroy(), { from: APP })
    expect(cut).toMatchObject({ readable: false, rule: 'network' })
    const short: RequestListener = (_request, response) => {
      response.writeHead(200, { 'access-control-allow-origin': '*', 'content-length': '10' })
      response.write('12345', () => response.destroy())
    }
    expect(await ruleOf(short)).toBe('network')
  })

  it('a stream of HTTP/2 that is reset is a network error, before the head and behind it', async () => {
    const refusing = createHttp2Server((_request, response) => response.stream.close(7))
    expect(await verdictOf(refusing, { from: APP })).toMatchObject({
      rule: 'network',
      fix: 'End the response: the connection was closed before the end of it.',
    })
    const cutting = createHttp2Server((_request, response) => {
      response.writeHead(200, { 'access-control-allow-origin': '*' })
      response.write('12345', () => response.stream.close(2))
    })
    expect(await ruleOf(cutting)).toBe('network')
    const cancelling = createHttp2Server((_request, response) => {
      response.writeHead(200, { 'access-control-allow-origin': '*' })
      response.write('12345', () => response.stream.close(8))
    })
    expect(await ruleOf(cancelling)).toBe('network')
    const ending = createHttp2Server((_request, response) => response.stream.close())
    expect((await verdictOf(ending, { from: APP })).rule).toBe('network')
  })
})
