import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCache } from '../../../src/sources/cache.ts'

describe('a cache', () => {
  it('keeps what is set', () => {
    const cache = createCache<number>(2)
    cache.set('a', 1)
    cache.set('b', 2)
    cache.set('a', 3)
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([3, 2, undefined])
    expect([cache.size(), cache.evicted(), [...cache.values()]]).toEqual([2, 0, [3, 2]])
    cache.delete('a')
    cache.delete('a')
    expect([cache.get('a'), cache.size()]).toEqual([undefined, 1])
    cache.clear()
    expect([cache.get('b'), cache.size(), cache.evicted()]).toEqual([undefined, 0, 0])
  })

  it('makes room by what nobody asked for, oldest first', () => {
    const cache = createCache<number>(3)
    for (const key of ['a', 'b', 'c']) cache.set(key, 0)
    cache.get('a')
    cache.set('d', 0)
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key) !== undefined)).toEqual([
      'a',
      'c',
      'd',
    ])
  })

  it('makes room by the oldest where all were asked for', () => {
    const cache = createCache<number>(3)
    for (const key of ['a', 'b', 'c']) cache.set(key, 0)
    for (const key of ['a', 'b', 'c']) cache.get(key)
    cache.set('d', 0)
    expect([cache.get('a'), cache.size(), cache.evicted()]).toEqual([undefined, 3, 1])
  })

  it('goes on after it was cleared', () => {
    const cache = createCache<number>(2)
    for (let index = 0; index < 5; index += 1) cache.set(String(index), index)
    cache.clear()
    for (let index = 0; index < 5; index += 1) cache.set(String(index), index)
    expect([...cache.values()]).toEqual([3, 4])
  })

  it('has room for one', () => {
    const cache = createCache<number>(1)
    for (const key of ['a', 'b']) {
      cache.set(key, 0)
      cache.get(key)
    }
    expect([cache.get('a'), cache.get('b'), cache.evicted()]).toEqual([undefined, 0, 1])
  })

  it.each([
    '__proto__',
    'constructor',
    'hasOwnProperty',
    '\u0000',
    '\ud800',
    '\u{1f600}',
    '',
    ' ',
    '1',
  ])('has a key like any other in %j', (key) => {
    const cache = createCache<string>(2)
    expect(cache.get(key)).toBeUndefined()
    cache.set(key, 'value')
    expect(cache.get(key)).toBe('value')
  })

  it('never exceeds its bound, and never answers with anything but what was set last', () => {
    const step = fc.record({
      act: fc.constantFrom('get', 'set', 'set', 'delete', 'clear'),
      key: fc.integer({ min: 0, max: 12 }).map(String),
    })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step), (bound, steps) => {
        const cache = createCache<object>(bound)
        const all = new Map<string, object>()
        for (const { act, key } of steps) {
          const value = {}
          all[act](key, value)
          cache[act](key, value)
          const allowed = act === 'set' ? [value] : [undefined, all.get(key)]
          expect(allowed).toContain(cache.get(key))
          expect(cache.size()).toBeLessThanOrEqual(bound)
        }
      }),
    )
  })

  it('keeps what is asked for between two others, whatever passes by', () => {
    const cache = createCache<number>(3)
    cache.set('favourite', 0)
    for (let index = 0; index < 10_000; index += 1) {
      expect(cache.get('favourite')).toBe(0)
      cache.set(`passer-by ${index}`, index)
    }
    expect([cache.size(), cache.evicted()]).toEqual([3, 9_998])
  })
})
