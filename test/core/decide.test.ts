import { describe, expect, it } from 'vitest'
import {
  type CorsDecision,
  type CorsPolicy,
  decide,
  decideDynamic,
  definePolicy,
  isOriginAllowed,
  isOriginAllowedDynamic,
  kindOf,
} from '../../src/index.ts'
import { POLICY_CASES } from '../tables/requests.ts'
import { createFakeClock } from './fake-clock.ts'

/** A decision without what only its objects have: prototypes, frozenness. */
function shown({ headers, ...rest }: CorsDecision): unknown {
  return { ...rest, headers: { ...headers } }
}

describe.each(POLICY_CASES)('$name', ({ options, requests }) => {
  const policy = definePolicy(options) as CorsPolicy

  it.each(requests)('$name', ({ facts, kind, outcome, status, headers, vary }) => {
    expect(shown(decide(policy, facts))).toStrictEqual({ kind, outcome, status, headers, vary })
    expect(kindOf(facts)).toBe(kind)
  })

  it.each(requests)('$name, in any way of asking', ({ facts, headers }) => {
    const clock = createFakeClock()
    expect(decideDynamic(policy, facts, clock)).toEqual(decide(policy, facts))
    const admitted = 'access-control-allow-origin' in headers
    expect(isOriginAllowed(policy, facts.origin)).toBe(admitted)
    expect(isOriginAllowedDynamic(policy, facts.origin, clock)).toBe(admitted)
  })
})

describe('a decision', () => {
  const policy = definePolicy({
    origin: 'https://a.test',
    credentials: true,
    methods: '*',
    cacheControl: 5,
  })
  const requests = [
    { method: 'GET' },
    { method: 'OPTIONS' },
    { method: 'GET', origin: 'https://a.test' },
    { method: 'OPTIONS', origin: 'https://a.test' },
    { method: 'OPTIONS', origin: 'https://a.test', requestMethod: 'PUT', requestHeaders: 'x-a' },
    { method: 'GET', origin: 'https://b.test' },
    { method: 'OPTIONS', origin: 'https://b.test', requestMethod: 'PUT' },
  ]

  it.each(requests)('is frozen, and its headers have no prototype: %j', (facts) => {
    const decision = decide(policy, facts)
    expect(Object.isFrozen(decision)).toBe(true)
    expect(Object.isFrozen(decision.headers)).toBe(true)
    expect(Object.isFrozen(decision.vary)).toBe(true)
    expect(Object.getPrototypeOf(decision.headers)).toBeNull()
  })

  it('is shared between requests where it is constant', () => {
    const fixed = definePolicy({ origin: ['https://a.test', 'https://*.b.test'] })
    for (const facts of requests) expect(decide(fixed, facts)).toBe(decide(fixed, { ...facts }))
  })

  it('is the same after very many origins have been answered', () => {
    const many = definePolicy({ origin: 'https://*.a.test' })
    const ask = (index: number): unknown =>
      shown(decide(many, { method: 'GET', origin: `https://x${index}.a.test` }))
    const before = ask(0)
    for (let index = 1; index <= 2_500; index += 1) {
      expect(ask(index)).toMatchObject({
        headers: { 'access-control-allow-origin': `https://x${index}.a.test` },
      })
    }
    expect(ask(0)).toStrictEqual(before)
  })

  it('sees facts that the request inherits from a class', () => {
    class Facts {
      get method(): string {
        return 'OPTIONS'
      }
      get origin(): string {
        return 'https://a.test'
      }
      get requestMethod(): string {
        return 'PUT'
      }
    }
    expect(decide(policy, new Facts())).toMatchObject({ kind: 'preflight', outcome: 'allowed' })
    expect(kindOf(Object.create(new Facts()))).toBe('preflight')
  })

  it('sees no fact that is there for every object', () => {
    const prototype = Object.prototype as { origin?: string }
    prototype.origin = 'https://a.test'
    try {
      expect(decide(policy, { method: 'GET' }).kind).toBe('plain')
      expect(decide(policy, Object.create({ method: 'GET' })).kind).toBe('plain')
    } finally {
      delete prototype.origin
    }
  })
})

describe('header lists at their limits', () => {
  const preflight = { method: 'OPTIONS', origin: 'https://a.test', requestMethod: 'PUT' }
  const any = definePolicy({ origin: 'https://a.test', credentials: true })
  const names = (count: number): string =>
    Array.from({ length: count }, (_, index) => `x-${String(index).padStart(3, '0')}`).join(',')
  const ask = (policy: CorsPolicy, requestHeaders: string): readonly [string, unknown] => {
    const { outcome, headers } = decide(policy, { ...preflight, requestHeaders })
    return [outcome, headers['access-control-allow-headers']]
  }

  it('100 names are echoed, 101 are not', () => {
    expect(ask(any, names(100))).toEqual(['allowed', names(100)])
    expect(ask(any, names(101))).toEqual(['header-refused', undefined])
  })

  it('4,096 bytes are echoed, 4,097 are not', () => {
    expect(ask(any, 'x'.repeat(4_096))).toEqual(['allowed', 'x'.repeat(4_096)])
    expect(ask(any, 'x'.repeat(4_097))).toEqual(['header-refused', undefined])
    expect(ask(any, `x${' '.repeat(4_095)}`)).toEqual(['allowed', 'x'])
    expect(ask(any, `x${' '.repeat(4_096)}`)).toEqual(['header-refused', undefined])
  })

  it('16 KB of commas are refused', () => {
    expect(ask(any, ','.repeat(16_384))).toEqual(['header-refused', undefined])
  })

  it('a policy that lists more than that grants it', () => {
    const long = names(1_500)
    const listed = definePolicy({ origin: 'https://a.test', allowedHeaders: long })
    expect(ask(listed, long)).toEqual(['allowed', long])
    expect(ask(listed, `${long},x-z`)).toEqual(['header-refused', long])
    expect(ask(listed, `${long},`.repeat(3))).toEqual(['header-refused', long])
  })

  it('without credentials nothing is echoed, and everything is granted', () => {
    const open = definePolicy({ origin: '*' })
    expect(ask(open, 'x'.repeat(5_000))).toEqual(['allowed', '*,authorization'])
    expect(ask(open, 'x y')).toEqual(['allowed', '*,authorization'])
  })
})

describe('a policy whose origin is a predicate', () => {
  const policy = definePolicy({ origin: () => true })
  const asStatic = policy as unknown as CorsPolicy

  it('is not decided at once', () => {
    expect(policy.dynamic).toBe(true)
    expect(() => decide(asStatic, { method: 'GET' })).toThrow(TypeError)
    expect(() => isOriginAllowed(asStatic, 'https://a.test')).toThrow(TypeError)
  })
})

describe('what is no policy', () => {
  it.each([undefined, null, 'policy', {}, { dynamic: false, options: { origin: '*' } }])(
    'cannot be decided: %j',
    (value) => {
      const policy = value as unknown as CorsPolicy
      expect(() => decide(policy, { method: 'GET' })).toThrow(TypeError)
      expect(() => decideDynamic(policy, { method: 'GET' }, createFakeClock())).toThrow(TypeError)
    },
  )
})

describe('isOriginAllowed', () => {
  it('admits everybody, even without an origin, where the policy does', () => {
    const policy = definePolicy({ origin: '*' })
    expect(isOriginAllowed(policy, undefined)).toBe(true)
    expect(isOriginAllowed(policy, 'anything')).toBe(true)
  })

  it('admits nobody without an origin otherwise', () => {
    expect(isOriginAllowed(definePolicy({ origin: 'https://a.test' }), undefined)).toBe(false)
    expect(isOriginAllowed(definePolicy({ origin: false }), 'https://a.test')).toBe(false)
  })
})
