import { once } from 'node:events'
import {
  createServer,
  type RequestListener,
  type Server,
  type ServerOptions,
  ServerResponse,
} from 'node:http'
import {
  connect as connectHttp2,
  createServer as createHttp2Server,
  createSecureServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2ServerResponse,
  type ServerHttp2Stream,
} from 'node:http2'
import { type AddressInfo, connect } from 'node:net'
import { type CorsOptions, type PolicySource, reloadable } from 'crossgate'
import { cors as fastifyCors } from 'crossgate/fastify'
import { type GuardableServer, installGuard, type NodeRequest, withCors } from 'crossgate/node'
import express from 'express'
import Fastify from 'fastify'
import Koa from 'koa'
import { describe, expect, it, onTestFinished } from 'vitest'
import { APP, EVIL, PARTNER } from '../tables/exchanges.ts'
import { corsLines, failOnUnhandledRejections } from './harness.ts'
import { from, preflight } from './serving.ts'
import {
  CERTIFICATE,
  close,
  HOST,
  listen,
  parseHead,
  sendBytes,
  sendHttp1,
  type WireRequest,
} from './wire.ts'

failOnUnhandledRejections()

const OPTIONS = { origin: APP, credentials: true } satisfies CorsOptions
const ALLOWED = [
  ['access-control-allow-credentials', 'true'],
  ['access-control-allow-origin', APP],
  ['vary', 'Origin'],
]
const REFUSED = [['vary', 'Origin']]

/** Listens until the test is over. */
async function started(server: Server): Promise<number> {
  const port = await listen(server)
  onTestFinished(() => close(server))
  return port
}

async function ask(server: Server, request: WireRequest) {
  const { status, rawHeaders } = await sendHttp1(await started(server), request)
  return [status, corsLines(rawHeaders)]
}

describe('around a server', () => {
  it('covers what a listener answers that knows nothing of it', async () => {
    const server = createServer((_request, response) => response.writeHead(500).end())
    installGuard(server, OPTIONS)
    const port = await started(server)
    for (const [origin, lines] of [
      [APP, ALLOWED],
      [EVIL, REFUSED],
      [undefined, REFUSED],
    ] as const) {
      const { status, rawHeaders } = await sendHttp1(port, origin === undefined ? {} : from(origin))
      expect([status, corsLines(rawHeaders)]).toEqual([500, lines])
    }
  })

  it('leaves preflights to the application, with the headers', async () => {
    const server = createServer((_request, response) => response.writeHead(204).end())
    installGuard(server, { ...OPTIONS, methods: ['PUT'], allowedHeaders: [] })
    expect(await ask(server, preflight(APP, 'PUT'))).toEqual([
      204,
      [
        ['access-control-allow-credentials', 'true'],
        ['access-control-allow-methods', 'PUT'],
        ['access-control-allow-origin', APP],
        ['vary', 'Origin'],
      ],
    ])
  })

  it('goes behind middleware with a policy of its own', async () => {
    const server = createServer(
      withCors({ origin: PARTNER }, (_request, response) => response.end('ok')),
    )
    installGuard(server, OPTIONS)
    expect(await ask(server, from(PARTNER))).toEqual([
      200,
      [
        ['access-control-allow-origin', PARTNER],
        ['vary', 'Origin'],
      ],
    ])
  })

  it("goes behind a registration of Fastify, for Fastify's own answers, too", async () => {
    const app = Fastify()
    await app.register(fastifyCors, { origin: PARTNER })
    await app.ready()
    installGuard(app.server, OPTIONS)
    const port = await started(app.server)
    const { status, rawHeaders } = await sendHttp1(port, { ...from(PARTNER), path: '/%' })
    expect([status, corsLines(rawHeaders)]).toEqual([
      400,
      [
        ['access-control-allow-origin', PARTNER],
        ['vary', 'Origin'],
      ],
    ])
  })

  it('covers errors of layers that come before the middleware', async () => {
    const app = express()
    app.set('env', 'production')
    app.use(() => {
      throw new Error('before')
    })
    const server = createServer(app)
    installGuard(server, OPTIONS)
    expect(await ask(server, from(APP))).toEqual([500, ALLOWED])
  })

  it('called again, replaces the policy', async () => {
    const server = createServer((_request, response) => response.end('ok'))
    installGuard(server, { origin: PARTNER })
    installGuard(server, OPTIONS)
    expect(await ask(server, from(APP))).toEqual([200, ALLOWED])
    expect(server.listenerCount('clientError')).toBe(1)
  })

  it('keeps two servers of one process apart', async () => {
    const listener: RequestListener = (_request, response) => {
      response.end('ok')
    }
    const [guarded, other, bare] = [
      createServer(listener),
      createServer(listener),
      createServer(listener),
    ]
    installGuard(guarded, OPTIONS)
    installGuard(other, { origin: '*' })
    expect(await ask(guarded, from(APP))).toEqual([200, ALLOWED])
    expect(await ask(other, from(APP))).toEqual([200, [['access-control-allow-origin', '*']]])
    expect(await ask(bare, from(APP))).toEqual([200, []])
  })

  it('refuses wrong options at once, with every issue', () => {
    const server = createServer()
    const wrong = { origin: `${APP}/`, maxAge: -1 } as CorsOptions
    expect(() => installGuard(server, wrong)).toThrow(
      expect.objectContaining({
        name: 'CorsConfigError',
        issues: [
          expect.objectContaining({ code: 'origin.trailing-slash' }),
          expect.objectContaining({ code: 'option.range' }),
        ],
      }),
    )
    expect(server.listenerCount('request')).toBe(0)
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an object', {}],
    ['text', 'server'],
    ['an application of Express', express()],
    ['an application of Koa', new Koa()],
  ])('refuses what is no server: %s', (_what, value) => {
    expect(() => installGuard(value as unknown as GuardableServer, OPTIONS)).toThrow(
      new TypeError('installGuard takes a server of node:http, node:https or node:http2'),
    )
  })

  it.each([
    ['a list', APP],
    ['a predicate', () => true],
    ['a predicate that takes time', async () => true],
  ])(
    'tells the observer of a policy once, and not where an inner one decided: %s',
    async (_what, origin) => {
      const told: string[] = []
      const onDecision = ({ outcome }: { outcome: string }): void => {
        told.push(outcome)
      }
      const inner = withCors(OPTIONS, (_request, response) => response.end('ok'))
      const server = createServer((request, response) => {
        if (request.url === '/inner') inner(request, response)
        else setTimeout(() => response.writeHead(404).end(), 5)
      })
      installGuard(server, { origin, onDecision })
      const port = await started(server)
      await sendHttp1(port, from(APP))
      expect(told).toEqual(['allowed'])
      await sendHttp1(port, { ...from(APP), path: '/inner' })
      expect(told).toEqual(['allowed'])
    },
  )
})

it("runs a writeHead that a framework's responses have by their prototype", async () => {
  const app = express()
  const { writeHead } = ServerResponse.prototype
  app.response.writeHead = function (this: typeof app.response, ...parameters: [number]) {
    this.setHeader('x-app', '1')
    return writeHead.apply(this, parameters)
  } as never
  app.get('/', (_request, response) => {
    response.end('ok')
  })
  const server = createServer(app)
  installGuard(server, OPTIONS)
  const { rawHeaders } = await sendHttp1(await started(server), from(APP))
  expect(rawHeaders).toContainEqual(['x-app', '1'])
  expect(corsLines(rawHeaders)).toEqual(ALLOWED)
})

describe('around a server of HTTP/2', () => {
  const asking = { ':path': '/', origin: APP }
  const servers = [
    ['secure', () => createSecureServer(CERTIFICATE)],
    ['in plain text', () => createHttp2Server()],
  ] as const

  /** The head of an answer to a request of HTTP/2, and whether it came to its end. */
  async function answerOf(
    server: Http2Server | Http2SecureServer,
    headers: Record<string, string>,
    secure: boolean,
  ) {
    const port = await started(server as never)
    const session = connectHttp2(`${secure ? 'https' : 'http'}://${HOST}:${port}`, {
      rejectUnauthorized: false,
    })
    onTestFinished(() => session.destroy())
    const stream = session.request(headers)
    const informational: unknown[] = []
    stream.on('headers', (head) => informational.push(head[':status']))
    stream.resume().end()
    const [head, , raw] = await once(stream, 'response')
    await once(stream, 'close')
    const lines = Array.from({ length: raw.length / 2 }, (_, index) => [
      raw[2 * index] as string,
      raw[2 * index + 1] as string,
    ]) as [string, string][]
    return [head[':status'], corsLines(lines), informational]
  }

  describe.each(servers)('%s', (name, create) => {
    const secure = name === 'secure'

    it('covers an application that answers on streams', async () => {
      const server = create()
      server.on('stream', (stream: ServerHttp2Stream) => {
        stream.respond({ ':status': 500, 'access-control-allow-origin': '*', vary: 'Accept' })
        stream.end('hi')
      })
      installGuard(server, OPTIONS)
      expect(await answerOf(server, asking, secure)).toEqual([
        500,
        [...ALLOWED.slice(0, 2), ['vary', 'Accept, Origin']],
        [],
      ])
    })

    it.each(['x', '100-continue'])(
      'does not answer the expectation %s for it',
      async (expectation) => {
        const server = create()
        server.on('stream', (stream: ServerHttp2Stream) => {
          setTimeout(() => {
            stream.respond({ ':status': 200 })
            stream.end('hi')
          }, 10)
        })
        installGuard(server, OPTIONS)
        const headers = { ...asking, expect: expectation }
        expect(await answerOf(server, headers, secure)).toEqual([200, ALLOWED, []])
      },
    )

    it('covers files that are sent on a stream', async () => {
      const server = create()
      server.on('stream', (stream: ServerHttp2Stream) => stream.respondWithFile('package.json'))
      installGuard(server, OPTIONS)
      expect(await answerOf(server, asking, secure)).toEqual([200, ALLOWED, []])
    })

    it("covers Node's answer to an expectation", async () => {
      const server = create()
      server.on('request', (_request: unknown, response: Http2ServerResponse) => response.end('ok'))
      installGuard(server, OPTIONS)
      expect(await answerOf(server, { ...asking, expect: 'x' }, secure)).toEqual([417, ALLOWED, []])
    })

    it.each(['checkContinue', 'checkExpectation'])('covers listeners for %s', async (event) => {
      const server = create()
      server.on(event as 'checkContinue', (_request: unknown, response: Http2ServerResponse) => {
        response.writeHead(400).end()
      })
      server.on('request', (_request: unknown, response: Http2ServerResponse) => response.end('ok'))
      installGuard(server, OPTIONS)
      const expectation = event === 'checkContinue' ? '100-continue' : 'x'
      expect(await answerOf(server, { ...asking, expect: expectation }, secure)).toEqual([
        400,
        ALLOWED,
        [],
      ])
    })

    it.each([
      ['that Node cuts to other letters', '\u0168ttps://evil.example'],
      ['with a line break', '*\n'],
    ])('leaves no value of a handler %s', async (_what, value) => {
      const server = create()
      server.on('request', (_request: unknown, response: Http2ServerResponse) => {
        response.writeHead(200, { 'Access-Control-Allow-Origin': value }).end('ok')
      })
      installGuard(server, OPTIONS)
      expect(await answerOf(server, asking, secure)).toEqual([200, ALLOWED, []])
    })
  })
})

describe('with a look-up that answers at once', () => {
  const lines = [
    ['access-control-allow-origin', APP],
    ['vary', 'Origin'],
  ]
  const sources: readonly [string, PolicySource<NodeRequest>][] = [
    ['a delegate', () => ({ origin: APP })],
    ['a predicate', { origin: () => true }],
  ]

  it.each(sources)('%s, allows in an answer that is given at once', async (_what, source) => {
    const server = createServer((_request, response) => response.end('ok'))
    installGuard(server, source)
    expect(await ask(server, from(APP))).toEqual([200, lines])
  })
})

it.each([
  [APP, PARTNER],
  [PARTNER, APP],
])('keeps the policy with which a request came: %s, then %s', async (before, after) => {
  const source = reloadable({ origin: before })
  const server = createServer((_request, response) => {
    source.reload({ origin: after })
    response.end('ok')
  })
  installGuard(server, source)
  expect(await ask(server, from(before))).toEqual([
    200,
    [
      ['access-control-allow-origin', before],
      ['vary', 'Origin'],
    ],
  ])
})

describe('with a look-up that takes time', () => {
  const late = (milliseconds: number) => async () => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds))
    return true
  }
  const answering =
    (milliseconds: number): RequestListener =>
    (_request, response) => {
      setTimeout(() => response.end('ok'), milliseconds)
    }
  const lines = [
    ['access-control-allow-origin', APP],
    ['vary', 'Origin'],
  ]

  it('has the decision that is there when the head is sent', async () => {
    const server = createServer(answering(50))
    installGuard(server, { origin: late(5) })
    expect(await ask(server, from(APP))).toEqual([200, lines])
  })

  it('allows nobody before that', async () => {
    const server = createServer(answering(0))
    installGuard(server, { origin: late(50) })
    expect(await ask(server, from(APP))).toEqual([200, REFUSED])
  })

  it('allows nobody where it fails', async () => {
    const server = createServer(answering(20))
    installGuard(server, async () => {
      throw new Error('the store is away')
    })
    expect(await ask(server, from(APP))).toEqual([200, REFUSED])
  })

  it('allows nobody in replies to broken requests', async () => {
    const server = createServer()
    installGuard(server, { origin: late(0) })
    const reply = await sendBytes(
      await started(server),
      `GET / HTTP/1.1\r\nOrigin: ${APP}\r\nBad Name: 1\r\n\r\n`,
    )
    expect(corsLines(parseHead(reply))).toEqual(REFUSED)
  })
})

describe('answers that Node gives without asking a listener', () => {
  const listener: RequestListener = (_request, response) => {
    response.end('ok')
  }
  const head = `Host: ${HOST}\r\nOrigin: ${APP}\r\n`
  const cases: readonly [string, string, string, (server: Server) => void][] = [
    [
      'an unknown expectation',
      `GET / HTTP/1.1\r\n${head}Expect: more\r\nConnection: close\r\n\r\n`,
      '417',
      () => {},
    ],
    ['no Host', `GET / HTTP/1.1\r\nOrigin: ${APP}\r\nConnection: close\r\n\r\n`, '400', () => {}],
    [
      'one request too many for a connection',
      `GET / HTTP/1.1\r\n${head}\r\nGET / HTTP/1.1\r\n${head}Connection: close\r\n\r\n`,
      '503',
      (server) => {
        server.maxRequestsPerSocket = 1
      },
    ],
  ]

  it.each(cases)('to %s are covered', async (_title, bytes, status, prepare) => {
    const guarded = createServer(listener)
    const bare = createServer(listener)
    installGuard(guarded, OPTIONS)
    prepare(guarded)
    prepare(bare)
    const reply = lastHead(await sendBytes(await started(guarded), bytes))
    const without = lastHead(await sendBytes(await started(bare), bytes))
    expect(reply.status).toContain(` ${status} `)
    expect(reply.cors).toEqual(ALLOWED)
    expect({ ...reply, cors: [] }).toEqual(without)
  })
})

/** The last head of what came over a connection, without the date. */
function lastHead(received: string) {
  const head = received.slice(received.lastIndexOf('HTTP/1.1 ')).split('\r\n\r\n')[0] ?? ''
  const lines = parseHead(head)
  const cors = corsLines(lines)
  const others = lines.filter(([name]) => !/^(access-control-.*|vary|date)$/i.test(name))
  return { status: head.split('\r\n')[0], cors, others }
}

describe("Node's replies to requests that it cannot read", () => {
  const listener: RequestListener = (request, response) => {
    request.resume()
    request.on('end', () => response.end('ok'))
  }
  const origin = `Origin: ${APP}\r\n`
  const head = `Host: ${HOST}\r\n${origin}`
  const cases: readonly [string, string, number, unknown[]][] = [
    ['no HTTP', 'no HTTP\r\n\r\n', 400, REFUSED],
    ['no HTTP, with an Origin', `no HTTP\r\n${origin}\r\n`, 400, REFUSED],
    ['a wrong field name', `GET / HTTP/1.1\r\n${head}Bad Name: 1\r\n\r\n`, 400, ALLOWED],
    ['the same before the Origin', `GET / HTTP/1.1\r\nBad Name: 1\r\n${head}\r\n`, 400, ALLOWED],
    [
      'the same from a refused origin',
      `GET / HTTP/1.1\r\nHost: ${HOST}\r\nOrigin: ${EVIL}\r\nBad Name: 1\r\n\r\n`,
      400,
      REFUSED,
    ],
    ['two Origins', `GET / HTTP/1.1\r\n${head}${origin}Bad Name: 1\r\n\r\n`, 400, REFUSED],
    ['an Origin that is cut off', `GET / HTTP/1.1\r\nBad Name: 1\r\nOrigin: ${APP}`, 400, REFUSED],
    [
      'an Origin behind the head',
      `POST / HTTP/1.1\r\nBad Name: 1\r\n\r\n${origin}\r\n`,
      400,
      REFUSED,
    ],
    [
      'a preflight',
      `OPTIONS / HTTP/1.1\r\n${head}Access-Control-Request-Method: PUT\r\nBad Name: 1\r\n\r\n`,
      400,
      [
        ['access-control-allow-credentials', 'true'],
        ['access-control-allow-headers', 'x-token'],
        ['access-control-allow-methods', 'PUT'],
        ['access-control-allow-origin', APP],
        ['vary', 'Origin'],
      ],
    ],
    [
      'headers that are too large',
      `GET / HTTP/1.1\r\n${head}X-Large: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      ALLOWED,
    ],
    [
      'chunk extensions that are too large',
      `POST / HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n2;${'x'.repeat(20_000)}\r\nok\r\n0\r\n\r\n`,
      413,
      ALLOWED,
    ],
    [
      'a body with wrong chunks',
      `POST / HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\nwrong\r\n`,
      400,
      ALLOWED,
    ],
  ]

  async function reply(bytes: string, guarded: boolean, options: ServerOptions = {}) {
    const server = createServer(options, listener)
    if (guarded) {
      installGuard(server, { ...OPTIONS, methods: ['PUT'], allowedHeaders: ['x-token'] })
    }
    const received = await sendBytes(await started(server), bytes)
    return { ...lastHead(received), body: received.slice(received.indexOf('\r\n\r\n')) }
  }

  it.each(cases)(
    'are the same bytes, with the fields: %s',
    async (_title, bytes, status, lines) => {
      const answer = await reply(bytes, true)
      expect(answer.status).toContain(` ${status} `)
      expect(answer.cors).toEqual(lines)
      expect({ ...answer, cors: [] }).toEqual(await reply(bytes, false))
    },
  )

  it.each([
    ['before the head is there', `GET / HTTP/1.1\r\n${head}`, REFUSED],
    ['before the body is there', `POST / HTTP/1.1\r\n${head}Content-Length: 5\r\n\r\nok`, ALLOWED],
  ])('by a timeout, %s, are the same bytes, with the fields', async (_title, bytes, lines) => {
    const limits = { headersTimeout: 60, requestTimeout: 60, connectionsCheckingInterval: 20 }
    const answer = await reply(bytes, true, limits)
    expect(answer.status).toContain(' 408 ')
    expect(answer.cors).toEqual(lines)
    expect({ ...answer, cors: [] }).toEqual(await reply(bytes, false, limits))
  })

  it('have the policy of the middleware that decided about the request', async () => {
    const server = createServer(withCors({ origin: '*' }, listener))
    installGuard(server, OPTIONS)
    const bytes = `POST / HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\nwrong\r\n`
    const received = await sendBytes(await started(server), bytes)
    expect(lastHead(received).cors).toEqual([['access-control-allow-origin', '*']])
  })

  it('are left to a listener of the application', async () => {
    const server = createServer(listener)
    installGuard(server, OPTIONS)
    server.on('clientError', (_error, socket) => socket.end('HTTP/1.1 400 Mine\r\n\r\n'))
    expect(await sendBytes(await started(server), 'no HTTP\r\n\r\n')).toBe(
      'HTTP/1.1 400 Mine\r\n\r\n',
    )
  })

  it('are left to one that listens once', async () => {
    const server = createServer(listener)
    server.once('clientError', (_error, socket) => {
      socket.write('HTTP/1.1 400 Mine\r\n\r\n')
      setTimeout(() => socket.end(), 20)
    })
    installGuard(server, OPTIONS)
    const received = await sendBytes(await started(server), 'no HTTP\r\n\r\n')
    expect(received).toBe('HTTP/1.1 400 Mine\r\n\r\n')
  })

  it('are given where a head is made, but not yet sent', async () => {
    const slow: RequestListener = (request, response) => {
      response.writeHead(200)
      request.resume().on('end', () => response.end('ok'))
    }
    const bytes = `POST / HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\nwrong\r\n`
    const [guarded, bare] = [createServer(slow), createServer(slow)]
    installGuard(guarded, OPTIONS)
    const answer = lastHead(await sendBytes(await started(guarded), bytes))
    expect(answer.cors).toEqual(ALLOWED)
    expect({ ...answer, cors: [] }).toEqual(lastHead(await sendBytes(await started(bare), bytes)))
  })

  it('are given by a server of HTTP/2, too, to clients of HTTP/1', async () => {
    const create = () =>
      createSecureServer({ ...CERTIFICATE, allowHTTP1: true }, (_request, response) =>
        response.end('ok'),
      )
    const bytes = `GET / HTTP/1.1\r\n${head}Bad Name: 1\r\n\r\n`
    const [guarded, bare] = [create(), create()]
    installGuard(guarded, OPTIONS)
    const answer = lastHead(await sendBytes(await started(guarded as never), bytes, true))
    expect(answer.cors).toEqual(ALLOWED)
    expect({ ...answer, cors: [] }).toEqual(
      lastHead(await sendBytes(await started(bare as never), bytes, true)),
    )
    const { status, rawHeaders } = await sendHttp1(
      (guarded.address() as AddressInfo).port,
      from(APP),
      true,
    )
    expect([status, corsLines(rawHeaders)]).toEqual([200, ALLOWED])
  })

  it('are not written into an answer that has begun', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'Content-Length': '10' })
      response.write('begun')
    })
    installGuard(server, OPTIONS)
    const port = await started(server)
    const socket = connect(port, HOST)
    socket.write(`POST / HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n`)
    let received = ''
    socket.on('data', (chunk) => {
      received += String(chunk)
      if (received.endsWith('begun')) socket.write('wrong\r\n')
    })
    await new Promise((resolve) => socket.on('error', () => {}).on('close', resolve))
    expect(received.split('HTTP/1.1 ')).toHaveLength(2)
    expect(received).toMatch(/begun$/)
  })
})
