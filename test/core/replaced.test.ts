import {
  type CorsDecision,
  createDecider,
  decide,
  definePolicy,
  type ReplacedField,
} from 'crossgate'
import { describe, expect, it } from 'vitest'
import { replacedFields } from '../../src/replaced.ts'
import { createFakeClock } from './fake-clock.ts'

const APP = 'https://app.example.com'
const FACTS = { method: 'GET', origin: APP }
const ALLOWED = decide(
  definePolicy({ origin: APP, credentials: true, exposedHeaders: ['x-total', 'x-page'] }),
  FACTS,
)
const ORIGIN = 'access-control-allow-origin'

type Found = readonly (readonly [string, unknown])[]

describe('the replaced fields', () => {
  const cases: readonly [string, Found, readonly ReplacedField[]][] = [
    ['are none, where none were there', [], []],
    ['are none, where the same was there once', [['Access-Control-Allow-Origin', APP]], []],
    ['are those with another value', [[ORIGIN, '*']], [{ name: ORIGIN, values: ['*'], sent: APP }]],
    [
      'are those with the same value twice, which browsers refuse',
      [[ORIGIN, [APP, APP]]],
      [{ name: ORIGIN, values: [APP, APP], sent: APP }],
    ],
    [
      'are told by name, whatever the letter case of the lines',
      [
        ['Access-Control-Allow-Origin', '*'],
        ['ACCESS-CONTROL-ALLOW-ORIGIN', [APP]],
        ['access-control-max-age', 5],
      ],
      [
        { name: ORIGIN, values: ['*', APP], sent: APP },
        { name: 'access-control-max-age', values: ['5'], sent: undefined },
      ],
    ],
    [
      'are none, where the same list is written in another way',
      [
        ['Access-Control-Expose-Headers', 'X-Total,x-page'],
        ['access-control-allow-methods', 'GET, PUT'],
      ],
      [{ name: 'access-control-allow-methods', values: ['GET, PUT'], sent: undefined }],
    ],
    [
      'are those with a value in another letter case, where that matters',
      [[ORIGIN, APP.toUpperCase()]],
      [{ name: ORIGIN, values: [APP.toUpperCase()], sent: APP }],
    ],
    [
      'can be logged: escaped and shortened',
      [[ORIGIN, `\t\u00e9${'x'.repeat(100)}`]],
      [{ name: ORIGIN, values: [`\\u0009\\u00e9${'x'.repeat(78)}...`], sent: APP }],
    ],
  ]

  it.each(cases)('%s', (_title, found, replaced) => {
    expect(replacedFields(found, ALLOWED)).toEqual(replaced)
  })

  it('are frozen', () => {
    const replaced = replacedFields([[ORIGIN, '*']], ALLOWED)
    expect(Object.isFrozen(replaced)).toBe(true)
    expect(Object.isFrozen(replaced[0])).toBe(true)
    expect(Object.isFrozen(replaced[0]?.values)).toBe(true)
  })
})

describe('their observer', () => {
  const REQUEST = { url: '/' }
  const FOUND: Found = [[ORIGIN, '*']]
  const clock = createFakeClock()

  function watching() {
    const told: unknown[] = []
    return { told, onReplaced: (...parameters: unknown[]) => void told.push(parameters) }
  }

  it('is that of the policy that a delegate yields, before that of the delegate', async () => {
    const own = watching()
    const fallback = watching()
    const one = { origin: APP, onReplaced: own.onReplaced }
    const other = { origin: APP }
    const decider = createDecider<{ own: boolean }>(
      { delegator: ({ own: isOwn }) => (isOwn ? one : other), onReplaced: fallback.onReplaced },
      clock,
    )
    for (const isOwn of [true, false]) {
      const decision = decider.decide(FACTS, { own: isOwn }) as CorsDecision
      decider.replaced(decision, FOUND, { own: isOwn })
    }
    const fields = [{ name: ORIGIN, values: ['*'], sent: APP }]
    expect(own.told).toEqual([[fields, { own: true }]])
    expect(fallback.told).toEqual([[fields, { own: false }]])
  })

  it('is not needed', () => {
    const decider = createDecider({ origin: APP }, clock)
    expect(() => decider.replaced(ALLOWED, FOUND, REQUEST)).not.toThrow()
  })

  it('is not called, where nothing had to be replaced', () => {
    const { told, onReplaced } = watching()
    const decider = createDecider({ origin: APP, credentials: true, onReplaced }, clock)
    decider.replaced(ALLOWED, [[ORIGIN, APP]], REQUEST)
    expect(told).toEqual([])
  })

  it('fails alone, by throwing or by rejecting', async () => {
    for (const onReplaced of [
      () => {
        throw new Error('thrown')
      },
      async () => {
        throw new Error('rejected')
      },
    ]) {
      const decider = createDecider({ origin: APP, onReplaced }, clock)
      expect(() => decider.replaced(ALLOWED, FOUND, REQUEST)).not.toThrow()
    }
    await new Promise((resolve) => setImmediate(resolve))
  })
})
