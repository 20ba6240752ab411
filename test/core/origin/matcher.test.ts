import { describe, expect, it } from 'vitest'
import { definePolicy, isOriginAllowed } from '../../../src/index.ts'
import { MAX_ORIGIN_LENGTH } from '../../../src/origin/parse.ts'
import { ORIGIN_CASES } from '../../tables/origins.ts'

describe.each(ORIGIN_CASES)('$name', ({ patterns, admitted, refused }) => {
  const policy = definePolicy({ origin: patterns })

  it.each(admitted)('admits %j', (origin) => {
    expect(isOriginAllowed(policy, origin)).toBe(true)
  })

  it.each(refused)('refuses %j', (origin) => {
    expect(isOriginAllowed(policy, origin)).toBe(false)
  })
})

describe('a long origin', () => {
  const policy = definePolicy({
    origin: ['https://*.example.com:*', /^https:\/\/.*\.example\.com$/],
  })

  it('is admitted up to 253 bytes of host', () => {
    const labels = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(49)}`
    const longest = `https://${labels}.example.com`
    expect(longest).toHaveLength('https://'.length + 253)
    expect(isOriginAllowed(policy, longest)).toBe(true)
    expect(isOriginAllowed(policy, `${longest}:65535`)).toBe(true)
    expect(isOriginAllowed(policy, longest.replace('://', '://x'))).toBe(false)
  })

  it.each([MAX_ORIGIN_LENGTH + 1, 4_096, 16_384])('of %i bytes is refused', (length) => {
    const ending = '.example.com'
    const labels = 'a.'.repeat(length).slice(0, length - 'https://'.length - ending.length - 1)
    const origin = `https://${labels}a${ending}`
    expect(origin).toHaveLength(length)
    expect(isOriginAllowed(policy, origin)).toBe(false)
  })
})

describe('patterns in a policy', () => {
  it('are kept once, without those that others include', () => {
    const policy = definePolicy({
      origin: [
        'https://a.example.com',
        'https://a.example.com',
        'https://pr-1.x.test',
        'https://pr-2.x.test:1',
        'https://b.test:8443',
        'https://c.example.com:*',
        'https://c.example.com:1',
        'https://*.a.example.com:*',
        'https://*.a.example.com:1',
        'https://*.a.example.com:1',
        'https://pr-*.example.com',
        'https://pr-*.x.test',
        'https://pr-*.x.test',
        'https://b.test:*',
        'https://b.test:*',
        'https://*.b.test:*',
        'https://d.b.test:*',
        'https://*.example.com',
        'http://a.example.com',
      ],
    })
    expect(policy.options.origin).toEqual([
      'https://*.b.test:*',
      'https://*.example.com',
      'https://*.a.example.com:*',
      'https://pr-*.x.test',
      'https://c.example.com:*',
      'https://b.test:*',
      'https://pr-2.x.test:1',
      'http://a.example.com',
    ])
  })

  it('keep their order where none includes another', () => {
    const origin = ['https://b.test', 'https://a.test', 'https://c.test']
    expect(definePolicy({ origin }).options.origin).toEqual(origin)
  })
})
