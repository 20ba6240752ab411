import { describe, expect, it } from 'vitest'
import { nearest } from '../../src/validation/nearest.ts'

describe('did you mean', () => {
  const known = ['origin', 'origins', 'vary', 'debug']

  it.each([
    ['origin', 'origin'],
    ['ORIGINS', 'origins'],
    ['orgin', 'origin'],
    ['oirgin', 'origin'],
    ['originss', 'origins'],
    ['origns', 'origins'],
    ['vry', 'vary'],
    ['varyy', 'vary'],
    ['debgu', 'debug'],
  ])('%s: %s', (name, guess) => {
    expect(nearest(name, known)).toBe(guess)
  })

  it.each(['', 'o', 'or', 'oxxxin', 'var12', 'va', 'bu', 'x'.repeat(41), 'origin'.repeat(7)])(
    '%s: nothing is near',
    (name) => {
      expect(nearest(name, known)).toBeUndefined()
    },
  )

  it('the first of two that are equally near', () => {
    expect(nearest('abcdeX', ['abcde1', 'abcde2'])).toBe('abcde1')
    expect(nearest('abcdXX', ['abcd12', 'abcdX2'])).toBe('abcdX2')
  })
})
