import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CorsOptions,
  type CorsPolicy,
  createDecider,
  decide,
  decideDynamic,
  definePolicy,
  explain,
  formatExplanation,
  isCorsConfigError,
  isOriginAllowed,
  isOriginAllowedDynamic,
  type PolicySource,
  type RequestFacts,
} from '../../src/index.ts'
import { createFakeClock } from '../core/fake-clock.ts'
import { anyOptionsAndRequests, type RandomOptions } from './arbitraries.ts'

/** Names that code under attack might look up: options, facts, header names, and fields of results. */
const NAMES = [
  'origin',
  'credentials',
  'methods',
  'allowedHeaders',
  'exposedHeaders',
  'maxAge',
  'optionsSuccessStatus',
  'preflightContinue',
  'cacheControl',
  'onDisallowed',
  'dangerouslyAllow',
  'isPublicSuffix',
  'timeout',
  'vary',
  'debug',
  'onDecision',
  'onReplaced',
  'pattern',
  'delegator',
  'method',
  'requestMethod',
  'requestHeaders',
  'fetchSite',
  'selfOrigin',
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-expose-headers',
  'access-control-max-age',
  'access-control-request-method',
  'access-control-request-headers',
  'content-length',
  'cache-control',
  'sec-fetch-site',
  'https://evil.test',
  'https',
  'null',
  '*',
  'PUT',
  'x-a',
  'value',
  'error',
  'problem',
  'issues',
  'valid',
  'kind',
  'outcome',
  'status',
  'headers',
  'danger',
  'format',
  'options',
  'dynamic',
  'allowed',
  'method-refused',
  'header-refused',
  'actual',
  'preflights',
  'isKept',
  'allowOrigin',
  '0',
]

const anyPollution = fc.tuple(
  fc.constantFrom(...NAMES),
  fc.constantFrom<unknown>(
    true,
    false,
    1,
    '*',
    'null',
    'reject',
    'same-origin',
    'https://evil.test',
    ['https://evil.test'],
    { pattern: '*' },
    new Error('polluted'),
    { status: 204, headers: { 'access-control-allow-origin': 'https://evil.test' }, vary: [] },
    () => true,
  ),
)

/** Runs `action` while every object inherits a field, and cleans up whatever happens. */
function polluted<Result>([name, value]: readonly [string, unknown], action: () => Result): Result {
  const prototype = Object.prototype as unknown as Record<string, unknown>
  if (Object.hasOwn(prototype, name)) throw new Error(`${name} exists`)
  prototype[name] = value
  try {
    return action()
  } finally {
    delete prototype[name]
  }
}

/** Everything that the core answers, as text. */
function answersOf(options: RandomOptions, requests: readonly RequestFacts[]): string {
  const policy = definePolicy(options as CorsOptions) as CorsPolicy
  return requests.map((facts) => answersTo(policy, facts)).join('\n')
}

function answersTo(policy: CorsPolicy, facts: RequestFacts): string {
  const clock = createFakeClock()
  const origin = Object.hasOwn(facts, 'origin') ? facts.origin : undefined
  const asking = (answer: unknown) =>
    definePolicy({ origin: () => answer as boolean, credentials: true })
  const throwing = definePolicy({
    origin: () => {
      throw new Error('no')
    },
  })
  const sources: readonly unknown[] = [policy, () => policy, { delegator: () => policy }, () => 1]
  const decisions = [
    decide(policy, facts),
    decideDynamic(asking(true), facts, clock),
    decideDynamic(asking(false), facts, clock),
    decideDynamic(asking('yes'), facts, clock),
    decideDynamic(throwing, facts, clock),
    ...sources.map((source) =>
      createDecider(source as PolicySource<undefined>, clock).decide(facts, undefined),
    ),
  ]
  const allowed = [
    isOriginAllowed(policy, origin),
    isOriginAllowedDynamic(asking(true), origin, clock),
    isOriginAllowedDynamic(asking(1), origin, clock),
    isOriginAllowedDynamic(throwing, origin, clock),
  ]
  return [
    ...decisions.map((decision) => JSON.stringify(decision)),
    ...allowed,
    formatExplanation(explain(policy, facts)),
  ].join('\n')
}

/** The codes of what is wrong, as text. */
function codesOf(input: unknown): string {
  try {
    definePolicy(input as CorsOptions)
  } catch (error) {
    if (isCorsConfigError(error)) return error.issues.map(({ code }) => code).join()
    throw error
  }
  return 'none'
}

describe('fields on Object.prototype', () => {
  it('change no answer of a policy made before', () => {
    fc.assert(
      fc.property(anyOptionsAndRequests, anyPollution, ([options, requests], pollution) => {
        const policy = definePolicy(options as CorsOptions) as CorsPolicy
        const clean = requests.map((facts) => answersTo(policy, facts))
        const dirty = polluted(pollution, () => requests.map((facts) => answersTo(policy, facts)))
        expect(dirty).toEqual(clean)
      }),
      { numRuns: 600 },
    )
  })

  it('change no answer of a policy made afterwards', () => {
    fc.assert(
      fc.property(anyOptionsAndRequests, anyPollution, ([options, requests], pollution) => {
        const clean = answersOf(options, requests)
        expect(polluted(pollution, () => answersOf(options, requests))).toBe(clean)
      }),
      { numRuns: 600 },
    )
  })

  it.each(NAMES)('make no wrong options right: %s', (name) => {
    const wrong: readonly unknown[] = [
      {},
      { credentials: true },
      { origin: '*', credentials: true },
      { origin: [{}] },
      { origin: 'https://A.test/' },
      { origin: /a.b/m },
      { origin: /(a+)+/, dangerouslyAllow: ['slow-regexp'] },
      { origin: ['http://a.test', 'https://*.com'], credentials: true },
      { origin: 'null' },
      { origin: { pattern: 'null' } },
      { origin: '*', methods: ['TRACE'], maxAge: -1, vary: '*' },
    ]
    const clean = wrong.map(codesOf)
    expect(clean).not.toContain('none')
    for (const value of [true, '*', ['null-origin', 'insecure-origins'], () => true]) {
      expect(polluted([name, value], () => wrong.map(codesOf))).toEqual(clean)
    }
  })

  it('leave nothing behind', () => {
    for (const name of NAMES) {
      polluted([name, 1], () => undefined)
      expect(name in {}).toBe(false)
    }
  })
})
