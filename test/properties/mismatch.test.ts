import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nearestMismatch } from '../../src/origin/mismatch.ts'
import { admittedBy, anyPattern, nearly } from './arbitraries.ts'
import { naiveMatchesOne, naiveParse } from './naive-matcher.ts'

const RUNS = { numRuns: 1_000 }

const patternAndAdmitted = anyPattern
  .chain((pattern) => fc.tuple(fc.constant(pattern), admittedBy(pattern)))
  // What stands in for a wildcard can leave a hyphen at the end of a label.
  .filter(([pattern, origin]) => naiveMatchesOne(pattern, origin))

describe('the nearest mismatch', () => {
  it('is none with a pattern that admits the origin', () => {
    fc.assert(
      fc.property(patternAndAdmitted, ([pattern, origin]) => {
        expect(nearestMismatch(origin, [pattern])).toBe('no pattern comes near it')
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
        expect(nearestMismatch(other, [pattern])).toMatch(/ differs in the port$/)
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
        expect(nearestMismatch(origin, [pattern])).toMatch(/^[\x20-\x7e]{1,300}$/)
      }),
      RUNS,
    )
  })
})
