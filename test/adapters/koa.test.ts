import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import cors, { cors as namedCors } from 'crossgate/koa'
import Koa from 'koa'
import { describe, expect, it } from 'vitest'
import { APP, EVIL } from '../tables/exchanges.ts'
import { failOnUnhandledRejections } from './harness.ts'
import { requireKoa2 } from './majors.ts'
import { allowed, from, granted, preflight, refused, seen, serve } from './serving.ts'

failOnUnhandledRejections()

const OTHER = 'https://other.example'
const OPTIONS = { origin: APP }

it('is exported by name and by default', () => {
  expect(cors).toBe(namedCors)
  expect(cors(OPTIONS).name).toBe('corsMiddleware')
})

it('refuses options that are wrong where it is made', () => {
  expect(() => cors({ origin: `${APP}:443` as string })).toThrow('the CORS options have a problem')
})

describe.each([
  ['koa 3', Koa],
  ['koa 2', requireKoa2()],
])('%s', (name, Framework) => {
  /** Serves middleware; the errors that Koa was told come with it. */
  async function serveKoa(...middleware: Koa.Middleware[]) {
    const app = new Framework()
    const errors: unknown[] = []
    app.on('error', (error: Error) => errors.push(error.message))
    for (const one of middleware) app.use(one)
    return { send: await serve(createServer(app.callback())), errors }
  }

  const throwing: Koa.Middleware = () => {
    throw new Error('thrown')
  }

  describe('errors, from which Koa removes all headers', () => {
    it('carry the headers of the policy', async () => {
      const { send, errors } = await serveKoa(cors(OPTIONS), throwing)
      expect(seen(await send(from(APP)))).toEqual(allowed(500))
      expect(seen(await send(from(EVIL)))).toEqual(refused(500))
      expect(seen(await send())).toEqual(refused(500))
      expect(errors).toEqual(['thrown', 'thrown', 'thrown'])
    })

    it('of context.throw carry their own headers, too', async () => {
      const { send } = await serveKoa(cors(OPTIONS), (context) => {
        context.set('X-Lost', '1')
        context.throw(401, 'log in', {
          headers: {
            Vary: 'Cookie',
            'WWW-Authenticate': 'Basic',
            'Access-Control-Allow-Origin': OTHER,
          },
        })
      })
      const answer = await send(from(APP))
      expect(seen(answer)).toEqual([
        401,
        ['access-control-allow-origin', APP],
        ['vary', 'Cookie, Origin'],
      ])
      expect(answer.body).toBe('log in')
      const names = answer.rawHeaders.map(([one]) => one)
      expect(names).toContain('WWW-Authenticate')
      expect(names).not.toContain('X-Lost')
    })

    it('lose what the handler varied on, as without crossgate, but not the Origin', async () => {
      const { send } = await serveKoa(cors(OPTIONS), (context) => {
        context.vary('Accept')
        throw new Error('thrown')
      })
      expect(seen(await send(from(APP)))).toEqual(allowed(500))
    })

    it.each([
      ['text', 'text'],
      ['a number', 5],
      ['an object', { status: 400 }],
      ['false', false],
    ])('that are none but %s carry them', async (_what, thrown) => {
      const { send } = await serveKoa(cors(OPTIONS), () => {
        throw thrown
      })
      expect(seen(await send(from(APP)))).toEqual(allowed(500))
      expect(seen(await send(from(EVIL)))).toEqual(refused(500))
    })

    it('of a body that cannot be written carry them', async () => {
      const circular: { self?: unknown } = {}
      circular.self = circular
      const { send } = await serveKoa(cors(OPTIONS), (context) => {
        context.body = circular
      })
      expect(seen(await send(from(APP)))).toEqual(allowed(500))
    })

    it('of an outer layer, after the inner ones, carry them', async () => {
      const { send } = await serveKoa(
        async (_context, next) => {
          await next()
          throw new Error('thrown')
        },
        cors(OPTIONS),
        (context) => {
          context.body = 'ok'
        },
      )
      expect(seen(await send(from(APP)))).toEqual(allowed(500))
    })

    it('that an outer layer answers for carry them', async () => {
      const { send } = await serveKoa(
        async (context, next) => {
          try {
            await next()
          } catch (error) {
            for (const one of Object.keys(context.response.headers)) context.remove(one)
            context.status = 418
            context.body = (error as Error).message
          }
        },
        cors(OPTIONS),
        throwing,
      )
      const answer = await send(from(APP))
      expect(seen(answer)).toEqual(allowed(418))
      expect(answer.body).toBe('thrown')
    })

    it('of a stream before its first byte', async () => {
      const { send, errors } = await serveKoa(cors(OPTIONS), (context) => {
        context.body = new Readable({
          read() {
            this.destroy(new Error('broken'))
          },
        })
      })
      if (name === 'koa 3') {
        // Koa 3 closes the connection: there is no answer that could carry anything.
        await expect(send(from(APP))).rejects.toThrow()
      } else {
        expect(seen(await send(from(APP)))).toEqual(allowed(500))
      }
      expect(errors).toContain('broken')
    })
  })

  describe('other answers', () => {
    it('are covered where nobody answered', async () => {
      const { send } = await serveKoa(cors(OPTIONS))
      const answer = await send(from(APP))
      expect(seen(answer)).toEqual(allowed(404))
      expect(answer.body).toBe('Not Found')
    })

    it('are covered where an outer layer replaces them', async () => {
      const { send } = await serveKoa(
        async (context, next) => {
          await next()
          context.set('Access-Control-Allow-Origin', OTHER)
          context.set('Vary', 'Accept')
          context.body = 'outer'
        },
        cors(OPTIONS),
        (context) => {
          context.body = 'inner'
        },
      )
      const answer = await send(from(EVIL))
      expect(seen(answer)).toEqual([200, ['vary', 'Accept, Origin']])
      expect(answer.body).toBe('outer')
    })

    it.each([null, undefined, ''])('are covered with the body %j', async (body) => {
      const { send } = await serveKoa(cors(OPTIONS), (context) => {
        context.status = 204
        context.body = body
      })
      expect(seen(await send(from(APP)))).toEqual(allowed(204))
    })

    it('pass through awaited, so that outer layers see them', async () => {
      const statuses: number[] = []
      const { send } = await serveKoa(
        async (context, next) => {
          await next()
          statuses.push(context.status)
        },
        cors(OPTIONS),
        async (context) => {
          await new Promise((resolve) => setImmediate(resolve))
          context.status = 202
        },
      )
      expect(seen(await send(from(APP)))).toEqual(allowed(202))
      expect(seen(await send(preflight(APP)))).toEqual(granted())
      expect(statuses).toEqual([202, 204])
    })
  })

  it('shows outer layers an answer without a body', async () => {
    const shown: unknown[] = []
    const { send } = await serveKoa(async (context, next) => {
      await next()
      shown.push([context.status, context.body])
    }, cors(OPTIONS))
    for (const origin of [APP, EVIL]) await send(preflight(origin))
    expect(shown).toEqual([
      [204, null],
      [403, null],
    ])
  })

  it('answers preflights without the layers below', async () => {
    const ran: string[] = []
    const { send } = await serveKoa(cors(OPTIONS), (context) => {
      ran.push(context.method)
    })
    expect(seen(await send(preflight(APP)))).toEqual(granted())
    expect(seen(await send(preflight(EVIL)))).toEqual(refused(403))
    expect(ran).toEqual([])
  })

  it.each([
    [
      'throws',
      500,
      'Internal Server Error',
      () => {
        throw new Error('thrown')
      },
    ],
    [
      'answers',
      200,
      'outer',
      (context: Koa.Context) => {
        context.body = 'outer'
      },
    ],
  ] as const)(
    'lets an outer layer have the answer to a preflight that %s after it',
    async (_what, status, body, last) => {
      const { send } = await serveKoa(
        async (context, next) => {
          await next()
          last(context)
        },
        cors({ ...OPTIONS, optionsSuccessStatus: 200 }),
      )
      const answer = await send(preflight(APP))
      expect(seen(answer)).toEqual([status, ...granted().slice(1)])
      expect(answer.body).toBe(body)
      expect(answer.rawHeaders).toContainEqual(['Content-Length', String(body.length)])
    },
  )

  it('lets the inner of two policies win, with one set of fields', async () => {
    const { send } = await serveKoa(
      cors({ origin: APP, exposedHeaders: 'x-total' }),
      cors({ origin: OTHER, credentials: true }),
      (context) => {
        context.body = 'ok'
      },
    )
    expect(seen(await send(from(OTHER)))).toEqual([
      200,
      ['access-control-allow-credentials', 'true'],
      ['access-control-allow-origin', OTHER],
      ['vary', 'Origin'],
    ])
    expect(seen(await send(from(APP)))).toEqual(refused(200))
  })

  it('asks a delegate about the context', async () => {
    const open = { origin: '*' } as const
    const closed = { origin: false } as const
    const { send } = await serveKoa(
      cors((context: Koa.Context) => (context.path === '/open' ? open : closed)),
    )
    expect(seen(await send({ ...from(APP), path: '/open' }))).toEqual(allowed(404, '*'))
    expect(seen(await send({ ...from(APP), path: '/closed' }))).toEqual(refused(404))
  })

  it('shows a delegate what Koa 2 and 3 know of the request, without their types', async () => {
    const shown: unknown[] = []
    const { send } = await serveKoa(
      cors(({ method, url, path, host, hostname, get }) => {
        shown.push([method, url, path, host === '' ? '' : 'host', hostname, typeof get])
        return { origin: '*' } as const
      }),
    )
    await send({ ...from(APP), path: '/open?now' })
    expect(shown).toEqual([['GET', '/open?now', '/open', 'host', '127.0.0.1', 'function']])
  })

  it.each([
    [
      'at once',
      () => {
        throw new Error('the store is away')
      },
    ],
    [
      'later',
      async () => {
        throw new Error('the store is away')
      },
    ],
  ])('throws a look-up that fails %s to the layer above', async (_when, origin) => {
    const ran: string[] = []
    const caught: unknown[] = []
    const { send } = await serveKoa(
      async (context, next) => {
        try {
          await next()
        } catch (error) {
          caught.push(error)
          context.status = 503
          context.body = 'try again'
        }
      },
      cors({ origin }),
      () => {
        ran.push('handler')
      },
    )
    expect(seen(await send(from(APP)))).toEqual(refused(503))
    expect(caught).toEqual([new Error('the store is away')])
    expect(ran).toEqual([])
  })

  it('leaves an answer alone that an outer layer gave while a look-up took time', async () => {
    let answer: (allowed: boolean) => void = () => {}
    const asked = new Promise<boolean>((resolve) => {
      answer = resolve
    })
    const ran: string[] = []
    let inner: Promise<unknown> = Promise.resolve()
    const { send, errors } = await serveKoa(
      async (context, next) => {
        inner = next()
        context.status = 503
        context.body = 'timed out'
      },
      cors({ origin: () => asked }),
      () => {
        ran.push('handler')
      },
    )
    const timedOut = await send(from(APP))
    expect(seen(timedOut)).toEqual(refused(503))
    expect(timedOut.body).toBe('timed out')
    answer(true)
    await inner
    expect(ran).toEqual([])
    expect(errors).toEqual([])
  })
})
