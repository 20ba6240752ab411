import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { CorsConfigError, type CorsDecision, definePolicy, isCorsConfigError } from 'crossgate'
import crossgate, { cors, type FastifyCorsOptions } from 'crossgate/fastify'
import { releaseGuard } from 'crossgate/node'
import createFastify, {
  type FastifyInstance,
  type FastifyRequest,
  type FastifyServerOptions,
  type RouteOptions,
} from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { APP, EVIL } from '../tables/exchanges.ts'
import { failOnUnhandledRejections } from './harness.ts'
import { allowed, from, granted, preflight, refused, type Send, seen } from './serving.ts'
import { CERTIFICATE, HOST, openHttp2, sendHttp1, sendHttp2 } from './wire.ts'

failOnUnhandledRejections()

const OTHER = 'https://other.example'
const THIRD = 'https://third.example'
const OPTIONS = { origin: APP }

async function ok(): Promise<string> {
  return 'ok'
}

/** Serves until the test is over. */
async function serve(app: FastifyInstance): Promise<Send & { port: number }> {
  await app.listen({ port: 0, host: HOST })
  onTestFinished(() => app.close())
  const port = (app.server.address() as { port: number }).port
  return Object.assign((request = {}) => sendHttp1(port, request), { port })
}

async function serveApp(
  build: (app: FastifyInstance) => unknown,
  options: FastifyServerOptions = {},
): Promise<Send & { port: number }> {
  const app = createFastify({ forceCloseConnections: true, ...options }) as FastifyInstance
  await build(app)
  return serve(app)
}

describe('the plugin', () => {
  it('is exported by name and by default, and known by name', async () => {
    expect(crossgate).toBe(cors)
    const app = createFastify()
    await app.register(crossgate, OPTIONS)
    await app.ready()
    expect(app.hasPlugin('crossgate')).toBe(true)
    expect(app.printPlugins()).toContain('crossgate')
  })

  it('fails the registration with options that are wrong, with every issue', async () => {
    const app = createFastify()
    const error = await Promise.resolve(
      app.register(crossgate, { origin: `${APP}/` as string, maxAge: -1 }),
    ).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(isCorsConfigError(error) && error.issues.map(({ code }) => code)).toEqual([
      'origin.trailing-slash',
      'option.range',
    ])
  })

  it('fails the start where nobody awaits the registration', async () => {
    const app = createFastify()
    app.register(crossgate, { origin: `${APP}/` as string })
    await expect(app.ready()).rejects.toMatchObject({ code: 'CROSSGATE_CONFIG' })
  })

  it('fails without options', async () => {
    const app = createFastify()
    await expect(app.register(crossgate, {} as FastifyCorsOptions)).rejects.toMatchObject({
      issues: [{ code: 'origin.missing' }],
    })
  })

  it('fails the start where the options of a route are wrong', async () => {
    const app = createFastify()
    await app.register(crossgate, OPTIONS)
    expect(() => app.get('/', { config: { cors: { origin: `${APP}/` as string } } }, ok)).toThrow(
      'origin.trailing-slash'.replace('.', ''),
    )
  })
})

describe('what it takes', () => {
  const sources: [string, FastifyCorsOptions | (() => unknown)][] = [
    ['options', OPTIONS],
    ['a policy', definePolicy(OPTIONS)],
    ['a policy with a predicate', definePolicy({ origin: (origin) => origin === APP })],
    ['a delegator', { delegator: () => OPTIONS }],
    ['a function of the instance that yields options', () => OPTIONS],
    ['a function of the instance that yields a delegate', () => () => OPTIONS],
    ['a function of the instance that yields a policy', () => definePolicy(OPTIONS)],
  ]

  it.each(sources)('%s', async (_what, source) => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, source as FastifyCorsOptions)
      app.get('/', ok)
    })
    expect(seen(await send(from(APP)))).toEqual(allowed(200))
    expect(seen(await send(from(EVIL)))).toEqual(refused(200))
    expect(seen(await send(preflight(APP)))).toEqual(granted())
    expect(seen(await send(preflight(EVIL)))).toEqual(refused(403))
  })

  it.each(sources)('%s, below a prefix', async (_what, source) => {
    const send = await serveApp((app) => {
      app.register(
        async (api) => {
          await api.register(crossgate, source as FastifyCorsOptions)
          api.get('/one', ok)
        },
        { prefix: '/api' },
      )
    })
    expect(seen(await send({ ...from(APP), path: '/api/one' }))).toEqual(allowed(200))
    expect(seen(await send(preflight(APP, 'GET', '/api/one')))).toEqual(granted())
  })

  it('a delegator that looks at the request of Fastify', async () => {
    const open = { origin: '*' } as const
    const send = await serveApp(async (app) => {
      await app.register(crossgate, {
        delegator: (request: FastifyRequest) =>
          (request.query as { open?: string }).open === undefined ? OPTIONS : open,
      })
      app.get('/', ok)
    })
    expect(seen(await send({ ...from(EVIL), path: '/?open' }))).toEqual(allowed(200, '*'))
    expect(seen(await send({ ...from(EVIL), path: '/' }))).toEqual(refused(200))
  })
})

describe('hooks', () => {
  it('of a login that come after it leave preflights alone, and their 401 is covered', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, OPTIONS)
      app.addHook('onRequest', async (_request, reply) => reply.code(401).send('log in'))
      app.get('/', ok)
    })
    expect(seen(await send(preflight(APP)))).toEqual(granted())
    expect(seen(await send(from(APP)))).toEqual(allowed(401))
    expect(seen(await send(from(EVIL)))).toEqual(refused(401))
  })

  it('of a login below a prefix leave preflights alone', async () => {
    const send = await serveApp((app) => {
      app.register(
        async (api) => {
          await api.register(crossgate, OPTIONS)
          api.addHook('onRequest', async (_request, reply) => reply.code(401).send('log in'))
          api.get('/one', ok)
        },
        { prefix: '/api' },
      )
    })
    expect(seen(await send(preflight(APP, 'GET', '/api/one')))).toEqual(granted())
    expect(seen(await send({ ...from(APP), path: '/api/one' }))).toEqual(allowed(401))
  })

  it.each(['onRequest', 'preParsing', 'preValidation', 'preHandler', 'preSerialization', 'onSend'])(
    'that fail are covered: %s',
    async (hook) => {
      const send = await serveApp(async (app) => {
        await app.register(crossgate, OPTIONS)
        app.addHook(hook as 'onRequest', async (request) => {
          if (request.method === 'GET') throw new Error(hook)
        })
        app.get('/', async () => ({ ok: true }))
      })
      expect(seen(await send(from(APP)))).toEqual(allowed(500))
      expect(seen(await send(from(EVIL)))).toEqual(refused(500))
    },
  )

  it('that remove or replace headers at the end change nothing', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, OPTIONS)
      app.addHook('onSend', async (_request, reply) => {
        for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name)
        reply.header('vary', 'Accept').header('access-control-allow-origin', OTHER)
      })
      app.get('/', ok)
    })
    expect(seen(await send(from(APP)))).toEqual([
      200,
      ['access-control-allow-origin', APP],
      ['vary', 'Accept, Origin'],
    ])
  })

  it('may give preflights another body, whose length is told', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, { ...OPTIONS, optionsSuccessStatus: 200 })
      app.addHook('onSend', async () => 'wrapped')
    })
    const answer = await send(preflight(APP))
    expect(seen(answer)).toEqual([200, ...granted().slice(1)])
    expect(answer.body).toBe('wrapped')
  })

  it('may fail preflights at the end, with the length of the error', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, { ...OPTIONS, optionsSuccessStatus: 200 })
      app.addHook('onSend', async () => {
        throw new Error('onSend')
      })
    })
    const answer = await send(preflight(APP))
    expect(seen(answer)).toEqual([500, ...granted().slice(1)])
    expect(JSON.parse(answer.body)).toMatchObject({ message: 'onSend' })
  })

  it('that give preflights a Cache-Control give way to the policy', async () => {
    const send = await serveApp(async (app) => {
      app.addHook('onRequest', async (_request, reply) => {
        reply.header('Cache-Control', 'no-store')
      })
      await app.register(crossgate, { ...OPTIONS, cacheControl: 60, optionsSuccessStatus: 200 })
      app.get('/', ok)
    })
    const { rawHeaders } = await send(preflight(APP))
    const lines = rawHeaders.filter(([name]) => /^(cache-control|content-length)$/i.test(name))
    expect(lines.sort()).toEqual([
      ['cache-control', 'max-age=60'],
      ['content-length', '0'],
    ])
  })
})

describe('answers of Fastify itself', () => {
  const schema = {
    body: { type: 'object', required: ['a'], properties: { a: { type: 'number' } } },
  }
  const JSON_BODY = ['Content-Type', 'application/json'] as const
  const bodies: [string, number, string, readonly [string, string]][] = [
    ['a body against the schema', 400, '{"b":1}', JSON_BODY],
    ['a body that is no JSON', 400, '{"a":', JSON_BODY],
    ['a body of an unknown type', 415, 'a', ['Content-Type', 'application/x-unknown']],
    ['a body that is too large', 413, JSON.stringify('x'.repeat(2000)), JSON_BODY],
  ]

  it.each(bodies)('to %s', async (_what, status, body, type) => {
    const send = await serveApp(
      async (app) => {
        await app.register(crossgate, OPTIONS)
        app.post('/', { schema }, ok)
      },
      { bodyLimit: 1000 },
    )
    const request = { method: 'POST', body }
    expect(seen(await send({ ...from(APP, type), ...request }))).toEqual(allowed(status))
    expect(seen(await send({ ...from(EVIL, type), ...request }))).toEqual(refused(status))
  })

  it('to a path that does not exist, also by a handler of the application', async () => {
    const plain = await serveApp((app) => app.register(crossgate, OPTIONS))
    expect(seen(await plain({ ...from(APP), path: '/missing' }))).toEqual(allowed(404))
    const own = await serveApp(async (app) => {
      await app.register(crossgate, OPTIONS)
      app.setNotFoundHandler((_request, reply) => reply.code(404).send('nothing here'))
    })
    const answer = await own({ ...from(APP), path: '/missing' })
    expect(seen(answer)).toEqual(allowed(404))
    expect(answer.body).toBe('nothing here')
    expect(seen(await own(preflight(APP, 'PUT', '/missing')))).toEqual(granted())
  })

  it('to an error, by a handler of the application', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, OPTIONS)
      app.setErrorHandler((error, _request, reply) => {
        reply.removeHeader('vary')
        reply.code(418).send((error as Error).message)
      })
      app.get('/', async () => {
        throw new Error('thrown')
      })
    })
    const answer = await send(from(APP))
    expect(seen(answer)).toEqual(allowed(418))
    expect(answer.body).toBe('thrown')
  })

  it('to an error that brings headers', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, OPTIONS)
      app.get('/', async () => {
        throw Object.assign(new Error('log in'), {
          statusCode: 401,
          headers: { vary: 'Cookie', 'access-control-allow-origin': OTHER },
        })
      })
    })
    expect(seen(await send(from(APP)))).toEqual([
      401,
      ['access-control-allow-origin', APP],
      ['vary', 'Cookie, Origin'],
    ])
  })

  it.each(['text', 5, null])('to %j, thrown', async (thrown) => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, OPTIONS)
      app.get('/', async () => {
        throw thrown
      })
    })
    expect(seen(await send(from(APP)))).toEqual(allowed(500))
    expect(seen(await send(from(EVIL)))).toEqual(refused(500))
  })

  it('to a stream that fails before its first byte', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, OPTIONS)
      app.get('/', async () => {
        return new Readable({
          read() {
            this.destroy(new Error('broken'))
          },
        })
      })
    })
    expect(seen(await send(from(APP)))).toEqual(allowed(500))
  })

  it('to a path that cannot be decoded', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, OPTIONS)
      app.get('/:id', ok)
    })
    expect(seen(await send({ ...from(APP), path: '/%' }))).toEqual(allowed(400))
    expect(seen(await send({ ...from(EVIL), path: '/%' }))).toEqual(refused(400))
    expect(seen(await send({ path: '/%' }))).toEqual(refused(400))
  })

  it('to a preflight for a path that cannot be decoded, which refuses it', async () => {
    const send = await serveApp((app) =>
      app.register(crossgate, { ...OPTIONS, optionsSuccessStatus: 200 }),
    )
    const answer = await send(preflight(APP, 'GET', '/%'))
    expect(seen(answer)).toEqual(refused(400))
    expect(answer.body).toContain('FST_ERR_BAD_URL')
  })

  it('before any hook, tells the observer once', async () => {
    const told: CorsDecision[] = []
    const send = await serveApp((app) =>
      app.register(crossgate, { ...OPTIONS, onDecision: (decision) => told.push(decision) }),
    )
    expect(seen(await send({ ...from(APP), path: '/%' }))).toEqual(allowed(400))
    expect(told.map(({ kind, outcome }) => [kind, outcome])).toEqual([['actual', 'allowed']])
  })

  const lookUps: [string, FastifyCorsOptions][] = [
    ['a predicate', { origin: (): boolean => true }],
    ['an asynchronous predicate', { origin: async () => true }],
    ['a policy with a predicate', definePolicy({ origin: (): boolean => true })],
    ['a delegator', { delegator: () => OPTIONS }],
  ]

  it.each(lookUps)('before any hook, refuses where %s would be asked', async (_what, options) => {
    const send = await serveApp((app) => app.register(crossgate, options))
    expect(seen(await send({ ...from(APP), path: '/%' }))).toEqual(refused(400))
  })

  it('before any hook, tells the observer where nobody could be asked', async () => {
    const told: CorsDecision[] = []
    const onDecision = (decision: CorsDecision): number => told.push(decision)
    const send = await serveApp((app) =>
      app.register(crossgate, { origin: async () => true, onDecision }),
    )
    await send({ ...from(APP), path: '/%' })
    await send({ ...preflight(APP), path: '/%' })
    expect(told.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['actual', 'source-failed'],
      ['preflight', 'source-failed'],
    ])
  })

  it('before any hook, beside registrations below prefixes', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, OPTIONS)
      app.register(async (api) => api.register(crossgate, { origin: OTHER }), { prefix: '/api' })
    })
    expect(seen(await send({ ...from(APP), path: '/%' }))).toEqual(allowed(400))
  })

  it('by a hook that comes before the registration', async () => {
    const send = await serveApp(async (app) => {
      app.addHook('onRequest', async (_request, reply) => reply.code(401).send('log in'))
      await app.register(crossgate, OPTIONS)
    })
    expect(seen(await send(from(APP)))).toEqual(allowed(401))
    expect(seen(await send(from(EVIL)))).toEqual(refused(401))
  })

  it('to a parameter that is too long', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, OPTIONS)
      app.get('/:id', ok)
    })
    const path = `/${'x'.repeat(200)}`
    expect(seen(await send({ ...from(APP), path }))).toEqual(allowed(414))
    expect(seen(await send({ ...from(EVIL), path }))).toEqual(refused(414))
  })

  it('by frameworkErrors of the application', async () => {
    const send = await serveApp(
      async (app) => {
        await app.register(crossgate, OPTIONS)
        app.get('/:id', ok)
      },
      {
        frameworkErrors: (error, _request, reply) => {
          reply.raw.statusCode = error.statusCode ?? 500
          reply.raw.end('own')
        },
      },
    )
    const answer = await send({ ...from(APP), path: '/%' })
    expect(seen(answer)).toEqual(allowed(400))
    expect(answer.body).toBe('own')
  })

  it('while it closes', async () => {
    const app = createFastify()
    let closes: () => void = () => {}
    const closing = new Promise<void>((resolve) => {
      closes = resolve
    })
    app.addHook('preClose', async () => closes())
    await app.register(crossgate, OPTIONS)
    app.get('/', async (request) => {
      const closed = app.close()
      await closing
      // The next request of this connection comes now.
      client.write(line('/next'))
      await new Promise((resolve) => request.raw.socket.once('data', resolve))
      await new Promise((resolve) => setImmediate(resolve))
      void closed
      return 'last'
    })
    app.get('/next', ok)
    const send = await serve(app)
    const line = (path: string) => `GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\nOrigin: ${APP}\r\n\r\n`
    const client = connect(send.port, HOST)
    client.write(line('/'))
    const received = await text(client)
    const answers = received.split('HTTP/1.1 ').slice(1)
    expect(answers.map((answer) => answer.slice(0, 3))).toEqual(['200', '503'])
    expect(answers[1]?.match(/^(?:access-control|vary).*$/gim)).toEqual([
      `access-control-allow-origin: ${APP}`,
      'vary: Origin',
    ])
  })
})

describe('answers past Fastify', () => {
  it('of a hijacked reply, also as events', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, OPTIONS)
      app.get('/', (_request, reply) => {
        reply.hijack()
        reply.raw.writeHead(200, { 'Content-Type': 'text/event-stream', Vary: 'Accept' })
        reply.raw.write('data: 1\n\n')
        setImmediate(() => reply.raw.end('data: 2\n\n'))
      })
    })
    const answer = await send(from(APP))
    expect(seen(answer)).toEqual([
      200,
      ['access-control-allow-origin', APP],
      ['vary', 'Accept, Origin'],
    ])
    expect(answer.body).toBe('data: 1\n\ndata: 2\n\n')
  })

  it('of a route that released its response', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, OPTIONS)
      app.get('/', (_request, reply) => {
        releaseGuard(reply.raw)
        reply.header('access-control-allow-origin', OTHER).send('ok')
      })
    })
    expect(seen(await send(from(APP)))).toEqual([200, ['access-control-allow-origin', OTHER]])
  })

  it('over HTTP/2', async () => {
    const app = createFastify({ http2: true, https: CERTIFICATE })
    await app.register(crossgate, OPTIONS)
    app.get('/', ok)
    await app.listen({ port: 0, host: HOST })
    const session = await openHttp2((app.server.address() as { port: number }).port)
    onTestFinished(async () => {
      session.close()
      await app.close()
    })
    expect(seen(await sendHttp2(session, from(APP)))).toEqual(allowed(200))
    expect(seen(await sendHttp2(session, preflight(APP)))).toEqual(granted())
    expect(seen(await sendHttp2(session, { ...from(APP), path: '/missing' }))).toEqual(allowed(404))
    expect(seen(await sendHttp2(session, { ...from(APP), path: '/%' }))).toEqual(allowed(400))
  })

  it('through a server that the application made', async () => {
    const send = await serveApp(
      async (app) => {
        await app.register(crossgate, OPTIONS)
        app.get('/', ok)
      },
      {
        serverFactory: (handler) =>
          createServer((request: IncomingMessage, response: ServerResponse) =>
            handler(request, response),
          ),
      },
    )
    expect(seen(await send(from(APP)))).toEqual(allowed(200))
  })
})

describe('encapsulation', () => {
  it('covers the instance on which it is registered, whatever is below, and nothing beside', async () => {
    const send = await serveApp(async (app) => {
      app.register(
        async (api) => {
          await api.register(crossgate, OPTIONS)
          api.get('/one', ok)
          api.register(
            async (inner) => {
              inner.get('/two', ok)
              inner.get('/:id/items', ok)
            },
            { prefix: '/inner' },
          )
        },
        { prefix: '/api' },
      )
      app.get('/beside', ok)
    })
    for (const path of ['/api/one', '/api/inner/two', '/api/inner/5/items']) {
      expect(seen(await send({ ...from(APP), path }))).toEqual(allowed(200))
      expect(seen(await send(preflight(APP, 'GET', path)))).toEqual(granted())
      expect(seen(await send(preflight(EVIL, 'GET', path)))).toEqual(refused(403))
    }
    expect(seen(await send(preflight(APP, 'GET', '/api/missing')))).toEqual(granted())
    expect(seen(await send({ ...from(APP), path: '/beside' }))).toEqual([200])
    expect(seen(await send(preflight(APP, 'GET', '/beside')))).toEqual([404])
  })

  it('covers a 404 below the prefix', async () => {
    const send = await serveApp(async (app) => {
      app.register(
        async (api) => {
          await api.register(crossgate, OPTIONS)
          api.get('/one', ok)
        },
        { prefix: '/api' },
      )
    })
    expect(seen(await send({ ...from(APP), path: '/api/missing' }))).toEqual(allowed(404))
    expect(seen(await send({ ...from(EVIL), path: '/api/missing' }))).toEqual(refused(404))
    expect(seen(await send({ ...from(APP), path: '/apis' }))).toEqual([404])
  })

  it('covers a 404 below each of several prefixes, the innermost first', async () => {
    const send = await serveApp(async (app) => {
      app.register(
        async (api) => {
          await api.register(crossgate, { origin: APP })
          api.register(async (inner) => inner.register(crossgate, { origin: THIRD }), {
            prefix: '/inner',
          })
        },
        { prefix: '/one' },
      )
      app.register(async (api) => api.register(crossgate, { origin: OTHER }), { prefix: '/two' })
    })
    expect(seen(await send({ ...from(APP), path: '/one/missing' }))).toEqual(allowed(404))
    expect(seen(await send({ ...from(OTHER), path: '/two/missing' }))).toEqual(allowed(404, OTHER))
    const inner = await send({ ...from(THIRD), path: '/one/inner/missing' })
    expect(seen(inner)).toEqual(allowed(404, THIRD))
    expect(seen(await send({ ...from(APP), path: '/missing' }))).toEqual([404])
  })

  it('covers a 404 below the prefix that the application answers there', async () => {
    const send = await serveApp(async (app) => {
      app.register(
        async (api) => {
          await api.register(crossgate, OPTIONS)
          api.setNotFoundHandler((_request, reply) => reply.code(404).send('not here'))
        },
        { prefix: '/api' },
      )
    })
    const answer = await send({ ...from(APP), path: '/api/missing' })
    expect(seen(answer)).toEqual(allowed(404))
    expect(answer.body).toBe('not here')
  })

  it('without a prefix, keeps the policies of two instances apart', async () => {
    const send = await serveApp(async (app) => {
      app.register(async (first) => {
        await first.register(crossgate, { origin: APP })
        first.get('/first', ok)
      })
      app.register(async (second) => {
        await second.register(crossgate, { origin: OTHER })
        second.get('/second', ok)
      })
    })
    expect(seen(await send({ ...from(APP), path: '/first' }))).toEqual(allowed(200))
    expect(seen(await send({ ...from(APP), path: '/second' }))).toEqual(refused(200))
    expect(seen(await send({ ...from(OTHER), path: '/second' }))).toEqual(allowed(200, OTHER))
    expect(seen(await send(preflight(APP, 'GET', '/first')))).toEqual(granted())
    expect(seen(await send(preflight(OTHER, 'GET', '/first')))).toEqual(refused(403))
    expect(seen(await send(preflight(OTHER, 'GET', '/second')))).toEqual(granted(OTHER))
    expect(seen(await send(preflight(APP, 'GET', '/second')))).toEqual(refused(403))
  })

  it('lets the innermost registration win, for preflights, too', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, { origin: APP, exposedHeaders: 'x-total' })
      app.get('/outer', ok)
      app.register(
        async (api) => {
          await api.register(crossgate, { origin: OTHER })
          api.get('/one', ok)
        },
        { prefix: '/api' },
      )
    })
    expect(seen(await send({ ...from(OTHER), path: '/api/one' }))).toEqual(allowed(200, OTHER))
    expect(seen(await send({ ...from(APP), path: '/api/one' }))).toEqual(refused(200))
    expect(seen(await send(preflight(OTHER, 'GET', '/api/one')))).toEqual(granted(OTHER))
    expect(seen(await send(preflight(APP, 'GET', '/api/one')))).toEqual(refused(403))
    expect(seen(await send(preflight(OTHER, 'GET', '/api/missing')))).toEqual(granted(OTHER))
    expect(seen(await send(preflight(APP, 'GET', '/outer')))).toEqual(granted())
    expect(seen(await send(preflight(OTHER, 'GET', '/outer')))).toEqual(refused(403))
  })

  it('may be registered twice in one place: the last registration holds', async () => {
    const told: CorsDecision[] = []
    const send = await serveApp(async (app) => {
      await app.register(crossgate, { origin: APP, onDecision: (decision) => told.push(decision) })
      await app.register(crossgate, {
        origin: OTHER,
        onDecision: (decision) => told.push(decision),
      })
      app.get('/', ok)
    })
    expect(seen(await send(from(OTHER)))).toEqual(allowed(200, OTHER))
    expect(seen(await send(from(APP)))).toEqual(refused(200))
    expect(seen(await send(preflight(OTHER)))).toEqual(granted(OTHER))
    expect(told).toHaveLength(3)
  })

  it('may be registered twice below one prefix', async () => {
    const send = await serveApp((app) => {
      for (const [path, origin] of [
        ['/one', APP],
        ['/two', OTHER],
      ] as const) {
        app.register(
          async (api) => {
            await api.register(crossgate, { origin })
            api.get(path, ok)
          },
          { prefix: '/api' },
        )
      }
    })
    expect(seen(await send({ ...from(APP), path: '/api/one' }))).toEqual(allowed(200))
    expect(seen(await send(preflight(APP, 'GET', '/api/one')))).toEqual(granted())
    expect(seen(await send(preflight(OTHER, 'GET', '/api/two')))).toEqual(granted(OTHER))
  })

  it('covers routes that exist before it, on the same instance', async () => {
    const send = await serveApp(async (app) => {
      app.get('/before', ok)
      await app.register(crossgate, OPTIONS)
    })
    expect(seen(await send({ ...from(APP), path: '/before' }))).toEqual(allowed(200))
    expect(seen(await send(preflight(APP, 'GET', '/before')))).toEqual(granted())
  })

  it('keeps two servers of one process apart', async () => {
    for (const origin of [APP, OTHER]) {
      const send = await serveApp((app) => {
        app.register(
          async (api) => {
            await api.register(crossgate, { origin })
            api.get('/one', ok)
          },
          { prefix: '/api' },
        )
      })
      expect(seen(await send(preflight(origin, 'GET', '/api/one')))).toEqual(granted(origin))
    }
  })
})

describe('options of a route', () => {
  async function serveRoutes(options: FastifyCorsOptions, prefix = ''): Promise<Send> {
    return serveApp((app) =>
      app.register(
        async (api) => {
          await api.register(crossgate, options)
          api.get('/item/:id', { config: { cors: { origin: OTHER } } }, ok)
          api.put('/item/:id', { config: { cors: { origin: THIRD } } }, ok)
          api.delete('/item/:id', { config: { cors: false } }, ok)
          api.patch('/item/:id', ok)
        },
        { prefix },
      ),
    )
  }

  it.each(['', '/api'])('govern the answers, with the prefix %j', async (prefix) => {
    const send = await serveRoutes({ origin: APP }, prefix)
    const path = `${prefix}/item/5`
    expect(seen(await send({ ...from(OTHER), path }))).toEqual(allowed(200, OTHER))
    expect(seen(await send({ ...from(APP), path }))).toEqual(refused(200))
    expect(seen(await send({ ...from(THIRD), path, method: 'PUT' }))).toEqual(allowed(200, THIRD))
    expect(seen(await send({ ...from(APP), path, method: 'DELETE' }))).toEqual([200])
    expect(seen(await send({ ...from(APP), path, method: 'PATCH' }))).toEqual(allowed(200))
  })

  it.each([
    // Where no route is, Fastify answers for the server, which has no policy here.
    { prefix: '', elsewhere: [404] },
    { prefix: '/api', elsewhere: granted() },
  ])('govern the preflights, with the prefix $prefix', async ({ prefix, elsewhere }) => {
    const send = await serveRoutes({ origin: APP }, prefix)
    const path = `${prefix}/item/5`
    expect(seen(await send(preflight(OTHER, 'GET', path)))).toEqual(granted(OTHER))
    expect(seen(await send(preflight(APP, 'GET', path)))).toEqual(refused(403))
    expect(seen(await send(preflight(THIRD, 'PUT', path)))).toEqual(granted(THIRD))
    expect(seen(await send(preflight(OTHER, 'PUT', path)))).toEqual(refused(403))
    expect(seen(await send(preflight(APP, 'DELETE', path)))).toEqual([403])
    expect(seen(await send(preflight(APP, 'PATCH', path)))).toEqual(granted())
    expect(seen(await send(preflight(APP, 'POST', path)))).toEqual(elsewhere)
  })

  it('are laid over those of the registration', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, { origin: APP, exposedHeaders: 'x-total', maxAge: 60 })
      app.get('/', { config: { cors: { exposedHeaders: 'x-other' } } }, ok)
    })
    expect(seen(await send(from(APP)))).toEqual([
      200,
      ['access-control-allow-origin', APP],
      ['access-control-expose-headers', 'x-other'],
      ['vary', 'Origin'],
    ])
    const lines = seen(await send(preflight(APP, 'GET')))
    expect(lines).toContainEqual(['access-control-max-age', '60'])
  })

  it('are laid over those of a policy, and of the innermost registration', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, { origin: OTHER })
      app.register(
        async (api) => {
          await api.register(crossgate, definePolicy({ origin: APP, credentials: true }))
          api.get('/one', { config: { cors: { exposedHeaders: 'x-other' } } }, ok)
        },
        { prefix: '/api' },
      )
    })
    expect(seen(await send({ ...from(APP), path: '/api/one' }))).toEqual([
      200,
      ['access-control-allow-credentials', 'true'],
      ['access-control-allow-origin', APP],
      ['access-control-expose-headers', 'x-other'],
      ['vary', 'Origin'],
    ])
  })

  it('may be a policy', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, { origin: APP, credentials: true })
      app.get('/', { config: { cors: definePolicy({ origin: OTHER }) } }, ok)
    })
    expect(seen(await send(from(OTHER)))).toEqual(allowed(200, OTHER))
    expect(seen(await send(preflight(OTHER, 'GET')))).toEqual(granted(OTHER))
  })

  it('stand for themselves behind a delegator', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, { delegator: () => ({ origin: APP }) })
      app.get('/', { config: { cors: { origin: OTHER } } }, ok)
    })
    expect(seen(await send(from(OTHER)))).toEqual(allowed(200, OTHER))
    expect(seen(await send(preflight(OTHER, 'GET')))).toEqual(granted(OTHER))
  })

  it('hold for several methods of one route, and for HEAD', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, { origin: APP })
      app.route({
        method: ['GET', 'PUT'],
        url: '/',
        config: { cors: { origin: OTHER } },
        handler: ok,
      })
    })
    for (const method of ['GET', 'PUT', 'HEAD']) {
      expect(seen(await send({ ...from(OTHER), method }))).toEqual(allowed(200, OTHER))
      expect(seen(await send(preflight(OTHER, method)))).toEqual(granted(OTHER))
    }
    expect(seen(await send(preflight(OTHER, 'DELETE')))).toEqual(refused(403))
  })

  it('keep to the constraints of their route', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, { origin: APP })
      for (const [host, origin] of [
        ['one.example', OTHER],
        ['two.example', THIRD],
      ] as const) {
        app.get('/', { constraints: { host }, config: { cors: { origin } } }, ok)
      }
    })
    const at = (host: string, origin: string) => {
      const { headers = [], ...rest } = preflight(origin, 'GET')
      return send({ ...rest, headers: [['Host', host], ...headers] })
    }
    expect(seen(await at('one.example', OTHER))).toEqual(granted(OTHER))
    expect(seen(await at('two.example', THIRD))).toEqual(granted(THIRD))
    expect(seen(await at('two.example', OTHER))).toEqual(refused(403))
    expect(seen(await at('three.example', APP))).toEqual(granted())
  })
})

describe('a preflight has the policy of the route that it asks about', () => {
  /** Routes of several instances whose paths overlap, with the origin that each admits. */
  const routes = [
    { path: '/apikeys', method: 'DELETE', origin: APP },
    { path: '/api/secret/1', method: 'DELETE', origin: APP },
    { path: '/early', method: 'PUT', origin: APP },
    { path: '/items/1', method: 'PUT', origin: THIRD },
    { path: '/items/special', method: 'PUT', origin: APP },
    { path: '/items/special', method: 'DELETE', origin: APP },
    { path: '/api', method: 'PUT', origin: OTHER },
    { path: '/api/', method: 'PUT', origin: OTHER },
    { path: '/api/thing', method: 'PUT', origin: OTHER },
    { path: '/api/missing', method: 'PUT', origin: OTHER },
    // A route of the outer instance that the prefix of another must not hide.
    { path: '/api/any', method: 'DELETE', origin: THIRD },
    { path: '/own', method: 'PUT', origin: THIRD },
    { path: '/own/', method: 'PUT', origin: THIRD },
    { path: '/unprefixed', method: 'PUT', origin: THIRD },
    { path: '/below', method: 'PUT', origin: APP },
    { path: '/missing', method: 'PUT', origin: APP },
  ]

  function build(app: FastifyInstance): void {
    app.register(crossgate, { origin: APP })
    app.register(async (below) => {
      below.put('/below', ok)
    })
    app.register(async (outer) => {
      outer.put('/early', ok)
      outer.delete('/apikeys', ok)
      outer.delete('/api/secret/:id', ok)
      outer.put('/items/special', ok)
      outer.delete('/items/:id', ok)
      outer.put('/items/:id', { config: { cors: { origin: THIRD } } }, ok)
      outer.delete('/:tenant/any', { config: { cors: { origin: THIRD } } }, ok)
    })
    app.register(
      async (api) => {
        await api.register(crossgate, { origin: OTHER })
        api.put('/', ok)
        api.put('/thing', ok)
      },
      { prefix: '/api' },
    )
    app.register(
      async (own) => {
        own.put('/', { config: { cors: { origin: THIRD } } }, ok)
      },
      { prefix: '/own' },
    )
    app.register(async (unprefixed) => {
      await unprefixed.register(crossgate, { origin: THIRD })
      unprefixed.put('/unprefixed', ok)
    })
  }

  it.each(routes)('$method $path', async ({ path, method, origin }) => {
    const send = await serveApp(build)
    for (const asking of [APP, OTHER, THIRD]) {
      const expected = asking === origin ? granted(origin) : refused(403)
      expect(seen(await send(preflight(asking, method, path)))).toEqual(expected)
      const answer = await send({ ...from(asking), path, method })
      const actual = asking === origin ? allowed(answer.status, origin) : refused(answer.status)
      expect(seen(answer)).toEqual(actual)
    }
  })

  it('and none where that route has no policy', async () => {
    const send = await serveApp(async (app) => {
      app.delete('/private', ok)
      await app.register(async (instance) => {
        await instance.register(crossgate, { origin: APP, credentials: true })
        instance.get('/open', ok)
      })
    })
    expect(seen(await send(preflight(APP, 'DELETE', '/private')))).toEqual([404])
    expect(seen(await send({ ...from(APP), path: '/private', method: 'DELETE' }))).toEqual([200])
  })

  it('by hosts that expressions tell apart', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, { origin: APP })
      const route = (host: RegExp, origin: string): void => {
        app.put('/', { constraints: { host }, config: { cors: { origin } } }, ok)
      }
      route(/^one\./, OTHER)
      route(/^two\./, THIRD)
    })
    const asking = (host: string, origin: string): ReturnType<Send> => {
      const { headers, ...request } = preflight(origin, 'PUT')
      return send({ ...request, headers: [...(headers ?? []), ['host', host]] })
    }
    expect(seen(await asking('one.example', OTHER))).toEqual(granted(OTHER))
    expect(seen(await asking('two.example', THIRD))).toEqual(granted(THIRD))
    expect(seen(await asking('two.example', OTHER))).toEqual(refused(403))
  })

  it.each([
    { prefix: '/v1', paths: ['/', ''] },
    { prefix: '/v1/', paths: ['/', '/x'] },
    { prefix: '', paths: ['/:one', '/:two/x', '/:two'] },
  ])(
    'and never keeps a server from starting: $paths below "$prefix"',
    async ({ prefix, paths }) => {
      const methods = ['get', 'put', 'delete'] as const
      const app = createFastify()
      app.register(
        async (scope) => {
          await scope.register(crossgate, { origin: APP })
          for (const [index, path] of paths.entries()) scope[methods[index] ?? 'get'](path, ok)
        },
        { prefix },
      )
      await app.ready()
      const headers = { origin: APP, 'access-control-request-method': 'GET' }
      const url = `${prefix}${paths[0]}`.replaceAll('//', '/')
      const answer = await app.inject({ method: 'OPTIONS', url, headers })
      expect(answer.statusCode).toBe(204)
    },
  )

  it('and no other routes are added where there is one policy', async () => {
    const app = createFastify()
    await app.register(crossgate, { origin: APP })
    app.get('/hello', ok)
    await app.ready()
    expect(app.printRoutes()).not.toContain('OPTIONS')
  })
})

describe('options of a route that was declared before the plugin was loaded', () => {
  it('are not in force: nothing is allowed, and the log says why', async () => {
    const lines: string[] = []
    const logger = { level: 'error', stream: { write: (line: string) => void lines.push(line) } }
    const send = await serveApp(
      (app) => {
        app.register(crossgate, { origin: APP })
        app.put('/', { config: { cors: { origin: OTHER } } }, ok)
        app.get('/wrong', { config: { cors: { origin: 'https://wrong.example/' } } }, ok)
      },
      { logger },
    )
    for (const origin of [APP, OTHER]) {
      expect(seen(await send({ ...from(origin), method: 'PUT' }))).toEqual([200])
    }
    expect(seen(await send({ ...from(APP), path: '/wrong' }))).toEqual([200])
    expect(lines).toHaveLength(3)
    expect(lines[0]).toContain('config.cors of PUT / is not in force: await the registration')
  })
})

describe('options of a route that are wrong', () => {
  it.each([
    { cors: true, code: 'options.type' },
    { cors: null, code: 'options.type' },
    { cors: APP, code: 'options.type' },
    { cors: { orgin: APP }, code: 'option.unknown' },
  ])('fail the start: $cors', async ({ cors, code }) => {
    const app = createFastify()
    await app.register(crossgate, { origin: APP })
    const declare = (): unknown => app.get('/', { config: { cors: cors as never } }, ok)
    expect(declare).toThrow(CorsConfigError)
    expect(codesOf(declare)).toEqual([code])
  })

  it('are not those that are undefined, which count as absent', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, { origin: APP, onDisallowed: 'reject', maxAge: 60 })
      const cors = { origin: undefined, onDisallowed: undefined, maxAge: 5 } as never
      app.get('/', { config: { cors } }, ok)
    })
    expect(seen(await send(from(OTHER)))).toEqual(refused(403))
    expect(seen(await send(preflight(APP, 'GET')))).toContainEqual(['access-control-max-age', '5'])
  })

  function codesOf(declare: () => unknown): readonly string[] {
    try {
      declare()
      return []
    } catch (error) {
      return (error as CorsConfigError).issues.map((issue) => issue.code)
    }
  }
})

describe('OPTIONS of the application', () => {
  const handlers: [string, (app: FastifyInstance) => void][] = [
    ['a route', (app) => app.options('/', async () => 'own')],
    ['every path', (app) => app.options('*', async () => 'own')],
    ['every method', (app) => app.all('/', async () => 'own')],
  ]

  it.each(handlers)('for %s, gets what is no preflight', async (_what, add) => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, OPTIONS)
      add(app)
    })
    const answer = await send({ ...from(APP), method: 'OPTIONS' })
    expect(seen(answer)).toEqual(allowed(200))
    expect(answer.body).toBe('own')
    expect(seen(await send(preflight(APP)))).toEqual(granted())
    expect(seen(await send(preflight(EVIL)))).toEqual(refused(403))
  })

  it.each(handlers)('for %s, may exist before the registration', async (_what, add) => {
    const send = await serveApp(async (app) => {
      add(app)
      await app.register(crossgate, OPTIONS)
      app.get('/item', { config: { cors: { origin: OTHER } } }, ok)
    })
    expect((await send({ ...from(APP), method: 'OPTIONS' })).body).toBe('own')
    expect(seen(await send(preflight(APP)))).toEqual(granted())
    expect(seen(await send(preflight(OTHER, 'GET', '/item')))).toEqual(granted(OTHER))
  })

  it.each(handlers)('for %s, below a prefix', async (_what, add) => {
    const send = await serveApp((app) =>
      app.register(
        async (api) => {
          await api.register(crossgate, OPTIONS)
          add(api)
        },
        { prefix: '/api' },
      ),
    )
    const paths = _what === 'every path' ? ['/api/', '/api/x'] : ['/api/', '/api']
    for (const path of paths) {
      const answer = await send({ ...from(APP), method: 'OPTIONS', path })
      expect(seen(answer)).toEqual(allowed(200))
      expect(answer.body).toBe('own')
      expect(seen(await send(preflight(APP, 'PUT', path)))).toEqual(granted())
      // Without Origin it is no preflight, whatever it asks for.
      const headers = [['Access-Control-Request-Method', 'PUT']] as const
      const plain = await send({ method: 'OPTIONS', path, headers })
      expect(seen(plain)).toEqual(refused(200))
      expect(plain.body).toBe('own')
    }
  })

  it('is not invented: what is no preflight is a 404 elsewhere', async () => {
    const send = await serveApp((app) =>
      app.register(
        async (api) => {
          await api.register(crossgate, OPTIONS)
          api.get('/one', ok)
        },
        { prefix: '/api' },
      ),
    )
    const request = { ...from(APP), method: 'OPTIONS', path: '/api/one' }
    expect((await send(request)).status).toBe(404)
  })

  it('gets preflights that the policy leaves to it, with the headers', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, { ...OPTIONS, preflightContinue: true })
      app.options('/', async () => 'own')
    })
    const answer = await send(preflight(APP))
    expect(answer.body).toBe('own')
    expect(seen(answer)).toEqual([200, ...granted().slice(1)])
    expect(seen(await send(preflight(APP, 'PUT', '/missing')))).toEqual([
      404,
      ...granted().slice(1),
    ])
  })
})

describe('settings', () => {
  it('preflight: false leaves preflights to the application, with the headers', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, { ...OPTIONS, preflight: false })
      app.options('/', async () => 'own')
      app.get('/item', { config: { cors: { origin: OTHER } } }, ok)
    })
    const answer = await send(preflight(APP))
    expect(answer.body).toBe('own')
    expect(seen(answer)).toEqual([200, ...granted().slice(1)])
    expect(seen(await send(preflight(EVIL)))).toEqual(refused(200))
    expect((await send(preflight(APP, 'GET', '/item'))).status).toBe(404)
  })

  it('preflight: false leaves the length of the answer to the application', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, { ...OPTIONS, preflight: false, optionsSuccessStatus: 200 })
      app.options('/', async () => 'own')
    })
    expect((await send(preflight(APP))).body).toBe('own')
  })

  it('preflight: false does not let preflights through whose look-up failed', async () => {
    let ran = false
    const send = await serveApp(async (app) => {
      const origin = (): boolean => {
        throw new Error('down')
      }
      await app.register(crossgate, { origin, preflight: false })
      app.options('/', async () => {
        ran = true
      })
    })
    expect(seen(await send(preflight(APP, 'GET')))).toEqual(refused(403))
    expect(ran).toBe(false)
  })

  it('preflight: false adds no routes', async () => {
    const added: string[] = []
    const send = await serveApp((app) => {
      app.addHook('onRoute', ({ method, url }) => {
        added.push(`${method} ${url}`)
      })
      return app.register(
        async (api) => {
          await api.register(crossgate, { ...OPTIONS, preflight: false })
          api.get('/one', { exposeHeadRoute: false }, ok)
        },
        { prefix: '/api' },
      )
    })
    expect(added).toEqual(['GET /api/one'])
    expect((await send(preflight(APP, 'GET', '/api/one'))).status).toBe(404)
  })

  it.each([
    [undefined, true],
    [true, true],
    [false, false],
  ])('hideOptionsRoute: %s', async (hideOptionsRoute, hidden) => {
    const added: (RouteOptions & { path: string })[] = []
    await serveApp((app) => {
      app.addHook('onRoute', (route) => {
        if (route.method === 'OPTIONS') added.push(route)
      })
      return app.register(
        async (api) => {
          await api.register(crossgate, { ...OPTIONS, hideOptionsRoute })
          api.get('/one', ok)
        },
        { prefix: '/api' },
      )
    })
    expect(added.length).toBeGreaterThan(0)
    for (const { schema } of added) expect(schema).toMatchObject({ hide: hidden })
  })

  /** The log lines of one preflight. */
  async function logged(prefix: string, options: FastifyCorsOptions): Promise<string[]> {
    const lines: string[] = []
    const stream = { write: (line: string) => lines.push(line) }
    const send = await serveApp(
      (app) =>
        app.register(
          async (api) => {
            await api.register(crossgate, options)
            api.get('/one', ok)
          },
          { prefix },
        ),
      { logger: { stream } },
    )
    lines.length = 0
    expect(seen(await send(preflight(APP, 'GET', `${prefix}/one`)))).toEqual(granted())
    return lines.filter((line) => line.includes('"reqId"'))
  }

  it.each(['', '/api'])('logLevel, with the prefix %j', async (prefix) => {
    expect(await logged(prefix, OPTIONS)).toHaveLength(2)
    expect(await logged(prefix, { ...OPTIONS, logLevel: 'silent' })).toEqual([])
  })

  it('logLevel of the registration on the server itself', async () => {
    const lines: string[] = []
    const stream = { write: (line: string) => lines.push(line) }
    const send = await serveApp(
      async (app) => {
        await app.register(crossgate, { ...OPTIONS, logLevel: 'silent' })
        app.get('/one', ok)
      },
      { logger: { stream } },
    )
    lines.length = 0
    expect(seen(await send(preflight(APP, 'GET', '/one')))).toEqual(granted())
    expect(seen(await send(preflight(APP, 'GET', '/missing')))).toEqual(granted())
    expect(lines.filter((line) => line.includes('"reqId"'))).toEqual([])
    expect(seen(await send({ ...from(APP), path: '/one' }))).toEqual(allowed(200))
    expect(lines.filter((line) => line.includes('"reqId"'))).toHaveLength(2)
  })
})

describe('a look-up', () => {
  it('that takes longer than the answer touches nothing', async () => {
    let answer: (allowed: boolean) => void = () => {}
    const pending = new Promise<boolean>((resolve) => {
      answer = resolve
    })
    const ran: string[] = []
    const send = await serveApp(async (app) => {
      app.addHook('onRequest', (_request, reply, done) => {
        setImmediate(() => reply.raw.writeHead(503).end('timed out'))
        done()
      })
      await app.register(crossgate, { origin: () => pending })
      app.get('/', async () => {
        ran.push('handler')
        return 'ok'
      })
    })
    const timedOut = await send(from(APP))
    expect(seen(timedOut)).toEqual(refused(503))
    expect(timedOut.body).toBe('timed out')
    answer(true)
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(ran).toEqual([])
  })

  it('that fails reaches the error handler of the application', async () => {
    const send = await serveApp(async (app) => {
      await app.register(crossgate, {
        origin: async () => {
          throw new Error('the store is away')
        },
      })
      app.setErrorHandler((error, _request, reply) => {
        reply.code(503).send((error as Error).message)
      })
      app.get('/', ok)
    })
    const answer = await send(from(APP))
    expect(seen(answer)).toEqual(refused(503))
    expect(answer.body).toBe('the store is away')
    expect(seen(await send(preflight(APP)))).toEqual(refused(403))
  })
})
