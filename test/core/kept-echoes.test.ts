import { decide, definePolicy } from 'crossgate'
import { describe, expect, it } from 'vitest'
import { findEcho, type KeptEcho, keepEcho } from '../../src/kept-echoes.ts'

const ORIGIN = 'https://app.example.com'

const echo = (headers: string, more: Partial<KeptEcho> = {}): KeptEcho => ({
  outcome: 'allowed',
  method: '',
  headers,
  decision: decide(definePolicy({ origin: '*' }), { method: 'GET' }),
  ...more,
})

const headersOf = (kept: readonly KeptEcho[]): string[] => kept.map(({ headers }) => headers)

describe('kept echoes', () => {
  it('are found by all that was asked for', () => {
    const kept = [echo('a'), echo('b'), echo('a', { method: 'PURGE' })]
    const [, second, third] = kept
    expect(findEcho(kept, 'allowed', '', 'b')).toBe(second?.decision)
    expect(findEcho(kept, 'allowed', 'PURGE', 'a')).toBe(third?.decision)
    for (const [outcome, method, headers] of [
      ['header-refused', '', 'a'],
      ['allowed', 'purge', 'a'],
      ['allowed', '', 'A'],
    ] as const) {
      expect(findEcho(kept, outcome, method, headers)).toBeUndefined()
    }
  })

  it('are eight at most, of which those stay that are asked for', () => {
    const kept: KeptEcho[] = []
    for (let index = 0; index < 8; index += 1) keepEcho(kept, echo(`x-${index}`))
    for (let index = 8; index < 1000; index += 1) {
      keepEcho(kept, echo(`x-${index}`))
      expect(findEcho(kept, 'allowed', '', 'x-3')).toBeDefined()
    }
    expect(headersOf(kept)).toEqual(['x-3', 'x-0', 'x-1', 'x-2', 'x-4', 'x-5', 'x-6', 'x-999'])
  })

  it('are short', () => {
    const kept: KeptEcho[] = []
    keepEcho(kept, echo('x'.repeat(257)))
    keepEcho(kept, echo('x'.repeat(250), { method: 'PROPFIND' }))
    expect(kept).toEqual([])
    keepEcho(kept, echo('x'.repeat(256)))
    expect(kept).toHaveLength(1)
  })

  it('are those of a few origins, however many ask', () => {
    const policy = definePolicy({ origin: 'https://*.example.com', credentials: true })
    const ask = (index: number) =>
      decide(policy, {
        method: 'OPTIONS',
        origin: `https://t${index}.example.com`,
        requestMethod: 'PUT',
        requestHeaders: 'x-total',
      })
    const origins = Array.from({ length: 500 }, (_, index) => index)
    const first = origins.map(ask)
    // The last come first, since whoever is found stays, and whoever is not pushes another out.
    const kept = [...origins].reverse().filter((index) => ask(index) === first[index])
    expect(kept.length).toBeGreaterThanOrEqual(32)
    expect(kept.length).toBeLessThanOrEqual(64)
  })
})

describe('a policy that echoes', () => {
  const policy = definePolicy({ origin: ORIGIN, credentials: true, methods: '*' })
  const ask = (requestMethod: string, requestHeaders?: string) =>
    decide(policy, { method: 'OPTIONS', origin: ORIGIN, requestMethod, requestHeaders })
  const grants = (requestMethod: string, requestHeaders?: string) => {
    const { outcome, headers } = ask(requestMethod, requestHeaders)
    return [
      outcome,
      headers['access-control-allow-methods'],
      headers['access-control-allow-headers'],
    ]
  }

  it('answers each question, however often and in whatever order they come', () => {
    const long = Array.from({ length: 40 }, (_, index) => `x-long-${index + 10}`)
    const rows = [
      ['PUT', undefined, ['allowed', 'PUT', undefined]],
      ['PUT', 'X-B, x-a', ['allowed', 'PUT', 'x-a,x-b']],
      ['PURGE', 'X-B, x-a', ['allowed', 'PURGE', 'x-a,x-b']],
      ['PUT', 'x-a', ['allowed', 'PUT', 'x-a']],
      ['PUT', 'x-a\n', ['header-refused', 'PUT', undefined]],
      ['PUT', 'x'.repeat(4097), ['header-refused', 'PUT', undefined]],
      ['PUT', long.join(','), ['allowed', 'PUT', long.join(',')]],
      ['no token', 'x-a', ['method-refused', 'GET,HEAD,POST', 'x-a']],
    ] as const
    for (let time = 0; time < 3; time += 1) {
      for (const [method, headers, expected] of [...rows, ...[...rows].reverse()]) {
        expect(grants(method, headers)).toEqual(expected)
      }
    }
  })

  it('has few enough answers that a page finds its own through a flood from others', () => {
    const wide = definePolicy({ origin: 'https://*.example.com', credentials: true })
    const asks = (origin: string) =>
      decide(wide, { method: 'OPTIONS', origin, requestMethod: 'PUT', requestHeaders: 'x-total' })
    const own = asks('https://app.example.com')
    for (let index = 0; index < 1000; index += 1) {
      asks(`https://t${index}.example.com`)
      if (index % 20 === 0) expect(asks('https://app.example.com')).toBe(own)
    }
  })

  it('gives the same answer again', () => {
    const first = ask('PUT', 'x-once')
    expect(ask('PUT', 'x-once')).toBe(first)
  })
})
