import { describe, expect, it } from 'vitest'
import {
  type AnyCorsPolicy,
  type CorsDecision,
  createDecider,
  decideDynamic,
  definePolicy,
  isOriginAllowedDynamic,
  type OriginCallback,
  type OriginPredicate,
} from '../../../src/index.ts'
import { createFakeClock } from '../fake-clock.ts'

const ORIGIN = 'https://a.test'
const GET = { method: 'GET', origin: ORIGIN }

function policyOf(origin: unknown, timeout?: number): AnyCorsPolicy {
  return definePolicy({ origin: origin as OriginPredicate, timeout, maxAge: 5 })
}

/** How a predicate ends, asked with time standing still. */
async function outcomeOf(origin: unknown): Promise<readonly [string, string | undefined]> {
  const clock = createFakeClock()
  const decision = await decideDynamic(policyOf(origin), GET, clock)
  const allowed = await isOriginAllowedDynamic(policyOf(origin), ORIGIN, clock)
  expect(allowed).toBe(decision.outcome === 'allowed')
  expect(clock.waiting()).toBe(0)
  return [decision.outcome, decision.error?.message]
}

/** The same value by every way in which a predicate can answer. */
const WAYS: readonly {
  readonly way: string
  readonly answering: (value: unknown) => (...parameters: never[]) => unknown
}[] = [
  { way: 'by answer', answering: (value) => () => value },
  { way: 'by promise', answering: (value) => async () => value },
  {
    way: 'by a promise of its own make',
    answering: (value) => () => ({
      // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
      then: (resolve: (value: unknown) => void) => resolve(value),
    }),
  },
  {
    way: 'by calling back at once',
    answering: (value) => (_: never, callback: OriginCallback) => callback(null, value as boolean),
  },
  {
    way: 'by calling back later',
    answering: (value) => (_: never, callback: OriginCallback) => {
      queueMicrotask(() => callback(undefined, value as boolean))
    },
  },
  {
    way: 'by calling back from a promise',
    answering: (value) => async (_: never, callback: OriginCallback) => {
      await Promise.resolve()
      callback(null, value as boolean)
    },
  },
]

describe.each(WAYS)('a predicate that answers $way', ({ answering }) => {
  it('allows with true', async () => {
    expect(await outcomeOf(answering(true))).toEqual(['allowed', undefined])
  })

  it('refuses with false', async () => {
    expect(await outcomeOf(answering(false))).toEqual(['origin-refused', undefined])
  })

  it.each([
    [1, '1'],
    [0, '0'],
    ['yes', "'yes'"],
    ['https://a.test', "'https://a.test'"],
    [null, 'null'],
    [['https://a.test'], 'a list'],
    [/^https:\/\/a\.test$/, '/^https:\\/\\/a\\.test$/'],
    [{ allowed: true }, 'an object'],
    [Object(true), 'an object'],
  ])('fails with %s', async (value, quoted) => {
    expect(await outcomeOf(answering(value))).toEqual([
      'source-failed',
      `the origin predicate answered ${quoted}; it must answer true or false`,
    ])
  })
})

describe('a predicate of one parameter that answers nothing', () => {
  const message = 'the origin predicate answered undefined; it must answer true or false'

  it.each([
    ['at once', () => undefined],
    ['by promise', async () => undefined],
    ['calling back without a value', (_: string, callback: OriginCallback) => callback(null)],
  ])('fails: %s', async (_, predicate) => {
    expect(await outcomeOf(predicate)).toEqual(['source-failed', message])
  })
})

/** What throws when it is looked at. */
const HOSTILE = [
  {
    what: 'an error whose message throws',
    make: () =>
      Object.defineProperty(new Error('x'), 'message', {
        get: () => {
          throw new Error('hostile')
        },
      }),
  },
  {
    what: 'a frozen error whose message is a symbol',
    make: () => Object.freeze(Object.assign(new Error('x'), { message: Symbol('hostile') })),
  },
  {
    what: 'a revoked proxy',
    make: () => {
      const { proxy, revoke } = Proxy.revocable({}, {})
      revoke()
      return proxy
    },
  },
  {
    what: 'a proxy that throws for everything',
    make: () => {
      const fail = (): never => {
        throw new Error('hostile')
      }
      return new Proxy(new Error('x'), { get: fail, getPrototypeOf: fail, isExtensible: fail })
    },
  },
]

describe('a predicate that fails', () => {
  const error = new Error('Not allowed by CORS')

  it.each([
    [
      'throws',
      () => {
        throw error
      },
    ],
    ['rejects', () => Promise.reject(error)],
    ['calls back with an error', (_: string, callback: OriginCallback) => callback(error)],
    [
      'calls back with an error and a value',
      (_: string, callback: OriginCallback) => callback(error, true),
    ],
    [
      'calls back with an error later',
      (_: string, callback: OriginCallback) => {
        queueMicrotask(() => callback(error, true))
      },
    ],
  ])('%s: the error is handed on as it is', async (_, predicate) => {
    const decision = await decideDynamic(policyOf(predicate), GET, createFakeClock())
    expect(decision.outcome).toBe('source-failed')
    expect(decision.error).toBe(error)
  })

  it.each([
    ['null', null],
    ['undefined', undefined],
    ['false', false],
    ['the word that Express takes for no error', 'route'],
    ['a number', 0],
    ['an object', { message: 'no' }],
  ])('with what is no Error gets one: %s', async (_, thrown) => {
    const predicate = (): boolean => {
      throw thrown
    }
    const { error: wrapped } = await decideDynamic(policyOf(predicate), GET, createFakeClock())
    expect(wrapped).toBeInstanceOf(Error)
    expect(wrapped?.message).toBe('the origin predicate failed: it threw or rejected with no Error')
    expect(wrapped?.cause).toBe(thrown)
  })

  it('with an error that nothing can be written to gets another', async () => {
    const frozen = Object.freeze(new Error('frozen'))
    const decision = await decideDynamic(
      policyOf(() => Promise.reject(frozen)),
      GET,
      createFakeClock(),
    )
    expect(decision.error).not.toBe(frozen)
    expect(Object.isExtensible(decision.error)).toBe(true)
    expect(decision.error?.message).toBe('the origin predicate failed: frozen')
    expect(decision.error?.cause).toBe(frozen)
  })

  it('with a promise that throws when it is looked at', async () => {
    const trap = Object.defineProperty({}, 'then', {
      get: () => {
        throw error
      },
    })
    expect(await outcomeOf(() => trap)).toEqual(['source-failed', 'Not allowed by CORS'])
  })

  describe('and whose failure cannot be looked at', () => {
    const message = 'the origin predicate failed: what it threw cannot be read'

    it.each(HOSTILE)('$what', async ({ make }) => {
      const unhandled: unknown[] = []
      const listen = (reason: unknown): void => {
        unhandled.push(reason)
      }
      process.on('unhandledRejection', listen)
      try {
        const ways = [
          () => {
            throw make()
          },
          () => Promise.reject(make()),
          (_: string, callback: OriginCallback) => callback(make()),
          (_: string, callback: OriginCallback) => {
            queueMicrotask(() => callback(make()))
          },
        ]
        for (const predicate of ways) {
          expect(await outcomeOf(predicate)).toEqual(['source-failed', message])
          const policy = definePolicy({ origin: predicate, debug: true, onDecision: () => {} })
          const decider = createDecider<undefined>(policy, createFakeClock())
          const facts = { method: 'OPTIONS', origin: ORIGIN, requestMethod: 'PUT' }
          const { outcome, explanation } = await decider.decide(facts, undefined)
          expect([outcome, explanation]).toEqual([
            'source-failed',
            expect.stringContaining('what it threw cannot be read'),
          ])
        }
        await new Promise((resolve) => setImmediate(resolve))
        expect(unhandled).toEqual([])
      } finally {
        process.off('unhandledRejection', listen)
      }
    })
  })

  it.each(HOSTILE)('with an answer that cannot be looked at: $what', async ({ make }) => {
    const ways = [
      () => make(),
      async () => [make()],
      (_: string, callback: OriginCallback) => callback(null, make() as boolean),
    ]
    for (const predicate of ways) expect((await outcomeOf(predicate))[0]).toBe('source-failed')
  })

  it.each([
    ['a getter that throws, each time', 0],
    ['a getter that throws, the second time', 1],
  ])('with a promise that cannot be asked: %s', async (_, reads) => {
    const trap = (): unknown => {
      let count = 0
      return Object.defineProperty({}, 'then', {
        get: () => {
          count += 1
          if (count > reads) throw error
          return () => undefined
        },
      })
    }
    expect(await outcomeOf(trap)).toEqual(['source-failed', 'Not allowed by CORS'])
  })

  it('gets the headers of a refused decision, and a preflight ends', async () => {
    const policy = policyOf(() => Promise.reject(error))
    const clock = createFakeClock()
    const actual = await decideDynamic(policy, GET, clock)
    expect({ ...actual, headers: { ...actual.headers } }).toStrictEqual({
      kind: 'actual',
      outcome: 'source-failed',
      status: undefined,
      headers: {},
      vary: ['Origin'],
      error,
    })
    expect(Object.isFrozen(actual)).toBe(true)
    const facts = { method: 'OPTIONS', origin: ORIGIN, requestMethod: 'PUT' }
    const preflight = await decideDynamic(policy, facts, clock)
    expect({ ...preflight, headers: { ...preflight.headers } }).toStrictEqual({
      kind: 'preflight',
      outcome: 'source-failed',
      status: 403,
      headers: {},
      vary: ['Origin'],
      error,
    })
  })
})

describe('the first answer wins', () => {
  it.each([
    [
      'a call back before a value',
      (_: string, callback: OriginCallback) => {
        callback(null, false)
        return true
      },
      'origin-refused',
    ],
    [
      'a call back before a promise',
      async (_: string, callback: OriginCallback) => {
        callback(null, true)
        return false
      },
      'allowed',
    ],
    [
      'a call back before another',
      (_: string, callback: OriginCallback) => {
        callback(null, true)
        callback(null, false)
        callback(new Error('late'))
      },
      'allowed',
    ],
    [
      'a call back before an exception',
      (_: string, callback: OriginCallback) => {
        callback(null, true)
        throw new Error('late')
      },
      'allowed',
    ],
    [
      'an error before a value',
      (_: string, callback: OriginCallback) => {
        callback(new Error('first'))
        callback(null, true)
      },
      'source-failed',
    ],
    [
      'a wrong answer before a right one',
      (_: string, callback: OriginCallback) => {
        callback(null, 'yes' as unknown as boolean)
        callback(null, true)
      },
      'source-failed',
    ],
    [
      'a value before a later call back',
      (_: string, callback: OriginCallback) => {
        queueMicrotask(() => callback(null, true))
        return false
      },
      'origin-refused',
    ],
  ])('%s', async (_, predicate, outcome) => {
    expect((await outcomeOf(predicate))[0]).toBe(outcome)
    await Promise.resolve()
  })
})

describe('a predicate that does not answer', () => {
  it.each([
    ['never calls back', (_: string, _callback: OriginCallback) => undefined],
    ['never settles', () => new Promise<boolean>(() => undefined)],
    [
      'settles with nothing, and never calls back',
      async (_: string, _callback: OriginCallback) => {},
    ],
  ])('%s: it fails when its time is over', async (_, predicate) => {
    const clock = createFakeClock()
    const decision = decideDynamic(policyOf(predicate, 250), GET, clock)
    expect(decision).toBeInstanceOf(Promise)
    await Promise.resolve()
    clock.pass(249)
    expect(clock.waiting()).toBe(1)
    clock.pass(1)
    const { outcome, error } = await decision
    expect(outcome).toBe('source-failed')
    expect(error?.message).toBe('the origin predicate has not answered within 250 ms')
    expect(clock.waiting()).toBe(0)
  })

  it('has 5 seconds by default', async () => {
    const clock = createFakeClock()
    const decision = decideDynamic(
      policyOf(() => new Promise(() => undefined)),
      GET,
      clock,
    )
    clock.pass(4_999)
    expect(clock.waiting()).toBe(1)
    clock.pass(1)
    expect((await decision).outcome).toBe('source-failed')
  })

  it('changes nothing when it answers late', async () => {
    const clock = createFakeClock()
    let answer: OriginCallback = () => undefined
    const predicate = (_: string, callback: OriginCallback): void => {
      answer = callback
    }
    const decision = decideDynamic(policyOf(predicate, 1), GET, clock)
    clock.pass(1)
    answer(null, true)
    answer(new Error('late'))
    expect((await decision).outcome).toBe('source-failed')
    const allowed = isOriginAllowedDynamic(policyOf(predicate, 1), ORIGIN, clock)
    clock.pass(1)
    answer(null, true)
    expect(await allowed).toBe(false)
  })

  it('rejects unheard when it rejects late', async () => {
    const unhandled: unknown[] = []
    const listen = (reason: unknown): void => {
      unhandled.push(reason)
    }
    process.on('unhandledRejection', listen)
    try {
      const clock = createFakeClock()
      let reject: (reason: Error) => void = () => undefined
      const late = new Promise<boolean>((_, rejecting) => {
        reject = rejecting
      })
      const decision = decideDynamic(
        policyOf(() => late, 1),
        GET,
        clock,
      )
      clock.pass(1)
      expect((await decision).error?.message).toContain('has not answered')
      reject(new Error('late'))
      await new Promise((resolve) => setImmediate(resolve))
      expect(unhandled).toEqual([])
    } finally {
      process.off('unhandledRejection', listen)
    }
  })

  it('waits no longer once it has answered', async () => {
    const clock = createFakeClock()
    let answer: OriginCallback = () => undefined
    const predicate = (_: string, callback: OriginCallback): void => {
      answer = callback
    }
    const decision = decideDynamic(policyOf(predicate), GET, clock)
    expect(clock.waiting()).toBe(1)
    answer(null, true)
    expect(clock.waiting()).toBe(0)
    expect((await decision).outcome).toBe('allowed')
  })
})

describe('a predicate is asked about canonical origins only', () => {
  const NOT_ASKED = [
    undefined,
    '',
    'null',
    '*',
    'https://a.test/',
    'https://a.test:443',
    'https://A.test',
    'https://a.test, https://a.test',
    'https://user@a.test',
    'file://',
    'a.test',
    'https://127.1',
    `https://${'a.'.repeat(200)}test`,
    'https://a.test\u0000',
    'https://-',
    'app://a$',
  ]

  it.each(NOT_ASKED)('not about %j', async (origin) => {
    const asked: string[] = []
    const policy = definePolicy({ origin: (value: string) => asked.push(value) > 0 })
    const clock = createFakeClock()
    const decision = decideDynamic(policy, { method: 'GET', origin }, clock) as CorsDecision
    expect(decision.outcome).toBe(origin === undefined ? 'no-origin' : 'origin-refused')
    expect(isOriginAllowedDynamic(policy, origin, clock)).toBe(false)
    expect(asked).toEqual([])
  })

  it('once for each request, with the origin as it came', () => {
    const asked: string[] = []
    const policy = definePolicy({
      origin: (value: string) => {
        asked.push(value)
        return true
      },
    })
    const clock = createFakeClock()
    const origins = ['https://a.test', 'http://[::1]:3000', 'capacitor://localhost', 'app://-']
    for (const origin of origins) {
      const decision = decideDynamic(policy, { method: 'GET', origin }, clock) as CorsDecision
      expect(decision.headers['access-control-allow-origin']).toBe(origin)
    }
    expect(asked).toEqual(origins)
  })

  it('again, although it has allowed the same origin before', () => {
    let allowed = true
    const policy = definePolicy({ origin: () => allowed })
    const clock = createFakeClock()
    expect(decideDynamic(policy, GET, clock)).toMatchObject({ outcome: 'allowed' })
    allowed = false
    expect(decideDynamic(policy, GET, clock)).toMatchObject({ outcome: 'origin-refused' })
  })
})

describe('an answer comes at once', () => {
  it('where the predicate gave one at once', () => {
    const clock = createFakeClock()
    const policy = policyOf(() => true)
    expect(decideDynamic(policy, GET, clock)).not.toBeInstanceOf(Promise)
    expect(isOriginAllowedDynamic(policy, ORIGIN, clock)).toBe(true)
    expect(
      isOriginAllowedDynamic(
        policyOf(() => 1),
        ORIGIN,
        clock,
      ),
    ).toBe(false)
  })
})

describe('a policy with a predicate', () => {
  it('answers as a list would', async () => {
    const options = { credentials: true, methods: '*', exposedHeaders: ['x-b'] } as const
    const dynamic = definePolicy({ ...options, origin: (origin: string) => origin === ORIGIN })
    const listed = definePolicy({ ...options, origin: ORIGIN })
    const clock = createFakeClock()
    const requests = [
      { method: 'GET' },
      { method: 'OPTIONS' },
      GET,
      { ...GET, origin: 'https://b.test' },
      { ...GET, origin: 'null' },
      { method: 'OPTIONS', origin: ORIGIN },
      { method: 'OPTIONS', origin: ORIGIN, requestMethod: 'PUT', requestHeaders: 'x-a' },
      { method: 'OPTIONS', origin: 'https://b.test', requestMethod: 'PUT' },
    ]
    for (const facts of requests) {
      expect(decideDynamic(dynamic, facts, clock)).toEqual(decideDynamic(listed, facts, clock))
    }
  })
})
