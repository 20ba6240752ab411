import { isSharedDecision } from 'crossgate'
import { describe, expect, it } from 'vitest'
import { decideStatic } from '../../src/decide.ts'
import { keptOrigins } from '../../src/kept-origins.ts'
import { compiledOf, definePolicy } from '../../src/policy.ts'

const APP = 'https://app.example.com'
const FLOOD = 10_000

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

describe('a decision', () => {
  const compiled = compiledOf(definePolicy({ origin: 'https://*.example.com' }))
  const decideFor = (origin: string, method = 'GET') =>
    decideStatic(compiled, { method, origin, requestMethod: 'PUT' }, true)

  it.each(['GET', 'OPTIONS'])('is shared once its origin has come again: %s', (method) => {
    const origin = `https://${method.toLowerCase()}.example.com`
    const first = decideFor(origin, method)
    expect(isSharedDecision(first)).toBe(false)
    expect(decideFor(origin, method)).toBe(first)
    expect(isSharedDecision(first)).toBe(true)
  })

  it('is shared from the start where the origin is known already', () => {
    decideFor(APP)
    decideFor(APP)
    expect(isSharedDecision(decideFor(APP, 'OPTIONS'))).toBe(true)
  })

  it('is shared where it is the same for everybody', () => {
    for (const origin of ['*', APP] as const) {
      const policy = compiledOf(definePolicy({ origin }))
      expect(isSharedDecision(decideStatic(policy, { method: 'GET' }, true))).toBe(true)
    }
    const anybody = compiledOf(definePolicy({ origin: '*' }))
    expect(isSharedDecision(decideStatic(anybody, { method: 'GET', origin: APP }, true))).toBe(true)
    expect(isSharedDecision(decideFor('https://evil.example'))).toBe(true)
  })

  it('is not shared where it echoes what was asked for', () => {
    const echoing = compiledOf(definePolicy({ origin: APP, credentials: true, methods: '*' }))
    const facts = { method: 'OPTIONS', origin: APP, requestMethod: 'PURGE' }
    for (let time = 0; time < 3; time += 1) {
      expect(isSharedDecision(decideStatic(echoing, facts, true))).toBe(false)
    }
  })
})
