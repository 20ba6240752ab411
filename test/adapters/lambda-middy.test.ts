/** The middleware of middy 6: what others before and after it do to requests and responses. */

import middy from '@middy/core'
import { cors, type LambdaSettings, withCors } from 'crossgate/lambda'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { APP, EVIL } from '../tables/exchanges.ts'
import { failOnUnhandledRejections } from './harness.ts'
import { DIALECTS, type Dialect, eventOf, OTHER_EVENTS } from './lambda-events.ts'

failOnUnhandledRejections()

const ALLOWED = { 'access-control-allow-origin': APP, vary: 'Origin' }
const OPEN = { 'access-control-allow-origin': '*' }
const EMPTY = { statusCode: 200, body: '' }
const COVERED = { ...EMPTY, headers: ALLOWED }

type Request = middy.Request<unknown, unknown, Error & { statusCode?: number }>

/** As error handlers for HTTP do it: whatever has no status is theirs to hide. */
const errorHandler = {
  onError: (request: Request): void => {
    if (request.response !== undefined) return
    const { statusCode = 500, message } = request.error as Error & { statusCode?: number }
    const response = { statusCode, headers: {} as Record<string, string>, body: '' }
    request.response = response
    // Some go on with what they have set.
    response.headers['Content-Type'] = 'text/plain'
    response.body = statusCode < 500 ? message : ''
  },
}

const teapot = Object.assign(new Error('I am a teapot'), { statusCode: 418 })
const brewed = {
  statusCode: 418,
  headers: { 'Content-Type': 'text/plain', ...ALLOWED },
  body: 'I am a teapot',
}

function from(dialect: Dialect = 'v1', origin = APP): unknown {
  return eventOf(dialect, { headers: [['Origin', origin]] })
}

function preflight(dialect: Dialect = 'v1', origin = APP): unknown {
  const headers = [
    ['Origin', origin],
    ['Access-Control-Request-Method', 'PUT'],
  ] as const
  return eventOf(dialect, { method: 'OPTIONS', headers })
}

type Middleware = middy.MiddlewareObj<unknown, unknown>

/** Runs a handler behind middlewares, in the order in which they are used. */
function run(
  middlewares: readonly (Middleware | ReturnType<typeof cors>)[],
  handler: (event: unknown) => unknown,
  event: unknown = from(),
): Promise<unknown> {
  const chain = middy().use([...middlewares] as Middleware[])
  return chain.handler(handler as never)(event, {} as never) as Promise<unknown>
}

function failing(error: unknown = new Error('broken')): () => never {
  return () => {
    throw error
  }
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe.each(DIALECTS)('%s', (dialect) => {
  const isMulti = dialect === 'alb-multi'
  const lists = Object.fromEntries(Object.entries(ALLOWED).map(([name, value]) => [name, [value]]))

  it('a response is covered', async () => {
    const response = await run([cors({ origin: APP })], () => EMPTY, from(dialect))
    expect(response).toStrictEqual({
      ...EMPTY,
      ...(isMulti ? { multiValueHeaders: lists } : { headers: ALLOWED }),
    })
  })

  it('a preflight is answered before anything else', async () => {
    const before = vi.fn()
    const handler = vi.fn()
    const response = await run([cors({ origin: APP }), { before }], handler, preflight(dialect))
    expect(response).toMatchObject({ statusCode: 204, body: '' })
    const refused = await run(
      [cors({ origin: APP }), { before }],
      handler,
      preflight(dialect, EVIL),
    )
    expect(refused).toMatchObject({ statusCode: 403, body: '' })
    expect([before.mock.calls, handler.mock.calls]).toEqual([[], []])
  })

  it('a refused request is answered', async () => {
    const handler = vi.fn()
    const source = { origin: APP, onDisallowed: 'reject' } as const
    const response = await run([cors(source)], handler, from(dialect, EVIL))
    expect(response).toMatchObject({ statusCode: 403, body: '' })
    expect(handler.mock.calls).toEqual([])
  })
})

describe('errors', () => {
  it('the response of an error handler is covered, where cors is used before it', async () => {
    const print = vi.spyOn(console, 'error')
    const response = await run([cors({ origin: APP }), errorHandler], failing(teapot))
    expect(response).toStrictEqual(brewed)
    expect(print.mock.calls).toEqual([])
  })

  it('a response that an error handler returns is covered', async () => {
    const onError = (): unknown => EMPTY
    expect(await run([cors({ origin: APP }), { onError }], failing())).toStrictEqual(COVERED)
  })

  it('what an earlier middleware throws is covered', async () => {
    const before = failing(teapot)
    const response = await run([{ before }, cors({ origin: APP }), errorHandler], () => EMPTY)
    expect(response).toStrictEqual(brewed)
  })

  it('what a later middleware throws is covered, before and after', async () => {
    for (const thrower of [{ before: failing(teapot) }, { after: failing(teapot) }]) {
      const response = await run([cors({ origin: APP }), thrower, errorHandler], () => EMPTY)
      expect(response).toStrictEqual(brewed)
    }
  })

  it('where nobody answers it is an empty 500, and the error is told', async () => {
    const onError = vi.fn()
    const error = new Error('broken')
    const event = from()
    const response = await run([cors({ origin: APP }, { onError })], failing(error), event)
    expect(response).toStrictEqual({ statusCode: 500, headers: ALLOWED, body: '' })
    expect(onError.mock.calls).toEqual([[error, event]])
  })

  it('a timeout that middy sees coming is answered', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const context = { getRemainingTimeInMillis: () => 10 }
    const handler = middy()
      .use(cors({ origin: APP }))
      .handler((() => new Promise(() => {})) as never)
    const response = await handler(from() as never, context as never)
    expect(response).toStrictEqual({ statusCode: 500, headers: ALLOWED, body: '' })
  })

  it('with rethrow it is left to middy', async () => {
    const rethrowing: LambdaSettings<never> = { onError: 'rethrow' }
    await expect(run([cors({ origin: APP }, rethrowing)], failing())).rejects.toThrow('broken')
    const response = await run([cors({ origin: APP }, rethrowing), errorHandler], failing(teapot))
    expect(response).toStrictEqual(brewed)
  })

  it('a look-up that fails is told once, and an error handler does not see it', async () => {
    const onError = vi.fn()
    const error = new Error('the store is away')
    const handler = vi.fn()
    const source = (): Promise<never> => Promise.reject(error)
    const response = await run([cors(source, { onError }), errorHandler], handler)
    expect(response).toStrictEqual({ statusCode: 500, headers: { vary: 'Origin' }, body: '' })
    expect(onError.mock.calls).toEqual([[error, from()]])
    expect(handler.mock.calls).toEqual([])
  })

  it('with rethrow a look-up that fails goes to the error handler', async () => {
    const source = (): Promise<never> => Promise.reject(teapot)
    const response = await run([cors(source, { onError: 'rethrow' }), errorHandler], () => EMPTY)
    expect(response).toStrictEqual({
      ...brewed,
      headers: { 'Content-Type': 'text/plain', vary: 'Origin' },
    })
  })
})

describe('early responses, after which middy runs nothing', () => {
  it('of a later middleware are covered, before and after the handler', async () => {
    for (const early of [{ before: () => EMPTY }, { after: () => EMPTY }]) {
      const response = await run([cors({ origin: APP }), early], () => ({ statusCode: 201 }))
      expect(response).toStrictEqual(COVERED)
    }
  })

  it('that say undefined are covered where a response is inferred from them', async () => {
    const before = (request: Request): void => {
      request.earlyResponse = undefined
    }
    const response = await run([cors({ origin: APP }), { before }], () => EMPTY, from('v2'))
    expect(response).toStrictEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json', ...ALLOWED },
      body: 'null',
    })
  })

  it('a response that others set and go on with is theirs until the end', async () => {
    const after = (request: Request): void => {
      const response = { statusCode: 200, headers: {} as Record<string, string> }
      request.response = response
      expect(request.response).toBe(response)
      response.headers['X-Total'] = '7'
    }
    const response = await run([cors({ origin: APP }), { after }], () => EMPTY)
    expect(response).toStrictEqual({ statusCode: 200, headers: { 'X-Total': '7', ...ALLOWED } })
  })
})

describe('layers', () => {
  it('the inner of two middlewares wins', async () => {
    const both = [cors({ origin: '*' }), cors({ origin: APP })]
    expect(await run(both, () => EMPTY)).toStrictEqual(COVERED)
    const early = { before: () => EMPTY }
    expect(await run([...both, early], () => EMPTY)).toStrictEqual(COVERED)
    const response = await run([...both, errorHandler], failing(teapot))
    expect(response).toStrictEqual(brewed)
  })

  it('a wrapper within wins over the middleware', async () => {
    const handler = withCors({ origin: APP }, async (_event: unknown) => EMPTY)
    const response = await run([cors({ origin: '*' })], (event) => handler(event, {}))
    expect(response).toStrictEqual(COVERED)
  })

  it('a middleware within wins over a wrapper', async () => {
    const inner = middy()
      .use(cors({ origin: APP }))
      .handler((() => EMPTY) as never)
    const handler = withCors({ origin: '*' }, inner)
    expect(await handler(from() as never, {} as never)).toStrictEqual(COVERED)
  })

  it('a new event in the place of the one that was decided about changes nothing', async () => {
    const before = (request: Request): void => {
      request.event = { ...(request.event as object), headers: {}, multiValueHeaders: {} }
    }
    expect(await run([cors({ origin: APP }), { before }], () => EMPTY)).toStrictEqual(COVERED)
  })

  it('two requests at a time keep their own', async () => {
    const chain = middy()
      .use(cors({ origin: [APP, 'https://b.example'] }))
      .handler((() => EMPTY) as never)
    const origins = [APP, 'https://b.example', EVIL]
    const responses = await Promise.all(
      origins.map((origin) => chain(from('v1', origin) as never, {} as never)),
    )
    expect(responses.map(({ headers }) => headers['access-control-allow-origin'])).toEqual([
      APP,
      'https://b.example',
      undefined,
    ])
  })
})

describe('what is no request passes', () => {
  it.each(OTHER_EVENTS)('%s', async (_title, event) => {
    const source = vi.fn(() => ({ origin: '*' as const }))
    expect(await run([cors(source)], () => 'done', event ?? {})).toBe('done')
    await expect(run([cors(source)], failing(), event ?? {})).rejects.toThrow('broken')
    expect(source.mock.calls).toEqual([])
  })
})

describe('a response that middy streams', () => {
  it('is covered in its head', async () => {
    const body = new ReadableStream()
    const response = await run([cors({ origin: '*' })], () => ({ statusCode: 200, body }))
    expect(response).toStrictEqual({ statusCode: 200, body, headers: OPEN })
    expect((response as { body: unknown }).body).toBe(body)
  })
})
