import { describe, expect, it } from 'vitest'
import {
  type AcknowledgedPattern,
  type AnyCorsPolicy,
  CorsConfigError,
  type CorsOptions,
  type CorsPolicy,
  decide,
  definePolicy,
  isCorsPolicy,
  isOriginAllowed,
} from '../../src/index.ts'
import { POLICY_CASES } from '../tables/requests.ts'

const BRAND = Symbol.for('crossgate.policy')

/** A policy of a release that compiles otherwise. */
function ofAnotherFormat(options: CorsOptions): CorsPolicy {
  const policy = { dynamic: false, options } as unknown as CorsPolicy
  return Object.defineProperty(policy, BRAND, { value: { format: 99, options } })
}

/** Every object that is reachable from `value` without passing through an expression or a function. */
function objectsIn(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return []
  return [value, ...Object.values(value).flatMap(objectsIn)]
}

describe('a policy', () => {
  const options = {
    origin: [
      ['https://a.test'],
      { pattern: 'http://b.test', dangerouslyAllow: ['insecure-origins'] },
      /^https:\/\/c\.test$/,
    ],
    credentials: true,
    methods: ['PUT'],
    allowedHeaders: ['x-a'],
    exposedHeaders: ['x-b'],
    vary: ['x-c'],
    maxAge: 5,
    cacheControl: 60,
    dangerouslyAllow: ['insecure-origins'],
  } as const

  it('has its options in their normal form', () => {
    const policy = definePolicy(options)
    expect({ ...policy.options }).toStrictEqual({
      origin: [
        'https://a.test',
        { pattern: 'http://b.test', dangerouslyAllow: ['insecure-origins'] },
        /^https:\/\/c\.test$/,
      ],
      credentials: true,
      methods: ['PUT'],
      allowedHeaders: ['x-a'],
      exposedHeaders: ['x-b'],
      maxAge: 5,
      optionsSuccessStatus: 204,
      preflightContinue: false,
      cacheControl: 'max-age=60',
      onDisallowed: 'omit',
      dangerouslyAllow: [],
      timeout: 5000,
      vary: ['x-c'],
      debug: false,
    })
    expect(policy.dynamic).toBe(false)
  })

  it('has the defaults where options are absent or undefined', () => {
    const defaults = {
      origin: ['https://a.test'],
      credentials: false,
      methods: ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'],
      allowedHeaders: '*',
      exposedHeaders: [],
      optionsSuccessStatus: 204,
      preflightContinue: false,
      onDisallowed: 'omit',
      dangerouslyAllow: [],
      timeout: 5000,
      debug: false,
    }
    expect({ ...definePolicy({ origin: 'https://a.test' }).options }).toStrictEqual(defaults)
    const undefinedOptions = {
      origin: 'https://a.test',
      credentials: undefined,
      methods: undefined,
      allowedHeaders: undefined,
      exposedHeaders: undefined,
      maxAge: undefined,
      optionsSuccessStatus: undefined,
      preflightContinue: undefined,
      cacheControl: undefined,
      onDisallowed: undefined,
      dangerouslyAllow: undefined,
      isPublicSuffix: undefined,
      timeout: undefined,
      vary: undefined,
      debug: undefined,
      onDecision: undefined,
      onReplaced: undefined,
    }
    expect({ ...definePolicy(undefinedOptions).options }).toStrictEqual(defaults)
    const entry = {
      pattern: 'https://a.test',
      dangerouslyAllow: undefined,
    } as unknown as AcknowledgedPattern
    expect({ ...definePolicy({ origin: entry }).options }).toStrictEqual(defaults)
  })

  it('is frozen through and through', () => {
    const policy = definePolicy(options)
    const objects = objectsIn(policy)
    expect(objects.length).toBeGreaterThan(8)
    for (const object of objects) expect(Object.isFrozen(object)).toBe(true)
    expect(Object.isFrozen((policy as unknown as { [BRAND]: unknown })[BRAND])).toBe(true)
    expect(Object.keys(policy)).toEqual(['dynamic', 'options'])
  })

  it('shares no list with the options', () => {
    const origin = ['https://a.test']
    const methods = ['PUT']
    const policy = definePolicy({ origin, methods })
    origin.push('https://evil.test')
    methods.length = 0
    expect(policy.options.origin).toEqual(['https://a.test'])
    expect(policy.options.methods).toEqual(['PUT'])
    expect(isOriginAllowed(policy, 'https://evil.test')).toBe(false)
    expect(Object.isFrozen(origin)).toBe(false)
  })

  it('has what its options inherit when it is made, and nothing of that later', () => {
    const defaults = { origin: 'https://a.test', maxAge: 5 }
    const policy = definePolicy(Object.create(defaults) as CorsOptions)
    defaults.maxAge = 6
    expect(policy.options.maxAge).toBe(5)
    expect(Object.getPrototypeOf(policy.options)).toBeNull()
  })

  it('is made of objects without a prototype, too', () => {
    const bare = Object.assign(Object.create(null) as object, { origin: '*' }) as CorsOptions
    expect(definePolicy(bare).options.origin).toBe('*')
  })

  it('folds what need not be said', () => {
    const { options: folded } = definePolicy({
      origin: ['https://a.test', '*', ['null', /^https:\/\/a\.test$/]],
      dangerouslyAllow: ['null-origin'],
    })
    expect(folded.origin).toBe('*')
    expect(folded.dangerouslyAllow).toEqual([])
    expect(definePolicy({ origin: false }).options.origin).toBe(false)
  })

  it('accepts every number at the ends of its range', () => {
    const least = definePolicy({
      origin: '*',
      maxAge: -0,
      timeout: 1,
      optionsSuccessStatus: 200,
      cacheControl: -0,
    })
    expect(Object.is(least.options.maxAge, 0)).toBe(true)
    expect(least.options).toMatchObject({
      timeout: 1,
      optionsSuccessStatus: 200,
      cacheControl: 'max-age=0',
    })
    const most = definePolicy({
      origin: '*',
      maxAge: 86_400,
      timeout: 60_000,
      optionsSuccessStatus: 299,
      cacheControl: Number.MAX_SAFE_INTEGER,
    })
    expect(most.options).toMatchObject({
      maxAge: 86_400,
      timeout: 60_000,
      optionsSuccessStatus: 299,
      cacheControl: 'max-age=9007199254740991',
    })
  })
})

describe('a policy in place of options', () => {
  const policy = definePolicy({ origin: 'https://a.test' })

  it('is returned as it is', () => {
    expect(definePolicy(policy)).toBe(policy)
    const dynamic = definePolicy({ origin: () => true })
    expect(definePolicy(dynamic)).toBe(dynamic)
  })

  it('is known by its brand, not by its shape', () => {
    expect(isCorsPolicy(policy)).toBe(true)
    expect(isCorsPolicy(ofAnotherFormat({ origin: '*' }))).toBe(true)
    expect(isCorsPolicy({ ...policy })).toBe(false)
    expect(isCorsPolicy(Object.create(policy))).toBe(false)
    expect(isCorsPolicy(policy.options)).toBe(false)
    expect([undefined, null, 'x', () => policy].map(isCorsPolicy)).not.toContain(true)
  })

  it('of another format is compiled again from its options', () => {
    const other = ofAnotherFormat({ origin: 'https://a.test', maxAge: 7 })
    const compiled = definePolicy(other)
    expect(compiled).not.toBe(other)
    expect(compiled.options.maxAge).toBe(7)
    expect(definePolicy(compiled)).toBe(compiled)
    const facts = { method: 'OPTIONS', origin: 'https://a.test', requestMethod: 'PUT' }
    expect(decide(other, facts)).toEqual(decide(compiled, facts))
    expect(isOriginAllowed(other, 'https://b.test')).toBe(false)
  })

  it('of another format is checked by our rules', () => {
    const other = ofAnotherFormat({ origin: '*', credentials: true } as CorsOptions)
    expect(() => definePolicy(other)).toThrow(CorsConfigError)
  })
})

describe('the options of a policy make the same policy', () => {
  it.each(POLICY_CASES)('$name', ({ options, requests }) => {
    const policy = definePolicy(options) as CorsPolicy
    const again = definePolicy(policy.options as CorsOptions) as CorsPolicy
    expect(again.options).toStrictEqual(policy.options)
    for (const { facts } of requests) expect(decide(again, facts)).toEqual(decide(policy, facts))
  })

  it.each(POLICY_CASES)('$name, by way of JSON', ({ options }) => {
    const policy = definePolicy(options) as AnyCorsPolicy
    const read = JSON.parse(JSON.stringify(policy.options)) as CorsOptions
    expect(definePolicy(read).options).toStrictEqual(policy.options)
  })

  it('where they hold functions', () => {
    const origin = (): boolean => true
    const onDecision = (): void => undefined
    const onReplaced = (): void => undefined
    const isPublicSuffix = (): boolean => false
    const functions = { origin, onDecision, onReplaced, isPublicSuffix }
    const policy = definePolicy({ ...functions, debug: true })
    expect(policy.options).toMatchObject({ ...functions, debug: true })
    expect(definePolicy(policy.options).options).toStrictEqual(policy.options)
  })
})
