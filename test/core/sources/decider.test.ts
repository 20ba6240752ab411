import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  CorsConfigError,
  type CorsDecision,
  type CorsOptions,
  createDecider,
  type Decider,
  type DelegateCallback,
  decide,
  definePolicy,
  type PolicySource,
  type RequestFacts,
} from '../../../src/index.ts'
import { createFakeClock } from '../fake-clock.ts'

/** What an adapter would hand on. */
interface Request {
  readonly path: string
}

const ORIGIN = 'https://a.test'
const GET = { method: 'GET', origin: ORIGIN }
const PREFLIGHT = { method: 'OPTIONS', origin: ORIGIN, requestMethod: 'PUT' }
const REQUEST: Request = { path: '/' }

function deciderOf(source: unknown): Decider<Request> {
  return createDecider(source as PolicySource<Request>, createFakeClock())
}

function shown(decision: CorsDecision): unknown {
  return { ...decision, headers: { ...decision.headers } }
}

async function answerOf(source: unknown, facts: RequestFacts = GET): Promise<CorsDecision> {
  return await deciderOf(source).decide(facts, REQUEST)
}

describe('a constant source', () => {
  it('decides as its policy does', async () => {
    const options = { origin: ORIGIN, credentials: true, cacheControl: 5 }
    const policy = definePolicy(options)
    for (const facts of [GET, PREFLIGHT, { method: 'GET' }, { ...GET, origin: 'null' }]) {
      expect(await answerOf(options, facts)).toEqual(decide(policy, facts))
      expect(deciderOf(policy).decide(facts, REQUEST)).toEqual(decide(policy, facts))
    }
  })

  it('may be a policy of another format', async () => {
    const other = { dynamic: false }
    const value = { format: 0, options: { origin: ORIGIN } }
    Object.defineProperty(other, Symbol.for('crossgate.policy'), { value })
    expect((await answerOf(other)).outcome).toBe('allowed')
  })

  it('may hold a predicate', async () => {
    expect((await answerOf({ origin: async () => true })).outcome).toBe('allowed')
    expect(deciderOf({ origin: () => false }).decide(GET, REQUEST)).toMatchObject({
      outcome: 'origin-refused',
    })
  })

  it.each([undefined, null, 'https://a.test', 5, [], {}, { origin: '*', credentials: true }])(
    'that makes no policy is refused at once: %j',
    (source) => {
      expect(() => deciderOf(source)).toThrow(CorsConfigError)
    },
  )

  it('varies on nothing where anybody may ask', async () => {
    expect((await answerOf({ origin: '*' })).vary).toEqual([])
  })

  it('allows nothing while it is pending', () => {
    const decider = deciderOf({ origin: () => new Promise(() => undefined), cacheControl: 5 })
    const pending = decider.pending(PREFLIGHT)
    expect(pending).toMatchObject({ kind: 'preflight', outcome: 'source-failed', status: 403 })
    expect({ ...pending.headers }).toEqual({})
    expect(pending.vary).toEqual([
      'Origin',
      'Access-Control-Request-Method',
      'Access-Control-Request-Headers',
    ])
    expect(pending.error?.message).toBe('the look-up of the CORS policy has not answered yet')
    expect(decider.pending(GET)).toMatchObject({ kind: 'actual', status: undefined })
    expect(decider.pending(GET).vary).toEqual(['Origin'])
    expect(decider.pending({ method: 'GET' }).kind).toBe('plain')
  })

  it('varies on the method alone of what failed', async () => {
    const source = {
      origin: () => {
        throw new Error('no')
      },
      cacheControl: 5,
    }
    expect((await answerOf(source)).vary).toEqual(['Origin'])
    expect((await answerOf(source, { ...GET, method: 'OPTIONS' })).vary).toHaveLength(3)
  })
})

describe('a delegate', () => {
  const OPTIONS = { origin: ORIGIN, maxAge: 5 }

  it.each([
    ['options', () => OPTIONS],
    ['a policy', () => definePolicy(OPTIONS)],
    ['a promise', async () => OPTIONS],
    ['a call back', (_: Request, callback: DelegateCallback) => callback(null, OPTIONS)],
    [
      'a later call back',
      (_: Request, callback: DelegateCallback) => {
        queueMicrotask(() => callback(undefined, OPTIONS))
      },
    ],
    [
      'a call back from a promise',
      async (_: Request, callback: DelegateCallback) => callback(null, OPTIONS),
    ],
    ['options beside settings', { delegator: () => OPTIONS, timeout: 1 }],
  ])('answers by %s', async (_, source) => {
    expect(await answerOf(source)).toEqual(decide(definePolicy(OPTIONS), GET))
  })

  it('sees the request, and depends on it', async () => {
    const decider = deciderOf((request: Request) =>
      request.path === '/open' ? { origin: '*' } : { origin: false },
    )
    expect((await decider.decide(GET, { path: '/open' })).outcome).toBe('allowed')
    expect((await decider.decide(GET, { path: '/' })).outcome).toBe('origin-refused')
  })

  it('may yield a predicate', async () => {
    expect((await answerOf(() => ({ origin: async () => true }))).outcome).toBe('allowed')
  })

  it('answers at once where it can', () => {
    expect(deciderOf(() => OPTIONS).decide(GET, REQUEST)).not.toBeInstanceOf(Promise)
  })

  it('has its options compiled once for each object', async () => {
    let read = 0
    const counting = (origin: string): CorsOptions => ({
      get origin() {
        read += 1
        return origin
      },
    })
    const objects = [counting('https://a.test'), counting('https://b.test')]
    let next = 0
    const decider = deciderOf(() => objects[next++ % 2])
    const outcomes: string[] = []
    for (let index = 0; index < 6; index += 1) {
      outcomes.push((await decider.decide(GET, REQUEST)).outcome)
    }
    expect(outcomes.join()).toBe(
      'allowed,origin-refused,allowed,origin-refused,allowed,origin-refused',
    )
    expect(read).toBe(2)
  })

  it('has wrong options reported every time, and checked once', async () => {
    let read = 0
    const wrong = {
      get origin() {
        read += 1
        return 'https://A.test'
      },
    }
    const decider = deciderOf(() => wrong)
    const first = await decider.decide(GET, REQUEST)
    const second = await decider.decide(PREFLIGHT, REQUEST)
    expect(first).toMatchObject({ outcome: 'source-failed', status: undefined })
    expect(second).toMatchObject({ outcome: 'source-failed', status: 403 })
    expect(first.error).toBeInstanceOf(CorsConfigError)
    expect(second.error).toBe(first.error)
    expect(read).toBe(1)
  })

  it('recovers after wrong options', async () => {
    const answers = [{ origin: '*', credentials: true }, OPTIONS, undefined, OPTIONS]
    const decider = deciderOf(() => answers.shift())
    const outcomes: string[] = []
    for (let index = 0; index < 4; index += 1) {
      outcomes.push((await decider.decide(GET, REQUEST)).outcome)
    }
    expect(outcomes).toEqual(['source-failed', 'allowed', 'source-failed', 'allowed'])
  })

  it('fails where its options cannot be read', async () => {
    const unreadable = (thrown: unknown) => () => ({
      get origin() {
        throw thrown
      },
    })
    const error = new Error('locked')
    expect((await answerOf(unreadable(error))).error).toBe(error)
    expect((await answerOf(unreadable(null))).error?.message).toBe('the options could not be read')
  })

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [true, 'true'],
    ['*', "'*'"],
    [() => OPTIONS, 'a function'],
  ])('fails with %s', async (value, quoted) => {
    const { outcome, error } = await answerOf(() => value)
    expect(outcome).toBe('source-failed')
    expect(error?.message).toBe(`the CORS delegate answered ${quoted}; it must answer options`)
  })

  it('fails as a predicate does', async () => {
    const error = new Error('Not allowed by CORS')
    const failing = [
      () => {
        throw error
      },
      () => Promise.reject(error),
      (_: Request, callback: DelegateCallback) => callback(error),
      (_: Request, callback: DelegateCallback) => callback(error, OPTIONS),
    ]
    for (const delegate of failing) {
      expect(shown(await answerOf(delegate))).toStrictEqual({
        kind: 'actual',
        outcome: 'source-failed',
        status: undefined,
        headers: {},
        vary: ['Origin'],
        error,
      })
      const refused = await answerOf(delegate, PREFLIGHT)
      expect(refused.status).toBe(403)
      expect([refused, refused.headers, refused.vary].every(Object.isFrozen)).toBe(true)
    }
  })

  it('fails when its time is over, and its late answer changes nothing', async () => {
    const clock = createFakeClock()
    let answer: DelegateCallback = () => undefined
    const delegator = (_: Request, callback: DelegateCallback): void => {
      answer = callback
    }
    const short = createDecider<Request>({ delegator, timeout: 30 }, clock)
    const decision = short.decide(GET, REQUEST)
    clock.pass(30)
    answer(null, OPTIONS)
    expect((await decision).error?.message).toBe('the CORS delegate has not answered within 30 ms')
    const long = createDecider<Request>(delegator, clock).decide(GET, REQUEST)
    clock.pass(4_999)
    expect(clock.waiting()).toBe(1)
    clock.pass(1)
    expect((await long).outcome).toBe('source-failed')
  })

  it('allows nothing while it is pending', () => {
    const pending = deciderOf(() => new Promise(() => undefined)).pending(GET)
    expect(shown(pending)).toMatchObject({
      kind: 'actual',
      outcome: 'source-failed',
      headers: {},
      vary: ['Origin'],
    })
  })
})

describe('behind a delegate every answer varies on the origin', () => {
  const requests: readonly RequestFacts[] = [
    GET,
    PREFLIGHT,
    { method: 'GET' },
    { method: 'OPTIONS' },
    { ...GET, origin: 'null' },
  ]
  const sources: readonly (readonly [string, CorsOptions, readonly string[]])[] = [
    ["'*'", { origin: '*' }, ['Origin']],
    ['nobody', { origin: false }, ['Origin']],
    ['a list', { origin: ORIGIN }, ['Origin']],
    ["'*' that looked at a tenant", { origin: '*', vary: 'x-tenant' }, ['Origin', 'x-tenant']],
    ["'*' that looked at nothing", { origin: '*', vary: [] }, []],
    ['nobody, having looked at nothing', { origin: false, vary: '' }, []],
    ['a list, having looked at nothing', { origin: ORIGIN, vary: [] }, ['Origin']],
  ]

  it.each(sources)('where it yields %s', async (_, options, vary) => {
    const policy = definePolicy(options)
    for (const facts of requests) {
      expect((await answerOf(() => options, facts)).vary).toEqual(vary)
      expect((await answerOf(() => policy, facts)).vary).toEqual(vary)
    }
  })

  it('and the policy itself stays as it was', async () => {
    const policy = definePolicy({ origin: '*' })
    expect((await answerOf(() => policy)).vary).toEqual(['Origin'])
    expect(decide(policy, GET).vary).toEqual([])
  })
})

describe('settings beside a delegate', () => {
  const delegator = (): CorsOptions => ({ origin: '*' })

  it.each([
    [{ delegator, timeout: undefined, onDecision: undefined, onReplaced: undefined }],
    [{ delegator, timeout: 60_000, onDecision: () => undefined, onReplaced: () => undefined }],
  ])('are accepted', async (settings) => {
    expect((await answerOf(settings)).outcome).toBe('allowed')
  })

  it.each([
    [{ delegator: undefined }, [{ code: 'option.type', path: ['delegator'] }]],
    [{ delegator: { origin: '*' } }, [{ code: 'option.type', path: ['delegator'] }]],
    [{ delegator, timeout: 0 }, [{ code: 'option.range', path: ['timeout'] }]],
    [
      { delegator, timeout: 60_001 },
      [{ code: 'option.range', path: ['timeout'], suggestion: '60000' }],
    ],
    [
      { delegator, timeout: '5', onDecision: null },
      [
        { code: 'option.type', path: ['timeout'], suggestion: '5' },
        { code: 'option.type', path: ['onDecision'] },
      ],
    ],
    [
      { delegator, timout: 5, origin: '*' },
      [
        { code: 'option.unknown', path: ['timout'], suggestion: 'timeout' },
        { code: 'option.unknown', path: ['origin'] },
      ],
    ],
  ])('are refused where they are wrong: %j', (settings, issues) => {
    let thrown: unknown
    try {
      deciderOf(settings)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(CorsConfigError)
    expect(
      (thrown as CorsConfigError).issues.map(({ code, path, suggestion }) =>
        suggestion === undefined ? { code, path } : { code, path, suggestion },
      ),
    ).toEqual(issues)
  })
})

describe('the observer', () => {
  const unhandled: unknown[] = []
  const listen = (reason: unknown): void => {
    unhandled.push(reason)
  }
  beforeEach(() => {
    unhandled.length = 0
    process.on('unhandledRejection', listen)
  })
  afterEach(() => {
    process.off('unhandledRejection', listen)
  })

  /** An observer with what it has seen. */
  function watching() {
    const seen: (readonly [CorsDecision, unknown])[] = []
    return { seen, onDecision: (...told: readonly [CorsDecision, unknown]) => void seen.push(told) }
  }

  it('sees each decision with its request, once', async () => {
    const { seen, onDecision } = watching()
    const decider = deciderOf({ origin: ORIGIN, onDecision })
    const requests = [GET, PREFLIGHT, { method: 'GET' }, { ...GET, origin: 'null' }]
    const decisions: CorsDecision[] = []
    for (const facts of requests) decisions.push(await decider.decide(facts, REQUEST))
    expect(seen.map(([decision]) => decision)).toEqual(decisions)
    for (const [, request] of seen) expect(request).toBe(REQUEST)
  })

  it('sees what a preflight is refused for', async () => {
    const { seen, onDecision } = watching()
    const options = { origin: ORIGIN, methods: [], allowedHeaders: [], onDecision }
    await answerOf(options, PREFLIGHT)
    await answerOf(options, { ...PREFLIGHT, requestMethod: 'GET', requestHeaders: 'x-a' })
    expect(seen.map(([{ outcome }]) => outcome)).toEqual(['method-refused', 'header-refused'])
  })

  it('sees the failure of a predicate', async () => {
    const { seen, onDecision } = watching()
    const error = new Error('no')
    await answerOf({ origin: () => Promise.reject(error), onDecision })
    expect(seen.map(([decision]) => decision.error)).toEqual([error])
  })

  it('of the policy is told before that of the settings, which is told of failures', async () => {
    const settings = watching()
    const policy = watching()
    const answers = [
      { origin: '*', onDecision: policy.onDecision },
      { origin: '*', methods: 'GET' },
      undefined,
    ]
    const decider = deciderOf({
      delegator: () => answers.shift(),
      onDecision: settings.onDecision,
    })
    await decider.decide(GET, REQUEST)
    expect([policy.seen.length, settings.seen.length]).toEqual([1, 0])
    await decider.decide(PREFLIGHT, REQUEST)
    expect(settings.seen[0]?.[0].outcome).toBe('method-refused')
    await decider.decide(GET, REQUEST)
    expect(settings.seen[1]?.[0].outcome).toBe('source-failed')
    expect([policy.seen.length, settings.seen.length]).toEqual([1, 2])
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('watching')
      },
    ],
    ['rejects with null', () => Promise.reject(null)],
    ['rejects', () => Promise.reject(new Error('watching'))],
    [
      'answers a thenable that throws',
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
        then: () => {
          throw new Error('watching')
        },
      }),
    ],
    ['answers another decision', () => ({ outcome: 'allowed', headers: {} })],
  ])('that %s changes nothing', async (_, onDecision) => {
    const refused = { ...GET, origin: 'https://b.test' }
    const expected = decide(definePolicy({ origin: ORIGIN }), refused)
    expect(await answerOf({ origin: ORIGIN, onDecision }, refused)).toEqual(expected)
    const delegated = { delegator: () => undefined, onDecision }
    expect((await answerOf(delegated)).outcome).toBe('source-failed')
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled).toEqual([])
  })

  it('cannot change the decision', async () => {
    const onDecision = (decision: CorsDecision): void => {
      Object.assign(decision.headers, { 'access-control-allow-origin': '*' })
    }
    const decision = await answerOf({ origin: ORIGIN, onDecision }, { ...GET, origin: 'null' })
    expect({ ...decision.headers }).toEqual({})
  })

  it('absent, a preflight for too much is answered all the same', async () => {
    const options = { origin: ORIGIN, methods: ['GET'], allowedHeaders: [] }
    const decision = await answerOf(options, PREFLIGHT)
    const { headers, status } = decide(definePolicy(options), PREFLIGHT)
    expect(decision).toMatchObject({ status })
    expect({ ...decision.headers }).toEqual({ ...headers })
  })
})

describe('with debug', () => {
  const refused = { ...PREFLIGHT, origin: 'https://b.test' }

  it('a preflight that is refused explains itself', async () => {
    const { explanation, ...decision } = await answerOf({ origin: ORIGIN, debug: true }, refused)
    expect(explanation?.split('\n')).toEqual([
      "ok   request 'OPTIONS' OPTIONS with Origin and Access-Control-Request-Method: a preflight",
      "FAIL origin  'https://b.test' is not allowed: 'https://a.test' differs in the host: 'b' in place of 'a'",
      'FAIL answer  ends here with 403; vary: Origin',
    ])
    expect({ ...decision, headers: { ...decision.headers } }).toEqual({
      ...decide(definePolicy({ origin: ORIGIN }), refused),
      headers: {
        'crossgate-refusal':
          "origin-refused: 'https://b.test' is not allowed: 'https://a.test' differs in the host: 'b' in place of 'a'",
      },
    })
  })

  it('the explanation tells why a predicate refused or failed', async () => {
    const no = await answerOf({ origin: () => false, debug: true }, refused)
    expect(no.explanation).toContain('the predicate answered false, or was not asked')
    expect(Object.isFrozen(no)).toBe(true)
    const failed = await answerOf(
      { origin: () => Promise.reject(new Error('database\nlost')), debug: true },
      refused,
    )
    expect(failed.explanation).toContain("FAIL origin  'https://b.test': 'database\\u000alost'")
  })

  it('the observer sees the explanation', async () => {
    const seen: (string | undefined)[] = []
    const onDecision = ({ explanation }: CorsDecision): void => void seen.push(explanation)
    const { explanation } = await answerOf({ origin: ORIGIN, debug: true, onDecision }, refused)
    expect(seen).toEqual([explanation])
  })

  it.each([
    ['a preflight that is granted', PREFLIGHT, {}],
    ['a preflight for too much, which has a success status', PREFLIGHT, { methods: [] }],
    ['a preflight that the application answers', refused, { preflightContinue: true }],
    ['an actual request', { ...GET, origin: 'https://b.test' }, {}],
    ['an actual request that is rejected', { ...GET, origin: 'null' }, { onDisallowed: 'reject' }],
    ['a request without Origin', { method: 'GET' }, {}],
  ])('%s has no explanation', async (_, facts, options) => {
    const decision = await answerOf({ origin: ORIGIN, debug: true, ...options }, facts)
    expect(Object.hasOwn(decision, 'explanation')).toBe(false)
  })

  it('off, nothing explains itself', async () => {
    const decision = await answerOf({ origin: ORIGIN }, refused)
    expect(Object.hasOwn(decision, 'explanation')).toBe(false)
  })
})
