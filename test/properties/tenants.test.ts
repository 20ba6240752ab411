/**
 * Random traffic on a tenant source, held against a list of all that ever was in the store. Whatever is
 * answered has been there, recently enough; what is refused has been absent, or the store has failed.
 */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createTenantStore,
  hang,
  settled,
  type TenantStore,
  version,
} from '../core/sources/tenant-store.ts'

const IDS = ['a', 'b', '__proto__'] as const
const TIMEOUT = 40
/** Longer than any policy is in force without a load, and any failure is remembered. */
const LONG = 1100

type Step =
  | { readonly do: 'request'; readonly id: string; readonly times: number }
  | { readonly do: 'edit'; readonly id: string; readonly exists: boolean }
  | { readonly do: 'invalidate'; readonly id: string | undefined }
  | { readonly do: 'pass'; readonly time: number }
  | { readonly do: 'break'; readonly how: Failure }
  | { readonly do: 'repair'; readonly delay: number | undefined }

const id = fc.constantFrom(...IDS)
const FAILURES = {
  rejects: () => Promise.reject(new Error('away')),
  throws: () => {
    throw new Error('away')
  },
  hangs: hang,
  'answers junk': async () => 7,
  'answers what is wrong': async () => ({ origin: '*', credentials: true }),
}
type Failure = keyof typeof FAILURES
const failures = Object.keys(FAILURES) as Failure[]

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('request'), id, times: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('edit'),
      id,
      exists: fc.nat(3).map((value) => value > 0),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('invalidate'), id: fc.option(id, { nil: undefined }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('pass'),
      time: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant(LONG)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('break'), how: fc.constantFrom(...failures) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('repair'),
      delay: fc.constantFrom(undefined, 0, 5, 30),
    }),
  },
) as fc.Arbitrary<Step>

const times = fc.record({
  ttl: fc.constantFrom(0, 50, 200),
  staleWhileRevalidate: fc.constantFrom(0, 100),
  staleIfError: fc.constantFrom(0, 300, 5000),
  negativeTtl: fc.constantFrom(0, 50, 200),
  max: fc.constantFrom(1, 2, 100),
  maxMisses: fc.constantFrom(1, 100),
  concurrency: fc.constantFrom(1, 50),
})
type Times = typeof times extends fc.Arbitrary<infer Value> ? Value : never

/** What was in the store from a moment on: a version, or nothing. */
interface Row {
  readonly value: string | undefined
  readonly time: number
  readonly index: number
}

interface Asked {
  readonly id: string
  readonly time: number
  readonly index: number
  /** The last step before it that invalidated its tenant. */
  readonly invalidated: number
  /** The version that it met, or why it was refused, and during which step. */
  answer: string | undefined
  answeredIndex: number
}

/** Forgets nothing and bounds nothing. */
interface World {
  readonly store: TenantStore
  readonly rows: Map<string, Row[]>
  readonly asked: Asked[]
  readonly invalidated: Map<string, number>
  readonly state: { index: number; hasFailed: boolean }
}

async function act(world: World, step: Step): Promise<void> {
  const { store, asked, rows, invalidated, state } = world
  const { index } = state
  const time = store.clock.now()
  switch (step.do) {
    case 'request':
      for (let count = 0; count < step.times; count += 1) {
        const invalidatedAt = invalidated.get(step.id) ?? -1
        const one: Asked = {
          id: step.id,
          time,
          index,
          invalidated: invalidatedAt,
          answer: undefined,
          answeredIndex: -1,
        }
        asked.push(one)
        store.ask(step.id).then((answer) => {
          one.answer = answer
          one.answeredIndex = state.index
        })
      }
      return
    case 'edit': {
      const value = step.exists ? `v${index}` : undefined
      rows.get(step.id)?.push({ value, time, index })
      store.rows.set(step.id, value === undefined ? null : version(value))
      return
    }
    case 'invalidate':
      for (const key of step.id === undefined ? IDS : [step.id]) invalidated.set(key, index)
      store.source.invalidate(step.id)
      return
    case 'pass':
      return pass(store, step.time)
    case 'break':
      state.hasFailed = true
      store.breakWith(FAILURES[step.how])
      return
    case 'repair':
      store.breakWith(repaired(store, step.delay))
  }
}

/** Lets what is due earlier come earlier. */
async function pass({ clock }: TenantStore, time: number): Promise<void> {
  for (let left = time; left > 0; ) {
    const some = clock.waiting() > 0 ? Math.min(left, 5) : left
    clock.pass(some)
    left -= some
    await settled()
  }
}

/** A store that reads its row when it is asked, and answers at once, by promise, or later. */
function repaired({ rows, clock }: TenantStore, delay: number | undefined) {
  if (delay === undefined) return (key: string) => rows.get(key) ?? null
  return (key: string) => {
    const row = rows.get(key) ?? null
    if (delay === 0) return Promise.resolve(row)
    return new Promise((resolve) => clock.after(delay, () => resolve(row)))
  }
}

/** Whether what a request met was in the store within the times that the options promise. */
function isLegitimate({ rows, state }: World, times: Times, one: Asked): boolean {
  // A failure needs a store that fails, or a load that takes longer than it may.
  if (one.answer === 'source-failed') return state.hasFailed || times.concurrency === 1
  const found = one.answer === 'origin-refused' ? undefined : one.answer
  const isStaleAllowed = state.hasFailed || times.concurrency === 1
  const stale = Math.max(times.staleWhileRevalidate, isStaleAllowed ? times.staleIfError : 0)
  const kept = found === undefined ? times.negativeTtl : times.ttl + stale
  const oldest = one.time - Math.max(TIMEOUT, kept)
  const survivesInvalidation = isStaleAllowed && times.staleIfError > 0
  const history = rows.get(one.id) ?? []
  return history.some((row, position) => {
    const next = history[position + 1]
    return (
      row.value === found &&
      row.index <= one.answeredIndex &&
      (next === undefined || next.time >= oldest) &&
      (next === undefined || survivesInvalidation || next.index > one.invalidated)
    )
  })
}

describe('random traffic', () => {
  it('meets only what was in the store within its time, and always gets an answer', async () => {
    const seen = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(
        times,
        fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }),
        async (options, steps) => {
          const store = createTenantStore({ ...options, timeout: TIMEOUT })
          const world: World = {
            store,
            rows: new Map(IDS.map((key) => [key, [{ value: undefined, time: 0, index: 0 }]])),
            asked: [],
            invalidated: new Map(),
            state: { index: 0, hasFailed: false },
          }
          for (const one of steps) {
            world.state.index += 1
            act(world, one)
            await settled()
          }
          await pass(store, TIMEOUT)
          for (const one of world.asked) {
            const kind = one.answer?.startsWith('v') ? 'allowed' : String(one.answer)
            seen.set(kind, (seen.get(kind) ?? 0) + 1)
            expect(isLegitimate(world, options, one), JSON.stringify(one)).toBe(true)
          }
          const { policies, misses, loading, waiting } = store.source.stats()
          expect([loading, waiting]).toEqual([0, 0])
          expect(policies).toBeLessThanOrEqual(options.max)
          expect(misses).toBeLessThanOrEqual(options.maxMisses)
        },
      ),
      { numRuns: 500 },
    )
    console.log(`tenants: random traffic: ${JSON.stringify(Object.fromEntries(seen))}`)
    expect([...seen.keys()].sort()).toEqual(['allowed', 'origin-refused', 'source-failed'])
  })

  it('meets the latest edit once all times are over', async () => {
    await fc.assert(
      fc.asyncProperty(times, fc.array(step, { maxLength: 30 }), async (options, steps) => {
        const store = createTenantStore({ ...options, timeout: TIMEOUT })
        const world: World = {
          store,
          rows: new Map(),
          asked: [],
          invalidated: new Map(),
          state: { index: 0, hasFailed: false },
        }
        for (const one of steps) await act(world, one)
        store.breakWith(undefined)
        for (const key of IDS) store.rows.set(key, version('latest'))
        // One that came first may still have been served with an old policy.
        for (let count = 0; count < 2; count += 1) {
          await settled()
          store.clock.pass(LONG)
          await Promise.all(IDS.map(store.ask))
        }
        for (const key of IDS) expect(await store.ask(key)).toBe('latest')
      }),
    )
  })

  it('after a clock that went back meets nothing that was kept before', async () => {
    await fc.assert(
      fc.asyncProperty(times, fc.array(step, { maxLength: 30 }), async (options, steps) => {
        const store = createTenantStore({ ...options, timeout: TIMEOUT })
        const world: World = {
          store,
          rows: new Map(),
          asked: [],
          invalidated: new Map(),
          state: { index: 0, hasFailed: false },
        }
        for (const one of steps) await act(world, one)
        await settled()
        await pass(store, TIMEOUT)
        store.clock.pass(-2 * store.clock.now())
        store.breakWith(undefined)
        for (const key of IDS) store.rows.set(key, version('latest'))
        for (const key of IDS) expect(await store.ask(key)).toBe('latest')
      }),
    )
  })
})
