import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CorsOptions, createDecider, type RequestFacts } from '../../src/index.ts'
import { createFakeClock } from '../core/fake-clock.ts'
import { anyText } from './arbitraries.ts'

const ORIGIN = 'https://a.test'

/** What would end a field and start another, or is no letter of one. */
const injected = fc.constantFrom(
  '\r\nset-cookie: a=1',
  '\n',
  '\r',
  '\u0000',
  '\u0085',
  '\u2028',
  '\u007f',
  '\u00fc',
  '\ud800',
  '\u{1f600}',
)
const anyField = fc
  .array(fc.oneof(injected, anyText, fc.string({ unit: 'binary' })), { maxLength: 6 })
  .map((parts) => parts.join(''))
const anyLongField = fc
  .tuple(anyField, fc.integer({ min: 1, max: 400 }))
  .map(([text, times]) => text.repeat(times))
const field = fc.oneof({ weight: 4, arbitrary: anyField }, anyLongField)

const anyPreflight: fc.Arbitrary<RequestFacts> = fc.record({
  method: fc.constant('OPTIONS'),
  origin: fc.oneof(field, fc.constant(ORIGIN)),
  requestMethod: fc.oneof(field, fc.constant('PUT')),
  requestHeaders: fc.option(field, { nil: undefined }),
})

const POLICIES: readonly (readonly [string, CorsOptions])[] = [
  ['lists', { origin: ORIGIN, methods: ['PUT'], allowedHeaders: ['x-a'] }],
  ['anything, without credentials', { origin: '*', methods: '*' }],
  ['what is asked for, with credentials', { origin: ORIGIN, methods: '*', credentials: true }],
  ['a wildcard', { origin: 'https://pr-*.a.test' }],
  ['a predicate that refuses', { origin: () => false }],
]

describe('the field of a preflight that is not granted', () => {
  it.each(POLICIES)(
    'holds nothing but visible ASCII and spaces, with %s',
    async (_title, policy) => {
      const decider = createDecider({ ...policy, debug: true } as CorsOptions, createFakeClock())
      let refused = 0
      await fc.assert(
        fc.asyncProperty(anyPreflight, async (facts) => {
          const { outcome, headers, explanation } = await decider.decide(facts, undefined)
          const refusal = headers['crossgate-refusal']
          expect(refusal === undefined).toBe(outcome === 'allowed')
          if (refusal === undefined) return
          refused += 1
          expect(refusal).toMatch(/^[\x20-\x7e]+$/)
          expect(refusal.startsWith(`${outcome}: `)).toBe(true)
          expect(refusal.length).toBeLessThanOrEqual(503)
          if (explanation !== undefined) expect(explanation).toMatch(/^[\n\x20-\x7e]+$/)
        }),
        { numRuns: 1_000 },
      )
      expect(refused).toBeGreaterThan(300)
    },
  )

  it('holds an error of a predicate escaped', async () => {
    await fc.assert(
      fc.asyncProperty(field, async (message) => {
        const origin = () => Promise.reject(new Error(message))
        const decider = createDecider({ origin, debug: true }, createFakeClock())
        const facts = { method: 'OPTIONS', origin: ORIGIN, requestMethod: 'PUT' }
        const { headers } = await decider.decide(facts, undefined)
        expect(headers['crossgate-refusal']).toMatch(/^source-failed: [\x20-\x7e]{1,490}$/)
      }),
      { numRuns: 500 },
    )
  })
})
