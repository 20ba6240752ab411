/** Koa 3 and 2. */

import { createServer, type IncomingMessage, request as requestHttp } from 'node:http'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { bodyParser } from '@koa/bodyparser'
import { cors } from 'crossgate/koa'
import Koa from 'koa'
import compress from 'koa-compress'
import helmet from 'koa-helmet'
import files from 'koa-static'
import onHeaders from 'on-headers'
import { requireKoa2 } from '../adapters/majors.ts'
import { close, HOST, listen } from '../adapters/wire.ts'
import {
  type Application,
  type Framework,
  OTHER_POLICY,
  OTHER_POLICY_LINES,
  type Path,
  type Paths,
  type Setting,
} from './path.ts'
import {
  BODY,
  failingAtOnce,
  failingLater,
  OWN_CORS,
  twoChunks,
  UPSTREAM,
  UPSTREAM_FLAT,
  UPSTREAM_LINES,
  WITH_VARY,
  WITH_VARY_FLAT,
  WITH_VARY_PAIRS,
  wrapWriteHead,
} from './upstream.ts'

type Middleware = Koa.Middleware

interface Version {
  readonly Koa: typeof Koa
  /** Whether it closes the connection where a stream fails, be it before its first byte. */
  readonly closesFailedStreams: boolean
}

const NO_ROUTES = 'Koa has no routes'

const JSON_TYPE = ['Content-Type', 'application/json'] as const

function pathsFor({ Koa: KoaOfVersion, closesFailedStreams }: Version): Paths {
  const appOf = (middleware: readonly Middleware[]): Koa => {
    const app = new KoaOfVersion()
    app.silent = true
    for (const one of middleware) app.use(one)
    return app
  }
  const serve = (middleware: readonly Middleware[]): Application => ({
    server: createServer(appOf(middleware).callback()),
  })
  /** Layers below crossgate; the last of them is the handler. */
  const path = (status: number, ...inside: readonly Middleware[]): Path => ({
    status,
    build: (setting) => serve([...crossgateOf(setting), ...counted(setting, inside)]),
  })
  /** The same with a layer above it. */
  const outside = (status: number, layer: Middleware, ...inside: readonly Middleware[]): Path => ({
    status,
    build: (setting) => serve([layer, ...crossgateOf(setting), ...counted(setting, inside)]),
  })
  /** A handler that answers by Node's means. */
  const raw = (answer: (response: Koa.Context['res']) => unknown): Path =>
    path(200, (context) => {
      context.respond = false
      answer(context.res)
    })
  /** Crossgate for what is below a path, and a handler for everything. */
  const below = (status: number, prefix: string, handler: Middleware): Path => ({
    status,
    build: (setting) =>
      serve([
        ...crossgateOf(setting).map((one) => mount(prefix, one)),
        ...counted(setting, [handler]),
      ]),
    ask: { path: `${prefix}/7` },
  })

  return {
    success: path(200, (context) => {
      context.set('X-Total', '7')
      context.body = { ok: true }
    }),
    'not-found': path(404, (_context, next) => next()),
    head: {
      ...path(200, (context) => {
        context.body = 'ok'
      }),
      ask: { method: 'HEAD' },
    },
    'no-content': path(204, (context) => {
      context.status = 204
    }),
    redirect: path(302, (context) => context.redirect('/elsewhere')),
    'not-modified': {
      ...path(304, conditional, (context) => {
        context.body = 'ok'
        context.etag = '1'
      }),
      ask: { headers: [['If-None-Match', '"1"']] },
    },
    'static-file': { ...path(200, staticFiles()), ask: { path: '/README.md' } },
    'static-missing': { ...path(404, staticFiles()), ask: { path: '/missing.md' } },
    'static-not-modified': {
      ...path(304, conditional, staticFiles()),
      ask: {
        path: '/README.md',
        headers: [['If-Modified-Since', 'Fri, 01 Jan 2100 00:00:00 GMT']],
      },
    },
    'static-range': 'koa-static serves no ranges',
    'own-options': {
      ...path(200, (context) => {
        context.set('Allow', 'GET, OPTIONS')
        context.body = ''
      }),
      ask: { method: 'OPTIONS' },
    },
    'catch-all': {
      ...path(200, (context) => {
        context.body = `nothing but ${context.path}`
      }),
      ask: { path: '/any/where' },
    },

    throws: path(500, () => {
      throw new Error('thrown')
    }),
    rejects: path(500, async (context) => {
      context.set('X-Lost', '1')
      await after(1)
      throw new Error('rejected')
    }),
    'throws-text': path(500, () => {
      throw 'text'
    }),
    'throws-null': 'Koa takes a thrown null for no error, and never answers',
    'throws-frozen': 'Koa writes to the error, which fails, and never answers',
    'error-headers': path(401, (context) =>
      context.throw(401, 'log in', {
        headers: { ...OWN_CORS, Vary: 'Cookie', 'WWW-Authenticate': 'Basic' },
      }),
    ),
    'error-handler-clears': outside(418, answerErrorAfresh, (context) => {
      context.set('X-Lost', '1')
      throw new Error('thrown')
    }),
    'bad-json': {
      ...path(400, bodyParser(), echo),
      ask: { method: 'POST', headers: [JSON_TYPE], body: '{' },
    },
    'too-large': {
      ...path(413, bodyParser({ jsonLimit: '4b' }), echo),
      ask: { method: 'POST', headers: [JSON_TYPE], body: '"too large"' },
    },
    'too-large-chunked': {
      ...path(413, bodyParser({ jsonLimit: '4b' }), echo),
      ask: { method: 'POST', headers: [JSON_TYPE], body: '"too large"', chunked: true },
    },
    'unsupported-type': {
      ...path(415, bodyParser(), echo),
      ask: { method: 'POST', headers: [JSON_TYPE, ['Content-Encoding', 'unknown']], body: '{}' },
    },
    schema: 'Koa has no schemas',
    unserializable: path(500, (context) => {
      const circular: { self?: unknown } = {}
      circular.self = circular
      context.body = circular
    }),
    'bad-url': { ...path(400, staticFiles()), ask: { path: '/%' } },
    'long-parameter': NO_ROUTES,
    closing: 'Koa answers no differently while its server closes',
    timeout: path(503, timeLimit, async (context) => {
      await finished(context.res)
      context.set('X-Late', '1')
      context.body = 'too late'
    }),
    'outer-throws': outside(500, throwAfterwards, answerWithText),
    'login-after': path(401, refuse, answerWithText),
    'layer-before': { ...outside(401, refuse, answerWithText), layers: ['installGuard'] },

    'vary-set': path(200, (context) => {
      context.set('Vary', 'Accept-Encoding')
      context.body = 'ok'
    }),
    'vary-append': path(200, (context) => {
      context.vary('Accept-Encoding')
      context.append('Vary', 'Accept')
      context.body = 'ok'
    }),
    'vary-list': path(200, (context) => {
      context.set('Vary', ['Accept', 'origin', 'accept, , Accept-Encoding'])
      context.body = 'ok'
    }),
    'write-object': path(200, (context) => {
      context.res.writeHead(200, WITH_VARY)
      context.body = 'ok'
    }),
    'write-reason': raw((response) => response.writeHead(200, 'Fine', WITH_VARY).end('ok')),
    'write-flat': raw((response) => response.writeHead(200, WITH_VARY_FLAT).end('ok')),
    'write-pairs': raw((response) => response.writeHead(200, WITH_VARY_PAIRS as never).end('ok')),
    'write-raw': raw((response) => response.writeHead(200, UPSTREAM_FLAT).end('ok')),
    'upstream-copied': path(200, (context) => {
      context.set(UPSTREAM as Record<string, string | string[]>)
      context.body = 'ok'
    }),
    'upstream-appended': path(200, (context) => {
      for (const [name, value] of UPSTREAM_LINES) context.append(name, value)
      context.body = 'ok'
    }),
    proxy: proxyPath((setting, handler) =>
      serve([...crossgateOf(setting), ...counted(setting, [handler])]),
    ),
    'own-cors': path(200, (context) => {
      context.set(OWN_CORS)
      context.body = 'ok'
    }),
    'removes-all': path(200, (context) => {
      context.body = 'ok'
      removeAll(context)
    }),
    'invalid-header': path(500, (context) => {
      context.set('X Total', '7')
    }),

    stream: path(200, (context) => {
      context.body = twoChunks()
    }),
    'stream-error-before': {
      ...path(500, (context) => {
        context.body = failingAtOnce()
      }),
      ...(closesFailedStreams ? { status: undefined } : {}),
    },
    'stream-error-after': {
      ...path(200, (context) => {
        const stream = failingLater()
        // Koa 2 leaves the response open, so that the application has to close it.
        if (!closesFailedStreams) stream.on('error', () => context.res.destroy())
        context.body = stream
      }),
      breaksOff: true,
    },
    'events-flush': path(200, (context) => {
      context.status = 200
      context.type = 'text/event-stream'
      context.flushHeaders()
      context.body = events()
    }),
    'events-write': path(200, (context) => {
      context.res.writeHead(200, { 'Content-Type': 'text/event-stream' })
      context.body = events()
    }),
    'early-hints': path(200, (context) => {
      context.res.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' })
      context.body = 'ok'
    }),
    trailers: path(200, (context) => {
      context.set('Trailer', 'X-Checksum')
      context.res.addTrailers({ 'X-Checksum': '1' })
      context.body = twoChunks()
    }),
    'taken-over': path(200, (context) => {
      context.respond = false
      // Once all middleware is through.
      setImmediate(() => context.res.writeHead(200, WITH_VARY).end('taken over'))
    }),
    'write-after-end': path(200, (context) => {
      context.status = 200
      context.res.on('error', () => {})
      context.res.end('ok')
      context.res.write('more')
    }),
    destroys: {
      ...path(0, (context) => {
        context.socket.destroy()
      }),
      status: undefined,
    },

    'compression-before': {
      ...outside(200, compress({ threshold: 0 }), answerWithText),
      ask: { headers: [['Accept-Encoding', 'gzip']] },
    },
    'compression-after': {
      ...path(200, compress({ threshold: 0 }), answerWithText),
      ask: { headers: [['Accept-Encoding', 'gzip']] },
    },
    'helmet-before': outside(200, helmet(), answerWithText),
    'helmet-after': path(200, helmet(), answerWithText),
    'wrapper-before': outside(200, wrapWithOnHeaders, answerWithText),
    'wrapper-after': path(200, wrapByHand, answerWithText),
    twice: {
      status: 200,
      layers: ['adapter'],
      lines: OTHER_POLICY_LINES,
      build: (setting) => {
        const inner = { ...setting, policy: setting.policy && OTHER_POLICY }
        return serve([
          ...crossgateOf(setting),
          ...crossgateOf(inner),
          ...counted(setting, [answerWithText]),
        ])
      },
    },
    'on-route': below(200, '/users', answerWithText),
    // An application with crossgate, inside of one without.
    'on-router': {
      status: 200,
      ask: { path: '/api/7' },
      build: (setting) => {
        const inner = appOf([...crossgateOf(setting), ...counted(setting, [answerWithText])])
        const callback = inner.callback()
        return serve([
          mount('/api', (context) => {
            context.respond = false
            return callback(context.req, context.res)
          }),
        ])
      },
    },
    'prefix-not-found': below(404, '/api', (_context, next) => next()),
    'route-policy': NO_ROUTES,
    'route-none': NO_ROUTES,
  }
}

function crossgateOf({ policy }: Setting): Middleware[] {
  return policy === undefined ? [] : [cors(policy)]
}

/** Says so when the handler, which is the last, runs. */
function counted({ ran }: Setting, middleware: readonly Middleware[]): Middleware[] {
  const count: Middleware = (_context, next) => {
    ran()
    return next()
  }
  return [...middleware.slice(0, -1), count, ...middleware.slice(-1)]
}

/** For what is below a path alone. */
function mount(prefix: string, middleware: Middleware): Middleware {
  return (context, next) =>
    context.path.startsWith(`${prefix}/`) ? middleware(context, next) : next()
}

function removeAll(context: Koa.Context): void {
  for (const name of Object.keys(context.response.headers)) context.remove(name)
}

const answerWithText: Middleware = (context) => {
  context.body = BODY
}

const echo: Middleware = (context) => {
  context.body = context.request.body
}

const refuse: Middleware = (context) =>
  context.throw(401, 'who are you?', { headers: { 'WWW-Authenticate': 'Bearer' } })

const throwAfterwards: Middleware = async (_context, next) => {
  await next()
  throw new Error('thrown')
}

const answerErrorAfresh: Middleware = async (context, next) => {
  try {
    await next()
  } catch (error) {
    removeAll(context)
    context.status = 418
    context.body = (error as Error).message
  }
}

const conditional: Middleware = async (context, next) => {
  await next()
  if (context.fresh) context.status = 304
}

const timeLimit: Middleware = async (context, next) => {
  const late = await Promise.race([next(), after(10, 'late')])
  if (late !== undefined) context.throw(503, { headers: { 'Retry-After': '1' } })
}

const wrapWithOnHeaders: Middleware = (context, next) => {
  onHeaders(context.res, () => {
    context.set('X-Wrapped', '1')
    context.append('Vary', 'X-Wrapped-By')
  })
  return next()
}

const wrapByHand: Middleware = (context, next) => {
  wrapWriteHead(context.res)
  return next()
}

/** Files that do not change. */
function staticFiles(): Middleware {
  return files(fileURLToPath(new URL('../adapters/certificate', import.meta.url)))
}

function events(): Readable {
  return Readable.from(['data: 1\n\n'])
}

/** As proxies are written by hand: status, headers and the stream are handed on. */
function proxyPath(serve: (setting: Setting, handler: Middleware) => Application): Path {
  return {
    status: 200,
    build: async (setting) => {
      const upstream = createServer((_request, response) => {
        response.writeHead(200, UPSTREAM_FLAT).end('from upstream')
      })
      const port = await listen(upstream)
      const application = serve(setting, async (context) => {
        const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
          requestHttp({ host: HOST, port, agent: false }, resolve).on('error', reject).end()
        })
        context.status = incoming.statusCode ?? 502
        for (const [name, value = ''] of Object.entries(incoming.headers)) {
          if (name !== 'connection' && name !== 'transfer-encoding') context.set(name, value)
        }
        context.body = incoming
      })
      return { ...application, close: () => close(upstream) }
    },
  }
}

export const koa3: Framework = {
  name: 'Koa 3',
  protocol: 'http',
  paths: pathsFor({ Koa, closesFailedStreams: true }),
}

export const koa2: Framework = {
  name: 'Koa 2',
  protocol: 'http',
  paths: pathsFor({ Koa: requireKoa2(), closesFailedStreams: false }),
}
