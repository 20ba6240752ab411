import { describe, expect, it } from 'vitest'
import { quote } from '../../src/quote.ts'

describe('a value in a message', () => {
  it.each([
    ['', "''"],
    ['plain', "'plain'"],
    [' !"#~', "' !\"#~'"],
    ["it's", "'it\\'s'"],
    ['back\\slash', "'back\\\\slash'"],
    ["\\'", "'\\\\\\''"],
    ['a\r\n\tb', "'a\\u000d\\u000a\\u0009b'"],
    ['\u0000\u001b[31m\u007f\u009b', "'\\u0000\\u001b[31m\\u007f\\u009b'"],
    ['\u00fc\u2028\ud83d\ude00', "'\\u00fc\\u2028\\ud83d\\ude00'"],
    [undefined, 'undefined'],
    [null, 'null'],
    [true, 'true'],
    [-0.5, '-0.5'],
    [Number.NaN, 'NaN'],
    [12n, '12'],
    [[], 'an empty list'],
    [['secret'], 'a list'],
    [{ secret: 1 }, 'an object'],
    [new Date(0), 'an object'],
    [Symbol('secret'), 'a symbol'],
    [() => 'secret', 'a function'],
    [/^a\/b$/gi, '/^a\\/b$/gi'],
    [/\u2028\u00fc/, '/\\u2028\\u00fc/'],
  ])('%s', (value, quoted) => {
    expect(quote(value)).toBe(quoted)
  })

  it('is cut where it is long', () => {
    expect(quote('x'.repeat(80))).toBe(`'${'x'.repeat(80)}'`)
    expect(quote('x'.repeat(16_384))).toBe(`'${'x'.repeat(80)}...' (16304 more characters)`)
    expect(quote(10n ** 200n)).toBe(`1${'0'.repeat(79)}...`)
    expect(quote(new RegExp('x'.repeat(200)))).toBe(`/${'x'.repeat(79)}...`)
  })
})
