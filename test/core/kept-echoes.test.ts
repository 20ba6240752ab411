import { decide, definePolicy } from 'crossgate'
import { describe, expect, it } from 'vitest'
import { findEcho, type KeptEcho, keepEcho } from '../../src/kept-echoes.ts'

const ORIGIN = 'https://app.example.com'

const echo = (headers: string, more: Partial<KeptEcho> = {}): KeptEcho => ({
  outcome: 'allowed',
  method: '',
  headers,
  decision: decide(definePolicy({ origin: '*' }), { method: 'GET' }),
  hasComeAgain: false,
  ...more,
})

describe('kept echoes', () => {
  it('are found by all that was asked for', () => {
    const kept = [echo('a'), echo('b'), echo('a', { method: 'PURGE' })]
    expect(findEcho(kept, 'allowed', '', 'b')).toBe(kept[1])
    expect(findEcho(kept, 'allowed', 'PURGE', 'a')).toBe(kept[2])
    for (const [outcome, method, headers] of [
      ['header-refused', '', 'a'],
      ['allowed', 'purge', 'a'],
      ['allowed', '', 'A'],
    ] as const) {
      expect(findEcho(kept, outcome, method, headers)).toBeUndefined()
    }
  })

  it('are eight at most, the oldest of which goes', () => {
    const kept: KeptEcho[] = []
    for (let index = 0; index < 20; index += 1) keepEcho(kept, echo(`x-${index}`))
    expect(kept.map(({ headers }) => headers)).toEqual(
      [12, 13, 14, 15, 16, 17, 18, 19].map((index) => `x-${index}`),
    )
  })

  it('are short', () => {
    const kept: KeptEcho[] = []
    keepEcho(kept, echo('x'.repeat(257)))
    keepEcho(kept, echo('x'.repeat(250), { method: 'PROPFIND' }))
    expect(kept).toEqual([])
    keepEcho(kept, echo('x'.repeat(256)))
    expect(kept).toHaveLength(1)
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

  it('gives the same answer again', () => {
    const first = ask('PUT', 'x-once')
    expect(ask('PUT', 'x-once')).toBe(first)
  })
})
