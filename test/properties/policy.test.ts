import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CorsConfigError,
  type CorsIssue,
  type CorsOptions,
  type CorsPolicy,
  createDecider,
  decide,
  definePolicy,
  formatIssues,
  ISSUE_CODES,
  isCorsConfigError,
  isCorsPolicy,
} from '../../src/index.ts'
import { parsePattern } from '../../src/origin/pattern.ts'
import { OPTION_NAMES } from '../../src/validation/validate.ts'
import { createFakeClock } from '../core/fake-clock.ts'
import { anyOptions, anyOptionsAndRequests, anyPattern, anyText, nearly } from './arbitraries.ts'

const RUNS = { numRuns: 1_000 }

const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
})

/** Lists in which the list itself stands, too. */
const cyclic = fc.array(fc.oneof(anyText, anything), { maxLength: 3 }).map((items) => {
  const list: unknown[] = [...items]
  list.push(list, [list, { pattern: list }])
  return list
})

const expression = fc.constantFrom(
  /a/,
  /^https:\/\/a\.test$/,
  /^https:\/\/(a+)+\.test$/gimsuy,
  /^.*$/m,
  /(?:)/,
)

const anyValue = fc.oneof(
  anything,
  anyText,
  anyPattern,
  nearly(anyPattern),
  cyclic,
  expression,
  fc.array(nearly(anyPattern), { maxLength: 4 }),
  fc.boolean(),
  fc.double(),
  fc.func(anything),
  fc.constantFrom('*', 'null', 'reject', ['shared-hosting'], { pattern: '*' }),
)

const anyInput = fc.oneof(
  anything,
  cyclic,
  fc.dictionary(fc.oneof(fc.constantFrom(...OPTION_NAMES), fc.string()), anyValue),
  fc
    .tuple(anyOptions, fc.constantFrom(...OPTION_NAMES), anyValue)
    .map(([options, name, value]) => ({ ...options, [name]: value })),
)

/** The issues of an input, or nothing where it makes a policy. Anything else is thrown on. */
function issuesOf(make: () => unknown): readonly CorsIssue[] | undefined {
  try {
    make()
  } catch (error) {
    if (isCorsConfigError(error)) return (error as CorsConfigError).issues
    throw error
  }
  return undefined
}

describe('whatever is given for options', () => {
  it('makes a policy, or an error with issues, and nothing else', () => {
    let made = 0
    let refused = 0
    fc.assert(
      fc.property(anyInput, (input) => {
        const issues = issuesOf(() => {
          expect(isCorsPolicy(definePolicy(input as CorsOptions))).toBe(true)
        })
        if (issues === undefined) made += 1
        else {
          refused += 1
          expect(issues.length).toBeGreaterThan(0)
          for (const { code, path, message } of issues) {
            expect(ISSUE_CODES).toContain(code)
            expect(Array.isArray(path)).toBe(true)
            expect(message).toMatch(/^[\x20-\x7e]+$/)
          }
          expect(formatIssues(issues).split('\n')).toHaveLength(issues.length)
        }
      }),
      { numRuns: 5_000 },
    )
    expect(made).toBeGreaterThan(30)
    expect(refused).toBeGreaterThan(1_000)
  })

  it('makes a decider, or an error with issues, and nothing else', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const issues = issuesOf(() => {
          const decider = createDecider(input as CorsOptions, createFakeClock())
          expect(decider.pending({ method: 'GET' }).outcome).toBe('source-failed')
        })
        expect(issues?.length).not.toBe(0)
      }),
      { numRuns: 3_000 },
    )
  })

  it('is not changed', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const before = structuredClone(options)
        definePolicy(options as CorsOptions)
        expect(options).toEqual(before)
      }),
      RUNS,
    )
  })

  it('may be frozen', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const frozen = deepFrozen(structuredClone(options))
        expect(isCorsPolicy(definePolicy(frozen as CorsOptions))).toBe(true)
      }),
      RUNS,
    )
  })

  it('may be changed afterwards, without effect', () => {
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        const changing = structuredClone(options) as unknown as Record<string, unknown>
        const policy = definePolicy(changing as unknown as CorsOptions) as CorsPolicy
        const before = requests.map((facts) => decide(policy, facts))
        const optionsBefore = JSON.stringify(policy.options)
        for (const value of Object.values(changing)) {
          if (Array.isArray(value)) value.splice(0, value.length, '*', 'https://evil.invalid')
        }
        Object.assign(changing, { credentials: true, origin: '*' })
        expect(requests.map((facts) => decide(policy, facts))).toEqual(before)
        expect(JSON.stringify(policy.options)).toBe(optionsBefore)
        const evil = { method: 'GET', origin: 'https://evil.invalid' }
        const { headers } = decide(policy, evil)
        expect(headers['access-control-allow-origin']).not.toBe('https://evil.invalid')
      }),
      RUNS,
    )
  })
})

describe('the options of a policy', () => {
  it('make the same policy', () => {
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        const policy = definePolicy(options as CorsOptions) as CorsPolicy
        const again = definePolicy(policy.options as CorsOptions) as CorsPolicy
        expect(again.options).toStrictEqual(policy.options)
        for (const facts of requests) expect(decide(again, facts)).toEqual(decide(policy, facts))
      }),
      RUNS,
    )
  })

  it('are JSON where they were data', () => {
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        const policy = definePolicy(options as CorsOptions) as CorsPolicy
        const read = JSON.parse(JSON.stringify(policy.options)) as CorsOptions
        expect(read).toEqual({ ...policy.options })
        const again = definePolicy(read) as CorsPolicy
        expect(again.options).toStrictEqual(policy.options)
        for (const facts of requests) expect(decide(again, facts)).toEqual(decide(policy, facts))
      }),
      RUNS,
    )
  })

  it('are frozen through and through', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const policy = definePolicy(options as CorsOptions)
        expect(deepFrozen(policy.options)).toBe(policy.options)
        expect(isDeeplyFrozen(policy)).toBe(true)
      }),
      RUNS,
    )
  })
})

describe('a suggestion about an origin', () => {
  it('is itself a valid pattern', () => {
    let suggested = 0
    const text = fc.oneof(nearly(anyPattern), anyText)
    const asExpression = nearly(anyPattern).map((source) => {
      try {
        return new RegExp(source.replaceAll('.', '\\.').replaceAll('/', '\\/'))
      } catch {
        return source
      }
    })
    const entry = fc.oneof(text, asExpression)
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 5 }), (origin) => {
        for (const { code, suggestion } of issuesOf(() => definePolicy({ origin })) ?? []) {
          if (suggestion === undefined || code === 'origin.comma-list') continue
          expect(code).toMatch(/^origin\./)
          expect(parsePattern(suggestion).problem).toBeUndefined()
          suggested += 1
        }
      }),
      { numRuns: 3_000 },
    )
    expect(suggested).toBeGreaterThan(500)
  })
})

function deepFrozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  Object.values(value).forEach(deepFrozen)
  return Object.freeze(value)
}

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen)
}
