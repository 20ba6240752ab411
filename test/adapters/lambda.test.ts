/** The wrapper of functions: what it answers itself, failures, callbacks, and what is no request. */

import type { CorsOptions, ReplacedField } from 'crossgate'
import { cors, type LambdaCallback, type LambdaEvent, withCors } from 'crossgate/lambda'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { APP, EVIL } from '../tables/exchanges.ts'
import { failOnUnhandledRejections } from './harness.ts'
import { DIALECTS, type Dialect, eventOf, OTHER_EVENTS } from './lambda-events.ts'

failOnUnhandledRejections()

const ALLOWED = { 'access-control-allow-origin': APP, vary: 'Origin' }
const GRANTED = {
  'access-control-allow-origin': APP,
  'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE',
  'access-control-allow-headers': '*,authorization',
  vary: 'Origin',
}
const REFUSED = { vary: 'Origin' }

const EMPTY = { statusCode: 200, body: '' }
const notCalled = (): never => {
  throw new Error('the handler ran')
}

function from(dialect: Dialect, origin = APP, ...more: [string, string][]): LambdaEvent {
  return eventOf(dialect, { headers: [['Origin', origin], ...more] })
}

function preflight(dialect: Dialect, origin = APP): LambdaEvent {
  return eventOf(dialect, {
    method: 'OPTIONS',
    headers: [
      ['Origin', origin],
      ['Access-Control-Request-Method', 'PUT'],
    ],
  })
}

/** A result in the form of each dialect. */
function inDialect(
  dialect: Dialect,
  status: number,
  reason: string,
  headers: Record<string, string>,
  body = '',
): unknown {
  if (dialect === 'v1' || dialect === 'v2') return { statusCode: status, headers, body }
  const described = { statusCode: status, statusDescription: `${status} ${reason}`, body }
  if (dialect === 'alb') return { ...described, headers }
  const lines = Object.entries(headers).map(([name, value]) => [name, [value]])
  return { ...described, multiValueHeaders: Object.fromEntries(lines) }
}

describe.each(DIALECTS)('%s', (dialect) => {
  const printed = vi.fn()
  beforeEach(() => {
    vi.spyOn(console, 'error').mockImplementation(printed)
  })
  afterEach(() => {
    vi.restoreAllMocks()
    printed.mockClear()
  })

  it('a preflight is answered', async () => {
    const handler = withCors({ origin: APP }, notCalled)
    const result = await handler(preflight(dialect), {})
    expect(result).toStrictEqual(inDialect(dialect, 204, 'No Content', GRANTED))
  })

  it('a preflight is answered with another status, and the gateway counts the length', async () => {
    const handler = withCors(
      { origin: APP, optionsSuccessStatus: 200, cacheControl: 60 },
      notCalled,
    )
    const fields = {
      ...GRANTED,
      'cache-control': 'max-age=60',
      vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
    }
    const result = await handler(preflight(dialect), {})
    expect(result).toStrictEqual(inDialect(dialect, 200, 'OK', fields))
  })

  it('a refused preflight is answered', async () => {
    const handler = withCors({ origin: APP }, notCalled)
    const result = await handler(preflight(dialect, EVIL), {})
    expect(result).toStrictEqual(inDialect(dialect, 403, 'Forbidden', REFUSED))
  })

  it('a refused preflight explains itself', async () => {
    const handler = withCors({ origin: APP, debug: true }, notCalled)
    const result = (await handler(preflight(dialect, EVIL), {})) as never as Record<string, never>
    const { body, headers, multiValueHeaders, ...rest } = result
    expect(body).toContain('FAIL origin')
    expect(Object.keys(headers ?? multiValueHeaders ?? {})).toEqual([
      'crossgate-refusal',
      'content-type',
      'vary',
    ])
    expect(rest).toEqual(
      dialect.startsWith('alb')
        ? { statusCode: 403, statusDescription: '403 Forbidden' }
        : { statusCode: 403 },
    )
  })

  it('a refused request is answered', async () => {
    const handler = withCors({ origin: APP, onDisallowed: 'reject' }, notCalled)
    const result = await handler(from(dialect, EVIL), {})
    expect(result).toStrictEqual(inDialect(dialect, 403, 'Forbidden', REFUSED))
  })

  it.each([
    ['https://api.example.test', [], 200],
    ['http://api.example.test', [], 403],
    ['https://api.example.test', [['Sec-Fetch-Site', 'cross-site']], 403],
    ['https://evil.example', [['Sec-Fetch-Site', 'same-origin']], 200],
  ] as [string, [string, string][], number][])(
    'a request of the same origin passes: %s, %j',
    async (origin, more, status) => {
      const handler = withCors({ origin: APP, onDisallowed: 'reject' }, async () => EMPTY)
      const result = await handler(from(dialect, origin, ...more), {})
      expect(result.statusCode).toBe(status)
    },
  )

  it('a handler that throws or rejects is answered for', async () => {
    const error = new Error('broken')
    const handlers = [
      async () => Promise.reject(error),
      () => {
        throw error
      },
      (_event: LambdaEvent, _context: object, callback: LambdaCallback) => callback(error),
    ]
    for (const each of handlers) {
      const onError = vi.fn()
      const event = from(dialect)
      const result = await withCors({ origin: APP }, each, { onError })(event, {})
      expect(result).toStrictEqual(inDialect(dialect, 500, 'Internal Server Error', ALLOWED))
      expect(onError.mock.calls).toEqual([[error, event]])
    }
    expect(printed.mock.calls).toEqual([])
  })

  it('its error is printed where nobody else wants it', async () => {
    const handler = withCors({ origin: APP }, () => Promise.reject<object>(new Error('broken')))
    const result = await handler(from(dialect, EVIL), {})
    expect(result).toStrictEqual(inDialect(dialect, 500, 'Internal Server Error', REFUSED))
    expect(printed.mock.calls).toEqual([[new Error('broken')]])
  })

  it('it fails as a whole with rethrow', async () => {
    const settings = { onError: 'rethrow' } as const
    const failing = withCors(
      { origin: APP },
      () => Promise.reject<object>(new Error('broken')),
      settings,
    )
    await expect(failing(from(dialect), {})).rejects.toThrow('broken')
    const delegate = () => Promise.reject(new Error('the store is away'))
    const sourced = withCors(delegate, notCalled, settings)
    await expect(sourced(from(dialect), {})).rejects.toThrow('the store is away')
    expect(await sourced(preflight(dialect), {})).toMatchObject({ statusCode: 403 })
  })

  it('an observer of errors is waited for; where it fails, both errors are printed', async () => {
    const seen: string[] = []
    const failing = async (): Promise<object> => {
      throw new Error('broken')
    }
    const onError = async (error: unknown): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      seen.push(String(error))
      throw new Error('the reporter is broken')
    }
    const result = await withCors({ origin: APP }, failing, { onError })(from(dialect), {})
    expect(result).toStrictEqual(inDialect(dialect, 500, 'Internal Server Error', ALLOWED))
    expect(seen).toEqual(['Error: broken'])
    expect(printed.mock.calls).toEqual([
      [new Error('broken')],
      [new Error('the reporter is broken')],
    ])
  })

  it('a result that is no JSON is a failure', async () => {
    const loop: Record<string, unknown> = { toJSON: notCalled }
    const onError = vi.fn()
    const result = await withCors({ origin: APP }, async () => loop, { onError })(from(dialect), {})
    expect(result).toStrictEqual(inDialect(dialect, 500, 'Internal Server Error', ALLOWED))
    expect(onError).toHaveBeenCalledOnce()
  })

  it('a look-up that fails keeps the handler from running', async () => {
    const onError = vi.fn()
    const error = new Error('the store is away')
    const handler = withCors(() => Promise.reject(error), notCalled, { onError })
    const actual = await handler(from(dialect), {})
    expect(actual).toStrictEqual(inDialect(dialect, 500, 'Internal Server Error', REFUSED))
    expect(onError.mock.calls).toEqual([[error, from(dialect)]])
    const asked = await handler(preflight(dialect), {})
    expect(asked).toStrictEqual(inDialect(dialect, 403, 'Forbidden', REFUSED))
    expect(onError).toHaveBeenCalledOnce()
  })

  it('the event goes to the delegate, the observers and the handler, and the context as well', async () => {
    const event = from(dialect)
    const context = { awsRequestId: '1', callbackWaitsForEmptyEventLoop: true }
    const seen: unknown[] = []
    const replaced: (readonly ReplacedField[])[] = []
    const options: CorsOptions = {
      origin: APP,
      onDecision: (_decision, request) => seen.push(request),
      onReplaced: (fields, request) => {
        replaced.push(fields)
        seen.push(request)
      },
    }
    const handler = withCors(
      (asked: object) => {
        seen.push(asked)
        return options
      },
      async (given: object, ...rest: unknown[]) => {
        seen.push(given)
        expect(rest).toEqual([context, expect.any(Function)])
        expect(rest[0]).toBe(context)
        const headers = { 'Access-Control-Allow-Origin': '*' }
        return { statusCode: 200, headers, multiValueHeaders: { 'ACCESS-CONTROL-MAX-AGE': [5] } }
      },
    )
    await handler(event, context)
    expect(seen).toHaveLength(4)
    for (const each of seen) expect(each).toBe(event)
    expect(context).toEqual({ awsRequestId: '1', callbackWaitsForEmptyEventLoop: true })
    expect(replaced).toEqual([
      [
        { name: 'access-control-allow-origin', values: ['*'], sent: APP },
        { name: 'access-control-max-age', values: ['5'], sent: undefined },
      ],
    ])
  })

  it('an event without headers has no Origin', async () => {
    const event = { ...from(dialect), headers: null }
    if (dialect !== 'alb-multi') Object.assign(event, { multiValueHeaders: null })
    else Object.assign(event, { multiValueHeaders: {} })
    const result = await withCors({ origin: APP }, async () => EMPTY)(event, {})
    expect(result).toStrictEqual(
      dialect === 'alb-multi'
        ? { ...EMPTY, multiValueHeaders: { vary: ['Origin'] } }
        : { ...EMPTY, headers: REFUSED },
    )
  })

  it('the inner of two wrappers wins, whatever happens', async () => {
    const inner = (handler: () => unknown, settings = {}) =>
      withCors({ origin: '*' }, withCors({ origin: APP }, handler, settings) as () => unknown)
    const covered =
      dialect === 'alb-multi'
        ? {
            ...EMPTY,
            multiValueHeaders: { 'access-control-allow-origin': [APP], vary: ['Origin'] },
          }
        : { ...EMPTY, headers: ALLOWED }
    expect(await inner(() => EMPTY)(from(dialect), {})).toStrictEqual(covered)
    const failed = inDialect(dialect, 500, 'Internal Server Error', ALLOWED)
    const rethrowing = inner(() => Promise.reject('broken'), { onError: 'rethrow' })
    expect(await rethrowing(from(dialect), {})).toStrictEqual(failed)
    expect(printed.mock.calls).toEqual([['broken']])
  })
})

describe('fields of the request', () => {
  it.each([
    ['in any letter case', { oRiGiN: APP }, undefined, APP],
    ['several lines', {}, { Origin: [APP, EVIL] }, undefined],
    ['several spellings', {}, { Origin: [APP], origin: [EVIL] }, undefined],
    ['where the list has none', { Origin: APP }, { Host: ['x'] }, APP],
    ['where the list has no value', { Origin: APP }, { Origin: null, origin: [null, 7] }, APP],
    ['that is no string', { Origin: 7 }, undefined, undefined],
  ] as const)('%s', async (_title, headers, multiValueHeaders, allowed) => {
    const event = { ...eventOf('v1'), headers, multiValueHeaders }
    const result = await withCors({ origin: APP }, async () => EMPTY)(event as never, {})
    expect(result).toStrictEqual({
      ...EMPTY,
      headers: allowed === undefined ? REFUSED : ALLOWED,
    })
  })

  it('that somebody put on Object.prototype are none', async () => {
    const polluted = {
      Origin: APP,
      httpMethod: 'GET',
      statusCode: 201,
      headers: { 'X-Polluted': '1' },
      multiValueHeaders: { Origin: [APP] },
    }
    const handler = withCors({ origin: APP }, async () => ({ statusCode: 200 }))
    const inferring = withCors({ origin: APP }, async () => ({ message: 'hello' }))
    const events = [eventOf('v1'), eventOf('v2')] as const
    Object.assign(Object.prototype, polluted)
    const answers = [await handler(events[0], {}), await inferring(events[1], {})]
    const other = await handler({ path: '/' } as LambdaEvent, {})
    for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name)
    expect(answers).toStrictEqual([
      { statusCode: 200, headers: REFUSED },
      {
        statusCode: 200,
        headers: { 'content-type': 'application/json', ...REFUSED },
        body: '{"message":"hello"}',
      },
    ])
    expect(other).toStrictEqual({ statusCode: 200 })
  })
})

describe("the service's own origin", () => {
  it.each([
    ['https', 'https://api.example.test', 200],
    ['http', 'http://api.example.test', 200],
    ['http', 'https://api.example.test', 403],
    [undefined, 'https://api.example.test', 200],
    [undefined, 'http://api.example.test', 403],
  ])('behind %s: %s', async (scheme, origin, status) => {
    const headers = { host: 'api.example.test', origin, 'x-forwarded-proto': scheme }
    const event = { ...eventOf('alb'), headers }
    const handler = withCors({ origin: APP, onDisallowed: 'reject' }, async () => EMPTY)
    expect(await handler(event, {})).toMatchObject({ statusCode: status })
  })

  it('is unknown without a host', async () => {
    const event = { ...eventOf('alb'), headers: { origin: 'https://undefined' } }
    const handler = withCors({ origin: APP, onDisallowed: 'reject' }, async () => EMPTY)
    expect(await handler(event, {})).toMatchObject({ statusCode: 403 })
  })
})

describe('what is no request passes', () => {
  const results = [undefined, 'done', { batchItemFailures: [] }, { principalId: 'user' }]

  it.each(OTHER_EVENTS)('%s', async (_title, event) => {
    const onDecision = vi.fn()
    for (const result of results) {
      const handler = withCors({ origin: '*', onDecision }, async (_event: unknown) => result)
      expect(await handler(event, {})).toBe(result)
    }
    expect(onDecision).not.toHaveBeenCalled()
  })

  it('its failures are those of the invocation', async () => {
    const onError = vi.fn()
    for (const [, event] of OTHER_EVENTS) {
      const failing = (_event: unknown): never => {
        throw new Error('to be tried again')
      }
      const handler = withCors({ origin: '*' }, failing, { onError })
      await expect(handler(event, {})).rejects.toThrow('to be tried again')
    }
    expect(onError).not.toHaveBeenCalled()
  })
})

describe('handlers that call back', () => {
  type Calling = (event: LambdaEvent, context: object, callback: LambdaCallback) => unknown

  it('the wrapper has two parameters, or the runtime of Node 24 does not start', () => {
    const calling: Calling = (_event, _context, callback) => callback(null, EMPTY)
    expect(withCors({ origin: APP }, calling)).toHaveLength(2)
  })

  const calling: readonly (readonly [string, Calling])[] = [
    ['at once', (_event, _context, callback) => callback(null, EMPTY)],
    ['later', (_event, _context, callback) => setTimeout(() => callback(undefined, EMPTY), 5)],
    [
      'twice',
      (_event, _context, callback) => {
        callback(null, EMPTY)
        callback(new Error('too late'))
      },
    ],
    ['not, but returns a promise', async (_event, _context, _callback) => EMPTY],
  ]

  it.each(calling)('%s', async (_title, handler) => {
    const result = await withCors({ origin: APP }, handler)(from('v1'), {})
    expect(result).toStrictEqual({ ...EMPTY, headers: ALLOWED })
  })

  it('one that throws after it has called back has called back', async () => {
    const handler: Calling = (_event, _context, callback) => {
      callback(null, EMPTY)
      throw new Error('too late')
    }
    const result = await withCors({ origin: APP }, handler)(from('v1'), {})
    expect(result).toStrictEqual({ ...EMPTY, headers: ALLOWED })
  })

  it('a handler of two parameters may return at once', async () => {
    const handler = withCors({ origin: APP }, (_event, _context) => EMPTY)
    for (const context of [{}, contextOf()]) {
      const result = await handler(from('v2'), context)
      expect(result).toStrictEqual({ ...EMPTY, headers: ALLOWED })
    }
  })
})

/** As the runtimes of Node 22 and earlier make it. */
function contextOf() {
  let waits = true
  const answered = vi.fn()
  return {
    get callbackWaitsForEmptyEventLoop() {
      return waits
    },
    set callbackWaitsForEmptyEventLoop(value) {
      waits = value
    },
    succeed: answered,
    fail: answered,
    done: answered,
    awsRequestId: '1',
    getRemainingTimeInMillis: () => 1000,
  }
}

describe('with the context of Node 22 and earlier', () => {
  type Context = ReturnType<typeof contextOf>
  type Answering = (event: LambdaEvent, context: Context, callback: LambdaCallback) => unknown
  const later = (action: () => void) => setTimeout(action, 5)

  const answering: readonly (readonly [string, Answering])[] = [
    ['succeed, at once', (_event, context) => context.succeed(EMPTY)],
    [
      'succeed, later',
      (_event, context) => {
        later(() => context.succeed(EMPTY))
      },
    ],
    [
      'succeed, taken out of it',
      (_event, { succeed }) => {
        later(() => succeed(EMPTY))
      },
    ],
    [
      'succeed, where a timer is returned',
      (_event, context) => later(() => context.succeed(EMPTY)),
    ],
    [
      'done',
      (_event, context) => {
        later(() => context.done(null, EMPTY))
      },
    ],
    [
      'done, before a promise that never settles',
      (_event, context) => {
        later(() => context.done(undefined, EMPTY))
        return new Promise(() => {})
      },
    ],
    [
      'succeed, and then everything else',
      (_event, context, ...[callback]) => {
        later(() => {
          context.succeed(EMPTY)
          context.fail(new Error('too late'))
          context.done(new Error('too late'))
          callback(new Error('too late'))
        })
      },
    ],
    [
      'a callback among the rest',
      (...args) => {
        later(() => args[2](null, EMPTY))
      },
    ],
    [
      'a callback with a default',
      (_event, _context, callback = notCalled) => {
        later(() => callback(null, EMPTY))
      },
    ],
    ['a promise', async () => EMPTY],
  ]

  it.each(answering)('a handler answers with %s', async (_title, handler) => {
    const context = contextOf()
    const result = await withCors({ origin: APP }, handler)(from('v1'), context)
    expect(result).toStrictEqual({ ...EMPTY, headers: ALLOWED })
    expect(context.succeed).not.toHaveBeenCalled()
  })

  it.each(answering)('what is no request passes, answered with %s', async (_title, handler) => {
    const context = contextOf()
    const result = await withCors({ origin: APP }, handler)({} as LambdaEvent, context)
    expect(result).toBe(EMPTY)
    expect(context.succeed).not.toHaveBeenCalled()
  })

  const error = new Error('broken')
  const failing: readonly (readonly [string, Answering, unknown])[] = [
    [
      'fail',
      (_event, context) => {
        later(() => context.fail(error))
      },
      error,
    ],
    [
      'fail without an error',
      (_event, context) => context.fail(),
      new Error('the handler called context.fail without an error'),
    ],
    [
      'done with an error',
      (_event, context) => {
        later(() => context.done(error))
      },
      error,
    ],
    [
      'a callback among the rest',
      (...args) => {
        later(() => args[2](error))
      },
      error,
    ],
  ]

  it.each(failing)('a handler fails with %s', async (_title, handler, thrown) => {
    const context = contextOf()
    const onError = vi.fn()
    const event = from('v1')
    const result = await withCors({ origin: APP }, handler, { onError })(event, context)
    expect(result).toStrictEqual({ statusCode: 500, headers: ALLOWED, body: '' })
    expect(onError.mock.calls).toEqual([[thrown, event]])
    expect(context.fail).not.toHaveBeenCalled()
  })

  it('a handler that does not answer is left to the runtime, which sees when nothing is left to do', async () => {
    const settled = vi.fn()
    void withCors({ origin: APP }, () => undefined)(from('v1'), contextOf()).then(settled, settled)
    await new Promise((resolve) => later(() => resolve(undefined)))
    expect(settled).not.toHaveBeenCalled()
  })

  it('all else of the context reads and writes through', async () => {
    const context = contextOf()
    const handler = withCors({ origin: APP }, async (_event: LambdaEvent, given: Context) => {
      given.callbackWaitsForEmptyEventLoop = false
      const { succeed: _succeed, fail: _fail, done: _done, ...rest } = given
      expect(rest).toEqual({
        callbackWaitsForEmptyEventLoop: false,
        awsRequestId: '1',
        getRemainingTimeInMillis: context.getRemainingTimeInMillis,
      })
      expect(JSON.stringify(given)).toBe(JSON.stringify(context))
      expect(given.succeed).toBe(given.succeed)
      return EMPTY
    })
    expect(await handler(from('v1'), context)).toStrictEqual({ ...EMPTY, headers: ALLOWED })
    expect(context.callbackWaitsForEmptyEventLoop).toBe(false)
  })

  it('a context that is an instance keeps what is private to it', async () => {
    class Invocation {
      readonly #left = 1000
      get left(): number {
        return this.#left
      }
      getRemainingTimeInMillis(): number {
        return this.#left
      }
      succeed(_result: unknown): void {
        notCalled()
      }
    }
    const handler = withCors({ origin: APP }, (_event: LambdaEvent, given: Invocation) => {
      expect(given).toBeInstanceOf(Invocation)
      expect(given.constructor).toBe(Invocation)
      given.succeed({ statusCode: 200, body: `${given.left} ${given.getRemainingTimeInMillis()}` })
    })
    const result = await handler(from('v1'), new Invocation())
    expect(result).toStrictEqual({ statusCode: 200, body: '1000 1000', headers: ALLOWED })
  })

  it('a function of the context that can never change is handed on as it is', async () => {
    const { succeed } = contextOf()
    const context = Object.defineProperty(contextOf(), 'succeed', {
      value: succeed,
      configurable: false,
      writable: false,
    })
    const handler = withCors({ origin: APP }, async (_event: LambdaEvent, given: Context) => {
      given.succeed(EMPTY)
      return EMPTY
    })
    expect(await handler(from('v1'), context)).toStrictEqual({ ...EMPTY, headers: ALLOWED })
    expect(context.succeed).toHaveBeenCalledOnce()
  })
})

describe('with a context that cannot answer', () => {
  it('a handler that returns nothing is over, and a later callback is ignored', async () => {
    let called = (): void => {}
    const calledBack = new Promise<void>((resolve) => {
      called = resolve
    })
    const handler = withCors({ origin: APP }, (...args) => {
      setTimeout(() => {
        args[2](new Error('too late'))
        called()
      }, 5)
    })
    for (const context of [{}, undefined, null]) {
      expect(await handler(from('v1'), context)).toBeUndefined()
    }
    await calledBack
  })
})

describe('an invocation', () => {
  it('leaves no timer behind, which would keep the process from resting', async () => {
    const timers = (): string[] =>
      process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout')
    const before = timers()
    const source = async () => ({ origin: async (origin: string) => origin === APP })
    const result = await withCors(source, async () => EMPTY)(from('v2'), {})
    expect(result).toStrictEqual({ ...EMPTY, headers: ALLOWED })
    expect(timers()).toEqual(before)
  })
})

describe('what is refused at once', () => {
  it('wrong options, with every issue', () => {
    const wrong = { origin: `${APP}/`, maxAge: -1 } as CorsOptions
    const issues = [{ code: 'origin.trailing-slash' }, { code: 'option.range' }]
    expect(thrownBy(() => withCors(wrong, notCalled))).toMatchObject({ issues })
    expect(thrownBy(() => cors(wrong))).toMatchObject({ issues })
  })

  it('what is no handler', () => {
    expect(() => withCors({ origin: APP }, undefined as never)).toThrow(
      new TypeError('the handler must be a function (event, context) => result, not undefined'),
    )
  })

  it('a handler that streams', () => {
    const streaming = Object.assign(notCalled.bind(null), {
      [Symbol.for('aws.lambda.runtime.handler.streaming')]: 'response',
    })
    expect(() => withCors({ origin: APP }, streaming)).toThrow(
      new TypeError(
        'a handler of awslambda.streamifyResponse writes its own head, and cannot be wrapped; ' +
          'stream with middy, and use cors of crossgate/lambda as its middleware',
      ),
    )
  })

  it.each(['throw', null, 7])('onError %j', (onError) => {
    const message = `onError must be a function or 'rethrow', not ${onError}`
    const settings = { onError } as never
    expect(() => withCors({ origin: APP }, notCalled, settings)).toThrow(new TypeError(message))
    expect(() => cors({ origin: APP }, settings)).toThrow(new TypeError(message))
  })
})

function thrownBy(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  return undefined
}
