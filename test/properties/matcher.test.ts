import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { definePolicy, isOriginAllowed } from '../../src/index.ts'
import { parseOrigin } from '../../src/origin/parse.ts'
import { parsePattern } from '../../src/origin/pattern.ts'
import {
  admittedBy,
  anyOrigin,
  anyPattern,
  anyText,
  anyWildcard,
  nearly,
  originFor,
} from './arbitraries.ts'
import { naiveMatches, naiveParse } from './naive-matcher.ts'

const anyPatterns = fc.array(anyPattern, { minLength: 1, maxLength: 12 })

describe('the matcher', () => {
  it('admits what the naive matcher admits', () => {
    let admitted = 0
    let refused = 0
    const setWithOrigins = anyPatterns.chain((patterns) =>
      fc.tuple(
        fc.constant(patterns),
        fc.array(originFor(patterns), { minLength: 1, maxLength: 10 }),
      ),
    )
    fc.assert(
      fc.property(setWithOrigins, ([patterns, origins]) => {
        const policy = definePolicy({ origin: patterns })
        for (const origin of origins) {
          const expected = naiveMatches(patterns, origin)
          expect(isOriginAllowed(policy, origin)).toBe(expected)
          if (expected) admitted += 1
          else refused += 1
        }
      }),
      { numRuns: 1_500 },
    )
    // The property would say nothing if the origins were all of one kind.
    expect(admitted).toBeGreaterThan(1_000)
    expect(refused).toBeGreaterThan(1_000)
  })

  it('does not depend on the order or the number of mentions of patterns', () => {
    const cases = anyPatterns.chain((patterns) =>
      fc.tuple(
        fc.constant(patterns),
        fc.shuffledSubarray([...patterns, ...patterns], { minLength: 2 * patterns.length }),
        originFor(patterns),
      ),
    )
    fc.assert(
      fc.property(cases, ([patterns, shuffled, origin]) => {
        const one = isOriginAllowed(definePolicy({ origin: patterns }), origin)
        const other = isOriginAllowed(definePolicy({ origin: shuffled }), origin)
        expect(other).toBe(one)
      }),
      { numRuns: 500 },
    )
  })

  it('admits as much with the patterns that a policy keeps as with all', () => {
    const cases = anyPatterns.chain((patterns) =>
      fc.tuple(fc.constant(patterns), originFor(patterns)),
    )
    fc.assert(
      fc.property(cases, ([patterns, origin]) => {
        const kept = definePolicy({ origin: patterns }).options.origin as readonly string[]
        expect(patterns).toEqual(expect.arrayContaining([...kept]))
        expect(naiveMatches(kept, origin)).toBe(naiveMatches(patterns, origin))
      }),
      { numRuns: 500 },
    )
  })
})

describe('the parser of origins', () => {
  const text = fc.oneof(anyOrigin, nearly(anyOrigin), nearly(anyPattern), anyText)

  it('reads what the naive parser reads', () => {
    fc.assert(
      fc.property(text, (origin) => {
        expect(parseOrigin(origin)).toEqual(naiveParse(origin))
      }),
      { numRuns: 3_000 },
    )
  })

  it('reads every origin that a browser sends', () => {
    fc.assert(
      fc.property(anyOrigin, (origin) => {
        expect(parseOrigin(origin)).toBeDefined()
      }),
      { numRuns: 1_000 },
    )
  })

  it('accepts exactly the patterns that are exact', () => {
    fc.assert(
      fc.property(text, (origin) => {
        const exact = parsePattern(origin).pattern?.kind === 'exact'
        expect(exact).toBe(parseOrigin(origin) !== undefined)
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('a wildcard', () => {
  it('is a pattern, and no origin', () => {
    fc.assert(
      fc.property(anyWildcard, (pattern) => {
        expect(parsePattern(pattern).problem).toBeUndefined()
        expect(parseOrigin(pattern)).toBeUndefined()
        expect(isOriginAllowed(definePolicy({ origin: pattern }), pattern)).toBe(false)
      }),
    )
  })

  it('admits what it is filled with, where that is an origin', () => {
    const filled = anyWildcard.chain((pattern) =>
      fc.tuple(fc.constant(pattern), admittedBy(pattern)),
    )
    let admitted = 0
    fc.assert(
      fc.property(filled, ([pattern, origin]) => {
        const allowed = isOriginAllowed(definePolicy({ origin: pattern }), origin)
        if (allowed) admitted += 1
        // What fills a part of a label may make it no label, or hold an underscore.
        expect(allowed).toBe(naiveMatches([pattern], origin))
      }),
      { numRuns: 500 },
    )
    expect(admitted).toBeGreaterThan(200)
  })
})

describe('a corrected form', () => {
  it('is itself a valid pattern', () => {
    let suggested = 0
    const wrong = fc.oneof(nearly(anyPattern), nearly(nearly(anyPattern)), anyText)
    fc.assert(
      fc.property(wrong, (text) => {
        const { problem } = parsePattern(text)
        if (problem?.suggestion === undefined) return
        suggested += 1
        expect(problem.suggestion).not.toBe(text)
        for (const part of partsOf(problem.suggestion)) {
          expect(parsePattern(part).problem).toBeUndefined()
        }
      }),
      { numRuns: 5_000 },
    )
    expect(suggested).toBeGreaterThan(300)
  })
})

/** A suggestion is a pattern, or a list of patterns as JSON. */
function partsOf(suggestion: string): readonly string[] {
  return suggestion.startsWith('[') ? (JSON.parse(suggestion) as string[]) : [suggestion]
}
