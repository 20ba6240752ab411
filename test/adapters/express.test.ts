import { createServer, type ServerResponse as Res } from 'node:http'
import cors, { cors as namedCors } from 'crossgate/express'
import { releaseGuard } from 'crossgate/node'
import express, {
  type ErrorRequestHandler,
  type Express,
  type NextFunction,
  type Request,
  type Response,
} from 'express'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { APP, EVIL } from '../tables/exchanges.ts'
import { failOnUnhandledRejections } from './harness.ts'
import { requireExpress4 } from './majors.ts'
import { allowed, from, granted, preflight, refused, type Send, seen, serve } from './serving.ts'

failOnUnhandledRejections()

const OTHER = 'https://other.example'
const OPTIONS = { origin: APP }

it('is middleware of three parameters, with a name for stack traces', () => {
  const middleware = cors(OPTIONS)
  expect(middleware).toHaveLength(3)
  expect(middleware.name).toBe('corsMiddleware')
  expect(cors).toBe(namedCors)
})

it('refuses options that are wrong where it is made', () => {
  expect(() => cors({ origin: `${APP}:443` as string })).toThrow('the CORS options have a problem')
})

describe.each([
  ['express 5', express],
  ['express 4', requireExpress4()],
])('%s', (_name, framework) => {
  /** Serves an application that is quiet about its errors. */
  function serveApp(mount: (app: Express) => void): Promise<Send> {
    const app = framework()
    mount(app)
    app.use(((error, _request, response, next) => {
      if (response.headersSent) next(error)
      else response.status(error?.status ?? 500).send(`handled ${error?.message ?? error}`)
    }) satisfies ErrorRequestHandler)
    return serve(createServer(app))
  }

  function ok(_request: Request, response: Response): void {
    response.send('ok')
  }

  describe('mounted', () => {
    it('on a path, covers what is below it', async () => {
      const send = await serveApp((app) => {
        app.use('/api', cors(OPTIONS))
        app.get('/api/one', ok)
        app.get('/two', ok)
      })
      expect(seen(await send({ ...from(APP), path: '/api/one' }))).toEqual(allowed(200))
      expect(seen(await send({ ...from(APP), path: '/api/missing' }))).toEqual(allowed(404))
      expect(seen(await send(preflight(APP, 'PUT', '/api/one')))).toEqual(granted())
      expect(seen(await send({ ...from(APP), path: '/two' }))).toEqual([200])
    })

    it('on a router, covers the router', async () => {
      const send = await serveApp((app) => {
        const router = framework.Router()
        router.use(cors(OPTIONS))
        router.get('/one', ok)
        app.use('/api', router)
        app.get('/two', ok)
      })
      expect(seen(await send({ ...from(APP), path: '/api/one' }))).toEqual(allowed(200))
      expect(seen(await send(preflight(APP, 'PUT', '/api/one')))).toEqual(granted())
      expect(seen(await send({ ...from(APP), path: '/two' }))).toEqual([200])
    })

    it('on a route and its OPTIONS, covers the route', async () => {
      const send = await serveApp((app) => {
        app.get('/one', cors(OPTIONS), ok)
        app.options('/one', cors(OPTIONS))
      })
      expect(seen(await send({ ...from(APP), path: '/one' }))).toEqual(allowed(200))
      expect(seen(await send(preflight(APP, 'PUT', '/one')))).toEqual(granted())
      expect(seen(await send(preflight(EVIL, 'PUT', '/one')))).toEqual(refused(403))
    })

    it('on all methods of a route, answers its preflights', async () => {
      const send = await serveApp((app) => {
        app.route('/one').all(cors(OPTIONS)).get(ok)
      })
      expect(seen(await send({ ...from(APP), path: '/one' }))).toEqual(allowed(200))
      expect(seen(await send(preflight(APP, 'PUT', '/one')))).toEqual(granted())
    })

    it('on OPTIONS of every path, answers preflights only', async () => {
      const send = await serveApp((app) => {
        app.options('/{*splat}', cors(OPTIONS))
        if (framework !== express) app.options('*', cors(OPTIONS))
        app.get('/one', ok)
      })
      expect(seen(await send(preflight(APP, 'PUT', '/one')))).toEqual(granted())
      expect(seen(await send({ ...from(APP), path: '/one' }))).toEqual([200])
    })

    it('with two policies, lets the inner win, with one set of fields', async () => {
      const send = await serveApp((app) => {
        app.use(cors({ origin: APP, exposedHeaders: 'x-total', preflightContinue: true }))
        app.use('/other', cors({ origin: OTHER, credentials: true }))
        app.get('/other', ok)
        app.get('/one', ok)
      })
      expect(seen(await send({ ...from(OTHER), path: '/other' }))).toEqual([
        200,
        ['access-control-allow-credentials', 'true'],
        ['access-control-allow-origin', OTHER],
        ['vary', 'Origin'],
      ])
      expect(seen(await send({ ...from(APP), path: '/other' }))).toEqual(refused(200))
      expect(seen(await send({ ...from(OTHER), path: '/one' }))).toEqual(refused(200))
      expect(seen(await send(preflight(APP, 'PUT', '/other')))).toEqual(refused(403))
      const [status, ...lines] = seen(await send(preflight(OTHER, 'PUT', '/other')))
      expect(status).toBe(204)
      expect(lines).toContainEqual(['access-control-allow-origin', OTHER])
    })
  })

  describe('beside other layers', () => {
    it('covers answers of error handlers that remove all headers', async () => {
      const app = framework()
      app.use(cors(OPTIONS))
      app.get('/', () => {
        throw new Error('thrown')
      })
      app.use(((_error, _request, response, _next) => {
        for (const name of response.getHeaderNames()) response.removeHeader(name)
        response.status(418).end()
      }) satisfies ErrorRequestHandler)
      const send = await serve(createServer(app))
      expect(seen(await send(from(APP)))).toEqual(allowed(418))
      expect(seen(await send(from(EVIL)))).toEqual(refused(418))
    })

    it("covers the framework's own answer to errors, and the headers of an error", async () => {
      const app = framework()
      app.set('env', 'test')
      app.use(cors(OPTIONS))
      app.get('/', () => {
        throw Object.assign(new Error('thrown'), { status: 401, headers: { Vary: 'Cookie' } })
      })
      const send = await serve(createServer(app))
      expect(seen(await send(from(APP)))).toEqual([
        401,
        ['access-control-allow-origin', APP],
        ['vary', 'Cookie, Origin'],
      ])
    })

    it('answers preflights before what asks for a login, and covers its refusal', async () => {
      const send = await serveApp((app) => {
        app.use(cors(OPTIONS))
        app.use((_request: Request, response: Response) => {
          response.status(401).send('log in')
        })
      })
      expect(seen(await send(preflight(APP)))).toEqual(granted())
      expect(seen(await send(from(APP)))).toEqual(allowed(401))
    })

    it.each([
      ['{"a":', 400],
      [JSON.stringify('x'.repeat(200)), 413],
    ])('covers what a parser refuses: %s', async (body, status) => {
      const send = await serveApp((app) => {
        app.use(cors(OPTIONS), framework.json({ limit: 100, strict: false }))
        app.post('/', ok)
      })
      const content = ['Content-Type', 'application/json'] as const
      expect(seen(await send({ ...from(APP, content), method: 'POST', body }))).toEqual(
        allowed(status),
      )
      expect(seen(await send({ ...from(EVIL, content), method: 'POST', body }))).toEqual(
        refused(status),
      )
    })

    it('covers a path that cannot be decoded', async () => {
      const send = await serveApp((app) => {
        app.use(cors(OPTIONS))
        app.get('/:id', ok)
      })
      expect(seen(await send({ ...from(APP), path: '/%' }))).toEqual(allowed(400))
    })

    it('covers a file that is not there', async () => {
      const send = await serveApp((app) => {
        app.use(cors(OPTIONS))
        app.get('/', (_request, response) => response.sendFile('/nowhere/at/all'))
      })
      expect(seen(await send(from(APP)))).toEqual(allowed(404))
    })

    it('adds to what response.vary stores', async () => {
      const send = await serveApp((app) => {
        app.use((_request: Request, response: Response, next: NextFunction) => {
          response.vary('Accept')
          next()
        })
        app.use(cors(OPTIONS))
        app.get('/', (_request, response) => {
          response.vary('Cookie').send('ok')
        })
      })
      expect(seen(await send(from(APP)))).toEqual([
        200,
        ['access-control-allow-origin', APP],
        ['vary', 'Accept, Cookie, Origin'],
      ])
    })

    it('lets a route answer for itself that released its response', async () => {
      const send = await serveApp((app) => {
        app.use(cors(OPTIONS))
        app.get('/', (_request, response) => {
          releaseGuard(response)
          response.set('Access-Control-Allow-Origin', OTHER).send('ok')
        })
      })
      expect(seen(await send(from(APP)))).toEqual([200, ['access-control-allow-origin', OTHER]])
    })

    it('works below another application', async () => {
      const send = await serveApp((app) => {
        const inner = framework()
        inner.use(cors(OPTIONS))
        inner.get('/', ok)
        app.use('/inner', inner)
      })
      expect(seen(await send({ ...from(APP), path: '/inner' }))).toEqual(allowed(200))
    })

    it('leaves an OPTIONS without a requested method to Express', async () => {
      const send = await serveApp((app) => {
        app.use(cors(OPTIONS))
        app.get('/', ok)
      })
      const answer = await send({ ...from(APP), method: 'OPTIONS' })
      expect(seen(answer)).toEqual(allowed(200))
      expect(answer.rawHeaders.find(([name]) => name === 'Allow')?.[1]).toContain('GET')
    })
  })

  describe('a look-up that fails', () => {
    /** What Express takes for something else than an error. */
    const thrown: [string, unknown][] = [
      ['an error', new Error('away')],
      ["'route', which skips a route", 'route'],
      ["'router', which skips a router", 'router'],
      ['null, which goes on', null],
      ['undefined, which goes on', undefined],
      ['false', false],
      ['0', 0],
    ]
    const sources: [string, (reason: unknown) => Parameters<typeof cors>[0]][] = [
      [
        'at once',
        (reason) => ({
          origin: () => {
            throw reason
          },
        }),
      ],
      [
        'later',
        (reason) => ({
          origin: async () => {
            throw reason
          },
        }),
      ],
      [
        'in a delegate',
        (reason) => async () => {
          throw reason
        },
      ],
    ]

    describe.each(sources)('%s', (_how, source) => {
      it.each(thrown)(
        'with %s, goes to the error handler, never to the route',
        async (_what, reason) => {
          const ran: string[] = []
          const send = await serveApp((app) => {
            app.get('/', cors(source(reason)), (_request, response) => {
              ran.push('route')
              response.send('ok')
            })
            app.use((_request: Request, response: Response) => {
              ran.push('later')
              response.send('later')
            })
          })
          const answer = await send(from(APP))
          expect(seen(answer)).toEqual(refused(500))
          expect(answer.body).toMatch(/^handled ./)
          expect(ran).toEqual([])
        },
      )
    })

    it('says what was thrown', async () => {
      const send = await serveApp((app) => {
        app.use(
          cors({
            origin: async () => {
              throw new Error('the store is away')
            },
          }),
        )
        app.get('/', ok)
      })
      expect((await send(from(APP))).body).toBe('handled the store is away')
    })
  })

  it('calls next once, also where what comes next throws', async () => {
    const calls: unknown[] = []
    const middleware = cors({ origin: async () => true })
    const send = await serveApp((app) => {
      app.use((request: Request, response: Response, next: NextFunction) => {
        middleware(request, response, (error) => {
          calls.push(error)
          next(error)
        })
      })
      app.get('/', () => {
        throw new Error('thrown')
      })
    })
    expect(seen(await send(from(APP)))).toEqual(allowed(500))
    expect(calls).toEqual([undefined])
  })
})

describe('a stack whose next throws', () => {
  /** Nobody between the middleware and the process catches anything. */
  async function serveBare(source: Parameters<typeof cors>[0], last: (response: Res) => void) {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => print.mockRestore())
    const calls: unknown[] = []
    const middleware = cors(source)
    const send = await serve((request, response) =>
      middleware(request, response, (error) => {
        calls.push(error)
        last(response)
        throw new Error('thrown by next')
      }),
    )
    return { send, calls, print }
  }

  it('after a look-up: next is called once, and the answer is a 500', async () => {
    const { send, calls, print } = await serveBare({ origin: async () => true }, () => {})
    const answer = await send(from(APP))
    expect(seen(answer)).toEqual(allowed(500))
    expect(answer.body).toBe('')
    expect(calls).toEqual([undefined])
    expect(print.mock.calls).toEqual([[new Error('thrown by next')]])
  })

  it('after a look-up that failed: next is called once, with its error', async () => {
    const error = new Error('away')
    const { send, calls } = await serveBare(
      {
        origin: async () => {
          throw error
        },
      },
      () => {},
    )
    expect(seen(await send(from(APP)))).toEqual(refused(500))
    expect(calls).toEqual([error])
  })

  it('after it answered: the answer stands', async () => {
    const { send, calls } = await serveBare({ origin: async () => true }, (response) =>
      response.end('ok'),
    )
    const answer = await send(from(APP))
    expect(seen(answer)).toEqual(allowed(200))
    expect(answer.body).toBe('ok')
    expect(calls).toEqual([undefined])
  })

  it("at once: the exception is the caller's, as without crossgate", () => {
    const error = new Error('thrown by next')
    const next = vi.fn(() => {
      throw error
    })
    const call = () => cors(OPTIONS)({ headers: {} } as never, double() as never, next)
    expect(call).toThrow(error)
    expect(next).toHaveBeenCalledTimes(1)
  })

  function double() {
    return { headersSent: false, getHeader: () => undefined, setHeader: () => {} }
  }
})
