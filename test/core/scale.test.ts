import { describe, expect, it } from 'vitest'
import { definePolicy, isOriginAllowed } from '../../src/index.ts'

const MOST_MILLISECONDS = 5_000

describe('a policy of 100,000 exact origins', () => {
  it(
    'is made, and answers right',
    () => {
      const origin = Array.from({ length: 100_000 }, (_, index) => `https://site-${index}.test`)
      const policy = definePolicy({ origin, credentials: true })
      expect(policy.options.origin).toHaveLength(100_000)
      for (const index of [0, 1, 49_999, 99_999]) {
        expect(isOriginAllowed(policy, `https://site-${index}.test`)).toBe(true)
        expect(isOriginAllowed(policy, `http://site-${index}.test`)).toBe(false)
        expect(isOriginAllowed(policy, `https://site-${index}.test.`)).toBe(false)
      }
      expect(isOriginAllowed(policy, 'https://site-100000.test')).toBe(false)
      expect(isOriginAllowed(policy, 'https://site-.test')).toBe(false)
    },
    MOST_MILLISECONDS,
  )
})

describe('a policy of 10,000 wildcards', () => {
  it(
    'is made, and answers right',
    () => {
      const origin = Array.from({ length: 5_000 }, (_, index) => [
        `https://*.site-${index}.test`,
        `https://pr${index}-*.shared.test:*`,
      ])
      const policy = definePolicy({ origin, credentials: true })
      expect(policy.options.origin).toHaveLength(10_000)
      for (const index of [0, 1, 2_500, 4_999]) {
        expect(isOriginAllowed(policy, `https://a.site-${index}.test`)).toBe(true)
        expect(isOriginAllowed(policy, `https://a.b.site-${index}.test`)).toBe(true)
        expect(isOriginAllowed(policy, `https://pr${index}-a.shared.test:8080`)).toBe(true)
        expect(isOriginAllowed(policy, `https://site-${index}.test`)).toBe(false)
        expect(isOriginAllowed(policy, `https://a.site-${index}.test:8080`)).toBe(false)
        expect(isOriginAllowed(policy, `https://pr${index}.shared.test`)).toBe(false)
      }
      expect(isOriginAllowed(policy, 'https://a.site-5000.test')).toBe(false)
      expect(isOriginAllowed(policy, 'https://pr5000-a.shared.test')).toBe(false)
    },
    MOST_MILLISECONDS,
  )
})
