/** Node's own servers: `http`, `https`, and `http2` with its compatibility API. */

import {
  createServer,
  type IncomingMessage,
  request as requestHttp,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createSecureServer } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import compression from 'compression'
import { withCors } from 'crossgate/node'
import helmet from 'helmet'
import { CERTIFICATE, close, HOST, listen } from '../adapters/wire.ts'
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

type Listener = (request: IncomingMessage, response: ServerResponse) => void

type Protocol = Framework['protocol']

/** What a handler of a test does; it may be asynchronous. */
type Handler = (request: IncomingMessage, response: ServerResponse) => unknown

const SERVERS: Readonly<Record<Protocol, (listener: Listener) => Server>> = {
  http: (listener) => createServer(listener),
  https: (listener) => createHttpsServer(CERTIFICATE, listener) as unknown as Server,
  http2: (listener) => createSecureServer(CERTIFICATE, listener as never) as unknown as Server,
}

const NO_ROUTES = 'Node has no routes'
const NO_LAYERS = 'Node has no layers'
const NO_BODIES = 'Node reads no bodies'

function pathsFor(protocol: Protocol): Paths {
  const serve = (listener: Listener): Application => ({ server: SERVERS[protocol](listener) })
  const path = (status: number, handler: Handler): Path => ({
    status,
    build: (setting) => serve(listenerOf(setting, handler)),
  })
  /** A handler that fails: without crossgate nobody answers for it. */
  const failing = (handler: Handler): Path => ({
    status: 500,
    layers: ['adapter'],
    alone: '',
    build: (setting) => serve(listenerOf(setting, handler)),
  })
  /** A layer around crossgate. */
  const outside = (status: number, layer: Middleware, handler: Handler): Path => ({
    status,
    build: (setting) => {
      const inner = listenerOf(setting, handler)
      return serve((request, response) => layer(request, response, () => inner(request, response)))
    },
  })
  /** A layer inside of it. */
  const inside = (status: number, layer: Middleware, handler: Handler): Path =>
    path(status, (request, response) => layer(request, response, () => handler(request, response)))

  return {
    success: path(200, (_request, response) => {
      response.setHeader('X-Total', '7')
      response.end('ok')
    }),
    'not-found': path(404, (_request, response) => {
      response.statusCode = 404
      response.end('not found')
    }),
    head: {
      ...path(200, (_request, response) => {
        response.setHeader('Content-Length', '2')
        response.end()
      }),
      ask: { method: 'HEAD' },
    },
    'no-content': path(204, (_request, response) => {
      response.writeHead(204)
      response.end()
    }),
    redirect: path(302, (_request, response) => {
      response.writeHead(302, { Location: '/elsewhere' }).end()
    }),
    'not-modified': path(304, (_request, response) => {
      response.writeHead(304, { ETag: '"1"' }).end()
    }),
    'static-file': 'Node serves no files',
    'static-missing': 'Node serves no files',
    'static-not-modified': 'Node serves no files',
    'static-range': 'Node serves no files',
    'own-options': {
      ...path(200, (_request, response) => {
        response.writeHead(200, { Allow: 'GET, OPTIONS' }).end()
      }),
      ask: { method: 'OPTIONS' },
    },
    'catch-all': NO_ROUTES,

    throws: failing(() => {
      throw new Error('thrown')
    }),
    rejects: failing(async () => {
      throw new Error('rejected')
    }),
    'throws-text': failing(() => {
      throw 'text'
    }),
    'throws-null': failing(() => {
      throw null
    }),
    'throws-frozen': failing(() => {
      throw Object.freeze(new Error('frozen'))
    }),
    'error-headers': 'Node answers no errors',
    'error-handler-clears': 'Node answers no errors',
    'bad-json': NO_BODIES,
    'too-large': NO_BODIES,
    'too-large-chunked': NO_BODIES,
    'unsupported-type': NO_BODIES,
    schema: NO_BODIES,
    unserializable: NO_BODIES,
    'bad-url': {
      ...path(400, ({ url = '' }, response) => {
        try {
          decodeURIComponent(url)
          response.end()
        } catch {
          response.writeHead(400).end()
        }
      }),
      ask: { path: '/%' },
    },
    'long-parameter': NO_ROUTES,
    closing: 'Node answers nothing while it closes',
    timeout: path(503, (_request, response) => {
      setTimeout(() => {
        response.writeHead(503, { 'Retry-After': '1' }).end('too late')
      }, 10)
    }),
    'outer-throws': NO_LAYERS,
    'login-after': inside(401, refuse, () => {}),
    'layer-before': {
      status: 401,
      layers: ['installGuard'],
      build: (setting) => {
        const inner = listenerOf(setting, () => {})
        return serve((request, response) =>
          refuse(request, response, () => inner(request, response)),
        )
      },
    },

    'vary-set': path(200, (_request, response) => {
      response.setHeader('Vary', 'Accept-Encoding')
      response.end('ok')
    }),
    'vary-append':
      protocol === 'http2'
        ? 'its responses have no appendHeader'
        : path(200, (_request, response) => {
            response.appendHeader('Vary', 'Accept-Encoding')
            response.appendHeader('Vary', 'Accept')
            response.end('ok')
          }),
    'vary-list': path(200, (_request, response) => {
      response.setHeader('Vary', ['Accept', 'origin', 'accept, , Accept-Encoding'])
      response.end('ok')
    }),
    'write-object': path(200, (_request, response) => {
      response.writeHead(200, WITH_VARY).end('ok')
    }),
    'write-reason': path(200, (_request, response) => {
      response.writeHead(200, 'Fine', WITH_VARY).end('ok')
    }),
    'write-flat': path(200, (_request, response) => {
      response.writeHead(200, WITH_VARY_FLAT).end('ok')
    }),
    'write-pairs': path(200, (_request, response) => {
      response.writeHead(200, WITH_VARY_PAIRS as never).end('ok')
    }),
    'write-raw': path(200, (_request, response) => {
      response.writeHead(200, UPSTREAM_FLAT).end('ok')
    }),
    'upstream-copied': path(200, (_request, response) => {
      for (const [name, value] of Object.entries(UPSTREAM)) response.setHeader(name, value)
      response.end('ok')
    }),
    'upstream-appended':
      protocol === 'http2'
        ? 'its responses have no appendHeader'
        : path(200, (_request, response) => {
            for (const [name, value] of UPSTREAM_LINES) response.appendHeader(name, value)
            response.end('ok')
          }),
    proxy: proxyPath(serve),
    'own-cors': path(200, (_request, response) => {
      for (const [name, value] of Object.entries(OWN_CORS)) response.setHeader(name, value)
      response.end('ok')
    }),
    'removes-all': path(200, (_request, response) => {
      response.setHeader('X-Total', '7')
      for (const name of response.getHeaderNames()) response.removeHeader(name)
      response.end('ok')
    }),
    'invalid-header': path(500, (_request, response) => {
      try {
        response.writeHead(200, { 'X Total': '7' }).end('ok')
      } catch (error) {
        response.writeHead(500).end((error as { code: string }).code)
      }
    }),

    stream: path(200, (_request, response) => twoChunks().pipe(response)),
    'stream-error-before': path(502, (_request, response) => {
      failingAtOnce()
        .on('error', () => {
          response.statusCode = 502
          response.end()
        })
        .pipe(response)
    }),
    'stream-error-after': {
      ...path(200, (_request, response) => {
        failingLater()
          .on('error', () => breakOff(response))
          .pipe(response)
      }),
      breaksOff: true,
    },
    'events-flush': path(200, (_request, response) => {
      response.setHeader('Content-Type', 'text/event-stream')
      response.flushHeaders()
      response.end('data: 1\n\n')
    }),
    'events-write': path(200, (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.end('data: 1\n\n')
    }),
    'early-hints': path(200, (_request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' })
      response.end('ok')
    }),
    trailers: path(200, (_request, response) => {
      if (protocol !== 'http2') response.setHeader('Trailer', 'X-Checksum')
      response.write('ok')
      response.addTrailers({ 'X-Checksum': '1' })
      response.end()
    }),
    'taken-over': 'there is no framework',
    'write-after-end': {
      ...path(200, (_request, response) => {
        response.on('error', () => {})
        response.end('ok')
        response.write('more')
      }),
      // The error closes the stream.
      breaksOff: protocol === 'http2',
    },
    destroys: {
      ...path(0, (_request, response) => breakOff(response)),
      status: undefined,
    },

    'compression-before': {
      ...outside(200, compress, answerWithText),
      ask: { headers: [['Accept-Encoding', 'gzip']] },
    },
    'compression-after': {
      ...inside(200, compress, answerWithText),
      ask: { headers: [['Accept-Encoding', 'gzip']] },
    },
    'helmet-before': outside(200, helmet(), answerWithText),
    'helmet-after': inside(200, helmet(), answerWithText),
    'wrapper-before': outside(200, wrap, answerWithText),
    'wrapper-after': inside(200, wrap, answerWithText),
    twice: {
      status: 200,
      layers: ['adapter'],
      lines: OTHER_POLICY_LINES,
      build: (setting) => {
        const inner = { ...setting, policy: setting.policy && OTHER_POLICY }
        return serve(listenerOf(setting, listenerOf(inner, answerWithText)))
      },
    },
    'on-route': NO_ROUTES,
    'on-router': NO_ROUTES,
    'prefix-not-found': NO_ROUTES,
    'route-policy': NO_ROUTES,
    'route-none': NO_ROUTES,
  }
}

function listenerOf({ policy, ran }: Setting, handler: Handler): Listener {
  const counted: Handler = (request, response) => {
    ran()
    request.resume()
    return handler(request, response)
  }
  return policy === undefined ? counted : withCors(policy, counted, { onError: () => {} })
}

type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

const compress = compression({ threshold: 0 }) as unknown as Middleware

const wrap: Middleware = (_request, response, next) => {
  if ('appendHeader' in response) wrapWriteHead(response)
  next()
}

const refuse: Middleware = (_request, response) => {
  response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end('who are you?')
}

function answerWithText(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Content-Type', 'text/plain')
  response.end(BODY)
}

/** HTTP/2 has a stream to end; its socket belongs to all of them. */
function breakOff(response: ServerResponse): void {
  const { stream } = response as unknown as { stream?: { close(code: number): void } }
  if (stream === undefined) response.destroy()
  else stream.close(2)
}

/** As reverse proxies are written by hand: the upstream's raw lines are handed on. */
function proxyPath(serve: (listener: Listener) => Application): Path {
  return {
    status: 200,
    build: async (setting) => {
      const upstream = createServer((_request, response) => {
        response.writeHead(200, UPSTREAM_FLAT).end('from upstream')
      })
      const port = await listen(upstream)
      const application = serve(
        listenerOf(setting, (_request, response) => {
          requestHttp({ host: HOST, port, agent: false }, (incoming) => {
            const fields = Object.entries(incoming.headers).filter(
              ([name]) => name !== 'connection' && name !== 'transfer-encoding',
            )
            response.writeHead(incoming.statusCode ?? 502, Object.fromEntries(fields))
            incoming.pipe(response)
          }).end()
        }),
      )
      return { ...application, close: () => close(upstream) }
    },
  }
}

export const http: Framework = { name: 'http', protocol: 'http', paths: pathsFor('http') }
export const https: Framework = { name: 'https', protocol: 'https', paths: pathsFor('https') }
export const http2: Framework = { name: 'http2', protocol: 'http2', paths: pathsFor('http2') }
