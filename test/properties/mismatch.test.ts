import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { definePolicy, explain } from '../../src/index.ts'
import { nearestMismatch } from '../../src/origin/mismatch.ts'
import { quote } from '../../src/quote.ts'
import { admittedBy, anyOrigin, anyPattern, anyText, nearly } from './arbitraries.ts'
import { naiveMatchesOne, naiveParse } from './naive-matcher.ts'

const RUNS = { numRuns: 1_000 }
const ORIGIN = 'https://a.test'

const patternAndAdmitted = anyPattern
  .chain((pattern) => fc.tuple(fc.constant(pattern), admittedBy(pattern)))
  // What stands in for a wildcard can leave a hyphen at the end of a label.
  .filter(([pattern, origin]) => naiveMatchesOne(pattern, origin))

describe('the nearest mismatch', () => {
  it('is none with a pattern that admits the origin', () => {
    fc.assert(
      fc.property(patternAndAdmitted, ([pattern, origin]) => {
        expect(nearestMismatch(origin, [pattern])).toContain('none alike')
      }),
      RUNS,
    )
  })

  it('is the port, where only that was changed', () => {
    let changed = 0
    fc.assert(
      fc.property(patternAndAdmitted, fc.integer({ min: 1024, max: 65535 }), (pair, port) => {
        const [pattern, origin] = pair
        const parts = naiveParse(origin)
        const other = `${parts?.scheme}://${parts?.host}:${port}`
        if (naiveMatchesOne(pattern, other)) return
        changed += 1
        expect(nearestMismatch(other, [pattern])).toMatch(
          / differs in the port: (the default )?\w+ in place of (the default )?\w+$/,
        )
      }),
      RUNS,
    )
    expect(changed).toBeGreaterThan(500)
  })

  it('is one line of visible ASCII, whatever the origin holds', () => {
    const patternAndOrigin = anyPattern.chain((pattern) =>
      fc.tuple(fc.constant(pattern), nearly(admittedBy(pattern))),
    )
    fc.assert(
      fc.property(patternAndOrigin, ([pattern, origin]) => {
        expect(nearestMismatch(origin, [pattern])).toMatch(/^[\x20-\x7e]{1,500}$/)
      }),
      RUNS,
    )
  })

  it('names the pattern, or the first of several, whatever the origin', () => {
    fc.assert(
      fc.property(
        fc.array(anyPattern, { minLength: 1, maxLength: 5 }),
        anyOrigin,
        (all, origin) => {
          if (all.some((pattern) => naiveMatchesOne(pattern, origin))) return
          const reason = nearestMismatch(origin, all)
          const named = all.filter((pattern) => reason.startsWith(`${quote(pattern)} differs in `))
          const first = `patterns compared: ${all.length}, none alike; the first is ${quote(all[0])}`
          expect(named.length > 0 || reason === first).toBe(true)
        },
      ),
      RUNS,
    )
  })
})

describe('a step of an explanation', () => {
  it('has at most 500 letters and what says that there are more', () => {
    const name = fc.stringMatching(/^xy[a-z0-9-]{0,60}$/)
    const names = fc.uniqueArray(name, { maxLength: 99, size: 'max' })
    const lists = fc.record({ methods: names, allowedHeaders: names, exposedHeaders: names })
    const manyOptions = fc.oneof(lists, fc.constant({ methods: '*', allowedHeaders: '*' }))
    let cut = 0
    fc.assert(
      fc.property(manyOptions, names, fc.boolean(), anyText, (lists, asked, isAllowed, method) => {
        const policy = definePolicy({ ...lists, origin: ORIGIN, credentials: true })
        const facts = {
          method: 'OPTIONS',
          origin: isAllowed ? ORIGIN : method,
          requestMethod: method,
          requestHeaders: asked.join(),
        }
        for (const { message } of explain(policy, facts).steps) {
          expect(message).toMatch(/^[\x20-\x7e]{1,500}(\.\.\.)?$/)
          if (message.length > 500) cut += 1
        }
      }),
      RUNS,
    )
    expect(cut).toBeGreaterThan(100)
  })
})
