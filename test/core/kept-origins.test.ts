import { type CorsDecision, slotOf } from 'crossgate'
import { describe, expect, it } from 'vitest'
import { decide, decideStatic } from '../../src/decide.ts'
import { keptOrigins } from '../../src/kept-origins.ts'
import { compiledOf, definePolicy } from '../../src/policy.ts'

const APP = 'https://app.example.com'
const FLOOD = 10_000

const isShared = (decision: CorsDecision): boolean => slotOf(decision) !== undefined

const tenant = (index: number): string => `https://t${index}.example.com`

describe('kept origins', () => {
  it('are found again, as the same', () => {
    const kept = keptOrigins()
    expect(kept.find(APP)).toBeUndefined()
    const added = kept.add(APP)
    expect(kept.find(APP)).toBe(added)
  })

  it('stay through a flood of others, as long as they come again', () => {
    const kept = keptOrigins()
    const added = kept.add(APP)
    for (let index = 0; index < FLOOD; index += 1) {
      kept.add(tenant(index))
      if (index % 100 === 0) expect(kept.find(APP)).toBe(added)
    }
    expect(kept.find(APP)).toBe(added)
  })

  it('are forgotten when they no longer come, so that there are never more than a thousand', () => {
    const kept = keptOrigins()
    for (let index = 0; index < FLOOD; index += 1) kept.add(tenant(index))
    const found = Array.from({ length: FLOOD }, (_, index) => index).filter((index) => {
      // To find one that has aged renews it, so that only the youngest can be counted one by one.
      return index >= FLOOD - 1000 && kept.find(tenant(index)) !== undefined
    })
    expect(found.length).toBeGreaterThan(0)
    expect(found.length).toBeLessThanOrEqual(1000)
    expect(kept.find(tenant(0))).toBeUndefined()
  })
})

describe.each([1, 16, 17, 100])('of %d origins that are written out', (count) => {
  const origins = Array.from({ length: count }, (_, index) => tenant(index))
  const policy = compiledOf(definePolicy({ origin: [...origins, tenant(0)] }))
  const decideFor = (origin: string) => decideStatic(policy, { method: 'GET', origin }, true)

  it('each is admitted, with answers that are kept', () => {
    for (const origin of origins) {
      const first = decideFor(origin)
      expect(first.headers).toEqual({ 'access-control-allow-origin': origin })
      expect(decideFor(origin)).toBe(first)
      expect(isShared(first)).toBe(true)
    }
  })

  it.each([
    tenant(count),
    `${tenant(0)}.`,
    tenant(0).toUpperCase(),
    'null',
    '',
    'https://t0.example.com'.padEnd(8192, 'm'),
  ])('none is %j', (origin) => {
    expect(decideFor(origin).outcome).toBe('origin-refused')
  })
})

describe('a decision', () => {
  const compiled = compiledOf(definePolicy({ origin: 'https://*.example.com' }))
  const decideFor = (origin: string, method = 'GET') =>
    decideStatic(compiled, { method, origin, requestMethod: 'PUT' }, true)

  it.each(['GET', 'OPTIONS'])('is shared once its origin has come again: %s', (method) => {
    const origin = `https://${method.toLowerCase()}.example.com`
    const first = decideFor(origin, method)
    expect(isShared(first)).toBe(false)
    expect(decideFor(origin, method)).toBe(first)
    expect(isShared(first)).toBe(true)
  })

  it('is shared from the start where the origin is known already', () => {
    decideFor(APP)
    decideFor(APP)
    expect(isShared(decideFor(APP, 'OPTIONS'))).toBe(true)
  })

  it('is shared where it is the same for everybody', () => {
    for (const origin of ['*', APP] as const) {
      const policy = compiledOf(definePolicy({ origin }))
      expect(isShared(decideStatic(policy, { method: 'GET' }, true))).toBe(true)
    }
    const anybody = compiledOf(definePolicy({ origin: '*' }))
    expect(isShared(decideStatic(anybody, { method: 'GET', origin: APP }, true))).toBe(true)
    expect(isShared(decideFor('https://evil.example'))).toBe(true)
  })

  it('is shared once its echo was asked for again', () => {
    const echoing = compiledOf(definePolicy({ origin: APP, credentials: true, methods: '*' }))
    const facts = { method: 'OPTIONS', origin: APP, requestMethod: 'PURGE' }
    const first = decideStatic(echoing, facts, true)
    expect(isShared(first)).toBe(false)
    expect(decideStatic(echoing, facts, true)).toBe(first)
    expect(isShared(first)).toBe(true)
  })
})

describe('the slot of a decision', () => {
  const PLACE = Symbol('place')
  const policy = definePolicy({ origin: '*' })
  const made = decide(policy, { method: 'GET' })

  it('keeps what an adapter puts there', () => {
    const slot = slotOf(made)
    if (slot === undefined) throw new Error('there is no slot')
    slot[PLACE] = 'kept'
    expect(slotOf(decide(policy, { method: 'GET' }))?.[PLACE]).toBe('kept')
  })

  it('is of that decision alone', () => {
    expect(slotOf(Object.create(made))).toBeUndefined()
    const copied = Object.defineProperties({}, Object.getOwnPropertyDescriptors(made))
    expect(slotOf(copied as CorsDecision)).toBeUndefined()
  })

  it('is beside the data: neither listed nor copied', () => {
    expect(Object.keys(made)).toEqual(['kind', 'outcome', 'status', 'headers', 'vary'])
    expect(slotOf({ ...made })).toBeUndefined()
    expect(structuredClone(made)).toEqual(made)
    expect(JSON.parse(JSON.stringify(made))).toEqual({
      kind: 'plain',
      outcome: 'allowed',
      headers: { 'access-control-allow-origin': '*' },
      vary: [],
    })
  })
})
