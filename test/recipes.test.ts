/** Every recipe runs as it stands, with the real framework, and is what `docs/recipes.md` shows. */

import 'reflect-metadata'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import Hapi, { type Server } from '@hapi/hapi'
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  ForbiddenException,
  Get,
  type INestApplication,
  Logger,
  Module,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { cors } from 'crossgate/express'
import crossgate from 'crossgate/fastify'
import { installGuard, withCors } from 'crossgate/node'
import { io, type Socket } from 'socket.io-client'
import ts from 'typescript'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { GET, OPTIONS, POST } from '../examples/recipes/next/app/api/hello/route.ts'
import type { AppRouter } from '../examples/recipes/trpc.ts'
import { close, HOST, listen, sendBytes, sendHttp1, type WireRequest } from './adapters/wire.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDER = 'examples/recipes'

const APP = 'https://app.example.com'
const EVIL = 'https://app.example.com.evil.test'
const POLICY = { origin: APP, credentials: true, maxAge: 600 } as const

/** The lines on every answer that the page of APP can read, where the framework has no `Vary`. */
const READABLE = [
  'access-control-allow-credentials: true',
  `access-control-allow-origin: ${APP}`,
  'vary: Origin',
]
const PASSED = [
  'access-control-allow-credentials: true',
  'access-control-allow-headers: content-type',
  'access-control-allow-methods: GET,HEAD,PUT,PATCH,POST,DELETE',
  `access-control-allow-origin: ${APP}`,
  'access-control-max-age: 600',
  'vary: Origin, Access-Control-Request-Headers',
]

interface Recipe {
  /** What the framework itself varies on. */
  readonly vary?: string
  readonly hello: WireRequest
  /** The answer's body, or a part of it. */
  readonly answer: string
  /** Of what else a page can read, by title: the request, and its status. */
  readonly others: Readonly<Record<string, readonly [WireRequest, number, vary?: string]>>
}

const hello = { path: '/hello' }
const answer = '{"message":"hello"}'
const failures = {
  'a handler that throws': [{ path: '/report' }, 500],
  'an unknown path': [{ path: '/nowhere' }, 404],
} as const
const query = (text: string): WireRequest => ({
  method: 'POST',
  path: '/graphql',
  headers: [['Content-Type', 'application/json']],
  body: JSON.stringify({ query: text }),
})
const polling = '/socket.io/?EIO=4&transport=polling'

const RECIPES: Readonly<Record<string, Recipe>> = {
  'elysia.ts': { hello, answer, others: { ...failures, 'a bad path': [{ path: '/%ZZ' }, 404] } },
  'graphql-yoga.ts': {
    hello: query('{ message }'),
    answer: '{"data":{"message":"hello"}}',
    others: {
      'a resolver that throws': [query('{ report }'), 200],
      'a query that is none': [query('{'), 200],
      'a body that is no JSON': [{ ...query(''), body: '{' }, 400],
      'an unknown path': [{ path: '/nowhere' }, 404],
    },
  },
  'h3.ts': { hello, answer, others: { ...failures, 'a bad path': [{ path: '/%ZZ' }, 400] } },
  'hapi.ts': {
    hello,
    answer,
    others: {
      ...failures,
      'an expectation': [{ path: '/hello', headers: [['Expect', '100-continue']] }, 200],
    },
  },
  'nestjs-express.ts': {
    hello,
    answer,
    others: { ...failures, 'a guard that refuses': [{ path: '/account' }, 401] },
  },
  'nestjs-fastify.ts': {
    hello,
    answer,
    others: {
      ...failures,
      'a guard that refuses': [{ path: '/account' }, 401],
      'a path that Fastify refuses before all hooks': [{ path: '/%ZZ' }, 400],
    },
  },
  'socket-io.ts': {
    hello: { path: polling },
    answer: '"upgrades":["websocket"]',
    others: {
      'an unknown session': [{ path: `${polling}&sid=none` }, 400],
      'an unknown transport': [{ path: polling.replace('polling', 'pigeons') }, 400],
      'the file of the client': [{ path: '/socket.io/socket.io.js' }, 200],
      'another path': [{ path: '/nowhere' }, 200],
    },
  },
  'trpc.ts': {
    vary: 'trpc-accept, accept, ',
    hello,
    answer: '{"result":{"data":{"message":"hello"}}}',
    others: {
      ...failures,
      'a query that is called by the method of mutations': [
        { method: 'POST', path: '/hello', headers: [['Content-Type', 'application/json']] },
        405,
      ],
      'a path that is no path of a URL': [{ path: '//' }, 400, ''],
    },
  },
  'ws.ts': { hello, answer: 'hello', others: { 'another path': [{ path: '/nowhere' }, 200] } },
}

/** Recipes for frameworks that `test/frameworks` installs and builds. */
const BUILT = [
  'next/app/api/hello/route.ts',
  'next/proxy.ts',
  'next/server.ts',
  'nitro/plugins/cors.ts',
]

const files = readdirSync(FOLDER, { encoding: 'utf8', recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .sort()

test('every recipe is covered here', () => {
  expect(files).toEqual([...Object.keys(RECIPES), ...BUILT].sort())
})

describe.each(files)('%s', (file) => {
  const source = readFileSync(`${FOLDER}/${file}`, 'utf8')

  test('has at most thirty lines of code, and names no file of this repository', () => {
    const lines = source.split('\n').filter((line) => /^\s*(?!\/\/|\/\*|\s)\S/.test(line))
    expect(lines.length).toBeLessThanOrEqual(30)
    const imports = ts.preProcessFile(source).importedFiles.map(({ fileName }) => fileName)
    expect(imports.filter((name) => name.startsWith('crossgate'))).not.toEqual([])
    expect(imports.filter((name) => name.startsWith('.'))).toEqual([])
  })

  test('is shown in the guide, with a link', () => {
    expect(shown).toContain(withoutTitle(source))
    expect(guide).toContain(`](../${FOLDER}/${file})`)
  })
})

const guide = readFileSync('docs/recipes.md', 'utf8')
const shown = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block]) => block)

test('the guide shows no other code', () => {
  expect(shown).toHaveLength(files.length)
})

test('recipes compile, also with the types of a framework that brings those of the browser', () => {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, '.')
  const program = ts.createProgram([`${FOLDER}/graphql-yoga.ts`], options)
  const found = ts.getPreEmitDiagnostics(program)
  expect(
    found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  ).toEqual([])
})

describe.each(Object.entries(RECIPES))('%s, asked over a socket', (file, recipe) => {
  const { vary = '', others } = recipe
  const readable = [...READABLE.slice(0, 2), `vary: ${vary}Origin`]
  let server: Running
  const ask = (question: WireRequest, origin?: string): Promise<Answer> =>
    askAt(server.port, question, origin)

  beforeAll(async () => {
    server = await run(file)
  }, 60_000)
  afterAll(() => server.stop())

  test('a page reads an answer', async () => {
    const { body, ...head } = await ask(recipe.hello, APP)
    expect(head).toEqual({ status: 200, fields: readable })
    expect(body).toContain(recipe.answer)
  })

  test.each([EVIL, 'null', undefined])('%s gets no CORS headers', async (origin) => {
    // Socket.IO turns other pages away.
    const status = file === 'socket-io.ts' && origin !== undefined ? 403 : 200
    expect(await ask(recipe.hello, origin)).toMatchObject({
      status,
      fields: [`vary: ${vary}Origin`],
    })
  })

  test('a preflight passes', async () => {
    expect(await ask(preflight(recipe.hello.path), APP)).toEqual({
      status: 204,
      fields: PASSED,
      body: '',
    })
  })

  test.each([EVIL, 'null'])('a preflight of %s is refused', async (origin) => {
    expect(await ask(preflight(recipe.hello.path), origin)).toEqual({
      status: 403,
      fields: ['vary: Origin'],
      body: '',
    })
  })

  test.each(Object.entries(others))('a page reads %s', async (_title, [question, status, own]) => {
    const fields = own === undefined ? readable : [...READABLE.slice(0, 2), `vary: ${own}Origin`]
    expect(await ask(question, APP)).toMatchObject({ status, fields })
  })

  test.each(Object.entries(others))('another page does not: %s', async (_title, [question]) => {
    const { fields } = await ask(question, EVIL)
    expect(fields.filter((field) => !field.startsWith('vary: '))).toEqual([])
    expect(fields).toEqual([expect.stringMatching(/^vary: (.+, )?Origin$/)])
  })
})

describe('socket-io.ts, with its own client', () => {
  let server: Running
  let socket: Socket | undefined
  const connectAs = (origin: string | undefined, transport: string): Promise<unknown> => {
    const opened = io(`http://${HOST}:${server.port}`, {
      transports: [transport],
      reconnection: false,
      forceNew: true,
      ...(origin === undefined ? {} : { extraHeaders: { Origin: origin } }),
    })
    socket = opened
    return new Promise((resolve, reject) => {
      opened.once('message', resolve)
      opened.once('connect_error', reject)
    })
  }

  beforeAll(async () => {
    server = await run('socket-io.ts')
  }, 60_000)
  afterEach(() => socket?.close())
  afterAll(() => server.stop())

  describe.each(['polling', 'websocket'])('%s', (transport) => {
    test.each([APP, undefined])('%s is let in', async (origin) => {
      expect(await connectAs(origin, transport)).toBe('hello')
    })

    test.each([EVIL, 'null'])('%s is not', async (origin) => {
      await expect(connectAs(origin, transport)).rejects.toThrow(/error/)
    })
  })

  test('a handshake of another page is answered with an error, and no socket', async () => {
    const path = polling.replace('polling', 'websocket')
    const refused = await sendBytes(server.port, handshake(server.port, EVIL, path))
    expect(refused.split('\r\n')[0]).toBe('HTTP/1.1 400 Bad Request')
    expect(refused).not.toMatch(/access-control/i)
  })

  test('what a page sends and fetches in its session has the headers, too', async () => {
    const opened = await askAt(server.port, { path: polling }, APP)
    const { sid } = JSON.parse(opened.body.slice(1)) as { sid: string }
    const session = { path: `${polling}&sid=${sid}` }
    const sent = await askAt(server.port, { ...session, method: 'POST', body: '40' }, APP)
    expect(sent).toEqual({ status: 200, fields: READABLE, body: 'ok' })
    const fetched = await askAt(server.port, session, APP)
    expect(fetched).toMatchObject({ status: 200, fields: READABLE })
    expect(fetched.body).toContain('42["message","hello"]')
  })
})

describe('ws.ts, and its upgrades', () => {
  let server: Running
  const open = (origin: string | undefined): Promise<string> => {
    const socket = new WebSocket(`ws://${HOST}:${server.port}/`, origin ? { origin } : {})
    return new Promise((resolve, reject) => {
      socket.once('message', (data) => {
        socket.close()
        resolve(String(data))
      })
      socket.once('error', reject)
    })
  }

  beforeAll(async () => {
    server = await run('ws.ts')
  }, 60_000)
  afterAll(() => server.stop())

  test.each([APP, undefined])('%s is let in', async (origin) => {
    expect(await open(origin)).toBe('hello')
  })

  test.each([EVIL, 'null', 'http://app.example.com', 'HTTPS://APP.EXAMPLE.COM'])(
    '%s is not',
    async (origin) => {
      await expect(open(origin)).rejects.toThrow('Unexpected server response: 403')
    },
  )

  test('two Origins are refused, on the wire', async () => {
    const twice = handshake(server.port, `${APP}\r\nOrigin: ${APP}`)
    expect(await sendBytes(server.port, twice)).toBe(
      'HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    )
  })

  test('neither a connection that is reset nor a frame that is none ends the process', async () => {
    for (let count = 0; count < 20; count += 1) {
      const socket = connect(server.port, HOST)
      await once(socket, 'connect')
      socket.write(handshake(server.port, EVIL))
      socket.resetAndDestroy()
    }
    // A client has to mask its frames.
    await sendBytes(server.port, `${handshake(server.port, APP)}\x81\x02hi`)
    expect(await open(APP)).toBe('hello')
  })
})

describe('trpc.ts, with its own client', () => {
  let server: Running
  const clientOf = (origin: string) =>
    createTRPCClient<AppRouter>({
      links: [
        httpBatchLink({
          url: `http://${HOST}:${server.port}`,
          headers: { Origin: origin },
          fetch: async (url, init) => {
            const response = await fetch(url, init as RequestInit)
            received.push(response.headers.get('access-control-allow-origin'))
            return response
          },
        }),
      ],
    })
  const received: (string | null)[] = []

  beforeAll(async () => {
    server = await run('trpc.ts')
  }, 60_000)
  afterEach(() => {
    received.length = 0
  })
  afterAll(() => server.stop())

  test('answers and errors of procedures can be read', async () => {
    expect(await clientOf(APP).hello.query()).toEqual({ message: 'hello' })
    await expect(clientOf(APP).report.query()).rejects.toThrow(TRPCClientError)
    expect(received).toEqual([APP, APP])
  })

  test('another page reads nothing', async () => {
    await clientOf(EVIL).hello.query()
    expect(received).toEqual([null])
  })
})

describe('what the guide says of NestJS', () => {
  @Controller()
  class Reports {
    @Get('report')
    report() {
      throw new Error('the report is not ready')
    }

    @Get('secret')
    secret() {
      throw new ForbiddenException()
    }
  }

  @Module({ controllers: [Reports] })
  class Application {}

  /** Answers for everything, by removing what is there. */
  @Catch()
  class Everything implements ExceptionFilter {
    catch(_exception: unknown, host: ArgumentsHost): void {
      const response = host.switchToHttp().getResponse()
      const raw = response.raw ?? response
      for (const name of raw.getHeaderNames()) raw.removeHeader(name)
      response.status(418).send('filtered')
    }
  }

  let app: INestApplication
  const serve = async (): Promise<number> => {
    await app.listen(0, HOST)
    return (app.getHttpServer().address() as AddressInfo).port
  }

  beforeAll(() => Logger.overrideLogger(false))
  afterEach(() => app.close())

  const platforms = {
    Express: async (): Promise<INestApplication> => {
      const made = await NestFactory.create(Application)
      made.use(cors(POLICY))
      return made
    },
    Fastify: async (): Promise<INestApplication> => {
      const made = await NestFactory.create<NestFastifyApplication>(
        Application,
        new FastifyAdapter(),
      )
      await made.register(crossgate, POLICY)
      return made
    },
  }

  describe.each(Object.entries(platforms))('%s', (platform, create) => {
    test.each(['/report', '/secret', '/nowhere'])(
      'an exception filter cannot lose the headers: %s',
      async (path) => {
        app = await create()
        app.useGlobalFilters(new Everything())
        expect(await askAt(await serve(), { path }, APP)).toEqual({
          status: 418,
          fields: READABLE,
          body: 'filtered',
        })
      },
    )

    test('an HttpException can be read', async () => {
      app = await create()
      expect(await askAt(await serve(), { path: '/secret' }, APP)).toMatchObject({
        status: 403,
        fields: READABLE,
      })
    })

    test('middleware that refuses can be read, and comes after the preflights in Express alone', async () => {
      app = await create()
      app.use((_request: unknown, response: ServerResponse) => {
        response.writeHead(401).end()
      })
      const port = await serve()
      const refused = await askAt(port, { path: '/report' }, APP)
      expect(refused).toEqual({ status: 401, fields: READABLE, body: '' })
      const asked = await askAt(port, preflight('/report'), APP)
      if (platform === 'Express') expect(asked).toMatchObject({ status: 204, fields: PASSED })
      else expect(asked).toEqual({ status: 401, fields: ['vary: Origin'], body: '' })
    })

    test('with enableCors as well there is one set of headers', async () => {
      app = await create()
      app.enableCors({ origin: true })
      const port = await serve()
      expect(await askAt(port, { path: '/secret' }, APP)).toMatchObject({
        status: 403,
        fields: READABLE,
      })
      expect(await askAt(port, { path: '/secret' }, EVIL)).toMatchObject({
        status: 403,
        fields: ['vary: Origin'],
      })
      const { fields } = await askAt(port, preflight('/secret'), EVIL)
      expect(fields.filter((field) => field.startsWith('access-control-'))).toEqual([])
    })
  })

  test('on Fastify, cors of crossgate/express goes before other middleware', async () => {
    app = await NestFactory.create<NestFastifyApplication>(Application, new FastifyAdapter())
    app.use(cors(POLICY))
    app.use((_request: unknown, response: ServerResponse) => {
      response.writeHead(401).end()
    })
    const port = await serve()
    expect(await askAt(port, preflight('/report'), APP)).toMatchObject({
      status: 204,
      fields: PASSED,
    })
    expect(await askAt(port, { path: '/report' }, APP)).toMatchObject({
      status: 401,
      fields: READABLE,
    })
  })
})

test('tRPC refuses what is no path before its middleware', async () => {
  const { router } = initTRPC.create()
  const handler = createHTTPHandler({ router: router({}), middleware: cors(POLICY) })
  const server = createServer(handler)
  const port = await listen(server)
  try {
    expect(await askAt(port, { path: '/nowhere' }, APP)).toMatchObject({ status: 404 })
    expect(await askAt(port, preflight('/nowhere'), APP)).toMatchObject({ fields: PASSED })
    expect(await askAt(port, { path: '//' }, APP)).toMatchObject({ status: 400, fields: [] })
  } finally {
    await close(server)
  }
})

describe('what the guide says of hapi', () => {
  const setUp = (server: Server): void => {
    const middleware = cors(POLICY)
    server.ext('onRequest', ({ raw: { req, res } }, h) => {
      return new Promise((resolve, reject) => {
        res.once('close', () => resolve(h.abandon))
        middleware(req, res, (error) => (error ? reject(error) : resolve(h.continue)))
      })
    })
    installGuard(server.listener, POLICY)
    server.route({ method: 'GET', path: '/hello', handler: () => ({ message: 'hello' }) })
  }

  test('a server under load answers 503 before onRequest', async () => {
    const server = Hapi.server({ host: HOST, load: { sampleInterval: 1, maxHeapUsedBytes: 1 } })
    setUp(server)
    await server.start()
    try {
      await new Promise((resolve) => setTimeout(resolve, 50))
      const port = Number(server.info.port)
      expect(await askAt(port, { path: '/hello' }, APP)).toMatchObject({
        status: 503,
        fields: READABLE,
      })
    } finally {
      await server.stop()
    }
  })

  test('server.inject has the headers of answers', async () => {
    const server = Hapi.server()
    setUp(server)
    const fieldsOf = (fields: object): string[] =>
      Object.entries(fields)
        .filter(isConcerned)
        .map(([name, value]) => `${name}: ${value}`)
        .sort()
    const read = await server.inject({ url: '/hello', headers: { origin: APP } })
    expect([read.statusCode, read.payload, fieldsOf(read.headers)]).toEqual([200, answer, READABLE])
    const asking = Object.fromEntries(preflight('/hello').headers ?? [])
    const asked = await server.inject({
      method: 'OPTIONS',
      url: '/hello',
      headers: { origin: APP, ...asking },
    })
    expect([asked.statusCode, fieldsOf(asked.headers)]).toEqual([204, PASSED])
  })
})

test("Yoga's own CORS, left on, changes nothing but the work", async () => {
  // Its types would bring those of the browser into all tests.
  const { createSchema, createYoga } = await import('graphql-yoga' as string)
  const schema = createSchema({
    typeDefs: 'type Query { message: String! }',
    resolvers: { Query: { message: () => 'hello' } },
  })
  const yoga = createYoga({ schema })
  const server = createServer(withCors(POLICY, (request, response) => yoga(request, response)))
  const port = await listen(server)
  try {
    const question = query('{ message }')
    expect(await askAt(port, question, APP)).toMatchObject({ status: 200, fields: READABLE })
    expect(await askAt(port, question, EVIL)).toMatchObject({ fields: ['vary: Origin'] })
    expect(await askAt(port, preflight('/graphql'), APP)).toMatchObject({ fields: PASSED })
  } finally {
    await close(server)
  }
})

describe('next/app/api/hello/route.ts, called as Next.js calls it', () => {
  const to = (method: string, origin: string, more: Record<string, string> = {}, body?: string) =>
    new Request('http://127.0.0.1/api/hello', {
      method,
      headers: { Origin: origin, ...more },
      ...(body === undefined ? {} : { body }),
    })
  const answered = async (response: Response): Promise<unknown> => {
    const fields = [...response.headers]
      .filter(isConcerned)
      .map(([name, value]) => `${name}: ${value}`)
    return { status: response.status, fields: fields.sort(), body: await response.text() }
  }
  const asking = {
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'content-type',
  }

  test('pages read answers', async () => {
    expect(await answered(await GET(to('GET', APP)))).toEqual({
      status: 200,
      fields: READABLE,
      body: answer,
    })
    expect(await answered(await POST(to('POST', APP, {}, '{"text":"hello"}')))).toEqual({
      status: 201,
      fields: READABLE,
      body: '{"text":"hello"}',
    })
  })

  test('other pages do not', async () => {
    expect(await answered(await GET(to('GET', EVIL)))).toMatchObject({ fields: ['vary: Origin'] })
  })

  test('preflights are answered for every method', async () => {
    expect(await answered(await OPTIONS(to('OPTIONS', APP, asking)))).toEqual({
      status: 204,
      fields: PASSED,
      body: '',
    })
    expect(await answered(await OPTIONS(to('OPTIONS', EVIL, asking)))).toEqual({
      status: 403,
      fields: ['vary: Origin'],
      body: '',
    })
  })
})

interface Answer {
  readonly status: number
  /** The lines that concern CORS, as received, sorted. */
  readonly fields: readonly string[]
  readonly body: string
}

async function askAt(port: number, question: WireRequest, origin?: string): Promise<Answer> {
  const own = origin === undefined ? [] : [['Origin', origin] as const]
  const headers = [...own, ...(question.headers ?? [])]
  const { status, rawHeaders, body } = await sendHttp1(port, { ...question, headers })
  const lines = rawHeaders.filter(isConcerned)
  const fields = lines.map(([name, value]) => `${name.toLowerCase()}: ${value}`).sort()
  return { status, fields, body }
}

function isConcerned([name]: readonly [string, string]): boolean {
  return /^(access-control-|vary$)/i.test(name)
}

function preflight(path: string | undefined): WireRequest {
  return {
    method: 'OPTIONS',
    path,
    headers: [
      ['Access-Control-Request-Method', 'POST'],
      ['Access-Control-Request-Headers', 'content-type'],
    ],
  }
}

function handshake(port: number, origin: string, path = '/'): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: ${HOST}:${port}`,
    `Origin: ${origin}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n')
}

interface Running {
  readonly port: number
  stop(): Promise<void>
}

/** Runs a recipe as its readers do, until it listens; fails with what it printed if it ends instead. */
async function run(file: string): Promise<Running> {
  const port = await freePort()
  const child = spawn(process.execPath, ['--import', 'tsx', `${FOLDER}/${file}`], {
    cwd: ROOT,
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk
    })
  }
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`${file} ended: ${output}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return { port, stop: () => stop(child) }
}

async function stop(child: ChildProcess): Promise<void> {
  // It has to be alive still: no request may end it.
  expect(child.exitCode).toBeNull()
  child.kill()
  await once(child, 'exit')
}

function isListening(port: number): Promise<boolean> {
  const socket = connect(port, HOST)
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
  }).then((is) => {
    socket.destroy()
    return is as boolean
  })
}

async function freePort(): Promise<number> {
  const server = createTcpServer()
  const port = await listen(server as never)
  await close(server as never)
  return port
}

/** The code, as the guide shows it. */
function withoutTitle(source: string): string {
  return source.slice(source.indexOf('\n\n') + 2)
}
