import { decide, definePolicy } from 'crossgate'
import { expect, it } from 'vitest'
import { hide } from '../../src/hidden.ts'

const PLACE = Symbol('place')

it('is found, and neither listed, copied nor written as JSON', () => {
  const object = hide({ one: 1 }, PLACE, 'hidden')
  expect(Reflect.get(object, PLACE)).toBe('hidden')
  expect(Reflect.ownKeys({ ...object })).toEqual(['one'])
  expect(JSON.stringify(object)).toBe('{"one":1}')
})

it.each(['get', 'set', 'enumerable', 'writable'])(
  'is hidden also where everybody inherits %s',
  (name) => {
    const everybody = Object.prototype as Record<string, unknown>
    const facts = { method: 'GET', origin: 'https://app.example.com' }
    let descriptor: PropertyDescriptor | undefined
    let outcome: string | undefined
    everybody[name] = name.endsWith('et') ? () => 'inherited' : true
    try {
      descriptor = Object.getOwnPropertyDescriptor(hide({}, PLACE, 'hidden'), PLACE)
      outcome = decide(definePolicy({ origin: 'https://*.example.com' }), facts).outcome
    } finally {
      delete everybody[name]
    }
    expect(descriptor).toEqual({
      value: 'hidden',
      writable: false,
      enumerable: false,
      configurable: false,
    })
    expect(outcome).toBe('allowed')
  },
)
