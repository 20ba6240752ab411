/** Every example runs, behaves as its policy says, and uses only what everybody can use. */

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, request as send } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { getRequestListener } from '@hono/node-server'
import ts from 'typescript'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createApp as createSites } from '../examples/async-predicate.ts'
import { createApp as createExpress } from '../examples/express.ts'
import { createApp as createFastify } from '../examples/fastify.ts'
import worker from '../examples/fetch.ts'
import { createApp as createHono } from '../examples/hono.ts'
import { createApp as createKoa } from '../examples/koa.ts'
import { handler as lambda } from '../examples/lambda.ts'
import { createApp as createTenants } from '../examples/multi-tenant.ts'
import { createApp as createNode } from '../examples/node-http.ts'
import { createServices } from '../examples/one-policy-many-services.ts'
import proxyWorker, { createProxy } from '../examples/worker-proxy.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDER = fileURLToPath(new URL('../examples', import.meta.url))
const HOST = '127.0.0.1'

const APP = 'https://app.example.com'
const SUBDOMAIN = 'https://eu.partner.example'
const ALLOWED = new Set([APP, SUBDOMAIN])
/** Origins that careless comparisons let in. */
const REFUSED = [
  'https://app.example.com.evil.test',
  'https://evil-app.example.com',
  'http://app.example.com',
  'https://partner.example',
  'null',
]

/** The lines on every answer that the page of APP can read. */
const READABLE = [
  'access-control-allow-credentials: true',
  `access-control-allow-origin: ${APP}`,
  'vary: Origin',
]

/** Leaves the Fetch API of the process alone. */
const NATIVE = { overrideGlobalObjects: false }

/** The server of each example, not listening yet. */
const EXAMPLES: Record<string, () => Promise<Server>> = {
  'async-predicate.ts': async () => createServer(createSites({ has: async (o) => ALLOWED.has(o) })),
  'express.ts': async () => createServer(createExpress()),
  'fastify.ts': async () => {
    const app = await createFastify()
    await app.ready()
    return app.server
  },
  'fetch.ts': async () => createServer(getRequestListener(worker.fetch, NATIVE)),
  'hono.ts': async () => createServer(getRequestListener(createHono().fetch, NATIVE)),
  'koa.ts': async () => createServer(createKoa().callback()),
  'multi-tenant.ts': async () => createServer(createTenants()),
  'node-http.ts': async () => createNode(),
}

/** Examples that are tests themselves, and how many. */
const TESTS: Record<string, number> = { 'testing.ts': 3 }

/** Examples of what goes with a server; `test/observability.test.ts` asks them for more. */
const OBSERVED = ['logging.ts', 'tracing.ts']

/** Examples of one policy for several servers. */
const SHARED = ['one-policy-many-services.ts']

/** Examples that are called with events. */
const FUNCTIONS = ['lambda.ts']

/** Examples that are deployed to a platform of the Fetch API. */
const WORKERS = ['worker-proxy.ts']

const PUBLIC =
  /^(crossgate(\/(express|fastify|fetch|hono|koa|lambda|node|testing))?|express|fastify|hono(\/[a-z-]+)?|@hono\/node-server|koa|pino|@opentelemetry\/api|node:[a-z_/]+)$/

/** Recipes have a test of their own. */
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ts'))

test('every file of the folder is covered here', () => {
  expect(files.sort()).toEqual(
    [
      ...Object.keys(EXAMPLES),
      ...OBSERVED,
      ...SHARED,
      ...FUNCTIONS,
      ...WORKERS,
      ...Object.keys(TESTS),
    ].sort(),
  )
})

describe.each(files)('%s', (file) => {
  const source = readFileSync(`${FOLDER}/${file}`, 'utf8')

  test('imports only public names', () => {
    const imports = ts.preProcessFile(source).importedFiles.map(({ fileName }) => fileName)
    expect(imports.filter((name) => name.startsWith('crossgate'))).not.toEqual([])
    expect(imports.filter((name) => !PUBLIC.test(name))).toEqual([])
  })

  test('is short', () => {
    const lines = source.trimEnd().split('\n').length
    expect(lines).toBeGreaterThanOrEqual(20)
    expect(lines).toBeLessThanOrEqual(50)
  })
})

describe.each(Object.entries(EXAMPLES))('%s, asked over a socket', (_file, create) => {
  let server: Server
  let port: number
  const ask = (question: Question): Promise<Answer> => exchange(port, question)

  beforeAll(async () => {
    server = await create()
    port = await listening(server)
  })
  afterAll(() => closed(server))
  afterEach(() => vi.restoreAllMocks())

  test.each([...ALLOWED])('%s reads an answer', async (origin) => {
    const answer = await ask({ path: '/hello', origin })
    expect(answer).toEqual({
      status: 200,
      body: '{"message":"hello"}',
      fields: [
        'access-control-allow-credentials: true',
        `access-control-allow-origin: ${origin}`,
        'vary: Origin',
      ],
    })
  })

  test.each(REFUSED)('%s gets no CORS headers', async (origin) => {
    const answer = await ask({ path: '/hello', origin })
    expect(answer).toEqual({ status: 200, body: '{"message":"hello"}', fields: ['vary: Origin'] })
  })

  test('a request without Origin gets no CORS headers', async () => {
    const answer = await ask({ path: '/hello' })
    expect(answer).toEqual({ status: 200, body: '{"message":"hello"}', fields: ['vary: Origin'] })
  })

  test.each([...ALLOWED])('a preflight of %s passes', async (origin) => {
    const answer = await ask({
      method: 'OPTIONS',
      path: '/messages',
      origin,
      headers: {
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type',
      },
    })
    expect(answer).toEqual({
      status: 204,
      body: '',
      fields: [
        'access-control-allow-credentials: true',
        'access-control-allow-headers: content-type',
        'access-control-allow-methods: GET,HEAD,PUT,PATCH,POST,DELETE',
        `access-control-allow-origin: ${origin}`,
        'access-control-max-age: 600',
        'vary: Origin, Access-Control-Request-Headers',
      ],
    })
  })

  test.each(REFUSED)('a preflight of %s is refused', async (origin) => {
    const answer = await ask({
      method: 'OPTIONS',
      path: '/messages',
      origin,
      headers: { 'Access-Control-Request-Method': 'POST' },
    })
    expect(answer).toEqual({ status: 403, body: '', fields: ['vary: Origin'] })
  })

  test('a message is taken', async () => {
    const answer = await ask(posted('{"text":"good morning"}'))
    expect(answer).toEqual({ status: 201, body: '{"text":"good morning"}', fields: READABLE })
  })

  test.each(['{}', '{"text"', 'null'])('%s is no message', async (body) => {
    const answer = await ask(posted(body))
    expect(answer).toMatchObject({ status: 400, fields: READABLE })
  })

  test('a body that is no JSON is refused, because pages can send it without a preflight', async () => {
    const answer = await ask(posted('{"text":"forged"}', 'text/plain'))
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.fields).toEqual(READABLE)
  })

  test('an unknown path is a 404 that pages can read', async () => {
    const answer = await ask({ path: '/nowhere', origin: APP })
    expect(answer).toMatchObject({ status: 404, fields: READABLE })
  })

  test('a handler that throws is a 500 that pages can read', async () => {
    // Koa and withCors print the error, as they should.
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const answer = await ask({ path: '/report', origin: APP })
    expect(answer).toMatchObject({ status: 500, fields: READABLE })
  })
})

describe('multi-tenant.ts, and its store', () => {
  const site = 'https://acme.example'
  const find = vi.fn(async (host: string) =>
    host === 'acme.test' ? { origin: site, credentials: true } : null,
  )
  const server = createServer(createTenants({ find }))
  let port: number
  const ask = (host: string, origin: string) =>
    exchange(port, { path: '/hello', origin, headers: { Host: host } })

  beforeAll(async () => {
    port = await listening(server)
  })
  afterAll(() => closed(server))

  test('a host has the policy of its customer, and is looked up once', async () => {
    const readable = [
      'access-control-allow-credentials: true',
      `access-control-allow-origin: ${site}`,
      'vary: Origin',
    ]
    expect((await ask('acme.test', site)).fields).toEqual(readable)
    expect((await ask('acme.test:443', site)).fields).toEqual(readable)
    expect((await ask('acme.test', APP)).fields).toEqual(['vary: Origin'])
    expect(find.mock.calls).toEqual([['acme.test']])
  })

  test('an unknown host allows nobody', async () => {
    expect((await ask('other.test', site)).fields).toEqual(['vary: Origin'])
  })

  test('a store that is down allows nobody', async () => {
    find.mockRejectedValueOnce(new Error('the store is down'))
    expect(await ask('new.test', site)).toMatchObject({ status: 500, fields: ['vary: Origin'] })
  })
})

describe('async-predicate.ts, and its store', () => {
  const origins = new Set([APP])
  const has = vi.fn(async (origin: string) => origins.has(origin))
  const server = createServer(createSites({ has }))
  let port: number

  beforeAll(async () => {
    port = await listening(server)
  })
  afterAll(() => closed(server))

  test('an origin counts from the moment when it is stored', async () => {
    const question = { path: '/hello', origin: SUBDOMAIN }
    expect((await exchange(port, question)).fields).toEqual(['vary: Origin'])
    origins.add(SUBDOMAIN)
    expect((await exchange(port, question)).fields).toContain(
      `access-control-allow-origin: ${SUBDOMAIN}`,
    )
    origins.delete(SUBDOMAIN)
    expect((await exchange(port, question)).fields).toEqual(['vary: Origin'])
  })

  test.each([undefined, 'null', 'HTTPS://APP.EXAMPLE.COM', "' or 1=1 --"])(
    'the store is not asked about %s',
    async (origin) => {
      has.mockClear()
      await exchange(port, { path: '/hello', origin })
      expect(has).not.toHaveBeenCalled()
    },
  )

  test('a store that is down allows nobody', async () => {
    has.mockRejectedValueOnce(new Error('the store is down'))
    const actual = await exchange(port, { path: '/hello', origin: APP })
    expect(actual).toMatchObject({ status: 500, fields: ['vary: Origin'] })
    has.mockRejectedValueOnce(new Error('the store is down'))
    const preflight = await exchange(port, {
      method: 'OPTIONS',
      path: '/messages',
      origin: APP,
      headers: { 'Access-Control-Request-Method': 'POST' },
    })
    expect(preflight).toMatchObject({ status: 403, fields: ['vary: Origin'] })
  })
})

describe('lambda.ts, called with events', () => {
  const call = (method: string, rawPath: string, headers: Record<string, string>, body?: string) =>
    lambda({ rawPath, headers, body, requestContext: { http: { method, path: rawPath } } }, {})
  const readable = {
    'access-control-allow-credentials': 'true',
    'access-control-allow-origin': APP,
    vary: 'Origin',
  }

  test.each([
    ['an answer', 200, 'GET', '/hello', '{"message":"hello"}'],
    ['a message', 201, 'POST', '/messages', '{"text":"good morning"}'],
    ['a 404', 404, 'GET', '/nowhere', 'not found'],
    ['a handler that throws', 500, 'GET', '/report', ''],
  ] as const)('a page reads %s', async (_title, statusCode, method, path, body) => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const answer = await call(method, path, { origin: APP }, '{"text":"good morning"}')
    vi.restoreAllMocks()
    const inferred = path === '/hello' ? { 'content-type': 'application/json' } : {}
    expect(answer).toEqual({ statusCode, headers: { ...inferred, ...readable }, body })
  })

  test.each(REFUSED)('%s gets no CORS headers', async (origin) => {
    const answer = await call('GET', '/nowhere', { origin })
    expect(answer).toEqual({ statusCode: 404, headers: { vary: 'Origin' }, body: 'not found' })
  })

  test('runs directly', async () => {
    const runner = ['--import', 'tsx', 'examples/lambda.ts']
    const { stdout } = await promisify(execFile)(process.execPath, runner, { cwd: ROOT })
    expect(stdout).toContain('statusCode: 204')
    expect(stdout).toContain(`'access-control-allow-origin': '${APP}'`)
  })
})

describe('worker-proxy.ts, in front of an upstream', () => {
  /** As a server that speaks CORS by itself, compressed, and with cookies. */
  const upstream = createServer(({ url = '', headers }, response) => {
    asked.push([url, headers.cookie ?? headers.authorization ?? headers.origin])
    const tag = { ETag: '"1"' }
    if (url === '/v1/moved') response.writeHead(302, { Location: 'https://evil.test/' }).end()
    else if (url === '/v1/odd') response.writeHead(999, 'Request denied').end('denied')
    else if (headers['if-none-match'] === '"1"') response.writeHead(304, tag).end()
    else {
      const fields = {
        ...tag,
        'Cache-Control': 'max-age=60',
        'WWW-Authenticate': 'Basic realm="upstream"',
        'Clear-Site-Data': '"*"',
        'Strict-Transport-Security': 'max-age=1',
        Refresh: '0; url=https://evil.test/',
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Expose-Headers': 'x-secret',
        'Content-Type': 'text/plain',
        'Content-Encoding': 'gzip',
        'Set-Cookie': 'user=1',
        Vary: 'Accept-Encoding',
      }
      response.writeHead(url === '/v1/none' ? 404 : 200, fields).end(gzipSync('sunny'))
    }
  })
  const asked: [string, string | undefined][] = []
  let base: string
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    createProxy({ weather: base, away: 'http://127.0.0.1:2/' })(
      new Request(`https://proxy.test${path}`, {
        ...init,
        headers: { Origin: APP, Cookie: 'user=1', Authorization: 'Basic x', ...init.headers },
      }),
    )
  const readable = { 'access-control-allow-origin': APP, vary: 'Origin' }

  beforeAll(async () => {
    base = `http://${HOST}:${await listening(upstream)}/v1/`
  })
  beforeEach(() => {
    asked.length = 0
  })
  afterAll(() => closed(upstream))

  test.each([
    ['/weather/today?in=Oslo', 200, '/v1/today?in=Oslo'],
    ['/weather/none', 404, '/v1/none'],
    ['/weather//evil.test/', 200, '/v1//evil.test/'],
    ['/weather/', 200, '/v1/'],
  ])('%s is forwarded', async (path, status, url) => {
    const answer = await ask(path)
    expect([answer.status, await answer.text()]).toEqual([status, 'sunny'])
    expect(Object.fromEntries(answer.headers)).toEqual({
      'access-control-allow-origin': APP,
      'cache-control': 'max-age=60',
      'content-type': 'text/plain',
      etag: '"1"',
      vary: 'Accept-Encoding, Origin',
    })
    expect(asked).toEqual([[url, undefined]])
  })

  test.each([
    ['/', 404, "no upstream is called ''"],
    ['/other/today', 404, "no upstream is called 'other'"],
    ['/__proto__/today', 404, "no upstream is called '__proto__'"],
    ['/https://evil.test/', 404, "no upstream is called 'https:'"],
    ['/weather/..%2f..%2f', 404, 'outside of the upstream'],
    ['/weather/..%2Fadmin', 404, 'outside of the upstream'],
    ['/weather/%5c..%5cadmin', 404, 'outside of the upstream'],
    ['/weather/a%5C..', 404, 'outside of the upstream'],
    ['/weather/odd', 502, 'the upstream answers with 999'],
    ['/weather/moved', 502, 'the upstream answers with 302'],
    ['/away/today', 502, 'the upstream answers with nothing'],
  ])('%s is answered with %s, which pages can read', async (path, status, error) => {
    const answer = await ask(path)
    expect(answer.status).toBe(status)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...readable,
      vary: expect.stringContaining('Origin'),
    })
    expect(await answer.json()).toEqual({ error })
    if (status === 404) expect(asked).toEqual([])
  })

  test('an answer that the page has already is not sent again', async () => {
    const answer = await ask('/weather/today', { headers: { 'If-None-Match': '"1"' } })
    expect([answer.status, answer.body]).toEqual([304, null])
    expect(Object.fromEntries(answer.headers)).toEqual({ ...readable, etag: '"1"' })
  })

  test.each([
    'https://api.weather.example/v1',
    'https://api.weather.example/v1/index.html',
    'https://user@api.weather.example/v1/',
    'https://user:key@api.weather.example/v1/',
    'https://api.weather.example/v1/?key=secret&path=/',
    'https://api.weather.example/v1/?',
    'https://api.weather.example/v1/#/',
    'ftp://api.weather.example/v1/',
    'ws://api.weather.example/v1/',
    'blob:https://api.weather.example/',
    'api.weather.example/v1/',
    '',
  ])('the upstream %j is refused at once', (url) => {
    const message = `upstream 'weather' is '${url}'; write https://host/path/ and nothing else`
    expect(() => createProxy({ weather: url })).toThrow(new Error(message))
  })

  /** What is asked for, with an upstream that nobody can reach from here. */
  async function asksFor(upstream: string, path: string): Promise<string[]> {
    const targets: string[] = []
    const stub = vi.spyOn(globalThis, 'fetch').mockImplementation(async (target) => {
      targets.push(String(target))
      return new Response('x')
    })
    await createProxy({ weather: upstream })(new Request(`https://proxy.test/weather/${path}`))
    stub.mockRestore()
    return targets
  }

  test.each([
    ['HTTPS://API.weather.example/v1/', 'x', 'https://api.weather.example/v1/x'],
    ['https://api.weather.example:443/v1/', 'x', 'https://api.weather.example/v1/x'],
    ['https://api.weather.example:8443/', 'x', 'https://api.weather.example:8443/x'],
    ['https://api.weather.example', '.evil.example/', 'https://api.weather.example/.evil.example/'],
    ['https://api.weather.example', '@evil.example/', 'https://api.weather.example/@evil.example/'],
    ['https://api.weather.example', ':8080/', 'https://api.weather.example/:8080/'],
    ['https://api.weather.example/', '0/admin', 'https://api.weather.example/0/admin'],
    ['https://api.weather.example/v1/', '0/admin', 'https://api.weather.example/v1/0/admin'],
    [
      'https://api.weather.example/v1/',
      '//evil.test',
      'https://api.weather.example/v1///evil.test',
    ],
    ['https://api.weather.example/v1/', '%2e%2e/admin', undefined],
  ])('with the upstream %j, %j asks for %s', async (upstream, path, target) => {
    expect(await asksFor(upstream, path)).toEqual(target === undefined ? [] : [target])
  })

  test('another method is refused, and preflights are answered', async () => {
    for (const method of ['POST', 'HEAD', 'OPTIONS']) {
      const refusal = await ask('/weather/today', { method })
      expect([refusal.status, refusal.headers.get('allow')]).toEqual([405, 'GET'])
    }
    const preflight = new Request('https://proxy.test/weather/today', {
      method: 'OPTIONS',
      headers: { Origin: APP, 'Access-Control-Request-Method': 'GET' },
    })
    const answer = await proxyWorker.fetch(preflight)
    expect([answer.status, answer.headers.get('access-control-allow-methods')]).toEqual([
      204,
      'GET',
    ])
    expect(asked).toEqual([])
  })

  test('another page is not let in', async () => {
    const request = new Request('https://proxy.test/', { headers: { Origin: 'https://evil.test' } })
    const answer = await proxyWorker.fetch(request)
    expect(Object.fromEntries(answer.headers)).toEqual({
      'content-type': 'application/json',
      vary: 'Origin',
    })
  })
})

describe.each(['koa.ts', 'node-http.ts'])('%s, which limits bodies itself', (file) => {
  let server: Server
  let port: number

  beforeAll(async () => {
    server = (await EXAMPLES[file]?.()) as Server
    port = await listening(server)
  })
  afterAll(() => closed(server))

  const message = (bytes: number): string => JSON.stringify({ text: 'x'.repeat(bytes - 11) })

  test('takes 100000 bytes', async () => {
    const answer = await exchange(port, posted(message(100_000)))
    expect(answer).toMatchObject({ status: 201, fields: READABLE })
  })

  test('refuses one byte more', async () => {
    const answer = await exchange(port, posted(message(100_001)))
    expect(answer).toMatchObject({ status: file === 'koa.ts' ? 413 : 400, fields: READABLE })
  })

  test('refuses a body of unknown length', async () => {
    const { headers: _, ...question } = posted(message(20))
    const chunked = { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' }
    const answer = await exchange(port, { ...question, headers: chunked })
    expect(answer).toMatchObject({ status: file === 'koa.ts' ? 413 : 400, fields: READABLE })
  })
})

describe.each([...Object.keys(EXAMPLES), ...OBSERVED])('%s, run directly', (file) => {
  let child: ChildProcess | undefined

  afterEach(async () => {
    if (child === undefined || child.exitCode !== null) return
    child.kill()
    await once(child, 'exit')
  })

  test('listens on PORT, on loopback', async () => {
    const port = await freePort()
    child = spawn(process.execPath, ['--import', 'tsx', `examples/${file}`], {
      cwd: ROOT,
      env: { ...process.env, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    await printed(child, `http://${HOST}:${port}`)
    const answer = await exchange(port, { path: '/hello', origin: APP })
    expect(answer.status).toBe(200)
    expect(answer.fields).toContain(`access-control-allow-origin: ${APP}`)
  })
})

describe.each(Object.entries(TESTS))('%s', (file, count) => {
  test('passes', async () => {
    const runner = ['--import', 'tsx', '--test', '--test-reporter', 'tap', `examples/${file}`]
    const { stdout } = await promisify(execFile)(process.execPath, runner, { cwd: ROOT })
    expect(stdout).toContain(`\n# pass ${count}\n`)
    expect(stdout).toContain('\n# fail 0\n')
  })
})

describe('one-policy-many-services.ts', () => {
  const NEW = 'https://new.example.com'
  const allowing = (origin: string): readonly string[] => [
    `access-control-allow-origin: ${origin}`,
    'vary: Origin',
  ]
  let folder: string
  let file: string
  let child: ChildProcess | undefined

  /** As deployments write files, so that no service ever sees a half of it. */
  const write = async (content: string): Promise<void> => {
    await writeFile(`${file}.new`, content)
    await rename(`${file}.new`, file)
  }
  const policyFor = (...origin: readonly string[]): string => JSON.stringify({ origin })
  const fieldsFor = async (ports: readonly number[], origin: string): Promise<unknown> => {
    const answers = ports.map((port) => exchange(port, { path: '/hello', origin }))
    return (await Promise.all(answers)).map(({ status, fields }) => ({ status, fields }))
  }
  const both = (fields: readonly string[]): unknown => [
    { status: 200, fields },
    { status: 200, fields },
  ]

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crossgate-'))
    file = join(folder, 'cors.json')
    await write(policyFor(APP))
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    if (child !== undefined && child.exitCode === null) {
      child.kill()
      await once(child, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  })

  test('an edit is in force in every service, and a bad one in none', async () => {
    const { policy, shop, search } = await createServices(file)
    const ports = await Promise.all([listening(shop), listening(search)])
    try {
      expect(await fieldsFor(ports, APP)).toEqual(both(allowing(APP)))
      expect(await fieldsFor(ports, NEW)).toEqual(both(['vary: Origin']))

      const reloaded = calledOnce('log')
      await write(policyFor(APP, NEW))
      expect(await reloaded).toEqual(['new policy for', [APP, NEW]])
      expect(await fieldsFor(ports, NEW)).toEqual(both(allowing(NEW)))

      const refused = calledOnce('error')
      await write('{ "origin": "*", "credentials": true }')
      expect(String(await refused)).toContain('with credentials every site could act as the user')
      expect(await fieldsFor(ports, NEW)).toEqual(both(allowing(NEW)))
      expect(await fieldsFor(ports, 'https://evil.test')).toEqual(both(['vary: Origin']))
    } finally {
      policy.close()
      await Promise.all([closed(shop), closed(search)])
    }
  })

  test('no service starts without a policy', async () => {
    await write('{}')
    await expect(createServices(file)).rejects.toThrow(`the policy file ${file}: `)
  })

  test('runs directly, and its file is edited meanwhile', async () => {
    const ports = [await freePort(), await freePort()] as const
    child = spawn(
      process.execPath,
      ['--import', 'tsx', 'examples/one-policy-many-services.ts', file],
      {
        cwd: ROOT,
        env: { ...process.env, PORT: String(ports[0]), SEARCH_PORT: String(ports[1]) },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    await printed(child, `http://${HOST}:${ports[1]}`)
    expect(await fieldsFor(ports, APP)).toEqual(both(allowing(APP)))
    const reloaded = printed(child, 'new policy for')
    await write(policyFor(NEW))
    await reloaded
    expect(await fieldsFor(ports, APP)).toEqual(both(['vary: Origin']))
    expect(await fieldsFor(ports, NEW)).toEqual(both(allowing(NEW)))
  })

  /** What is printed next. */
  function calledOnce(method: 'log' | 'error'): Promise<unknown[]> {
    return new Promise((resolve) => {
      vi.spyOn(console, method).mockImplementationOnce((...told) => resolve(told))
    })
  }
})

interface Question {
  readonly method?: string
  readonly path: string
  readonly origin?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

interface Answer {
  readonly status: number | undefined
  readonly body: string
  /** The lines that concern CORS, as received, sorted. */
  readonly fields: readonly string[]
}

function posted(body: string, type = 'application/json'): Question {
  return {
    method: 'POST',
    path: '/messages',
    origin: APP,
    headers: { 'Content-Type': type, 'Content-Length': String(Buffer.byteLength(body)) },
    body,
  }
}

async function exchange(port: number, question: Question): Promise<Answer> {
  const { method = 'GET', path, origin, headers = {}, body } = question
  const sent = send({
    host: HOST,
    port,
    method,
    path,
    headers: {
      // A server that is to close the connection may do so before it has read a refused body.
      Connection: 'keep-alive',
      ...headers,
      ...(origin === undefined ? {} : { Origin: origin }),
    },
    agent: false,
  })
  sent.end(body)
  const [received] = (await once(sent, 'response')) as [IncomingMessage]
  return {
    status: received.statusCode,
    body: await text(received),
    fields: corsLines(received.rawHeaders),
  }
}

function corsLines(rawHeaders: readonly string[]): string[] {
  const lines: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? ''
    if (/^(access-control-|vary$)/.test(name)) lines.push(`${name}: ${rawHeaders[index + 1]}`)
  }
  return lines.sort()
}

async function listening(server: Server): Promise<number> {
  server.listen(0, HOST)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, HOST)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Waits until `child` has printed `words`, and fails with its output where it ends before. */
function printed(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = ''
    const take = (chunk: Buffer): void => {
      output += chunk
      if (output.includes(words)) resolve()
    }
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${output}`)))
  })
}
