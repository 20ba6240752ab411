import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { preflightMaxAge } from '../../src/browser/index.ts'
import {
  type AnyCorsPolicy,
  type CorsDecision,
  type CorsOptions,
  type CorsPolicy,
  decide,
  decideDynamic,
  definePolicy,
  explain,
  formatExplanation,
  kindOf,
  type RequestFacts,
} from '../../src/index.ts'
import { createFakeClock } from '../core/fake-clock.ts'
import {
  anyOptions,
  anyOptionsAndRequests,
  anyText,
  factsFrom,
  patternsOf,
  type RandomOptions,
} from './arbitraries.ts'
import { naiveMatches } from './naive-matcher.ts'

const RUNS = { numRuns: 1_000 }

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  preflight: [
    'access-control-allow-origin',
    'access-control-allow-credentials',
    'access-control-allow-methods',
    'access-control-allow-headers',
    'access-control-max-age',
    'cache-control',
    'content-length',
  ],
  actual: [
    'access-control-allow-origin',
    'access-control-allow-credentials',
    'access-control-expose-headers',
  ],
  plain: ['access-control-allow-origin', 'access-control-expose-headers'],
}

function policyOf(options: RandomOptions): CorsPolicy {
  return definePolicy(options as CorsOptions) as CorsPolicy
}

function isAny(options: RandomOptions): boolean {
  return patternsOf(options).includes('*')
}

/** Whether the policy admits the request's origin, by the naive matcher. */
function isAdmitted(options: RandomOptions, { origin }: RequestFacts): boolean {
  if (isAny(options)) return true
  return origin !== undefined && naiveMatches(patternsOf(options), origin)
}

function listed(value: string | undefined): readonly string[] {
  return value === undefined || value === '' ? [] : value.split(',')
}

/** The names that a request asks for, or all of them that are between its commas. */
function askedFor({ requestHeaders = '' }: RequestFacts): readonly string[] {
  return requestHeaders.split(',').map((name) => name.trim().toLowerCase())
}

describe('a decision', () => {
  it('is made about any request, by any policy', () => {
    fc.assert(
      fc.property(anyOptions, factsFrom(anyText), (options, facts) => {
        const decision = decide(policyOf(options), facts)
        expect(decision.kind).toBe(kindOf(facts))
        expect(decision.status === undefined || decision.status >= 200).toBe(true)
        expect(Object.isFrozen(decision)).toBe(true)
      }),
      RUNS,
    )
  })

  it('admits an origin where the naive matcher does, and names no other', () => {
    let admitted = 0
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        const policy = policyOf(options)
        for (const facts of requests) {
          const allowed = decide(policy, facts).headers['access-control-allow-origin']
          const expected = isAny(options) ? '*' : facts.origin
          expect(allowed).toBe(isAdmitted(options, facts) ? expected : undefined)
          if (allowed !== undefined) admitted += 1
        }
      }),
      RUNS,
    )
    expect(admitted).toBeGreaterThan(500)
  })

  it('holds nothing for a request that is not admitted', () => {
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        const policy = policyOf(options)
        for (const facts of requests) {
          if (isAdmitted(options, facts)) continue
          const { headers, outcome } = decide(policy, facts)
          expect(Object.keys(headers)).toEqual([])
          expect(outcome).toBe(facts.origin === undefined ? 'no-origin' : 'origin-refused')
        }
      }),
      RUNS,
    )
  })

  it('holds no field that its kind of answer has not', () => {
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        const policy = policyOf(options)
        for (const facts of requests) {
          const { kind, headers } = decide(policy, facts)
          expect(FIELDS[kind]).toEqual(expect.arrayContaining(Object.keys(headers)))
          for (const value of Object.values(headers)) expect(value).toMatch(/^[\x21-\x7e ]+$/)
        }
      }),
      RUNS,
    )
  })

  it('says true of credentials exactly where the policy does', () => {
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        const policy = policyOf(options)
        for (const facts of requests) {
          const { headers } = decide(policy, facts)
          const shared = options.credentials === true && isAdmitted(options, facts)
          expect(headers['access-control-allow-credentials']).toBe(shared ? 'true' : undefined)
          if (shared) expect(Object.values(headers)).not.toContain('*')
        }
      }),
      RUNS,
    )
  })

  it('echoes only a token that was asked for as a method', () => {
    let echoed = 0
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        const policy = policyOf({ ...options, methods: '*' })
        fc.pre(policy.options.credentials)
        for (const facts of requests) {
          const method = decide(policy, facts).headers['access-control-allow-methods']
          // Where nothing can be echoed there is what browsers always allow.
          if (method === undefined || method === 'GET,HEAD,POST') continue
          expect(method).toBe(facts.requestMethod)
          expect(method).toMatch(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/)
          echoed += 1
        }
      }),
      RUNS,
    )
    expect(echoed).toBeGreaterThan(50)
  })

  it('echoes only tokens that were asked for as headers', () => {
    let echoed = 0
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        const policy = policyOf({ ...options, allowedHeaders: '*' })
        fc.pre(policy.options.credentials)
        for (const facts of requests) {
          const names = listed(decide(policy, facts).headers['access-control-allow-headers'])
          expect(askedFor(facts)).toEqual(expect.arrayContaining([...names]))
          expect(names).toEqual([...new Set(names)].sort())
          for (const name of names) expect(name).toMatch(/^[!#$%&'*+.^_`|~0-9a-z-]+$/)
          echoed += names.length
        }
      }),
      RUNS,
    )
    expect(echoed).toBeGreaterThan(50)
  })

  it('grants the lists of the policy where nothing is echoed', () => {
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        const policy = policyOf(options)
        for (const facts of requests) {
          if (kindOf(facts) !== 'preflight' || !isAdmitted(options, facts)) continue
          expectLists(policy, decide(policy, facts))
        }
      }),
      RUNS,
    )
  })

  it('says of a granted preflight what a browser finds in its fields', () => {
    let refused = 0
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        const policy = policyOf(options)
        for (const facts of requests) {
          const decision = decide(policy, facts)
          if (decision.kind !== 'preflight' || decision.outcome === 'origin-refused') continue
          expect(decision.outcome).toBe(
            foundByBrowser(decision, facts, options.credentials === true),
          )
          if (decision.outcome !== 'allowed') refused += 1
        }
      }),
      RUNS,
    )
    expect(refused).toBeGreaterThan(50)
  })

  it('lets a browser remember a preflight for as long as the policy says', () => {
    let said = 0
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        const policy = policyOf(options)
        for (const facts of requests) {
          if (kindOf(facts) !== 'preflight' || !isAdmitted(options, facts)) continue
          const headers = Object.entries(decide(policy, facts).headers)
          // Five seconds where nobody says.
          expect(preflightMaxAge({ status: 204, headers })).toBe(options.maxAge ?? 5)
          if (options.maxAge !== undefined) said += 1
        }
      }),
      RUNS,
    )
    expect(said).toBeGreaterThan(50)
  })

  it('answers a preflight, or leaves it to the application', () => {
    const seen = { left: 0, cached: 0 }
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        const policy = policyOf(options)
        for (const facts of requests.filter((asked) => kindOf(asked) === 'preflight')) {
          const decision = decide(policy, facts)
          expectAnswered(options, isAdmitted(options, facts), decision)
          if (decision.status === undefined) seen.left += 1
          if (decision.headers['cache-control'] !== undefined) seen.cached += 1
        }
      }),
      RUNS,
    )
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(50)
  })

  it('is the same where the origin is asked of a predicate', () => {
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        fc.pre(!isAny(options) && options.origin !== false)
        fc.pre(!patternsOf(options).includes('null'))
        const listing = policyOf(options)
        const origin = (text: string): boolean => naiveMatches(patternsOf(options), text)
        const asking = definePolicy({ ...options, origin } as CorsOptions) as AnyCorsPolicy
        const clock = createFakeClock()
        for (const facts of requests) {
          expect(decideDynamic(asking, facts, clock)).toEqual(decide(listing, facts))
        }
      }),
      RUNS,
    )
  })

  it('can be explained in a line for each step', () => {
    fc.assert(
      fc.property(anyOptionsAndRequests, ([options, requests]) => {
        const policy = policyOf(options)
        for (const facts of requests) {
          const explanation = explain(policy, facts)
          expect(explanation.decision).toEqual(decide(policy, facts))
          const text = formatExplanation(explanation)
          expect(text).toMatch(/^[\n\x20-\x7e]*$/)
          expect(text.split('\n')).toHaveLength(explanation.steps.length)
        }
      }),
      RUNS,
    )
  })
})

function expectLists({ options }: CorsPolicy, { headers }: CorsDecision): void {
  const { credentials, methods, allowedHeaders } = options
  const grantedMethods = headers['access-control-allow-methods']
  const grantedHeaders = headers['access-control-allow-headers']
  const always = ['GET', 'HEAD', 'POST']
  if (methods !== '*') {
    expect(listed(grantedMethods)).toEqual(methods.length === 0 ? always : methods)
  } else if (credentials) expect(grantedMethods).toBeDefined()
  else expect(grantedMethods).toBe('*')
  if (allowedHeaders !== '*') expect(listed(grantedHeaders)).toEqual(allowedHeaders)
  else if (!credentials) expect(grantedHeaders).toBe('*,authorization')
}

/** A preflight has its own status and caching only where nobody else answers it. */
function expectAnswered(options: RandomOptions, admitted: boolean, decision: CorsDecision): void {
  const { preflightContinue = false, optionsSuccessStatus = 204, cacheControl } = options
  const caching = typeof cacheControl === 'number' ? `max-age=${cacheControl}` : cacheControl
  const own = admitted ? optionsSuccessStatus : 403
  const isAnswered = admitted && !preflightContinue
  expect(decision.status).toBe(preflightContinue ? undefined : own)
  expect(decision.headers['cache-control']).toBe(isAnswered ? caching : undefined)
  const hasLength = isAnswered && optionsSuccessStatus !== 204
  expect(decision.headers['content-length']).toBe(hasLength ? '0' : undefined)
}

/** The checks of a browser behind a preflight, with the fields that it got. */
function foundByBrowser(
  { headers }: CorsDecision,
  facts: RequestFacts,
  credentials: boolean,
): string {
  const methods = listed(headers['access-control-allow-methods'])
  const names = listed(headers['access-control-allow-headers'])
  const { requestMethod = '', requestHeaders } = facts
  const isToken = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(requestMethod)
  const anyMethod = !credentials && methods.includes('*') && isToken
  const safelisted = ['GET', 'HEAD', 'POST'].includes(requestMethod)
  if (!anyMethod && !safelisted && !methods.includes(requestMethod)) return 'method-refused'
  if (requestHeaders === undefined || (!credentials && names.includes('*'))) return 'allowed'
  // More than 100 names or 4,096 bytes are refused, although a list may grant each of them.
  const asked = askedFor(facts).filter((name) => name !== '')
  if (asked.length > 100 || requestHeaders.length > 4_096) return 'header-refused'
  return asked.every((name) => names.includes(name)) ? 'allowed' : 'header-refused'
}
