/** Fastify 5, by a socket; `fastify-inject.test.ts` asks the same applications without one. */

import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import compress from '@fastify/compress'
import helmet from '@fastify/helmet'
import proxy from '@fastify/http-proxy'
import files from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import onHeaders from 'on-headers'
import { close, HOST, listen } from '../adapters/wire.ts'
import { below, crossgateOf, type FastifyPath, parts, path, route, serve } from './fastify/parts.ts'
import { type Framework, NO_LINES, OTHER_POLICY, OTHER_POLICY_LINES, type Setting } from './path.ts'
import type { RowId } from './titles.ts'
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

const POST_JSON = { method: 'POST', headers: [['Content-Type', 'application/json']] } as const
const FROM_GZIP = { headers: [['Accept-Encoding', 'gzip']] } as const
const FILES = fileURLToPath(new URL('../adapters/certificate/', import.meta.url))

export const FASTIFY_PATHS: Readonly<Record<RowId, FastifyPath>> = {
  success: path(200, (_request, reply) => {
    reply.header('X-Total', '7').send({ answer: 'ok' })
  }),
  'not-found': { ...path(404, sendText), ask: { path: '/missing' } },
  head: { ...path(200, sendText), ask: { method: 'HEAD' } },
  'no-content': path(204, async (_request, reply) => reply.code(204).send()),
  redirect: path(302, async (_request, reply) => reply.redirect('/elsewhere')),
  'not-modified': {
    ...path(304, async ({ headers }, reply) => {
      reply.header('ETag', '"1"')
      return headers['if-none-match'] === '"1"' ? reply.code(304).send() : 'changed'
    }),
    ask: { headers: [['If-None-Match', '"1"']] },
  },
  'static-file': { ...parts(200, crossgateOf, serveFiles), ask: { path: '/localhost.crt' } },
  'static-missing': { ...parts(404, crossgateOf, serveFiles), ask: { path: '/missing.crt' } },
  'static-not-modified': {
    ...parts(304, crossgateOf, serveFiles),
    ask: { path: '/localhost.crt', headers: [['If-None-Match', '*']] },
  },
  'static-range': {
    ...parts(416, crossgateOf, serveFiles),
    ask: { path: '/localhost.crt', headers: [['Range', 'bytes=999999-']] },
  },
  'own-options': {
    ...path(200, async (_request, reply) => reply.header('Allow', 'GET, OPTIONS').send(''), {
      method: 'OPTIONS',
    }),
    ask: { method: 'OPTIONS' },
  },
  'catch-all': {
    ...path(200, async ({ method }) => `any ${method}`, {
      method: ['GET', 'POST', 'OPTIONS'],
      url: '*',
    }),
    ask: { method: 'OPTIONS', path: '/some/where' },
  },

  throws: path(500, () => {
    throw new Error('thrown')
  }),
  rejects: path(500, async () => {
    throw new Error('rejected')
  }),
  'throws-text': path(500, () => {
    throw 'text'
  }),
  'throws-null': path(500, () => {
    throw null
  }),
  'throws-frozen': path(500, () => {
    throw Object.freeze(new Error('frozen'))
  }),
  'error-headers': path(401, async () => {
    throw Object.assign(new Error('who are you?'), {
      statusCode: 401,
      headers: { Vary: 'Cookie', 'WWW-Authenticate': 'Bearer', ...OWN_CORS },
    })
  }),
  'error-handler-clears': parts(
    503,
    (app) =>
      app.setErrorHandler((_error, _request, reply) => {
        removeAll(reply)
        reply.code(503).send('later')
      }),
    crossgateOf,
    route((_request, reply) => {
      reply.header('X-Total', '7')
      throw new Error('thrown')
    }),
  ),
  'bad-json': { ...path(400, sendText, { method: 'POST' }), ask: { ...POST_JSON, body: '{' } },
  'too-large': {
    ...path(413, sendText, { method: 'POST', bodyLimit: 4 }),
    ask: { ...POST_JSON, body: '"too long"' },
  },
  'too-large-chunked': {
    ...path(413, sendText, { method: 'POST', bodyLimit: 4 }),
    ask: { ...POST_JSON, body: '"too long"', chunked: true },
  },
  'unsupported-type': {
    ...path(415, sendText, { method: 'POST' }),
    ask: { method: 'POST', headers: [['Content-Type', 'text/csv']], body: '1,2' },
  },
  schema: {
    ...path(400, sendText, {
      schema: { querystring: { type: 'object', properties: { page: { type: 'integer' } } } },
    }),
    ask: { path: '/?page=one' },
  },
  unserializable: path(500, async () => {
    const self: { self?: unknown } = {}
    self.self = self
    return self
  }),
  'bad-url': { ...path(400, sendText, { url: '/:id' }), ask: { path: '/%' } },
  'long-parameter': {
    ...path(414, sendText, { url: '/:id' }),
    ask: { path: `/${'x'.repeat(101)}` },
  },
  closing: whileClosing(),
  timeout: path(503, () => new Promise(() => {}), { handlerTimeout: 20 }),
  'outer-throws': parts(
    500,
    (app) =>
      app.addHook('onSend', async (_request, { statusCode }) => {
        if (statusCode === 200) throw new Error('thrown afterwards')
      }),
    crossgateOf,
    route(sendText),
  ),
  'login-after': parts(401, crossgateOf, login, route(sendText)),
  'layer-before': parts(401, login, crossgateOf, route(sendText)),

  'vary-set': path(200, async (_request, reply) => {
    reply.header('Vary', 'Accept-Encoding')
    return 'ok'
  }),
  'vary-append': path(200, async (_request, reply) => {
    reply.raw.appendHeader('Vary', 'Accept-Encoding')
    reply.raw.appendHeader('Vary', 'Accept')
    return 'ok'
  }),
  'vary-list': path(200, async (_request, reply) => {
    reply.header('Vary', ['Accept', 'origin', 'accept, , Accept-Encoding'])
    return 'ok'
  }),
  // A hijacked reply is the handler's; one that is merely passed by, Fastify takes for sent.
  'write-object': path(200, (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, WITH_VARY).end('ok')
  }),
  'write-reason': path(200, (_request, reply) => {
    reply.raw.writeHead(200, 'Fine', WITH_VARY).end('ok')
  }),
  'write-flat': path(200, async (_request, reply) => {
    reply.raw.writeHead(200, WITH_VARY_FLAT).end('ok')
    return reply
  }),
  'write-pairs': path(200, (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, WITH_VARY_PAIRS as never).end('ok')
  }),
  'write-raw': path(200, (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, UPSTREAM_FLAT).end('ok')
  }),
  'upstream-copied': path(200, async (_request, reply) => {
    reply.headers(UPSTREAM)
    return 'ok'
  }),
  'upstream-appended': path(200, async (_request, reply) => {
    for (const [name, value] of UPSTREAM_LINES) reply.raw.appendHeader(name, value)
    return 'ok'
  }),
  proxy: toUpstream(),
  'own-cors': path(200, async (_request, reply) => {
    reply.headers(OWN_CORS)
    return 'ok'
  }),
  'removes-all': parts(
    200,
    crossgateOf,
    (app) => app.addHook('onSend', async (_request, reply) => removeAll(reply)),
    route(async (_request, reply) => reply.header('X-Total', '7').send('ok')),
  ),
  'invalid-header': path(500, async (_request, reply) => {
    reply.raw.writeHead(200, { 'X Total': '7' })
  }),

  stream: path(200, async (_request, reply) => reply.send(twoChunks())),
  'stream-error-before': path(500, async (_request, reply) => reply.send(failingAtOnce())),
  'stream-error-after': {
    ...path(200, async (_request, reply) => reply.send(failingLater())),
    breaksOff: true,
  },
  'events-flush': path(200, (_request, reply) => {
    reply.hijack()
    reply.raw.setHeader('Content-Type', 'text/event-stream')
    reply.raw.flushHeaders()
    reply.raw.end('data: 1\n\n')
  }),
  'events-write': path(200, (_request, reply) => {
    reply.raw.writeHead(200, { 'Content-Type': 'text/event-stream' })
    reply.raw.write('data: 1\n\n')
    reply.raw.end('data: 2\n\n')
  }),
  'early-hints': path(200, async (_request, reply) => {
    reply.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' })
    return 'ok'
  }),
  trailers: path(200, async (_request, reply) => {
    reply.trailer('X-Checksum', async () => '1')
    return 'ok'
  }),
  'taken-over': path(200, async (_request, reply) => {
    reply.hijack()
    for (const [name, value] of Object.entries(UPSTREAM)) reply.raw.setHeader(name, value)
    reply.raw.end('taken over')
  }),
  'write-after-end': path(200, async (_request, reply) => {
    reply.raw.on('error', () => {})
    reply.send('ok')
    reply.send('more')
    reply.raw.write('more')
    return reply
  }),
  destroys: {
    ...path(0, async (_request, reply) => {
      reply.hijack()
      reply.raw.destroy()
    }),
    status: undefined,
  },

  'compression-before': {
    ...parts(200, compressed, crossgateOf, route(sendText)),
    ask: FROM_GZIP,
  },
  'compression-after': {
    ...parts(200, crossgateOf, compressed, route(sendText)),
    ask: FROM_GZIP,
  },
  'helmet-before': parts(200, helmeted, crossgateOf, route(sendText)),
  'helmet-after': parts(200, crossgateOf, helmeted, route(sendText)),
  'wrapper-before': parts(
    200,
    (app) =>
      app.addHook('onRequest', async (_request, { raw }) => {
        onHeaders(raw, () => {
          raw.setHeader('Vary', 'X-Wrapped-By')
          raw.setHeader('Access-Control-Allow-Origin', '*')
        })
      }),
    crossgateOf,
    route(sendText),
  ),
  'wrapper-after': parts(
    200,
    crossgateOf,
    (app) => app.addHook('onRequest', async (_request, { raw }) => wrapWriteHead(raw)),
    route(sendText),
  ),
  twice: {
    ...parts(
      200,
      crossgateOf,
      below('/api', (api, setting) => crossgateOf(api, otherPolicy(setting)), route(sendText)),
    ),
    ask: { path: '/api/' },
    layers: ['adapter'],
    lines: OTHER_POLICY_LINES,
  },
  // An instance of its own for one route, without a prefix.
  'on-route': parts(200, below('', crossgateOf, route(sendText))),
  'on-router': {
    ...parts(200, below('/api', crossgateOf, route(sendText, { url: '/items/:id' }))),
    ask: { path: '/api/items/1' },
  },
  'prefix-not-found': {
    ...parts(404, below('/api', crossgateOf, route(sendText))),
    ask: { path: '/api/missing' },
  },
  'route-policy': {
    ...path(200, sendText, { config: { cors: { credentials: false, exposedHeaders: [] } } }),
    layers: ['adapter'],
    lines: OTHER_POLICY_LINES,
  },
  'route-none': {
    ...path(200, async (_request, reply) => reply.headers(OWN_CORS).send('ok'), {
      config: { cors: false },
    }),
    layers: ['adapter'],
    lines: NO_LINES,
  },
}

export const fastify5: Framework = { name: 'Fastify 5', protocol: 'http', paths: FASTIFY_PATHS }

function otherPolicy({ policy, ran }: Setting): Setting {
  return { policy: policy && OTHER_POLICY, ran }
}

async function serveFiles(app: FastifyInstance): Promise<void> {
  await app.register(files, { root: FILES })
}

async function compressed(app: FastifyInstance): Promise<void> {
  await app.register(compress, { threshold: 0 })
}

async function helmeted(app: FastifyInstance): Promise<void> {
  await app.register(helmet)
}

function login(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) =>
    reply.code(401).header('WWW-Authenticate', 'Bearer').send('who are you?'),
  )
}

async function sendText(): Promise<string> {
  return BODY
}

function removeAll(reply: FastifyReply): void {
  for (const name of Object.keys(reply.getHeaders())) {
    reply.removeHeader(name)
    reply.raw.removeHeader(name)
  }
}

/** A server that closes, but waits for something first. */
function whileClosing(): FastifyPath {
  return {
    status: 503,
    build: async (setting) => {
      let release: () => void = () => {}
      const released = new Promise<void>((resolve) => {
        release = resolve
      })
      let begin: () => void = () => {}
      const begun = new Promise<void>((resolve) => {
        begin = resolve
      })
      const application = await serve(setting, [
        crossgateOf,
        route(sendText),
        (app) => {
          app.addHook('preClose', () => {
            begin()
            return released
          })
          app.get('/close', async () => {
            void app.close()
            await begun
            return 'closing'
          })
        },
      ])
      return {
        ...application,
        close: () => {
          release()
          return application.instance.close()
        },
      }
    },
    exchange: async (send) => {
      await send({ path: '/close' })
      return send({})
    },
  }
}

/** `@fastify/http-proxy`, before a server with CORS headers of its own. */
function toUpstream(): FastifyPath {
  return {
    status: 200,
    build: async (setting) => {
      const upstream = createServer((_request, response) => {
        response.writeHead(200, UPSTREAM_FLAT).end('from upstream')
      })
      const port = await listen(upstream)
      const application = await serve(setting, [
        crossgateOf,
        (app, { ran }) =>
          app.register(proxy, {
            upstream: `http://${HOST}:${port}`,
            preHandler: async () => ran(),
          }),
      ])
      return {
        ...application,
        close: async () => {
          await application.close?.()
          await close(upstream)
        },
      }
    },
  }
}
