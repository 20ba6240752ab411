import { describe, expect, it } from 'vitest'
import { MAX_ORIGIN_LENGTH, parseOrigin } from '../../../src/origin/parse.ts'
import { parsePattern } from '../../../src/origin/pattern.ts'
import { EXACT_PATTERNS, REFUSED_PATTERNS, WILDCARD_PATTERNS } from '../../tables/patterns.ts'

describe('a refused pattern has its code and its corrected form', () => {
  it.each(REFUSED_PATTERNS)('$text', ({ text, code, suggestion }) => {
    const { pattern, problem } = parsePattern(text)
    expect(pattern).toBeUndefined()
    expect({ code: problem?.code, suggestion: problem?.suggestion }).toEqual({ code, suggestion })
  })
})

describe('an exact pattern is what a browser sends', () => {
  it.each(EXACT_PATTERNS)('%s', (text) => {
    expect(parsePattern(text).pattern).toMatchObject({ kind: 'exact', text })
    const parts = parseOrigin(text)
    expect(parts && `${parts.scheme}://${parts.host}${parts.port && `:${parts.port}`}`).toBe(text)
  })
})

describe('a pattern with a wildcard is never an origin', () => {
  it.each(WILDCARD_PATTERNS)('%s', (text) => {
    expect(['wildcard', 'any-port']).toContain(parsePattern(text).pattern?.kind)
    expect(parseOrigin(text)).toBeUndefined()
  })
})

describe('the length of a pattern', () => {
  const label = 'a'.repeat(63)
  const longestHost = `${label}.${label}.${label}.${'a'.repeat(61)}`
  const longestScheme = 'a'.repeat(64)

  it('reaches to 64 bytes of scheme, 253 of host and 5 of port', () => {
    const longest = `${longestScheme}://${longestHost}:65535`
    expect(longest).toHaveLength(MAX_ORIGIN_LENGTH)
    expect(parsePattern(longest).pattern?.kind).toBe('exact')
    expect(parseOrigin(longest)).toEqual({
      scheme: longestScheme,
      host: longestHost,
      port: '65535',
    })
  })

  it('ends there', () => {
    const { problem } = parsePattern(`https://${'a.'.repeat(160)}test`)
    expect(problem?.code).toBe('origin.too-long')
    expect(parsePattern('x'.repeat(MAX_ORIGIN_LENGTH + 1)).problem?.code).toBe('origin.too-long')
    expect(parsePattern('x'.repeat(16_384)).problem).toMatchObject({
      code: 'origin.too-long',
      suggestion: undefined,
    })
  })

  it('counts the wildcard as part of the host', () => {
    const parent = `${label}.${label}.${label}.${'a'.repeat(59)}`
    expect(parsePattern(`https://*.${parent}`).pattern?.kind).toBe('wildcard')
    expect(parsePattern(`https://*.a${parent}`).problem?.code).toBe('origin.host')
    expect(parsePattern(`https://${longestHost}a`).problem?.code).toBe('origin.host')
  })

  it('leaves room in a label for what the wildcard stands for', () => {
    const prefix = `${'a'.repeat(61)}-`
    expect(parsePattern(`https://${prefix}*.test`).pattern?.kind).toBe('wildcard')
    expect(parsePattern(`https://a${prefix}*.test`).problem?.code).toBe('origin.host')
  })
})

describe('where the runtime has no URL parser', () => {
  it('a pattern is refused all the same, without a corrected form', () => {
    const { URL } = globalThis
    Reflect.deleteProperty(globalThis, 'URL')
    try {
      expect(parsePattern('https://Example.com').problem).toMatchObject({
        code: 'origin.uppercase',
        suggestion: undefined,
      })
      expect(parsePattern('https://example.com').pattern?.kind).toBe('exact')
    } finally {
      globalThis.URL = URL
    }
  })
})
