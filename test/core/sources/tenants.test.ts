import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  CorsConfigError,
  type CorsDecision,
  decide,
  definePolicy,
  isLiveSource,
  type TenantOptions,
  tenants,
} from '../../../src/index.ts'
import { LIVE_SOURCE } from '../../../src/sources/source.ts'
import {
  createTenantStore,
  GET,
  hang,
  ORIGIN,
  PREFLIGHT,
  type Request,
  settled,
  version,
  versionOf,
} from './tenant-store.ts'

const unhandled: unknown[] = []
const listen = (reason: unknown): void => {
  unhandled.push(reason)
}
beforeEach(() => {
  unhandled.length = 0
  process.on('unhandledRejection', listen)
})
afterEach(async () => {
  await settled()
  process.off('unhandledRejection', listen)
  expect(unhandled).toEqual([])
})

function shown(decision: CorsDecision): unknown {
  return { ...decision, headers: { ...decision.headers } }
}

describe('a tenant', () => {
  it('has the policy that was loaded for it', async () => {
    const { decide: ask, rows } = createTenantStore()
    const options = { origin: ORIGIN, credentials: true, maxAge: 600 }
    rows
      .set('a', options)
      .set('b', definePolicy({ origin: '*' }))
      .set('c', { origin: false })
    for (const facts of [GET, PREFLIGHT]) {
      expect(await ask('a', facts)).toEqual(decide(definePolicy(options), facts))
      expect(await ask('b', facts)).toEqual({
        ...decide(definePolicy({ origin: '*' }), facts),
        vary: ['Origin'],
      })
      expect(await ask('c', facts)).toEqual({
        ...decide(definePolicy({ origin: false }), facts),
        vary: ['Origin'],
      })
    }
  })

  it('may have a predicate', async () => {
    const { ask, rows } = createTenantStore()
    rows.set('a', { origin: async (origin: string) => origin === ORIGIN, exposedHeaders: 'x' })
    expect([await ask('a'), await ask('a')]).toEqual(['x', 'x'])
  })

  it('that is kept is decided about at once, with one object', async () => {
    const { decide: ask, rows, source, loaded, clock } = createTenantStore()
    rows.set('a', version('1'))
    await ask('a')
    const first = ask('a')
    expect(first).not.toBeInstanceOf(Promise)
    expect(ask('a')).toBe(first)
    expect(loaded).toEqual(['a'])
    const { ask: look } = source[LIVE_SOURCE]
    expect(look({ tenant: 'a' }, clock)).toBe(look({ tenant: 'a' }, clock))
  })

  it('is loaded at once by a store that answers at once', () => {
    const { decide: ask, rows, source } = createTenantStore({ load: () => version('1') })
    rows.set('a', version('1'))
    const decision = ask('a')
    expect(decision).not.toBeInstanceOf(Promise)
    expect(versionOf(decision as CorsDecision)).toBe('1')
    expect(source.stats()).toMatchObject({ policies: 1, loading: 0, loads: 1, hits: 0 })
  })

  it('is found anew for each request, once', async () => {
    const seen: Request[] = []
    const tenant = (request: Request): string => {
      seen.push(request)
      return 'a'
    }
    const { decide: ask } = createTenantStore({ tenant, load: () => ({ origin: '*' }) })
    await ask('x')
    await ask('y')
    expect(seen).toEqual([{ tenant: 'x' }, { tenant: 'y' }])
  })

  it('that a store edits in place has the new options when its time is over', async () => {
    const { ask, clock } = createTenantStore({ load: async () => options, ttl: 100 })
    const options = version('1')
    expect(await ask('a')).toBe('1')
    options.exposedHeaders = ['2']
    expect(await ask('a')).toBe('1')
    clock.pass(100)
    expect(await ask('a')).toBe('2')
  })

  it('changes nothing for another', async () => {
    const { ask, rows, breakWith } = createTenantStore()
    rows.set('a', version('1')).set('b', { origin: 'https://b.test' })
    expect([await ask('a'), await ask('b'), await ask('c')]).toEqual([
      '1',
      'origin-refused',
      'origin-refused',
    ])
    breakWith(hang)
    const pending = ask('d')
    expect([await ask('a'), await ask('b')]).toEqual(['1', 'origin-refused'])
    breakWith(undefined)
    expect(await Promise.race([pending, settled()])).toBeUndefined()
  })
})

describe('where there is no tenant', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['no text', ''],
    ['an id of 257 characters', 'a'.repeat(257)],
    ['an id of 16,384 characters', 'a'.repeat(16_384)],
  ])('by %s, nobody is allowed, and nothing is loaded or kept', async (_, tenant) => {
    const { decide: ask, source, loaded } = createTenantStore({ load: () => ({ origin: '*' }) })
    for (const facts of [GET, PREFLIGHT, { method: 'GET' }]) {
      const decision = ask(tenant, facts)
      expect(decision).toEqual({
        ...decide(definePolicy({ origin: false }), facts),
        vary: ['Origin'],
      })
    }
    expect(loaded).toEqual([])
    expect(source.stats()).toMatchObject({ policies: 0, misses: 0, loads: 0 })
  })

  it('in the store, nobody is allowed, and that is remembered', async () => {
    const { decide: ask, source, clock, loaded, rows } = createTenantStore({ negativeTtl: 100 })
    expect(shown(await ask('a'))).toEqual(
      shown({ ...decide(definePolicy({ origin: false }), GET), vary: ['Origin'] }),
    )
    rows.set('a', version('1'))
    clock.pass(99)
    expect(ask('a')).not.toBeInstanceOf(Promise)
    expect([loaded, source.stats().misses, source.stats().hits]).toEqual([['a'], 1, 1])
    clock.pass(1)
    expect(versionOf(await ask('a'))).toBe('1')
    expect(source.stats()).toMatchObject({ policies: 1, misses: 0, loads: 2 })
  })

  it('with negativeTtl: 0, that is not remembered', async () => {
    const { ask, rows, source } = createTenantStore({ negativeTtl: 0 })
    expect(await ask('a')).toBe('origin-refused')
    rows.set('a', version('1'))
    expect(await ask('a')).toBe('1')
    expect(source.stats()).toMatchObject({ policies: 1, misses: 0, loads: 2, failures: 0 })
  })

  it('any more, its policy is gone', async () => {
    const { ask, rows, clock, breakWith } = createTenantStore({ ttl: 100, negativeTtl: 100 })
    rows.set('a', version('1'))
    expect(await ask('a')).toBe('1')
    rows.delete('a')
    clock.pass(100)
    expect(await ask('a')).toBe('origin-refused')
    // Not even an outage brings it back.
    breakWith(() => Promise.reject(new Error('away')))
    clock.pass(100)
    expect(await ask('a')).toBe('source-failed')
  })
})

describe('ids of any shape', () => {
  it.each([
    '__proto__',
    'constructor',
    'toString',
    '\u0000',
    'a\r\nSet-Cookie: x',
    '\ud800',
    '\u{1f600}',
    '../../etc/passwd',
    "' or 1=1 --",
    ' ',
    '*',
    'a'.repeat(256),
  ])('are ids, and nothing else: %j', async (id) => {
    const { ask, loaded, rows, source } = createTenantStore()
    expect(await ask(id)).toBe('origin-refused')
    rows.set('other', version('1'))
    expect(await ask('other')).toBe('1')
    source.invalidate(id)
    rows.set(id, version('2'))
    expect([await ask(id), await ask(id), await ask('other')]).toEqual(['2', '2', '1'])
    expect(loaded).toEqual([id, 'other', id])
  })

  it.each([
    ['a number', 7, '7'],
    ['true', true, 'true'],
    ['an object', { toString: () => 'a' }, 'an object'],
    ['a list', ['a'], 'a list'],
    ['a function', () => 'a', 'a function'],
    ['a promise', Promise.resolve('a'), 'an object'],
  ])('that are no text are failures: %s', async (_, tenant, quoted) => {
    const { decide: ask, source } = createTenantStore({ load: () => ({ origin: '*' }) })
    expect(shown(await ask(tenant))).toMatchObject({
      outcome: 'source-failed',
      status: undefined,
      headers: {},
      vary: ['Origin'],
      error: new TypeError(`tenant answered ${quoted}; it must answer an id or undefined, at once`),
    })
    expect((await ask(tenant, PREFLIGHT)).status).toBe(403)
    expect(source.stats()).toMatchObject({ policies: 0, misses: 0, loads: 0 })
  })

  it('that come by promise are failures, also where the promise rejects', async () => {
    const rejecting = (): never => Promise.reject(new Error('late')) as never
    const { ask } = createTenantStore({ tenant: rejecting })
    expect(await ask('a')).toBe('source-failed')
  })

  it.each([
    ['an error', new Error('no host'), 'no host'],
    ['null', null, 'tenant failed: it threw or rejected with no Error'],
  ])('cannot be told where tenant throws %s', async (_, thrown, message) => {
    const tenant = (): never => {
      throw thrown
    }
    const { decide: ask } = createTenantStore({ tenant })
    const { outcome, error } = await ask('a')
    expect([outcome, error?.message]).toEqual(['source-failed', message])
  })
})

describe('a load that fails', () => {
  const failures: readonly [string, () => unknown, string | undefined][] = [
    ['rejects', () => Promise.reject(new Error('away')), 'away'],
    [
      'throws',
      () => {
        throw new Error('away')
      },
      'away',
    ],
    ['rejects with nothing', () => Promise.reject(), undefined],
    ['answers nothing', async () => undefined, 'load answered undefined; it must answer options'],
    ['answers nothing at once', () => undefined, 'load answered undefined; it must answer options'],
    ['answers true', async () => true, 'load answered true; it must answer options'],
    ['answers text', async () => '*', "load answered '*'; it must answer options"],
    ['answers a function', () => () => true, 'load answered a function; it must answer options'],
    ['answers a list', async () => [ORIGIN], undefined],
    ['answers wrong options', async () => ({ origin: `${ORIGIN}/` }), undefined],
    ['answers insecure options', () => ({ origin: '*', credentials: true }), undefined],
    ['answers options with names of no option', () => ({ origin: '*', tenant: 'a' }), undefined],
    ['answers another source', () => tenants({ tenant: () => 'a', load: () => null }), undefined],
    [
      'answers options that cannot be read',
      () => ({
        get origin() {
          throw null
        },
      }),
      undefined,
    ],
  ]

  it.each(failures)('%s: nobody is allowed', async (_, load, message) => {
    const { decide: ask, source, breakWith } = createTenantStore()
    breakWith(load)
    const { error, ...decision } = await ask('a')
    expect(shown(decision)).toEqual({
      kind: 'actual',
      outcome: 'source-failed',
      status: undefined,
      headers: {},
      vary: ['Origin'],
    })
    expect(error).toBeInstanceOf(Error)
    if (message !== undefined) expect(error?.message).toContain(message)
    expect(await ask('a', PREFLIGHT)).toMatchObject({ outcome: 'source-failed', status: 403 })
    expect(source.stats()).toMatchObject({ policies: 0, misses: 1, loads: 1, failures: 1 })
  })

  it('tells every issue of wrong options', async () => {
    const { decide: ask } = createTenantStore({
      load: () => ({ origin: `${ORIGIN}/` as string, maxAge: -1 }),
    })
    const { error } = await ask('a')
    expect(error).toBeInstanceOf(CorsConfigError)
    expect((error as CorsConfigError).issues.map(({ code }) => code)).toEqual([
      'origin.trailing-slash',
      'option.range',
    ])
  })

  it('is tried again after a second, not earlier', async () => {
    const { ask, rows, clock, breakWith, loaded } = createTenantStore()
    rows.set('a', version('1'))
    breakWith(() => Promise.reject(new Error('away')))
    expect(await ask('a')).toBe('source-failed')
    breakWith(undefined)
    clock.pass(999)
    expect([await ask('a'), loaded.length]).toEqual(['source-failed', 1])
    clock.pass(1)
    expect([await ask('a'), loaded.length]).toEqual(['1', 2])
  })

  it('hangs: its time is over, and its late answer is nobodys', async () => {
    let answer: (options: unknown) => void = () => undefined
    const { decide: ask, clock, breakWith, source } = createTenantStore({ timeout: 30 })
    breakWith(() => new Promise((resolve) => (answer = resolve)))
    const decision = ask('a')
    expect(source.stats()).toMatchObject({ loading: 1, loads: 1 })
    clock.pass(30)
    expect((await decision).error?.message).toBe(
      "the load of tenant 'a' has not answered within 30 ms",
    )
    answer({ origin: '*' })
    await settled()
    expect((await ask('a')).outcome).toBe('source-failed')
    expect(source.stats()).toMatchObject({ policies: 0, loading: 0 })
  })

  it('is told to onError with its tenant, also where an old policy hides it', async () => {
    const told: unknown[] = []
    const onError = (...parameters: unknown[]): void => {
      told.push(parameters)
      throw new Error('an observer that fails')
    }
    const { ask, rows, clock, breakWith } = createTenantStore({ onError, ttl: 100 })
    rows.set('a', version('1'))
    await ask('a')
    const error = new Error('away')
    breakWith(() => Promise.reject(error))
    expect([await ask('b'), told]).toEqual(['source-failed', [[error, 'b']]])
    clock.pass(100)
    expect([await ask('a'), told.slice(1)]).toEqual(['1', [[error, 'a']]])
  })

  it('may be told to an onError that rejects', async () => {
    const onError = async (): Promise<never> => Promise.reject(new Error('watching'))
    const { ask } = createTenantStore({ onError, load: () => Promise.reject(new Error('away')) })
    expect(await ask('a')).toBe('source-failed')
  })
})

describe('the time of a policy', () => {
  it('is ttl, from the moment when its load starts', async () => {
    const { ask, rows, clock, loaded, breakWith } = createTenantStore({ ttl: 100 })
    let answer: (options: unknown) => void = () => undefined
    breakWith(() => new Promise((resolve) => (answer = resolve)))
    const first = ask('a')
    clock.pass(60)
    answer(version('1'))
    expect(await first).toBe('1')
    breakWith(undefined)
    rows.set('a', version('2'))
    clock.pass(39)
    expect([await ask('a'), loaded.length]).toEqual(['1', 1])
    clock.pass(1)
    expect([await ask('a'), loaded.length]).toEqual(['2', 2])
  })

  it('does not count what the load waited for its turn', async () => {
    const { ask, clock, breakWith, loaded } = createTenantStore({ ttl: 100, concurrency: 1 })
    let answer: (options: unknown) => void = () => undefined
    breakWith(() => new Promise((resolve) => (answer = resolve)))
    const first = ask('a')
    const second = ask('b')
    clock.pass(60)
    answer(version('1'))
    await first
    answer(version('2'))
    expect(await second).toBe('2')
    clock.pass(99)
    expect([await ask('b'), loaded.join('')]).toEqual(['2', 'ab'])
    clock.pass(1)
    breakWith(() => version('3'))
    expect(await ask('b')).toBe('3')
  })

  it('is a minute, and ten seconds for unknown tenants, unless told otherwise', async () => {
    const { ask, rows, clock, loaded } = createTenantStore()
    rows.set('a', version('1'))
    await ask('a')
    await ask('b')
    clock.pass(9_999)
    await ask('b')
    clock.pass(1)
    await ask('b')
    clock.pass(49_999)
    await ask('a')
    expect(loaded).toEqual(['a', 'b', 'b'])
    clock.pass(1)
    await ask('a')
    expect(loaded).toEqual(['a', 'b', 'b', 'a'])
  })

  it('may be none: every request loads, and requests at one time share a load', async () => {
    const { ask, rows, loaded } = createTenantStore({ ttl: 0 })
    rows.set('a', version('1'))
    await ask('a')
    await Promise.all([ask('a'), ask('a')])
    expect(loaded.length).toBe(2)
  })

  it('is over where the clock goes back before it', async () => {
    const { ask, rows, clock, loaded, breakWith } = createTenantStore({
      ttl: 100,
      staleWhileRevalidate: 1000,
    })
    clock.pass(500)
    rows.set('a', version('1'))
    await ask('a')
    await ask('b')
    clock.pass(-1)
    rows.set('a', version('2')).set('b', version('2'))
    expect([await ask('a'), await ask('b')]).toEqual(['2', '2'])
    expect(loaded).toEqual(['a', 'b', 'a', 'b'])
    clock.pass(-400)
    breakWith(() => Promise.reject(new Error('away')))
    // Nobody knows how old it is.
    expect(await ask('a')).toBe('source-failed')
    clock.pass(-99)
    breakWith(undefined)
    expect(await ask('a')).toBe('2')
    rows.set('a', version('3'))
    clock.pass(99)
    expect(await ask('a')).toBe('2')
    clock.pass(1001)
    expect(await ask('a')).toBe('3')
  })
})

describe('staleWhileRevalidate', () => {
  const TIMES = { ttl: 100, staleWhileRevalidate: 50, staleIfError: 0 }

  it('serves the old policy at once while one load runs in the background', async () => {
    const { ask, decide: look, rows, clock, loaded, source } = createTenantStore(TIMES)
    rows.set('a', version('1'))
    await ask('a')
    rows.set('a', version('2'))
    clock.pass(149)
    const answers = [look('a'), look('a'), look('a')]
    expect(answers.map((answer) => versionOf(answer as CorsDecision))).toEqual(['1', '1', '1'])
    expect(loaded.length).toBe(2)
    await settled()
    expect(versionOf(look('a') as CorsDecision)).toBe('2')
    expect(source.stats()).toMatchObject({ hits: 1, loads: 2, stale: 3, failures: 0 })
  })

  it('is over when it is over: the request waits', async () => {
    const { ask, decide: look, rows, clock } = createTenantStore(TIMES)
    rows.set('a', version('1'))
    await ask('a')
    rows.set('a', version('2'))
    clock.pass(150)
    const answer = look('a')
    expect(answer).toBeInstanceOf(Promise)
    expect(versionOf(await answer)).toBe('2')
  })

  it('also serves the old policy where the load in the background fails', async () => {
    const { ask, rows, clock, breakWith, loaded } = createTenantStore({
      ...TIMES,
      staleWhileRevalidate: 1500,
    })
    rows.set('a', version('1'))
    await ask('a')
    breakWith(() => Promise.reject(new Error('away')))
    clock.pass(100)
    expect(await ask('a')).toBe('1')
    await settled()
    clock.pass(999)
    expect([await ask('a'), loaded.length]).toEqual(['1', 2])
    clock.pass(1)
    expect([await ask('a'), loaded.length]).toEqual(['1', 3])
    await settled()
    clock.pass(500)
    // The policy is over, and its load has just failed.
    expect([await ask('a'), loaded.length]).toEqual(['source-failed', 3])
  })

  it('takes what a store answers at once', async () => {
    const { ask, breakWith, clock } = createTenantStore(TIMES)
    breakWith(() => version('1'))
    await ask('a')
    breakWith(() => version('2'))
    clock.pass(100)
    expect(await ask('a')).toBe('2')
  })
})

describe('staleIfError', () => {
  const TIMES = { ttl: 100, staleIfError: 5000 }

  it('keeps the old policy in force while it cannot be loaded anew', async () => {
    const { ask, rows, clock, breakWith, loaded, source } = createTenantStore(TIMES)
    rows.set('a', version('1'))
    await ask('a')
    breakWith(() => Promise.reject(new Error('away')))
    clock.pass(100)
    expect(await Promise.all([ask('a'), ask('a')])).toEqual(['1', '1'])
    clock.pass(999)
    expect([await ask('a'), loaded.length]).toEqual(['1', 2])
    clock.pass(1)
    expect([await ask('a'), loaded.length]).toEqual(['1', 3])
    expect(source.stats()).toMatchObject({ stale: 4, failures: 2, hits: 0 })
    clock.pass(4000)
    expect(await ask('a')).toBe('source-failed')
  })

  it('is for a store that answers at once, too', async () => {
    const { ask, breakWith, clock, source } = createTenantStore(TIMES)
    breakWith(() => version('1'))
    await ask('a')
    breakWith(() => true)
    clock.pass(100)
    expect([await ask('a'), source.stats().stale]).toEqual(['1', 1])
  })

  it('is an hour, unless told otherwise', async () => {
    const { ask, rows, clock, breakWith } = createTenantStore({ ttl: 100 })
    rows.set('a', version('1'))
    await ask('a')
    breakWith(() => Promise.reject(new Error('away')))
    clock.pass(3_600_099)
    expect(await ask('a')).toBe('1')
    clock.pass(1)
    expect(await ask('a')).toBe('source-failed')
  })

  it('may be never', async () => {
    const { ask, rows, clock, breakWith } = createTenantStore({ ttl: 100, staleIfError: 0 })
    rows.set('a', version('1'))
    await ask('a')
    breakWith(() => Promise.reject(new Error('away')))
    clock.pass(100)
    expect(await ask('a')).toBe('source-failed')
  })

  it('waits for a load that hangs, once', async () => {
    const {
      ask,
      decide: look,
      rows,
      clock,
      breakWith,
    } = createTenantStore({ ...TIMES, timeout: 30 })
    rows.set('a', version('1'))
    await ask('a')
    breakWith(hang)
    clock.pass(100)
    const answer = ask('a')
    clock.pass(30)
    expect(await answer).toBe('1')
    expect(look('a')).not.toBeInstanceOf(Promise)
  })
})

describe('invalidate', () => {
  it('has one tenant, or all, loaded anew', async () => {
    const { ask, rows, source, loaded } = createTenantStore()
    for (const id of ['a', 'b']) {
      rows.set(id, version('1'))
      await ask(id)
      rows.set(id, version('2'))
    }
    await ask('c')
    rows.set('c', version('2'))
    source.invalidate('a')
    expect([await ask('a'), await ask('b'), await ask('c')]).toEqual(['2', '1', 'origin-refused'])
    source.invalidate()
    expect([await ask('a'), await ask('b'), await ask('c')]).toEqual(['2', '2', '2'])
    expect(loaded.join('')).toBe('abcaabc')
    source.invalidate('nobody')
    expect(source.stats()).toMatchObject({ policies: 3, misses: 0 })
  })

  it('also while an old policy would be served during a load', async () => {
    const { ask, rows, source, clock } = createTenantStore({ ttl: 100, staleWhileRevalidate: 1000 })
    rows.set('a', version('1'))
    await ask('a')
    clock.pass(100)
    rows.set('a', version('2'))
    source.invalidate('a')
    expect(await ask('a')).toBe('2')
  })

  it.each([['a'], [undefined]])(
    'lets a load that is under way answer only those who came before: %s',
    async (id) => {
      const answers: ((options: unknown) => void)[] = []
      const { ask, breakWith, source } = createTenantStore()
      breakWith(() => new Promise((resolve) => answers.push(resolve)))
      const before = [ask('a'), ask('a')]
      source.invalidate(id)
      const after = [ask('a'), ask('a')]
      expect(answers.length).toBe(2)
      answers[1]?.(version('2'))
      expect(await Promise.all(after)).toEqual(['2', '2'])
      // The old load ends last, and is not kept.
      answers[0]?.(version('1'))
      expect(await Promise.all(before)).toEqual(['1', '1'])
      expect([await ask('a'), answers.length]).toEqual(['2', 2])
    },
  )

  it('does not keep a failure, or an absence, that was under way', async () => {
    const answers: ((options: unknown) => void)[] = []
    const { ask, breakWith, source, rows } = createTenantStore()
    rows.set('a', version('2'))
    for (const late of [null, 'junk']) {
      breakWith(() => new Promise((resolve) => answers.push(resolve)))
      const before = ask('a')
      source.invalidate('a')
      answers.shift()?.(late)
      expect(await before).toBe(late === null ? 'origin-refused' : 'source-failed')
      expect(source.stats().misses).toBe(0)
    }
    breakWith(undefined)
    expect(await ask('a')).toBe('2')
  })

  it('leaves the old policy in force where it cannot be loaded anew', async () => {
    const { ask, rows, source, breakWith, clock } = createTenantStore({ ttl: 100 })
    rows.set('a', version('1'))
    await ask('a')
    breakWith(() => Promise.reject(new Error('away')))
    source.invalidate()
    expect(await ask('a')).toBe('1')
    breakWith(undefined)
    rows.set('a', version('2'))
    clock.pass(1000)
    expect(await ask('a')).toBe('2')
  })

  it('leaves nothing in force with staleIfError: 0', async () => {
    const { ask, rows, source, breakWith } = createTenantStore({
      staleIfError: 0,
      staleWhileRevalidate: 100,
    })
    rows.set('a', version('1'))
    await ask('a')
    breakWith(() => Promise.reject(new Error('away')))
    source.invalidate('a')
    expect(await ask('a')).toBe('source-failed')
  })
})

describe('loads at once', () => {
  it('are one for a tenant', async () => {
    const { ask, rows, loaded, source } = createTenantStore()
    rows.set('a', version('1'))
    const answers = Array.from({ length: 100 }, () => ask('a'))
    expect([loaded, source.stats().loading]).toEqual([['a'], 1])
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['1']))
    expect(source.stats()).toMatchObject({ loading: 0, loads: 1, hits: 0 })
  })

  it('are no more than concurrency, in order of arrival', async () => {
    const ends: (() => void)[] = []
    const { ask, breakWith, loaded, source } = createTenantStore({ concurrency: 2 })
    breakWith(() => new Promise((resolve) => ends.push(() => resolve(version('1')))))
    const answers = ['a', 'b', 'c', 'd', 'c'].map(ask)
    expect([loaded.join(''), source.stats()]).toEqual([
      'ab',
      expect.objectContaining({ loading: 2, waiting: 2, loads: 2 }),
    ])
    ends[1]?.()
    await settled()
    expect(loaded.join('')).toBe('abc')
    ends[0]?.()
    ends[2]?.()
    await settled()
    ends[3]?.()
    expect(await Promise.all(answers)).toEqual(['1', '1', '1', '1', '1'])
    expect(source.stats()).toMatchObject({ loading: 0, waiting: 0, loads: 4, policies: 4 })
  })

  it('beyond a thousand that wait: the one that waited longest fails, which is not remembered', async () => {
    const told: string[] = []
    const {
      ask,
      decide: look,
      breakWith,
      clock,
      source,
      rows,
    } = createTenantStore({
      concurrency: 1,
      timeout: 30,
      onError: ({ message }) => told.push(message),
    })
    breakWith(hang)
    const running = ask('running')
    const first = look('first')
    const waiting = Array.from({ length: 1000 }, (_, index) => ask(`tenant ${index}`))
    const error = "the load of tenant 'first' was not started, since too many are waiting"
    expect((await first).error?.message).toBe(error)
    waiting.push(...Array.from({ length: 10 }, (_, index) => ask(`another ${index}`)))
    await settled()
    // Not once for each.
    expect(told).toEqual([error])
    expect(source.stats()).toMatchObject({ loading: 1, waiting: 1000, loads: 1, failures: 11 })
    clock.pass(30)
    expect(new Set(await Promise.all([running, ...waiting]))).toEqual(new Set(['source-failed']))
    breakWith(undefined)
    rows.set('first', version('1'))
    expect(await ask('first')).toBe('1')
    await settled()
    expect(source.stats()).toMatchObject({ loading: 0, waiting: 0 })
  })

  it('are told again that they are not started, once one was', async () => {
    const told: string[] = []
    const onError = (_: Error, id: string): void => void told.push(id)
    const { ask, breakWith, clock, source } = createTenantStore({
      concurrency: 1,
      timeout: 30,
      onError,
    })
    breakWith(hang)
    for (const round of ['a', 'b']) {
      const asked = Array.from({ length: 1003 }, (_, index) => ask(`${round} ${index}`))
      await settled()
      expect(told.filter((id) => id.startsWith(round))).toEqual([`${round} 1`])
      clock.pass(30)
      await Promise.all(asked)
      await settled()
      clock.pass(30)
      await settled()
      expect(source.stats()).toMatchObject({ loading: 0, waiting: 0 })
    }
  })

  it.each([['expires'], ['is invalidated']])(
    'of a tenant whose policy %s go before any number of invented ones',
    async (how) => {
      const { ask, rows, breakWith, clock, source, loaded } = createTenantStore({
        concurrency: 1,
        ttl: 100,
      })
      rows.set('real', version('1'))
      await ask('real')
      rows.set('real', { origin: false })
      if (how === 'expires') clock.pass(100)
      else source.invalidate('real')
      let end: () => void = () => undefined
      breakWith((id) =>
        id === 'invented 0'
          ? new Promise((resolve) => (end = () => resolve(null)))
          : (rows.get(id) ?? null),
      )
      const invented = Array.from({ length: 3000 }, (_, index) => ask(`invented ${index}`))
      const answer = ask('real')
      end()
      expect([await answer, loaded.slice(0, 3)]).toEqual([
        'origin-refused',
        ['real', 'invented 0', 'real'],
      ])
      await Promise.all(invented)
    },
  )

  it.each([['expires'], ['is invalidated']])(
    'that are not started while the store answers others leave no policy in force that %s',
    async (how) => {
      const { ask, rows, breakWith, clock, source } = createTenantStore({
        concurrency: 1,
        ttl: 100,
        timeout: 30,
      })
      for (const id of ['real', 'busy', 'slow']) {
        rows.set(id, version('1'))
        await ask(id)
      }
      if (how === 'expires') clock.pass(100)
      else source.invalidate()
      let end: () => void = () => undefined
      breakWith((id) =>
        id === 'busy' ? new Promise((resolve) => (end = () => resolve(version('2')))) : hang(),
      )
      const busy = ask('busy')
      clock.pass(20)
      const slow = ask('slow')
      const real = ask('real')
      end()
      expect(await busy).toBe('2')
      clock.pass(30)
      // One hangs, as in an outage; the other was crowded out.
      expect([await slow, await real]).toEqual(['1', 'source-failed'])
    },
  )

  it('that are not started since a store hangs are an outage', async () => {
    const { ask, rows, breakWith, clock } = createTenantStore({
      concurrency: 2,
      ttl: 100,
      timeout: 30,
    })
    const ids = Array.from({ length: 200 }, (_, index) => `tenant ${index}`)
    for (const id of ids) rows.set(id, version('1'))
    await Promise.all(ids.map(ask))
    breakWith(hang)
    clock.pass(100)
    const answers = ids.map(ask)
    clock.pass(30)
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['1']))
  })

  it.each<[string, (options: unknown) => unknown]>([
    ['at once', (options) => options],
    ['by promise', async (options) => options],
  ])('that invalidate their own tenant are not kept: %s', async (_, answer) => {
    const { ask, breakWith, source, loaded } = createTenantStore()
    breakWith((id) => {
      if (loaded.length === 1) source.invalidate(id)
      return answer(version(`${loaded.length}`))
    })
    expect([await ask('a'), await ask('a'), await ask('a')]).toEqual(['1', '2', '2'])
  })

  it.each<[string, (options: unknown) => unknown]>([
    ['at once', (options) => options],
    ['by promise', async (options) => options],
  ])('that ask for their own tenant are one: %s', async (_, answer) => {
    const { ask, breakWith, source, loaded } = createTenantStore()
    const asked: Promise<string>[] = []
    breakWith((id) => {
      if (loaded.length < 5) asked.push(ask(id))
      return answer(version('1'))
    })
    expect([await ask('a'), await Promise.all(asked), loaded]).toEqual(['1', ['1'], ['a']])
    expect(source.stats()).toMatchObject({ loading: 0, loads: 1 })
  })
})

describe('vary', () => {
  it.each<[TenantOptions<Request>['vary'], string[]]>([
    [undefined, ['Origin']],
    [[], ['Origin']],
    [
      ['X-Tenant', 'host'],
      ['Origin', 'x-tenant', 'host'],
    ],
    ['x-tenant, origin', ['Origin', 'x-tenant']],
  ])('%j is on every answer', async (vary, names) => {
    const { decide: look, rows, source } = createTenantStore({ vary })
    rows
      .set('a', { origin: '*' })
      .set('b', { origin: ORIGIN, vary: ['x-own'] })
      .set('c', definePolicy({ origin: ORIGIN, methods: ['GET'] }))
      .set('wrong', {})
    const varies = async (tenant: unknown) => {
      const decisions = await Promise.all(
        [GET, PREFLIGHT, { method: 'GET' }].map((facts) => look(tenant, facts)),
      )
      return decisions.map((decision) => decision.vary)
    }
    for (const tenant of ['a', 'c', 'unknown', 'wrong', undefined, 7]) {
      expect(await varies(tenant)).toEqual([names, names, names])
    }
    const [first, ...others] = names
    const own = [first, 'x-own', ...others]
    expect(await varies('b')).toEqual([own, own, own])
    expect(source[LIVE_SOURCE].vary).toEqual(names)
  })
})

describe('observers', () => {
  it('of the source stand in for those that a policy does not have', async () => {
    const told: string[] = []
    const telling = (name: string) => (decision: CorsDecision) => {
      told.push(`${name} ${decision.outcome}`)
    }
    const { ask, rows } = createTenantStore({ onDecision: telling('source') })
    rows.set('a', version('1')).set('b', { ...version('1'), onDecision: telling('policy') })
    for (const tenant of ['a', 'b', 'unknown', undefined, 7]) await ask(tenant)
    expect(told).toEqual([
      'source allowed',
      'policy allowed',
      'source origin-refused',
      'source origin-refused',
      'source source-failed',
    ])
  })
})

describe('the source', () => {
  it('is live, and frozen', () => {
    const { source, decider } = createTenantStore()
    expect(isLiveSource(source)).toBe(true)
    expect([source, source[LIVE_SOURCE], source.stats()].every(Object.isFrozen)).toBe(true)
    expect(decider.immediate).toBe(false)
    expect(decider.pending(GET)).toMatchObject({ outcome: 'source-failed', vary: ['Origin'] })
  })

  it('counts', async () => {
    const { source, ask, rows } = createTenantStore({ max: 2, maxMisses: 1 })
    for (const id of ['a', 'b', 'c']) rows.set(id, version('1'))
    for (const id of ['a', 'a', 'b', 'c', 'x', 'y', 'y']) await ask(id)
    expect(source.stats()).toEqual({
      policies: 2,
      misses: 1,
      loading: 0,
      waiting: 0,
      hits: 2,
      loads: 5,
      failures: 0,
      stale: 0,
      evicted: 2,
    })
  })
})

describe('options of tenants', () => {
  const tenant = (): string => 'a'
  const load = (): null => null

  it.each([
    [{ tenant, load }],
    [{ tenant, load, ttl: undefined, vary: undefined, onError: undefined, max: undefined }],
    [{ tenant, load, ttl: 0, staleIfError: 0, negativeTtl: 0, max: 1, maxMisses: 1, timeout: 1 }],
    [{ tenant, load, concurrency: 10_000_000, staleWhileRevalidate: 31_536_000_000, vary: 'a,b' }],
    [{ tenant, load, onDecision: tenant, onReplaced: tenant, dangerouslyAllow: [] }],
  ])('are accepted: %j', (options) => {
    expect(isLiveSource(tenants(options))).toBe(true)
  })

  it.each<[unknown, unknown[]]>([
    [undefined, [{ code: 'options.type', path: [] }]],
    [null, [{ code: 'options.type', path: [] }]],
    [() => 'a', [{ code: 'options.type', path: [] }]],
    [
      {},
      [
        { code: 'option.type', path: ['tenant'] },
        { code: 'option.type', path: ['load'] },
      ],
    ],
    [
      { tenant: 'a', load: undefined },
      [
        { code: 'option.type', path: ['load'] },
        { code: 'option.type', path: ['tenant'] },
      ],
    ],
    [
      { tenant, load, ttl: -1, max: 0, timeout: 0, concurrency: 1.5, maxMisses: '7' },
      [
        { code: 'option.range', path: ['ttl'] },
        { code: 'option.range', path: ['max'] },
        { code: 'option.range', path: ['timeout'] },
        { code: 'option.range', path: ['concurrency'] },
        { code: 'option.type', path: ['maxMisses'], suggestion: '7' },
      ],
    ],
    [
      { tenant, load, tll: 5, origin: '*', clock: {}, constructor: 1 },
      [
        { code: 'option.unknown', path: ['tll'], suggestion: 'ttl' },
        { code: 'option.unknown', path: ['origin'] },
        { code: 'option.unknown', path: ['clock'] },
        { code: 'option.unknown', path: ['constructor'] },
      ],
    ],
    [
      JSON.parse('{"__proto__":1}'),
      [
        { code: 'option.type', path: ['tenant'] },
        { code: 'option.type', path: ['load'] },
        { code: 'option.unknown', path: ['__proto__'] },
      ],
    ],
    [
      { tenant, load, vary: ['a b'], onError: 1, dangerouslyAllow: ['null-origin', 'x'] },
      [
        { code: 'vary.invalid', path: ['vary', 0] },
        { code: 'option.type', path: ['onError'] },
        { code: 'dangerously-allow.unknown', path: ['dangerouslyAllow', 1] },
        { code: 'dangerously-allow.unknown', path: ['dangerouslyAllow'] },
      ],
    ],
    [
      { tenant, load, dangerouslyAllow: 'tenant-by-origin' },
      [
        {
          code: 'option.type',
          path: ['dangerouslyAllow'],
          suggestion: "['tenant-by-origin']",
        },
      ],
    ],
  ])('are refused with every issue: %j', (options, issues) => {
    let thrown: unknown
    try {
      tenants(options as TenantOptions<unknown>)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(CorsConfigError)
    const found = (thrown as CorsConfigError).issues.map(({ code, path, suggestion }) =>
      suggestion === undefined ? { code, path } : { code, path, suggestion },
    )
    expect(found).toEqual(issues)
  })

  it('are read once, and not found on Object.prototype', async () => {
    const options = { tenant, load: (): { origin: string } => ({ origin: '*' }), ttl: 100 }
    const prototype = Object.prototype as { onDecision?: unknown; dangerouslyAllow?: unknown }
    const told: unknown[] = []
    prototype.onDecision = (decision: unknown) => void told.push(decision)
    try {
      const { ask } = createTenantStore(options)
      Object.assign(options, { load: () => null })
      expect(await ask('a')).toBe('allowed')
      expect(told).toEqual([])
    } finally {
      delete prototype.onDecision
    }
  })
})
