import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CorsOptions,
  type CorsPolicy,
  createDecider,
  decide,
  definePolicy,
  mergeVary,
  type StoredValue,
} from '../../src/index.ts'
import { createFakeClock } from '../core/fake-clock.ts'
import { anyOptionsAndRequests, anyText, patternsOf } from './arbitraries.ts'

const RUNS = { numRuns: 1_000 }

const anyName = fc.oneof(
  fc.constantFrom('Origin', 'origin', 'Accept', 'ACCEPT', 'x-a', 'Cookie', 'Accept-Encoding'),
  fc.stringMatching(/^[a-zA-Z0-9-]{1,8}$/),
)

const anyStored: fc.Arbitrary<StoredValue> = fc.oneof(
  fc.constant(undefined),
  fc.array(anyName, { maxLength: 4 }),
  fc.array(anyName, { maxLength: 4 }).map((names) => names.join(',')),
  fc
    .array(fc.oneof(anyName, fc.constantFrom('', ' ', '*')), { maxLength: 5 })
    .map((names) => names.join(' ,\t')),
  fc.nat(),
  anyText,
)

const anyNames = fc.array(anyName, { maxLength: 4 })

function namesIn(value: StoredValue): readonly string[] {
  if (value === undefined) return []
  return String(value)
    .split(',')
    .map((name) => name.replace(/^[ \t]+|[ \t]+$/g, '').toLowerCase())
    .filter((name) => name !== '')
}

describe('merging Vary', () => {
  it('loses no name, and adds none but those that were given', () => {
    fc.assert(
      fc.property(anyStored, anyNames, (stored, names) => {
        const merged = namesIn(mergeVary(stored, names))
        const all = [...namesIn(stored), ...namesIn(names)]
        expect(new Set(merged)).toEqual(all.includes('*') ? new Set(['*']) : new Set(all))
      }),
      RUNS,
    )
  })

  it('names nothing twice', () => {
    fc.assert(
      fc.property(anyStored, anyNames, (stored, names) => {
        const merged = namesIn(mergeVary(stored, names))
        expect(merged).toHaveLength(new Set(merged).size)
      }),
      RUNS,
    )
  })

  it('twice is as merging once', () => {
    fc.assert(
      fc.property(anyStored, anyNames, (stored, names) => {
        const once = mergeVary(stored, names)
        expect(mergeVary(once, names)).toBe(once)
        expect(mergeVary(once, [])).toBe(once)
      }),
      RUNS,
    )
  })

  it('leaves order and spelling of what is there', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyName, { selector: (name) => name.toLowerCase() }),
        anyNames,
        (present, names) => {
          expect(mergeVary(present, names).startsWith(present.join(', '))).toBe(true)
        },
      ),
      RUNS,
    )
  })

  it('with everything is everything', () => {
    fc.assert(
      fc.property(anyStored, anyNames, anyNames, (stored, before, after) => {
        expect(mergeVary(stored, [...before, '*', ...after])).toBe('*')
        expect(mergeVary([...before, '*', ...after], [])).toBe('*')
      }),
      RUNS,
    )
  })
})

describe('the Vary of a static policy', () => {
  it('names the origin on all decisions or on none', () => {
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        const policy = definePolicy(options as CorsOptions) as CorsPolicy
        const always = [{ method: 'GET' }, { method: 'OPTIONS' }, ...requests]
        const named = always.map((facts) => decide(policy, facts).vary.includes('Origin'))
        expect(new Set(named).size).toBe(1)
        if (patternsOf(options).length > 0 && !patternsOf(options).includes('*')) {
          expect(named[0]).toBe(true)
        }
      }),
      RUNS,
    )
  })

  it('names the same on all requests that are not OPTIONS', () => {
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        const policy = definePolicy(options as CorsOptions) as CorsPolicy
        const expected = decide(policy, { method: 'GET' }).vary
        for (const facts of requests) {
          if (facts.method !== 'OPTIONS') expect(decide(policy, facts).vary).toEqual(expected)
        }
      }),
      RUNS,
    )
  })

  it('names nothing twice, in whatever case', () => {
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        const policy = definePolicy(options as CorsOptions) as CorsPolicy
        for (const facts of requests) {
          const names = decide(policy, facts).vary.map((name) => name.toLowerCase())
          expect(names).toHaveLength(new Set(names).size)
        }
      }),
      RUNS,
    )
  })

  it('names what an answer depends on', () => {
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        const policy = definePolicy(options as CorsOptions) as CorsPolicy
        for (const facts of requests) {
          if (facts.origin === undefined || facts.requestMethod === undefined) continue
          const { vary, headers } = decide(policy, facts)
          const has = (name: string): boolean => namesIn(vary).includes(name)
          const without = (name: string, other: object): boolean =>
            has(name) ||
            JSON.stringify(decide(policy, { ...facts, ...other }).headers) ===
              JSON.stringify(headers)
          expect(without('origin', { origin: 'https://other.invalid' })).toBe(true)
          expect(without('access-control-request-method', { requestMethod: 'OTHER' })).toBe(true)
          expect(without('access-control-request-headers', { requestHeaders: 'x-o' })).toBe(true)
        }
      }),
      RUNS,
    )
  })
})

describe('the Vary behind a delegate', () => {
  it('names the origin on every answer, unless the options say that nothing varies', async () => {
    const seen = { added: 0, empty: 0 }
    await fc.assert(
      fc.asyncProperty(anyOptionsAndRequests, async ([options, requests]) => {
        const decider = createDecider(() => options as CorsOptions, createFakeClock())
        const policy = definePolicy(options as CorsOptions) as CorsPolicy
        const isEmpty = policy.options.vary?.length === 0
        for (const facts of [{ method: 'GET' }, { method: 'OPTIONS' }, ...requests]) {
          const { vary } = await decider.decide(facts, undefined)
          const alone = decide(policy, facts).vary
          const isAdded = !alone.includes('Origin') && !isEmpty
          expect(vary).toEqual(isAdded ? ['Origin', ...alone] : alone)
          seen.added += Number(isAdded)
          seen.empty += Number(isEmpty)
        }
      }),
      RUNS,
    )
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(50)
  })
})
