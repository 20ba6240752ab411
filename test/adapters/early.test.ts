/**
 * Where properties of Express's responses are dear, the guard stands on them before Express comes, from
 * the second request to a server on.
 */

import { createServer, type Server, ServerResponse } from 'node:http'
import { createServer as createNetServer } from 'node:net'
import { cors } from 'crossgate/express'
import { releaseGuard } from 'crossgate/node'
import express, { type Express, type Response } from 'express'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { APP, EVIL } from '../tables/exchanges.ts'
import { failOnUnhandledRejections, otherLines } from './harness.ts'
import { requireExpress4 } from './majors.ts'
import { allowed, from, granted, preflight, refused, seen, serve } from './serving.ts'
import { listen, sendHttp1 } from './wire.ts'

failOnUnhandledRejections()

/** Node 24 has V8 13, where a property costs no more on these responses than on any others. */
const ARE_DEAR = Number.parseInt(process.versions.v8, 10) < 13
const ROUNDS = [1, 2, 3]

describe.each([
  ['express 5', express],
  ['express 4', requireExpress4()],
])('%s', (_name, framework) => {
  function serverWith(mount: (app: Express) => void): Server {
    const app = framework()
    mount(app)
    return createServer(app)
  }

  it('gets one listener more for each server, where properties are dear', async () => {
    const server = serverWith((app) => {
      app.use(cors({ origin: APP }))
      app.use('/again', cors({ origin: EVIL }))
      app.use((_request, response) => void response.send('ok'))
    })
    const send = await serve(server)
    for (const _ of ROUNDS) {
      expect(seen(await send(from(APP)))).toEqual(allowed(200))
      expect(seen(await send({ ...from(EVIL), path: '/again' }))).toEqual(allowed(200, EVIL))
    }
    expect(server.listenerCount('request')).toBe(ARE_DEAR ? 2 : 1)
  })

  it('adds nothing to later responses', async () => {
    const keys: number[] = []
    const count = (response: Response): number => Reflect.ownKeys(response).length
    const send = await serve(
      serverWith((app) => {
        app.use((_request, response, next) => {
          keys.push(-count(response))
          next()
        })
        app.use(cors({ origin: APP }))
        app.use((_request, response) => {
          keys.push(count(response))
          response.send('ok')
        })
      }),
    )
    for (const _ of ROUNDS) expect(seen(await send(from(APP)))).toEqual(allowed(200))
    const added = ROUNDS.map((_, index) => (keys[2 * index] ?? 0) + (keys[2 * index + 1] ?? 0))
    expect(added).toEqual(ARE_DEAR ? [1, 0, 0] : [1, 1, 1])
  })

  it('answers the first request as all that follow', async () => {
    const send = await serve(
      serverWith((app) => {
        app.use(cors({ origin: APP }))
        app.get('/throws', () => {
          throw Object.assign(new Error('it failed'), { status: 503, expose: false })
        })
        app.get('/starts-over', (_request, response) => {
          for (const name of response.getHeaderNames()) response.removeHeader(name)
          response.set('Access-Control-Allow-Origin', '*').send('ok')
        })
        app.get('/released', (_request, response) => {
          releaseGuard(response)
          response.set('Access-Control-Allow-Origin', '*').send('ok')
        })
        app.use(((_error, _request, response, _next) =>
          response.sendStatus(500)) as express.ErrorRequestHandler)
      }),
    )
    for (const _ of ROUNDS) {
      expect(seen(await send(preflight(APP)))).toEqual(granted())
      expect(seen(await send(preflight(EVIL)))).toEqual(refused(403))
      expect(seen(await send({ ...from(APP), path: '/throws' }))).toEqual(allowed(500))
      expect(seen(await send({ ...from(APP), path: '/starts-over' }))).toEqual(allowed(200))
      expect(seen(await send({ ...from(EVIL), path: '/starts-over' }))).toEqual(refused(200))
      const released = seen(await send({ ...from(APP), path: '/released' }))
      expect(released).toEqual([200, ['access-control-allow-origin', '*']])
      expect(seen(await send(from(EVIL)))).toEqual(refused(404))
    }
  })

  it('leaves responses alone about which no policy decides', async () => {
    const OWN = [200, ['access-control-allow-origin', '*'], ['vary', 'Accept-Encoding']]
    const send = await serve(
      serverWith((app) => {
        app.get('/own', (_request, response) => {
          response.set({ 'Access-Control-Allow-Origin': '*', Vary: 'Accept-Encoding' }).send('ok')
        })
        app.use(cors({ origin: APP }))
      }),
    )
    for (const _ of ROUNDS) {
      expect(seen(await send({ ...from(EVIL), path: '/own' }))).toEqual(OWN)
      expect(seen(await send(from(APP)))).toEqual(allowed(404))
    }
  })

  it('holds in an application of another copy of Express that is reached through a router', async () => {
    const other = framework === express ? requireExpress4() : express
    const admin = other()
    admin.use((_request, response) => {
      response.set('Access-Control-Allow-Origin', '*').send('ok')
    })
    const send = await serve(
      serverWith((app) => {
        const router = framework.Router()
        router.use('/admin', admin as never)
        app.use(cors({ origin: APP }), router)
      }),
    )
    for (const _ of ROUNDS) {
      expect(seen(await send({ ...from(APP), path: '/admin' }))).toEqual(allowed(200))
      expect(seen(await send({ ...from(EVIL), path: '/admin' }))).toEqual(refused(200))
    }
  })

  it('leaves the head to whoever sets a field when the response ends', async () => {
    const seenBefore: number[] = []
    const send = await serve(
      serverWith((app) => {
        app.use((_request, response, next) => {
          const { end, writeHead } = response
          Object.assign(response, {
            writeHead: (...parameters: Parameters<typeof writeHead>) => {
              seenBefore.push(response.statusCode)
              return writeHead.apply(response, parameters)
            },
            end: (...parameters: Parameters<typeof end>) => {
              response.setHeader('X-Response-Time', '1')
              return end.apply(response, parameters)
            },
          })
          next()
        })
        app.use(cors({ origin: APP }))
      }),
    )
    for (const _ of ROUNDS) {
      const answer = await send(preflight(APP))
      expect(seen(answer)).toEqual(granted())
      expect(otherLines(answer.rawHeaders)).toContainEqual(['X-Response-Time', '1'])
      expect(seen(await send(preflight(EVIL)))).toEqual(refused(403))
    }
    expect(seenBefore).toEqual([204, 403, 204, 403, 204, 403])
  })

  it('holds where the server has responses of a class of its own, and somebody undoes writeHead', async () => {
    class Recorded extends ServerResponse {
      override writeHead(...parameters: unknown[]): this {
        return super.writeHead(...(parameters as [number]))
      }
    }
    const app = framework()
    app.use(cors({ origin: APP }))
    app.use((_request, response) => {
      Object.assign(response, { writeHead: ServerResponse.prototype.writeHead })
      response.set('Access-Control-Allow-Origin', '*').send('ok')
    })
    const send = await serve(createServer({ ServerResponse: Recorded as never }, app))
    for (const _ of ROUNDS) {
      expect(seen(await send(from(APP)))).toEqual(allowed(200))
      expect(seen(await send(from(EVIL)))).toEqual(refused(200))
    }
  })

  it('holds where somebody takes the listeners of the server away in between', async () => {
    const app = framework()
    app.use(cors({ origin: APP }))
    const server = createServer(app)
    const send = await serve(server)
    for (const _ of ROUNDS) {
      expect(seen(await send(from(APP)))).toEqual(allowed(404))
      server.removeAllListeners('request').on('request', app)
    }
  })

  it('holds where the sockets come from a server of another kind', async () => {
    const server = serverWith((app) => void app.use(cors({ origin: APP })))
    const front = createNetServer((socket) => void server.emit('connection', socket))
    const port = await listen(front as never)
    onTestFinished(() => void front.close())
    for (const _ of ROUNDS) {
      expect(seen(await sendHttp1(port, from(APP)))).toEqual(allowed(404))
    }
    const counts = [server, front].map((one) => one.listenerCount('request'))
    expect(counts).toEqual([ARE_DEAR ? 2 : 1, 0])
  })
})

it('is not needed where a stack of middleware leaves the responses as they are', async () => {
  const middleware = cors({ origin: APP })
  const server = createServer((request, response) =>
    middleware(request, response, () => response.end('ok')),
  )
  const send = await serve(server)
  for (const _ of ROUNDS) expect(seen(await send(from(APP)))).toEqual(allowed(200))
  expect(server.listenerCount('request')).toBe(1)
})

it.each([
  ['has no versions', { versions: { value: undefined } }],
  ['has none of V8', { versions: { value: {} } }],
])('is imported, and comes no earlier, where process %s', async (_title, parts) => {
  vi.resetModules()
  vi.stubGlobal('process', Object.create(process, parts))
  const imported = await import('../../adapters/express.ts').finally(() => vi.unstubAllGlobals())
  const app = express()
  app.use(imported.cors({ origin: APP }))
  const server = createServer(app)
  const send = await serve(server)
  for (const _ of ROUNDS) expect(seen(await send(from(APP)))).toEqual(allowed(404))
  expect(server.listenerCount('request')).toBe(1)
})
