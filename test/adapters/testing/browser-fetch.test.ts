/** What a page's `fetch()` resolves with, over a real socket. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { createPreflightCache } from 'crossgate/browser'
import {
  assertBlocked,
  assertReadable,
  browserFetch,
  CorsBlockedError,
  isCorsBlockedError,
  type RequestListener,
  verdictOf,
} from 'crossgate/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { close, listen } from '../wire.ts'

const APP = 'https://app.example.com'

type Lines = readonly (readonly [name: string, value: string])[]

/** Answers everything with these lines, and nothing that Node adds of itself but the date. */
function answering(lines: Lines, status = 200, body: string | Buffer = ''): RequestListener {
  return (_request, response) => {
    response.writeHead(status, lines.flat())
    response.end(body)
  }
}

const ALLOWED: Lines = [
  ['access-control-allow-origin', APP],
  ['access-control-allow-credentials', 'true'],
  ['access-control-allow-headers', 'content-type, x-request-id'],
  ['access-control-allow-methods', 'PUT'],
]

/** Tells what came in. */
const mirror: RequestListener = async (request, response) => {
  const body = (await request.toArray()).join('')
  response.writeHead(200, ALLOWED.flat())
  response.end(JSON.stringify({ method: request.method, fields: linesOf(request), body }))
}

function linesOf({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : [],
  )
}

describe('the request', () => {
  it('carries what a browser sends, and nothing more', async () => {
    const response = await browserFetch(mirror, { from: APP })
    expect(await response.json()).toEqual({
      method: 'GET',
      fields: [
        'host: target.test',
        'connection: keep-alive',
        `origin: ${APP}`,
        'accept: */*',
        'accept-encoding: gzip, deflate, br',
      ],
      body: '',
    })
  })

  it.each<[string, NonNullable<Parameters<typeof browserFetch>[1]['headers']>]>([
    ['an object', { 'X-Request-Id': '1', accept: 'text/plain' }],
    [
      'pairs',
      [
        ['X-Request-Id', '1'],
        ['accept', 'text/plain'],
      ],
    ],
    ['Headers', new Headers({ 'X-Request-Id': '1', accept: 'text/plain' })],
  ])("carries the page's own headers, given as %s", async (_form, headers) => {
    const response = await browserFetch(mirror, { from: APP, headers })
    const { fields } = (await response.json()) as { fields: string[] }
    expect(fields.slice(2).sort()).toEqual([
      'accept-encoding: gzip, deflate, br',
      'accept: text/plain',
      `origin: ${APP}`,
      'x-request-id: 1',
    ])
  })

  it('keeps duplicates of pairs', async () => {
    const headers = [
      ['x-request-id', '1'],
      ['x-request-id', '2'],
    ] as const
    const response = await browserFetch(mirror, { from: APP, headers })
    const { fields } = (await response.json()) as { fields: string[] }
    expect(fields.slice(2, 4)).toEqual(['x-request-id: 1', 'x-request-id: 2'])
  })

  it.each<[string, () => Parameters<typeof browserFetch>[1]['body'], string | undefined, string]>([
    ['a string', () => 'f\u00fcr', 'text/plain;charset=UTF-8', 'f\u00fcr'],
    ['bytes', () => new TextEncoder().encode('abc'), undefined, 'abc'],
    ['a buffer', () => Buffer.from('abc'), undefined, 'abc'],
    [
      'a form',
      () => new URLSearchParams({ a: 'b' }),
      'application/x-www-form-urlencoded;charset=UTF-8',
      'a=b',
    ],
    ['a blob', () => new Blob(['abc'], { type: 'text/plain' }), 'text/plain', 'abc'],
  ])('has a body that is %s, and its type', async (_kind, body, type, text) => {
    const response = await browserFetch(mirror, { from: APP, method: 'POST', body: body() })
    const seen = (await response.json()) as { fields: string[]; body: string }
    expect(seen.body).toBe(text)
    const found = seen.fields.filter((line) => line.startsWith('content-'))
    const length = `content-length: ${Buffer.byteLength(text)}`
    expect(found).toEqual(type === undefined ? [length] : [`content-type: ${type}`, length])
  })

  it("has the page's own type before the body's", async () => {
    const headers = { 'Content-Type': 'application/json' }
    const asked = { from: APP, method: 'PUT', headers, body: '{}' }
    const { fields } = (await (await browserFetch(mirror, asked)).json()) as { fields: string[] }
    expect(fields.filter((line) => /^content-type/i.test(line))).toEqual([
      'content-type: application/json',
    ])
  })

  it('is preflighted where its body is a stream', async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('abc'))
        controller.close()
      },
    })
    const seen: (string | undefined)[] = []
    const listener: RequestListener = (request, response) => {
      seen.push(request.method)
      return mirror(request, response)
    }
    const response = await browserFetch(listener, { from: APP, method: 'POST', body })
    expect(seen).toEqual(['OPTIONS', 'POST'])
    expect(await response.json()).toMatchObject({ body: 'abc' })
  })

  it('says that it has no body where it could have one', async () => {
    const response = await browserFetch(mirror, { from: APP, method: 'POST' })
    const { fields } = (await response.json()) as { fields: string[] }
    expect(fields).toContain('content-length: 0')
  })

  it('with credentials carries cookies', async () => {
    const asked = { from: APP, credentials: 'include', cookie: 'session=1' } as const
    const { fields } = (await (await browserFetch(mirror, asked)).json()) as { fields: string[] }
    expect(fields).toContain('cookie: session=1')
  })

  it('may say that it has no body', async () => {
    const response = await browserFetch(mirror, { from: APP, body: null })
    expect(await response.json()).toMatchObject({ method: 'GET', body: '' })
  })

  it('for a part asks for no compression', async () => {
    const asked = { from: APP, headers: { range: 'bytes=0-9' } }
    const { fields } = (await (await browserFetch(mirror, asked)).json()) as { fields: string[] }
    expect(fields).toContain('accept-encoding: identity')
  })

  it('of a developer at http://localhost is from another origin than the target', async () => {
    const page = { from: 'http://localhost' }
    expect(await verdictOf(answering([]), page)).toMatchObject({ rule: 'allow-origin.missing' })
  })

  it("of the target's own page carries cookies, and no Origin", async () => {
    const response = await browserFetch(mirror, { from: 'http://target.test', cookie: 'session=1' })
    expect(response.type).toBe('basic')
    const { fields } = (await response.json()) as { fields: string[] }
    expect(fields.slice(2)).toEqual([
      'accept: */*',
      'accept-encoding: gzip, deflate, br',
      'cookie: session=1',
    ])
  })

  it('is preflighted without cookies', async () => {
    const seen: string[][] = []
    const listener: RequestListener = (request, response) => {
      seen.push(linesOf(request))
      return mirror(request, response)
    }
    const asked = { from: APP, method: 'PUT', credentials: 'include', cookie: 'a=1' } as const
    await browserFetch(listener, { ...asked, headers: { 'x-request-id': '1' } })
    expect(seen[0]).toEqual([
      'host: target.test',
      'connection: keep-alive',
      'accept: */*',
      'access-control-request-method: PUT',
      'access-control-request-headers: x-request-id',
      `origin: ${APP}`,
      'accept-encoding: gzip, deflate, br',
    ])
    expect(seen[1]).toContain('cookie: a=1')
  })
})

describe('the response', () => {
  it('has the status, the text of it and the visible headers, and nothing more', async () => {
    const lines: Lines = [
      ...ALLOWED,
      ['access-control-expose-headers', 'X-Total'],
      ['content-type', 'text/plain'],
      ['content-length', '2'],
      ['set-cookie', 'a=1'],
      ['x-total', '3'],
      ['x-total', '4'],
      ['x-secret', '1'],
    ]
    const response = await browserFetch(answering(lines, 404, 'no'), { from: APP, path: '/a' })
    expect({
      status: response.status,
      statusText: response.statusText,
      ok: response.ok,
      type: response.type,
      url: response.url,
      redirected: response.redirected,
      headers: [...response.headers],
      body: await response.text(),
    }).toEqual({
      status: 404,
      statusText: 'Not Found',
      ok: false,
      type: 'cors',
      url: 'http://target.test/a',
      redirected: false,
      headers: [
        ['content-length', '2'],
        ['content-type', 'text/plain'],
        ['x-total', '3, 4'],
      ],
      body: 'no',
    })
  })

  it.each<[string, Buffer]>([
    ['gzip', gzipSync('hello')],
    ['x-gzip', gzipSync('hello')],
    ['GZIP', gzipSync('hello')],
    ['deflate', deflateSync('hello')],
    ['deflate', deflateRawSync('hello')],
    ['br', brotliCompressSync('hello')],
    ['deflate, gzip', gzipSync(deflateSync('hello'))],
    ['gzip', gzipSync('hello').subarray(0, -8)],
    ['gzip', Buffer.from('')],
    ['unheard-of', Buffer.from('hello')],
    ['gzip, unheard-of', Buffer.from('hello')],
  ])('that is encoded with %s is read decoded', async (coding, bytes) => {
    const lines: Lines = [
      ...ALLOWED,
      ['access-control-expose-headers', 'content-encoding'],
      ['content-encoding', coding],
    ]
    const text = bytes.length === 0 ? '' : 'hello'
    const handler = (_request: Request) =>
      new Response(bytes, { headers: Object.fromEntries(lines) })
    for (const target of [answering(lines, 200, bytes), handler]) {
      const response = await browserFetch(target, { from: APP })
      expect(await response.text()).toBe(text)
      expect(response.headers.get('content-encoding')).toBe(coding)
    }
  })

  it.each(['gzip', 'deflate', 'br'])(
    'that is not %s as it says is a network error',
    async (coding) => {
      const garbage = Buffer.alloc(9, 0xff)
      const broken = answering([...ALLOWED, ['content-encoding', coding]], 200, garbage)
      await expect(browserFetch(broken, { from: APP })).rejects.toMatchObject({
        verdict: {
          rule: 'network',
          fix: 'Encode the body as Content-Encoding says: browsers cannot decode it.',
        },
      })
    },
  )

  it('has what is printable of the reason phrase', async () => {
    const odd: RequestListener = (request, _response) => {
      const head = `HTTP/1.1 200 O\x01K\r\naccess-control-allow-origin: ${APP}`
      request.socket.end(`${head}\r\ncontent-length: 0\r\n\r\n`)
    }
    expect((await browserFetch(odd, { from: APP })).statusText).toBe('OK')
  })

  it('is a Response, and so are its clones', async () => {
    const response = await browserFetch(answering(ALLOWED, 999, 'odd'), { from: APP })
    expect(response).toBeInstanceOf(Response)
    const second = response.clone().clone()
    for (const one of [response, second]) {
      expect(one).toMatchObject({
        status: 999,
        ok: false,
        type: 'cors',
        url: 'http://target.test/',
      })
      expect(await one.text()).toBe('odd')
    }
  })

  it('has the bytes as they came', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0xc3, 0x28, 0x0a])
    const response = await browserFetch(answering(ALLOWED, 200, bytes), { from: APP })
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes)
  })

  it('has all of a stream', async () => {
    const listener: RequestListener = (_request, response) => {
      response.writeHead(200, ALLOWED.flat())
      Readable.from(['one ', 'two ', 'three']).pipe(response as ServerResponse)
    }
    const response = await browserFetch(listener, { from: APP })
    expect(await response.text()).toBe('one two three')
  })

  it.each([204, 205, 304])('has no body where %i allows none', async (status) => {
    const response = await browserFetch(answering(ALLOWED, status), { from: APP })
    expect(response.status).toBe(status)
    expect(response.body).toBeNull()
  })

  it('to HEAD has no body', async () => {
    const listener = answering([...ALLOWED, ['content-length', '5']], 200, 'hello')
    const response = await browserFetch(listener, { from: APP, method: 'HEAD' })
    expect(await response.text()).toBe('')
    expect(response.headers.get('content-length')).toBe('5')
    const headers = { 'access-control-allow-origin': '*' }
    const handler = (_request: Request) => new Response('hello', { headers })
    expect(await (await browserFetch(handler, { from: APP, method: 'HEAD' })).text()).toBe('')
  })

  it('of a Fetch handler is read the same', async () => {
    const headers = { 'access-control-allow-origin': '*', 'x-secret': '1' }
    const handler = (request: Request) =>
      new Response(request.headers.get('origin'), { status: 201, statusText: 'Made', headers })
    const response = await browserFetch(handler, { from: APP })
    expect(response.status).toBe(201)
    expect(response.statusText).toBe('Made')
    expect([...response.headers]).toEqual([['content-type', 'text/plain;charset=UTF-8']])
    expect(await response.text()).toBe(APP)
  })

  it('of a Fetch handler may answer a body', async () => {
    const handler = async (request: Request) =>
      new Response(await request.text(), { headers: { 'access-control-allow-origin': '*' } })
    const response = await browserFetch(handler, { from: APP, method: 'POST', body: 'abc' })
    expect(await response.text()).toBe('abc')
  })

  it("in mode 'no-cors' is opaque: it tells nothing", async () => {
    const response = await browserFetch(answering([['x-a', '1']], 500, 'secret'), {
      from: APP,
      mode: 'no-cors',
    })
    expect(response).toMatchObject({
      type: 'opaque',
      status: 0,
      ok: false,
      url: '',
      statusText: '',
    })
    expect([...response.headers]).toEqual([])
    expect(response.body).toBeNull()
  })
})

describe('duplicates', () => {
  it('of Access-Control-Allow-Origin keep the page out, equal or not', async () => {
    const twice: Lines = [...ALLOWED, ['Access-Control-Allow-Origin', APP]]
    const { readable, rule, hint, actual } = await verdictOf(answering(twice), { from: APP })
    expect({ readable, rule, hint, actual }).toEqual({
      readable: false,
      rule: 'allow-origin.several',
      hint: 'several-lines',
      actual: `${APP}, ${APP}`,
    })
  })
})

describe('redirects', () => {
  const redirecting: RequestListener = (request, response) => {
    if (request.url === '/end') return answering(ALLOWED, 200, 'end')(request, response)
    const location = request.url === '/' ? '/next' : '/end'
    return answering([...ALLOWED, ['location', location]], 302)(request, response)
  }

  it('are followed', async () => {
    const response = await browserFetch(redirecting, { from: APP })
    expect(response).toMatchObject({ redirected: true, url: 'http://target.test/end', status: 200 })
    expect(await response.text()).toBe('end')
  })

  it("with 'manual' are opaque", async () => {
    const response = await browserFetch(redirecting, { from: APP, redirect: 'manual' })
    expect(response).toMatchObject({
      type: 'opaqueredirect',
      status: 0,
      url: 'http://target.test/',
      redirected: false,
    })
    expect([...response.headers]).toEqual([])
  })

  it("with 'error' are refused", async () => {
    const failed = browserFetch(redirecting, { from: APP, redirect: 'error' })
    await expect(failed).rejects.toMatchObject({ verdict: { rule: 'redirect.refused' } })
  })

  it('to another origin are followed there, without the cookies of the target', async () => {
    const other = createServer((request, response) => {
      response.setHeader('access-control-allow-credentials', 'true')
      response.setHeader('access-control-allow-origin', request.headers.origin ?? '')
      response.end(JSON.stringify(linesOf(request)))
    })
    const port = await listen(other)
    try {
      const location = `http://127.0.0.1:${port}/there`
      const response = await browserFetch(answering([...ALLOWED, ['location', location]], 307), {
        from: APP,
        credentials: 'include',
        cookie: 'session=1',
      })
      expect(response.url).toBe(location)
      expect(await response.json()).toEqual([
        `host: 127.0.0.1:${port}`,
        'connection: keep-alive',
        'origin: null',
        'accept: */*',
        'accept-encoding: gzip, deflate, br',
      ])
    } finally {
      await close(other)
    }
  })
})

describe('the cache', () => {
  afterEach(() => vi.useRealTimers())

  it('remembers preflights from call to call, for as long as the server says', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const listener = answering([...ALLOWED, ['access-control-max-age', '60']])
    const options = { from: APP, method: 'PUT', cache: createPreflightCache() }
    const methods = async (): Promise<string[]> =>
      (await verdictOf(listener, options)).exchange.map(({ request }) => request.method)
    expect(await methods()).toEqual(['OPTIONS', 'PUT'])
    expect(await methods()).toEqual(['PUT'])
    vi.advanceTimersByTime(61_000)
    expect(await methods()).toEqual(['OPTIONS', 'PUT'])
  })
})

describe('the browser', () => {
  it('may differ from the standard', async () => {
    const listener = answering([
      ['access-control-allow-origin', '*'],
      ['access-control-allow-headers', '*'],
    ])
    const asked = { from: APP, headers: { authorization: 'Bearer 1' } }
    expect(await verdictOf(listener, asked)).toMatchObject({ rule: 'allow-headers.authorization' })
    expect(await verdictOf(listener, { ...asked, browser: 'chromium' })).toMatchObject({
      readable: true,
    })
  })
})

describe('a failure', () => {
  const failing = () => browserFetch(answering([]), { from: APP }).catch((error: unknown) => error)

  it('is a TypeError, as that of fetch() is', async () => {
    const error = (await failing()) as CorsBlockedError
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toBeInstanceOf(CorsBlockedError)
    expect(error.name).toBe('CorsBlockedError')
    expect(error.code).toBe('CROSSGATE_BLOCKED')
    expect(error.verdict.rule).toBe('allow-origin.missing')
    expect('cause' in error).toBe(false)
  })

  it('is known to other copies of the package', async () => {
    expect(isCorsBlockedError(await failing())).toBe(true)
    const foreign = Object.assign(new TypeError(), { [Symbol.for('crossgate.blocked')]: true })
    expect(isCorsBlockedError(foreign)).toBe(true)
    for (const other of [new TypeError('Failed to fetch'), null, undefined, 'text']) {
      expect(isCorsBlockedError(other)).toBe(false)
    }
  })

  it('of the connection has a cause', async () => {
    const server = createServer()
    const port = await listen(server)
    await close(server)
    const error = await browserFetch(`http://127.0.0.1:${port}/`, { from: APP }).catch((e) => e)
    expect(error).toMatchObject({
      verdict: { rule: 'network', step: 'response' },
      cause: { code: 'ECONNREFUSED' },
    })
  })

  it('that has a code alone, or is no error, is told all the same', async () => {
    const rejecting = (reason: unknown) => async (_request: Request) => Promise.reject(reason)
    const coded = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })
    const message = async (reason: unknown): Promise<string> =>
      (await verdictOf(rejecting(reason), { from: APP })).message
    expect(await message(coded)).toBe("the request got no response: 'ECONNREFUSED'")
    expect(await message('down')).toBe("the request got no response: 'down'")
    expect(await message(undefined)).toBe("the request got no response: 'undefined'")
  })
})

describe('the timeout', () => {
  const never = (): Promise<never> => new Promise(() => {})
  const message = (asking: string): string =>
    `the page at '${APP}' asked for ${asking} and had no whole answer within 50 ms; ` +
    "end every response, or give a longer 'timeout'"

  it.each<[string, Parameters<typeof browserFetch>[0]]>([
    ['a listener that never answers', (_request, _response) => {}],
    [
      'a response that never ends',
      (_request, response) => {
        response.writeHead(200, ALLOWED.flat())
        response.write('data: 1\n\n')
      },
    ],
    ['a Fetch handler that never answers', async (_request: Request) => never()],
    [
      'an instance of Fastify that never starts',
      { inject() {}, ready: never, server: createServer() },
    ],
  ])('ends the wait for %s', async (_what, target) => {
    await expect(
      browserFetch(target, { from: APP, path: '/slow', timeout: 50 }),
    ).rejects.toMatchObject({
      name: 'TimeoutError',
      code: 'CROSSGATE_TIMEOUT',
      message: message('GET /slow'),
    })
  })

  it('is not needed for a server that switches protocols, or closes', async () => {
    const switching: RequestListener = (request, _response) => {
      request.socket.end('HTTP/1.1 101 Sw\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n')
    }
    const silent: RequestListener = (request, _response) => request.socket.end()
    expect((await verdictOf(switching, { from: APP })).message).toBe(
      "the request got no response: 'the server switched to another protocol, unasked'",
    )
    expect(await verdictOf(silent, { from: APP })).toMatchObject({ rule: 'network' })
  })

  it('is not needed for a response without end where its head says all', async () => {
    const headers = { 'access-control-allow-origin': APP }
    const endless: RequestListener = (_request, response) => {
      response.writeHead(200, headers)
      response.write('data: 1\n\n')
    }
    const { createServer: createHttp2Server } = await import('node:http2')
    const handler = (_request: Request) => new Response(new ReadableStream(), { headers })
    for (const create of [
      () => endless,
      () => createServer(endless),
      () => createHttp2Server(endless as never),
      () => handler,
    ]) {
      const verdict = await verdictOf(create(), { from: APP })
      expect(verdict).toMatchObject({ readable: true, status: 200 })
      expect('body' in verdict).toBe(false)
      await assertReadable(create(), { from: APP })
      await assertBlocked(create(), { from: 'https://evil.example' }, 'allow-origin.mismatch')
    }
  })

  it('ends the wait for HTTP/2, and for a body', async () => {
    const { createServer: createHttp2Server } = await import('node:http2')
    const silent = createHttp2Server(() => {})
    const asked = { from: APP, timeout: 50 }
    await expect(browserFetch(silent, asked)).rejects.toThrow(message('GET /'))
    const body = new ReadableStream()
    const posted = { ...asked, method: 'POST', body }
    await expect(browserFetch(mirror, posted)).rejects.toThrow(message('POST /'))
  })

  it('leaves the server closed', async () => {
    const server = createServer(() => {})
    await expect(browserFetch(server, { from: APP, timeout: 50 })).rejects.toThrow(message('GET /'))
    expect(server.listening).toBe(false)
  })

  it("does not depend on the test's own clock", async () => {
    vi.useFakeTimers()
    try {
      const silent = async (_request: Request) => never()
      await expect(browserFetch(silent, { from: APP, timeout: 50 })).rejects.toThrow(
        message('GET /'),
      )
    } finally {
      vi.useRealTimers()
    }
  })
})
