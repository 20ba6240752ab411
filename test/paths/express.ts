/** Express 5 and 4: their routers, body parsers, static files and error handling. */

import { once } from 'node:events'
import { createServer, request as requestHttp } from 'node:http'
import { fileURLToPath } from 'node:url'
import compression from 'compression'
import timeout from 'connect-timeout'
import { cors } from 'crossgate/express'
import { releaseGuard } from 'crossgate/node'
import express, {
  type ErrorRequestHandler,
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import helmet from 'helmet'
import onHeaders from 'on-headers'
import send from 'send'
import { requireExpress4 } from '../adapters/majors.ts'
import { close, HOST, listen } from '../adapters/wire.ts'
import type { Asked } from './client.ts'
import {
  type Application,
  type Framework,
  NO_LINES,
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

/** What a handler of a test does; what it returns is nobody's. */
type Handler = (request: Request, response: Response, next: NextFunction) => unknown

/** What an application is put together from. */
interface Parts {
  readonly app: Express
  /** The middleware under test, or one that only goes on. */
  readonly crossgate: RequestHandler
  /** The same with the other policy. */
  readonly other: RequestHandler
  /** Lets the matrix see whether a handler ran. */
  readonly counted: (handler: Handler) => RequestHandler
}

interface Stack extends Partial<Path> {
  /** Layers before crossgate, and after it. */
  readonly before?: readonly RequestHandler[]
  readonly after?: readonly RequestHandler[]
  /** Handles errors instead of Express. */
  readonly last?: ErrorRequestHandler
  /** @default true */
  readonly poweredBy?: boolean
}

function pathsFor(framework: typeof express): Paths {
  const serve = (setting: Setting, mount: (parts: Parts) => void): Application => {
    const app = framework()
    // So that no stack trace is sent.
    app.set('env', 'production')
    mount(partsOf(app, setting))
    return { server: createServer(app) }
  }
  const mounted = (status: number, mount: (parts: Parts) => void, more: Partial<Path> = {}) => ({
    status,
    ...more,
    build: (setting: Setting) => serve(setting, mount),
  })
  /** A route below crossgate, mounted as most applications do. */
  const path = (status: number, handler: Handler, stack: Stack = {}): Path => {
    const { before = [], after = [], last, poweredBy = true, ...more } = stack
    return mounted(
      status,
      ({ app, crossgate, counted }) => {
        app.set('x-powered-by', poweredBy)
        for (const layer of [...before, crossgate, ...after]) app.use(layer)
        app.route('/').get(counted(handler)).post(counted(handler))
        if (last !== undefined) app.use(last)
      },
      more,
    )
  }
  const files = (status: number, ask: Asked): Path =>
    mounted(
      status,
      ({ app, crossgate }) => {
        app.use(crossgate)
        app.use('/files', framework.static(FOLDER))
      },
      { ask },
    )
  const json = framework.json({ limit: 100 })
  const ok: Handler = (_request, response) => response.set('X-Total', '7').send('ok')

  return {
    success: path(200, ok),
    'not-found': path(404, ok, { ask: { path: '/nowhere' } }),
    head: path(200, ok, { ask: { method: 'HEAD' } }),
    'no-content': path(204, (_request, response) => response.sendStatus(204)),
    redirect: path(302, (_request, response) => response.redirect('/elsewhere')),
    'not-modified': path(304, (_request, response) => response.set('ETag', '"1"').send('ok'), {
      ask: { headers: [['If-None-Match', '"1"']] },
    }),
    'static-file': files(200, { path: FILE }),
    // `send` removes all headers from its own 404, where nobody listens to its errors.
    'static-missing': path(404, (request, response) => {
      send(request, '/missing', { root: FOLDER }).pipe(response)
    }),
    'static-not-modified': files(304, { path: FILE, headers: [['If-None-Match', '*']] }),
    'static-range': files(416, { path: FILE, headers: [['Range', 'bytes=1000000-']] }),
    'own-options': mounted(
      200,
      ({ app, crossgate, counted }) => {
        app.use(crossgate)
        app.options(
          '/',
          counted((_request, response) => response.set('Allow', 'GET').send('GET')),
        )
      },
      { ask: { method: 'OPTIONS' } },
    ),
    'catch-all': mounted(
      200,
      ({ app, crossgate, counted }) => {
        app.use(crossgate)
        app.all(/.*/, counted(ok))
      },
      { ask: { path: '/any/where' } },
    ),

    throws: path(500, () => {
      throw new Error('thrown')
    }),
    // Express 4 answers for a promise only where the application hands its error on.
    rejects: path(500, (_request, _response, next) =>
      Promise.reject(new Error('rejected')).catch(next),
    ),
    'throws-text': path(500, () => {
      throw 'text'
    }),
    // Express takes it for no error, and goes on to where no route is.
    'throws-null': path(404, () => {
      throw null
    }),
    'throws-frozen': path(500, () => {
      throw Object.freeze(new Error('frozen'))
    }),
    'error-headers': path(401, (_request, _response, next) => {
      const headers = { Vary: 'Cookie', 'WWW-Authenticate': 'Bearer', ...OWN_CORS }
      next(Object.assign(new Error('who are you?'), { status: 401, headers }))
    }),
    'error-handler-clears': path(
      418,
      (_request, response) => {
        response.set('X-Total', '7')
        throw new Error('thrown')
      },
      { last: clearAndAnswer },
    ),
    'bad-json': path(400, ok, { after: [json], ask: post('{"a":') }),
    'too-large': path(413, ok, { after: [json], ask: post(LARGE) }),
    'too-large-chunked': path(413, ok, {
      after: [json],
      ask: { ...post(LARGE), chunked: true },
    }),
    'unsupported-type': path(415, ok, {
      after: [json],
      ask: post('{}', 'application/json; charset=koi8-r'),
    }),
    schema: 'Express checks nothing by a schema',
    unserializable: path(500, (_request, response) => {
      const circular: { self?: unknown } = {}
      circular.self = circular
      response.json(circular)
    }),
    'bad-url': mounted(
      400,
      ({ app, crossgate, counted }) => {
        app.use(crossgate)
        app.get('/:id', counted(ok))
      },
      { ask: { path: '/%' } },
    ),
    'long-parameter': 'Express takes parameters of any length',
    closing: 'Express answers nothing of its own while the server closes',
    timeout: path(503, () => {}, { after: [timeout('10ms')] }),
    'outer-throws': path(
      500,
      (_request, response) => {
        response.set('X-Total', '7')
        return once(response, 'close')
      },
      { before: [throwAfterwards] },
    ),
    'login-after': path(401, ok, { after: [refuse] }),
    'layer-before': path(400, ok, {
      before: [json],
      ask: post('{"a":'),
      layers: ['installGuard'],
    }),

    'vary-set': path(200, (_request, response) => {
      response.setHeader('Vary', 'Accept-Encoding')
      response.send('ok')
    }),
    'vary-append': path(200, (_request, response) => {
      response.appendHeader('Vary', 'Accept-Encoding')
      // Express appends `Accept`.
      response.format({ text: () => response.send('ok') })
    }),
    'vary-list': path(200, (_request, response) => {
      response.setHeader('Vary', ['Accept', 'origin', 'accept, , Accept-Encoding'])
      response.send('ok')
    }),
    'write-object': path(200, (_request, response) => response.writeHead(200, WITH_VARY).end('ok')),
    'write-reason': path(200, (_request, response) =>
      response.writeHead(200, 'Fine', WITH_VARY).end('ok'),
    ),
    'write-flat': path(200, (_request, response) =>
      response.writeHead(200, WITH_VARY_FLAT).end('ok'),
    ),
    // Once a header is stored, Node 20 refuses pairs, and keeps one of several equal names.
    'write-pairs': path(
      200,
      (_request, response) => response.writeHead(200, WITH_VARY_PAIRS as never).end('ok'),
      { poweredBy: false },
    ),
    'write-raw': path(
      200,
      (_request, response) => response.writeHead(200, UPSTREAM_FLAT).end('ok'),
      { poweredBy: false },
    ),
    'upstream-copied': path(200, (_request, response) => response.set(UPSTREAM).send('ok')),
    'upstream-appended': path(200, (_request, response) => {
      for (const [name, value] of UPSTREAM_LINES) response.append(name, value)
      response.send('ok')
    }),
    proxy: proxyPath(serve),
    'own-cors': path(200, (_request, response) => response.set(OWN_CORS).send('ok')),
    'removes-all': path(200, (_request, response) => {
      response.set('X-Total', '7')
      for (const name of response.getHeaderNames()) response.removeHeader(name)
      response.end('ok')
    }),
    'invalid-header': path(500, (_request, response) => response.set('X Total', '7').send('ok')),

    stream: path(200, (_request, response) => twoChunks().pipe(response)),
    'stream-error-before': path(500, (_request, response, next) =>
      failingAtOnce().on('error', next).pipe(response),
    ),
    'stream-error-after': path(
      200,
      (_request, response, next) => failingLater().on('error', next).pipe(response),
      { breaksOff: true },
    ),
    'events-flush': path(200, (_request, response) => {
      response.type('text/event-stream').flushHeaders()
      response.end('data: 1\n\n')
    }),
    'events-write': path(200, (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.end('data: 1\n\n')
    }),
    'early-hints': path(200, (_request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' })
      response.send('ok')
    }),
    trailers: path(200, (_request, response) => {
      response.set('Trailer', 'X-Checksum').write('ok')
      response.addTrailers({ 'X-Checksum': '1' })
      response.end()
    }),
    'taken-over': "Express hands out Node's own response, so that there is nothing to take over",
    'write-after-end': path(200, (_request, response) => {
      response.on('error', () => {})
      response.send('ok')
      response.write('more')
    }),
    destroys: {
      ...path(0, (_request, response) => response.destroy()),
      status: undefined,
    },

    'compression-before': path(200, sendText, { before: [compress], ask: GZIP }),
    'compression-after': path(200, sendText, { after: [compress], ask: GZIP }),
    'helmet-before': path(200, sendText, { before: [helmet()] }),
    'helmet-after': path(200, sendText, { after: [helmet()] }),
    'wrapper-before': path(200, sendText, { before: [addBeforeHead] }),
    'wrapper-after': path(200, sendText, { after: [wrap] }),
    twice: mounted(
      200,
      ({ app, crossgate, other, counted }) => {
        app.use(crossgate)
        app.use('/inner', other)
        app.get('/inner', counted(ok))
      },
      { ask: { path: '/inner' }, layers: ['adapter'], lines: OTHER_POLICY_LINES },
    ),
    'on-route': mounted(200, ({ app, crossgate, counted }) => {
      app.get('/', crossgate, counted(ok))
    }),
    'on-router': mounted(
      200,
      ({ app, crossgate, counted }) => {
        const router = framework.Router()
        router.use(crossgate)
        router.get('/', counted(ok))
        app.use('/api', router)
      },
      { ask: { path: '/api' } },
    ),
    'prefix-not-found': mounted(
      404,
      ({ app, crossgate }) => {
        app.use('/api', crossgate)
      },
      { ask: { path: '/api/missing' } },
    ),
    'route-policy': mounted(
      200,
      ({ app, crossgate, other, counted }) => {
        app.use(crossgate)
        app.get('/', other, counted(ok))
      },
      { layers: ['adapter'], lines: OTHER_POLICY_LINES },
    ),
    'route-none': path(
      200,
      (_request, response) => {
        releaseGuard(response)
        response.send('ok')
      },
      { lines: NO_LINES },
    ),
  }
}

function partsOf(app: Express, { policy, ran }: Setting): Parts {
  const pass: RequestHandler = (_request, _response, next) => next()
  return {
    app,
    crossgate: policy === undefined ? pass : cors(policy),
    other: policy === undefined ? pass : cors(OTHER_POLICY),
    counted: (handler) => (request, response, next) => {
      ran()
      // Express 5 answers for a promise that rejects.
      return handler(request, response, next) as Promise<void>
    },
  }
}

const FOLDER = fileURLToPath(new URL('../adapters/certificate', import.meta.url))
const FILE = '/files/README.md'
const LARGE = JSON.stringify({ text: 'x'.repeat(200) })
const GZIP: Asked = { headers: [['Accept-Encoding', 'gzip']] }

function post(body: string, type = 'application/json'): Asked {
  return { method: 'POST', headers: [['Content-Type', type]], body }
}

const compress: RequestHandler = compression({ threshold: 0 })

const addBeforeHead: RequestHandler = (_request, response, next) => {
  onHeaders(response, () => {
    response.setHeader('X-Wrapped', '1')
    response.appendHeader('Vary', 'X-Wrapped-By')
  })
  next()
}

const wrap: RequestHandler = (_request, response, next) => {
  wrapWriteHead(response)
  next()
}

const refuse: RequestHandler = (_request, response) => {
  response.status(401).set('WWW-Authenticate', 'Bearer').send('who are you?')
}

const throwAfterwards: RequestHandler = (_request, _response, next) => {
  next()
  throw new Error('thrown afterwards')
}

// Express takes a function of four parameters for an error handler.
const clearAndAnswer: ErrorRequestHandler = (_error, _request, response, _next) => {
  for (const name of response.getHeaderNames()) response.removeHeader(name)
  response.status(418).end('cleared')
}

function sendText(_request: Request, response: Response): void {
  response.type('text/plain').send(BODY)
}

/** As reverse proxies are written by hand: status and headers are copied, the body is piped. */
function proxyPath(serve: (setting: Setting, mount: (parts: Parts) => void) => Application): Path {
  return {
    status: 200,
    build: async (setting) => {
      const upstream = createServer((_request, response) => {
        response.writeHead(200, UPSTREAM_FLAT).end('from upstream')
      })
      const port = await listen(upstream)
      const proxy: Handler = (_request, response, next) =>
        requestHttp({ host: HOST, port, agent: false }, (incoming) => {
          const { connection: _, 'transfer-encoding': __, ...headers } = incoming.headers
          response.status(incoming.statusCode ?? 502).set(headers)
          incoming.pipe(response)
        })
          .on('error', next)
          .end()
      const application = serve(setting, ({ app, crossgate, counted }) => {
        app.use(crossgate)
        app.use(counted(proxy))
      })
      return { ...application, close: () => close(upstream) }
    },
  }
}

export const express5: Framework = {
  name: 'Express 5',
  protocol: 'http',
  paths: pathsFor(express),
}

export const express4: Framework = {
  name: 'Express 4',
  protocol: 'http',
  paths: pathsFor(requireExpress4()),
}
