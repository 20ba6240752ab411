import { createSecureServer } from 'node:http2'
import {
  getRequestListener,
  type HttpBindings,
  serve as serveNode,
  upgradeWebSocket,
} from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { ReplacedField } from 'crossgate'
import { withCors } from 'crossgate/fetch'
import cors, { cors as named } from 'crossgate/hono'
import { installGuard, withCors as withNodeCors } from 'crossgate/node'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { cors as honoCors } from 'hono/cors'
import { etag } from 'hono/etag'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import { stream, streamSSE, streamText } from 'hono/streaming'
import { timeout } from 'hono/timeout'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { ASKERS, type Asker, POLICY, POLICY_LINES } from '../paths/path.ts'
import { APP, EVIL, PARTNER } from '../tables/exchanges.ts'
import { ASKING, askedBy, expectSame } from './fetch-comparing.ts'
import { sendDirectly } from './fetch-harnesses.ts'
import { corsLines, expectedLines, failOnUnhandledRejections } from './harness.ts'
import { allowed, from, granted, preflight, refused, seen, serve } from './serving.ts'
import {
  CERTIFICATE,
  close,
  HOST,
  listen,
  openHttp2,
  sendHttp2,
  type WireAnswer,
  type WireRequest,
} from './wire.ts'

const NATIVE_RESPONSE = globalThis.Response

failOnUnhandledRejections()

type Send = (request: WireRequest) => Promise<WireAnswer>

/** Hono's own way to be tested is how it runs on every platform that is not Node. */
const WAYS: Readonly<Record<string, (app: Hono) => Promise<Send>>> = {
  'by app.request': async (app) => (request) => sendDirectly((sent) => app.request(sent), request),
  'on node-server': async (app) => {
    const listener = getRequestListener(app.fetch)
    return serve((incoming, outgoing) => void listener(incoming, outgoing))
  },
}

const OWN_CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Credentials': 'true',
  'Access-Control-Max-Age': '1',
}

interface HonoPath {
  /** Builds the application; `middleware` is crossgate's, or nothing. */
  readonly build: (app: Hono, middleware: MiddlewareHandler) => Hono
  readonly status: number
  /** @default GET / */
  readonly ask?: WireRequest
}

const nothing: MiddlewareHandler = async (_context, next) => {
  await next()
}

/** An application with crossgate in front of one handler. */
function path(
  status: number,
  handler: (context: Context) => Response | Promise<Response>,
  ask: WireRequest = {},
): HonoPath {
  const build: HonoPath['build'] = (app, middleware) => app.use(middleware).all('/', handler)
  return { status, build, ask }
}

/** The same with more middleware, before crossgate and after. */
function between(
  before: MiddlewareHandler,
  after: MiddlewareHandler,
  handler: (context: Context) => Response | Promise<Response>,
): HonoPath {
  return {
    status: 200,
    build: (app, middleware) => app.use(before).use(middleware).use(after).get('/', handler),
  }
}

/** What an application has besides, so that the same is printed with crossgate and without. */
function quiet(app: Hono): Hono {
  return app.onError((error, context) =>
    error instanceof HTTPException
      ? error.getResponse()
      : context.text(`sorry: ${error.message}`, 500),
  )
}

function fail(error: unknown): never {
  throw error
}

const readsEarly: MiddlewareHandler = async (context, next) => {
  context.res.headers.set('X-Early', '1')
  context.res.headers.append('Set-Cookie', 'early=1')
  await next()
}

const PATHS: Readonly<Record<string, HonoPath>> = {
  'c.text': path(200, (c) => c.text('ok')),
  'c.json': path(200, (c) => c.json({ ok: true })),
  'c.html': path(200, (c) => c.html('<p>')),
  'c.body': path(200, (c) => c.body('ok')),
  'c.body of nothing, 204': path(204, (c) => c.body(null, 204)),
  '304': path(304, (c) => c.body(null, 304, { ETag: '"1"' })),
  'c.redirect': path(302, (c) => c.redirect('/elsewhere')),
  'c.header': path(200, (c) => {
    c.header('X-Total', '7')
    c.header('Vary', 'Accept')
    c.header('Set-Cookie', 'a=1', { append: true })
    c.header('Set-Cookie', 'b=2', { append: true })
    return c.text('ok')
  }),
  'c.header of CORS fields': path(200, (c) => {
    for (const [name, value] of Object.entries(OWN_CORS)) c.header(name, value)
    c.header('Access-Control-Allow-Origin', 'https://other.example', { append: true })
    return c.text('ok')
  }),
  'c.header that removes': path(200, (c) => {
    c.header('Access-Control-Allow-Origin', undefined)
    c.header('Vary', undefined)
    return c.text('ok')
  }),
  'c.status': path(418, (c) => {
    c.status(418)
    return c.text('teapot')
  }),
  'a raw Response': path(
    200,
    () => new Response('raw', { headers: { ...OWN_CORS, Vary: 'Accept' } }),
  ),
  'a raw Response without a body': path(204, () => new Response(null, { status: 204 })),
  'a raw Response with two cookies': path(200, () => {
    const headers = new Headers({ 'X-Total': '7' })
    headers.append('Set-Cookie', 'a=1; Expires=Thu, 01 Jan 2032 00:00:00 GMT')
    headers.append('Set-Cookie', 'b=2')
    return new Response('ok', { headers })
  }),
  'Response.redirect': path(302, () => Response.redirect('https://elsewhere.example/', 302)),
  'Vary: *': path(200, (c) => c.text('ok', 200, { Vary: '*' })),
  'a body that is read': path(201, async (c) => c.text(await c.req.text(), 201), {
    method: 'POST',
    body: 'sent',
  }),
  HEAD: path(200, (c) => c.text('ok'), { method: 'HEAD' }),
  'an OPTIONS that is no preflight': path(200, (c) => c.text('own'), { method: 'OPTIONS' }),
  stream: path(200, (c) => stream(c, async (out) => void (await out.write('one,two')))),
  streamText: path(200, (c) => streamText(c, async (out) => void (await out.write('one,two')))),
  streamSSE: path(200, (c) => streamSSE(c, (out) => out.writeSSE({ data: '1', id: '1' }))),

  'a thrown Error': path(500, () => fail(new Error('thrown'))),
  'a rejection': path(500, () => Promise.reject(new Error('rejected'))),
  'a thrown Error after c.header': path(500, (c) => {
    c.header('X-Kept', '1')
    c.header('Vary', 'Accept')
    return fail(new Error('thrown'))
  }),
  HTTPException: path(401, () => fail(new HTTPException(401, { message: 'log in' }))),
  'HTTPException with a response': path(403, () =>
    fail(
      new HTTPException(403, {
        res: new Response('no', { headers: { ...OWN_CORS, Vary: 'Cookie' } }),
      }),
    ),
  ),
  'onError with a raw Response': {
    status: 500,
    build: (app, middleware) => {
      app.onError(() => new Response('raw', { status: 500, headers: { Vary: 'Accept' } }))
      return app.use(middleware).get('/', () => fail(new Error('thrown')))
    },
  },
  'an Error of middleware below': between(
    nothing,
    () => fail(new HTTPException(200)),
    (c) => c.text('no'),
  ),
  'a handler that returns nothing': path(500, () => undefined as never),
  'an Error after the answer': {
    status: 500,
    build: (app, middleware) =>
      app
        .use(middleware)
        .use(async (_c, next) => {
          await next()
          fail(new Error('afterwards'))
        })
        .get('/', (c) => c.text('no')),
  },
  'a 404': {
    status: 404,
    build: (app, middleware) => app.use(middleware).get('/', (c) => c.text('ok')),
    ask: { path: '/missing' },
  },
  'a 404 of its own': {
    status: 404,
    build: (app, middleware) =>
      app
        .use(middleware)
        .notFound(() => new Response('none', { status: 404, headers: { Vary: 'Accept' } })),
    ask: { path: '/missing' },
  },
  'c.notFound': path(404, (c) => c.notFound() as Response),

  'middleware before that reads c.res, and c.text': between(readsEarly, nothing, (c) =>
    c.text('ok', 200, { 'Set-Cookie': 'own=1' }),
  ),
  'middleware before that reads c.res, and a raw Response': between(
    readsEarly,
    nothing,
    () => new Response('raw', { headers: { Vary: 'Accept', 'X-Total': '7' } }),
  ),
  'middleware below that reads c.res, and a raw Response': between(
    nothing,
    readsEarly,
    () => new Response('raw', { headers: { Vary: 'Accept', 'X-Total': '7' } }),
  ),
  'middleware that sets headers afterwards': between(
    async (c, next) => {
      await next()
      c.header('X-After', '1')
      c.header('Set-Cookie', 'a=1', { append: true })
      c.header('Set-Cookie', 'b=2', { append: true })
    },
    async (c, next) => {
      await next()
      c.res.headers.append('X-After', '2')
      c.header('Vary', 'Accept', { append: true })
    },
    (c) => c.text('ok'),
  ),
  'middleware that replaces the response': between(
    nothing,
    async (c, next) => {
      await next()
      c.res = new Response(`${await c.res.text()}!`, { headers: { Vary: 'Accept' } })
    },
    (c) => c.text('ok'),
  ),
  etag: between(nothing, etag(), (c) => c.text('ok')),
  'secure-headers before': between(secureHeaders(), nothing, (c) => c.text('ok')),
  'secure-headers after': between(nothing, secureHeaders(), (c) => c.text('ok')),
  'compress before': {
    ...between(compress({ threshold: 0 }), nothing, (c) => c.text('ok'.repeat(999))),
    ask: { headers: [['Accept-Encoding', 'gzip']] },
  },
  'compress after': {
    ...between(nothing, compress({ threshold: 0 }), (c) => c.text('ok'.repeat(999))),
    ask: { headers: [['Accept-Encoding', 'gzip']] },
  },
  'body-limit': { ...between(nothing, bodyLimit({ maxSize: 9 }), (c) => c.text('no')), ask: {} },

  'a part of the application': {
    status: 200,
    ask: { path: '/api/items' },
    build: (app, middleware) =>
      app.use(middleware).route(
        '/api',
        new Hono().get('/items', (c) => c.text('items')),
      ),
  },
  'a part with crossgate of its own': {
    status: 200,
    ask: { path: '/api/items' },
    build: (app, middleware) =>
      app.route(
        '/api',
        new Hono().use(middleware).get('/items', (c) => c.text('items')),
      ),
  },
  'a failing part with an onError of its own': {
    status: 418,
    ask: { path: '/api/items' },
    build: (app, middleware) => {
      const part = new Hono().use(middleware).get('/items', () => fail(new Error('thrown')))
      return app.route(
        '/api',
        part.onError(() => new Response('own', { status: 418 })),
      )
    },
  },
  basePath: {
    status: 200,
    ask: { path: '/v1/items' },
    build: (app, middleware) =>
      app
        .basePath('/v1')
        .use(middleware)
        .get('/items', (c) => c.text('items')) as never,
  },
  'a mounted application': {
    status: 200,
    ask: { path: '/other/items' },
    build: (app, middleware) =>
      app
        .use(middleware)
        .mount(
          '/other',
          (request: Request) => new Response(new URL(request.url).pathname, { headers: OWN_CORS }),
        ) as Hono,
  },
  'a route with crossgate of its own': {
    status: 200,
    build: (app, middleware) => app.get('/', middleware, (c) => c.text('ok')),
  },
}

describe.each(Object.entries(WAYS))('%s', (_way, sending) => {
  describe.each(Object.entries(PATHS))('%s', (_title, { build, status, ask = {} }) => {
    it.each(ASKING)('from %s', async (asker) => {
      const send = await sending(build(quiet(new Hono()), cors(POLICY)))
      const sendBare = await sending(build(quiet(new Hono()), nothing))
      const answer = await send(askedBy(asker, ask))
      expect(answer.status).toBe(status)
      expectSame(asker, answer, await sendBare(askedBy(asker, ask)))
    })
  })

  it('at once, requests get each their own answer', async () => {
    const send = await sending(new Hono().use(cors(POLICY)).get('/', (c) => c.text('ok')))
    const all = Array.from({ length: 300 }, (_, index) => ASKING[index % 3] as Asker)
    const answers = await Promise.all(all.map((asker) => send(askedBy(asker))))
    expect(answers.map(({ rawHeaders }) => corsLines(rawHeaders))).toEqual(
      all.map((asker) => expectedLines(POLICY_LINES[asker])),
    )
  })

  describe('what is thrown and no Error', () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {})
    beforeEach(() => print.mockClear())

    it.each([
      ['a text', 'text'],
      ['null', null],
      ['undefined', undefined],
      ['an object', { code: 5 }],
      ['a Response', new Response('thrown', { status: 401 })],
    ])('is printed, and answered with an empty 500: %s', async (_title, thrown) => {
      const onError = vi.fn(() => new Response('never'))
      for (const handler of [() => fail(thrown), () => Promise.reject(thrown)]) {
        const app = new Hono().use(cors(POLICY)).get('/', handler)
        app.onError(onError)
        const send = await sending(app)
        for (const asker of ASKING) {
          const { status, body, rawHeaders } = await send(askedBy(asker))
          expect([status, body]).toEqual([500, ''])
          expect(corsLines(rawHeaders)).toEqual(expectedLines(POLICY_LINES[asker]))
        }
      }
      expect(print.mock.calls).toEqual(Array(6).fill([thrown]))
      expect(onError).not.toHaveBeenCalled()
    })

    it('is so, too, after an answer was there', async () => {
      const app = new Hono()
        .use(cors(POLICY))
        .use(async (_c, next) => {
          await next()
          fail('afterwards')
        })
        .get('/', (c) => c.text('no', 200, { 'X-Lost': '1' }))
      const { status, body, rawHeaders } = await (await sending(app))(askedBy('an allowed origin'))
      expect([status, body]).toEqual([500, ''])
      expect(corsLines(rawHeaders)).toEqual(expectedLines(POLICY_LINES['an allowed origin']))
      expect(rawHeaders.filter(([name]) => name === 'x-lost')).toEqual([])
    })
  })

  describe('a look-up that fails', () => {
    const away = cors({ origin: () => Promise.reject(new Error('the store is away')) })

    it.each([
      ['as it is', (app: Hono) => app],
      ['answered by c.text', (app: Hono) => app.onError((error, c) => c.text(error.message, 503))],
      [
        'answered by a Response',
        (app: Hono) =>
          app.onError(
            (error) =>
              new Response(error.message, {
                status: 503,
                headers: { ...OWN_CORS, Vary: 'Accept' },
              }),
          ),
      ],
    ])('goes to onError, %s', async (title, handle) => {
      vi.spyOn(console, 'error').mockImplementationOnce(() => {})
      const handler = vi.fn((c: Context) => c.text('no'))
      const send = await sending(handle(new Hono().use(away).get('/', handler)))
      const answer = await send(from(APP))
      const vary = title.endsWith('Response') ? 'Accept, Origin' : 'Origin'
      expect(seen(answer)).toEqual([title === 'as it is' ? 500 : 503, ['vary', vary]])
      if (title !== 'as it is') expect(answer.body).toBe('the store is away')
      expect(handler).not.toHaveBeenCalled()
    })

    it('refuses preflights', async () => {
      const send = await sending(new Hono().use(away).get('/', (c) => c.text('no')))
      expect(seen(await send(preflight(APP)))).toEqual(refused(403))
    })

    it('where there is no handler goes to onError, too', async () => {
      const app = new Hono().use(away).onError((error, c) => c.text(error.message, 503))
      const answer = await (await sending(app))(from(APP))
      expect(seen(answer)).toEqual(refused(503))
      expect(answer.body).toBe('the store is away')
    })

    it('that takes too long ends by itself', async () => {
      const silent = cors({ origin: () => new Promise<boolean>(() => {}), timeout: 10 })
      const app = quiet(new Hono())
        .use(silent)
        .get('/', (c) => c.text('no'))
      expect(seen(await (await sending(app))(from(APP)))).toEqual(refused(500))
    })
  })

  it('an onError that throws is asked again by Hono, and its answer is covered', async () => {
    let calls = 0
    const app = new Hono().use(cors(POLICY)).get('/', () => fail(new Error('first')))
    app.onError((error) => {
      calls += 1
      return calls === 1 ? fail(new Error('second')) : new Response(error.message, { status: 500 })
    })
    const answer = await (await sending(app))(askedBy('an allowed origin'))
    expect([answer.status, answer.body, calls]).toEqual([500, 'second', 2])
    expect(corsLines(answer.rawHeaders)).toEqual(expectedLines(POLICY_LINES['an allowed origin']))
  })

  describe('preflights', () => {
    const app = new Hono()
      .use(readsEarly)
      .use(cors({ origin: APP }))
      .all('/', (c) => c.text('never'))

    it('are granted, with what middleware before has set', async () => {
      const answer = await (await sending(app))(preflight(APP))
      expect(seen(answer)).toEqual(granted())
      expect(answer.body).toBe('')
      expect(answer.rawHeaders).toContainEqual(['x-early', '1'])
    })

    it('are refused', async () => {
      const answer = await (await sending(app))(preflight(EVIL))
      expect(seen(answer)).toEqual(refused(403))
    })

    it('where hono/cors is in front, too, are what the policy says', async () => {
      const both = new Hono()
        .use(cors({ origin: APP }))
        .use(honoCors())
        .get('/', (c) => c.text('ok'))
      const send = await sending(both)
      expect(seen(await send(preflight(EVIL)))).toEqual(refused(403))
      expect(seen(await send(from(EVIL)))).toEqual(refused(200))
      expect(seen(await send(from(APP)))).toEqual(allowed(200))
    })
  })

  describe('one policy inside another', () => {
    const outer = cors({ origin: APP })
    const inner = cors({ origin: PARTNER })
    const expectInner = async (app: Hono, ask: WireRequest = {}): Promise<void> => {
      const send = await sending(app)
      expect(seen(await send({ ...ask, ...from(PARTNER) }))).toEqual(allowed(200, PARTNER))
      expect(seen(await send({ ...ask, ...from(APP) }))).toEqual(refused(200))
    }

    it('the inner one wins on the same path', async () => {
      await expectInner(
        new Hono()
          .use(outer)
          .use(inner)
          .get('/', (c) => c.text('ok')),
      )
    })

    it('wins though middleware between them touches the response', async () => {
      const between: MiddlewareHandler = async (c, next) => {
        await next()
        c.header('X-Between', '1')
        c.res = new Response('ok')
      }
      await expectInner(
        new Hono()
          .use(outer)
          .use(between)
          .use(inner)
          .get('/', (c) => c.text('no')),
      )
    })

    it('wins in a part of the application', async () => {
      const part = new Hono().use(inner).get('/items', (c) => c.text('ok'))
      await expectInner(new Hono().use(outer).route('/api', part), { path: '/api/items' })
    })

    it('wins in a mounted application', async () => {
      const part = new Hono().use(inner).get('/items', (c) => c.text('ok'))
      const app = new Hono().use(outer)
      app.mount('/api', part.fetch)
      await expectInner(app, { path: '/api/items' })
    })

    it('wins in a mounted handler of crossgate/fetch', async () => {
      const app = new Hono().use(outer)
      app.mount(
        '/api',
        withCors({ origin: PARTNER }, () => new Response('ok')),
      )
      await expectInner(app, { path: '/api/items' })
    })

    it('wins in an application that is handed the request as it is', async () => {
      const whole = new Hono().use(inner).get('/', (c) => c.text('ok'))
      const app = new Hono().use(outer).all('/', (c) => whole.fetch(c.req.raw, c.env))
      await expectInner(app)
    })

    it('does not win where its response was kept, and is handed out again', async () => {
      const kept = new Map<string, Response>()
      const part = withCors({ origin: [APP, PARTNER] }, () => new Response(null))
      const app = new Hono().use(cors({ origin: [APP, PARTNER] })).get('/', async (c) => {
        const answer = kept.get(c.req.url) ?? (await part(c.req.raw))
        kept.set(c.req.url, answer)
        return answer
      })
      const send = await sending(app)
      expect(seen(await send(from(APP)))).toEqual(allowed(200))
      expect(seen(await send(from(PARTNER)))).toEqual(allowed(200, PARTNER))
      expect(seen(await send(from(EVIL)))).toEqual(refused(200))
      expect(seen(await send(from(APP)))).toEqual(allowed(200))
    })

    it('does not win where its response is not the answer', async () => {
      const app = new Hono().use(outer)
      app.get('/items', inner, (c) => c.text('items'))
      app.get('/', async (c) => {
        const items = await app.request('/items', {}, c.env as object)
        return c.text(`all ${await items.text()}`)
      })
      const send = await sending(app)
      expect(await send(from(APP)).then(seen)).toEqual(allowed(200))
      expect(await send(from(PARTNER)).then(seen)).toEqual(refused(200))
    })

    it('does not win where it is asked by another method', async () => {
      const app = new Hono()
      app.post('/', inner, (c) => c.text('posted'))
      app.get('/', outer, async (c) => {
        const posted = await app.request('/', { method: 'POST' }, c.env as object)
        return c.text(await posted.text())
      })
      const answer = await (await sending(app))(from(APP))
      expect(seen(answer)).toEqual(allowed(200))
      expect(answer.body).toBe('posted')
    })

    it('wins where an onError that throws is asked again', async () => {
      let calls = 0
      const app = new Hono()
        .use(outer)
        .use(inner)
        .get('/', () => fail(new Error('thrown')))
      app.onError((error) => {
        calls += 1
        return calls < 3 ? fail(error) : new Response(error.message, { status: 500 })
      })
      const answer = await (await sending(app))(from(PARTNER))
      expect(calls).toBe(3)
      expect(seen(answer)).toEqual(allowed(500, PARTNER))
    })

    it('gives a path without a policy none, where only another path is asked', async () => {
      const app = new Hono()
      app.get('/items', cors({ origin: '*' }), (c) => c.text('items'))
      app.get('/', async (c) =>
        c.text(await (await app.request('/items', {}, c.env as object)).text()),
      )
      const answer = await (await sending(app))(from(APP))
      expect(seen(answer)).toEqual([200])
      expect(answer.body).toBe('items')
    })
  })

  it('delegates and observers get the context, also of a 404', async () => {
    const subjects: unknown[] = []
    const app = new Hono<{ Variables: { tenant: string } }>()
    app.use(async (c, next) => {
      c.set('tenant', 'acme')
      await next()
    })
    app.use(
      cors((c: Context<{ Variables: { tenant: string } }>) => {
        subjects.push(c.get('tenant'), c.req.path)
        return { origin: APP, onDecision: (_decision, request) => subjects.push(request === c) }
      }),
    )
    await (await sending(app as never))({ ...from(APP), path: '/missing' })
    expect(subjects).toEqual(['acme', '/missing', true])
  })

  it('observers are told what was replaced, once, also inside another layer', async () => {
    const told: (readonly ReplacedField[])[] = []
    const onReplaced = (fields: readonly ReplacedField[]): void => void told.push(fields)
    const app = new Hono()
      .use(cors({ origin: PARTNER, onReplaced }))
      .use(cors({ origin: APP, onReplaced }))
      .get('/', (c) => c.text('ok', 200, { 'Access-Control-Allow-Origin': '*' }))
    await (await sending(app))(from(APP))
    expect(told).toEqual([[{ name: 'access-control-allow-origin', values: ['*'], sent: APP }]])
  })
})

it('is exported by name and by default', () => {
  expect(cors).toBe(named)
})

it('wrong options are refused at once', () => {
  expect(() => cors({ origin: `${APP}/` } as never)).toThrow(/#origintrailing-slash/)
})

describe('on Node', () => {
  const serveApp = (app: { fetch: Hono['fetch'] }) => {
    const listener = getRequestListener(app.fetch)
    return serve((incoming, outgoing) => void listener(incoming, outgoing))
  }

  it("what is written to Node's response is covered", async () => {
    const app = new Hono<{ Bindings: HttpBindings }>()
    app.use(cors(POLICY))
    app.get('/', (c) => {
      c.env.outgoing.writeHead(200, { ...OWN_CORS, Vary: 'Accept' }).end('raw')
      return RESPONSE_ALREADY_SENT
    })
    const { body, rawHeaders } = await (await serveApp(app as never))(askedBy('a refused origin'))
    expect(body).toBe('raw')
    expect(corsLines(rawHeaders)).toEqual([['vary', 'Accept, Origin']])
  })

  it('what Hono answers outside of crossgate is covered', async () => {
    const app = quiet(new Hono())
      .use(async (_c, next) => {
        await next()
        fail(new Error('outside'))
      })
      .use(cors(POLICY))
      .get('/', (c) => c.text('no'))
    const { status, rawHeaders } = await (await serveApp(app))(askedBy('an allowed origin'))
    expect(status).toBe(500)
    expect(corsLines(rawHeaders)).toEqual(expectedLines(POLICY_LINES['an allowed origin']))
  })

  it('what node-server answers for a rejection of onError is covered', async () => {
    const app = new Hono().use(cors(POLICY)).get('/', () => fail(new Error('thrown')))
    app.onError((error) => fail(error))
    const { status, rawHeaders } = await (await serveApp(app))(askedBy('an allowed origin'))
    expect(status).toBe(500)
    expect(corsLines(rawHeaders)).toEqual(expectedLines(POLICY_LINES['an allowed origin']))
  })

  it('a timeout outside answers while a look-up takes its time, and allows nobody', async () => {
    const late = vi.fn(() => new Promise<boolean>((resolve) => setTimeout(resolve, 60, true)))
    const handler = vi.fn((c: Context) => c.text('late'))
    const onError = vi.fn((_error: Error, c: Context) => c.text('sorry', 504))
    const app = new Hono()
      .onError(onError)
      .use(timeout(10))
      .use(cors({ origin: late }))
      .get('/', handler)
    const print = vi.spyOn(console, 'error').mockClear()
    const send = await serveApp(app)
    expect(seen(await send(from(APP)))).toEqual(refused(504))
    await new Promise((resolve) => setTimeout(resolve, 80))
    expect(late).toHaveBeenCalledTimes(1)
    // The timeout's own error.
    expect(onError).toHaveBeenCalledTimes(1)
    expect(handler).not.toHaveBeenCalled()
    expect(print).not.toHaveBeenCalled()
    print.mockRestore()
  })

  it('a response that node-server can send without making a real one stays so', async () => {
    const shared = new Response('shared')
    const app = new Hono().use(cors({ origin: [APP, PARTNER] })).get('/', () => shared)
    const send = await serveApp(app)
    const origins = [APP, EVIL, PARTNER, APP]
    const answers = await Promise.all(origins.map((origin) => send(from(origin))))
    expect(answers.map(({ body }) => body)).toEqual(Array(4).fill('shared'))
    expect(answers.map(seen)).toEqual([
      allowed(200),
      refused(200),
      allowed(200, PARTNER),
      allowed(200),
    ])
    expect([...shared.headers.keys()]).toEqual(['content-type'])
  })

  it('installGuard and middleware agree', async () => {
    const app = new Hono()
    app.use('/api/*', cors({ origin: PARTNER }))
    app.get('*', (c) => c.text('ok'))
    const server = serveNode({ fetch: app.fetch, port: 0, hostname: HOST })
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(() => close(server as never))
    installGuard(server, { origin: APP })
    const port = (server.address() as { port: number }).port
    const ask = async (url: string, origin: string) => {
      const { headers } = await fetch(`http://${HOST}:${port}${url}`, {
        headers: { Origin: origin },
      })
      return [headers.get('access-control-allow-origin'), headers.get('vary')]
    }
    expect(await ask('/api/items', PARTNER)).toEqual([PARTNER, 'Origin'])
    expect(await ask('/api/items', APP)).toEqual([null, 'Origin'])
    expect(await ask('/', APP)).toEqual([APP, 'Origin'])
    expect(await ask('/', PARTNER)).toEqual([null, 'Origin'])
  })

  it('inside of crossgate/node the middleware wins', async () => {
    const app = new Hono().use(cors({ origin: PARTNER })).get('/', (c) => c.text('ok'))
    const listener = getRequestListener(app.fetch)
    const send = await serve(
      withNodeCors({ origin: [APP, PARTNER] }, (request, response) => listener(request, response)),
    )
    expect(seen(await send(from(PARTNER)))).toEqual(allowed(200, PARTNER))
    expect(seen(await send(from(APP)))).toEqual(refused(200))
  })

  it('over HTTP/2', async () => {
    const app = quiet(new Hono())
      .use(cors(POLICY))
      .get('/', (c) => c.text('ok'))
    const listener = getRequestListener(app.fetch)
    const server = createSecureServer(
      CERTIFICATE,
      (request, response) => void listener(request, response),
    )
    const port = await listen(server as never)
    const session = await openHttp2(port)
    onTestFinished(async () => {
      session.close()
      await close(server as never)
    })
    for (const asker of ASKING) {
      for (const path of ['/', '/missing']) {
        const { rawHeaders } = await sendHttp2(session, askedBy(asker, { path }))
        expect(corsLines(rawHeaders)).toEqual(expectedLines(POLICY_LINES[asker]))
      }
    }
  })

  it('a web socket is opened, and one that is refused says so', async () => {
    const app = new Hono()
    app.use(cors({ origin: APP }))
    app.get(
      '/socket',
      upgradeWebSocket(() => ({
        onMessage: (event, socket) => socket.send(`got ${event.data}`),
      })),
    )
    const wss = new WebSocketServer({ noServer: true })
    const server = serveNode({
      fetch: app.fetch,
      port: 0,
      hostname: HOST,
      websocket: { server: wss as never },
    })
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(() => close(server as never))
    const { port } = server.address() as { port: number }
    const client = new WebSocket(`ws://${HOST}:${port}/socket`, { headers: { Origin: APP } })
    client.on('open', () => client.send('hello'))
    const [message] = await new Promise<[Buffer]>((resolve, reject) => {
      client.on('message', (...parameters) => resolve([parameters[0] as Buffer]))
      client.on('error', reject)
    })
    expect(message.toString()).toBe('got hello')
    client.close()
  })
})

describe('elsewhere', () => {
  // That of node-server, which the tests above have put in its place, takes any status.
  beforeEach(() => {
    vi.stubGlobal('Response', NATIVE_RESPONSE)
    return () => vi.unstubAllGlobals()
  })

  const request = (origin: string): Request =>
    new Request('http://localhost/', { headers: { Origin: origin } })

  it('a response that switches protocols passes as it is', async () => {
    // Node makes no such Response; Workers and Deno do.
    const upgrade = Object.defineProperty(new Response(null), 'status', { value: 101 })
    const app = new Hono().use(cors(POLICY)).get('/', () => upgrade)
    expect(await app.request(request(APP))).toBe(upgrade)
    expect([...upgrade.headers]).toEqual([])
  })

  it('bindings of the platform are no response of Node', async () => {
    const bindings = { KEY: 'k', incoming: 'a binding', outgoing: { get: () => 'value' } }
    const app = new Hono<{ Bindings: typeof bindings }>()
    app.use(cors(POLICY))
    app.get('/', (c) => c.text(`${c.env.KEY} ${c.env.incoming} ${c.env.outgoing.get()}`))
    const answer = await app.request(request(APP), {}, bindings)
    expect(await answer.text()).toBe('k a binding value')
    expect(answer.headers.get('access-control-allow-origin')).toBe(ASKERS['an allowed origin'])
  })

  it('the response of the handler is not changed', async () => {
    const shared = new Response(null, { status: 204 })
    const app = new Hono().use(cors({ origin: [APP, PARTNER] })).get('/', () => shared)
    const answers = await Promise.all(
      [APP, EVIL, PARTNER].map((origin) => app.request(request(origin))),
    )
    expect(answers.map(({ headers }) => headers.get('access-control-allow-origin'))).toEqual([
      APP,
      null,
      PARTNER,
    ])
    expect([...shared.headers]).toEqual([])
  })

  const raw = (): Response =>
    new Response(null, { status: 500, headers: { 'Access-Control-Allow-Origin': '*' } })
  /** Where Hono sends what `app.onError` returns past all middleware. */
  const UNSEEN: Readonly<Record<string, () => Hono>> = {
    'nothing else matches, and notFound throws': () =>
      new Hono()
        .use(cors({ origin: APP }))
        .notFound(() => fail(new Error('thrown')))
        .onError(raw),
    'nothing else matches, and notFound throws an HTTPException': () =>
      new Hono()
        .use(cors({ origin: APP }))
        .notFound(() => fail(new HTTPException(500, { res: raw() }))),
    'nothing else matches, and a look-up fails': () =>
      new Hono().use(cors(() => fail(new Error('away')))).onError(raw),
    'a handler returns nothing': () =>
      new Hono()
        .use(cors({ origin: APP }))
        .all('*', () => undefined as never)
        .onError(raw),
  }

  it.each(Object.entries(UNSEEN))(
    'where %s, no middleware sees a raw Response',
    async (title, create) => {
      const answer = await create().request(request(EVIL))
      const { vary, ...fields } = Object.fromEntries(answer.headers)
      expect([answer.status, fields]).toEqual([500, { 'access-control-allow-origin': '*' }])
      // Hono copies that of an HTTPException, over the headers that it has.
      expect(vary).toBe(title.endsWith('HTTPException') ? 'Origin' : undefined)
    },
  )

  it.each(Object.entries(UNSEEN))(
    'where %s, crossgate/fetch around it covers that',
    async (_title, create) => {
      const handler = withCors({ origin: APP }, create().fetch)
      for (const [origin, fields] of [
        [APP, [['access-control-allow-origin', APP]]],
        [EVIL, []],
      ] as const) {
        const answer = await handler(request(origin))
        expect([answer.status, ...answer.headers]).toEqual([500, ...fields, ['vary', 'Origin']])
      }
    },
  )

  it('what onError makes with c.text has the headers even there', async () => {
    for (const create of Object.values(UNSEEN)) {
      const app = create()
      app.onError((_error, c) => c.text('sorry', 500))
      const answer = await app.request(request(APP))
      expect([answer.status, answer.headers.get('vary')]).toEqual([500, 'Origin'])
    }
  })

  it('a status that no Response can be made with is a failure that onError sees', async () => {
    const { port } = await serve((_request, response) => {
      response.writeHead(999, 'Request denied').end('denied')
    })
    const app = new Hono()
      .use(cors({ origin: APP }))
      .get('/', () => fetch(`http://${HOST}:${port}/`))
    app.onError((error) => new Response(error.message, { status: 502 }))
    const answer = await app.request(request(APP))
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([502, APP])
    expect(await answer.text()).toMatch(/^the response has status 999, /)
  })

  it('a response that was read already is a failure that onError sees', async () => {
    const used = new Response('used')
    await used.text()
    const app = new Hono().use(cors({ origin: APP })).get('/', () => used)
    app.onError((error) => new Response(error.name, { status: 500 }))
    const answer = await app.request(request(APP))
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([500, APP])
  })
})
