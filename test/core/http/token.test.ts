import { describe, expect, it } from 'vitest'
import { isFieldValue, isToken } from '../../../src/http/token.ts'

const CODES = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code))

describe('a token', () => {
  it('is made of the characters of RFC 9110, and no others', () => {
    const allowed = CODES.filter((character) => isToken(character)).join('')
    expect(allowed).toBe(
      "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~",
    )
  })

  it('is not empty, and is a token throughout', () => {
    expect(isToken('')).toBe(false)
    expect(isToken('x-a')).toBe(true)
    expect(isToken('x-a ')).toBe(false)
    expect(isToken('x a')).toBe(false)
    expect(isToken('x\ud83d\ude00')).toBe(false)
  })
})

describe('a field value', () => {
  it('is made of visible ASCII, spaces and tabs', () => {
    const allowed = CODES.filter((character) => isFieldValue(`a${character}a`)).join('')
    const visible = Array.from({ length: 0x5f }, (_, index) => String.fromCharCode(0x20 + index))
    expect(allowed).toBe(`\t${visible.join('')}`)
  })

  it.each(['', ' ', ' a', 'a\t', 'a\r\nb'])('%j is none', (text) => {
    expect(isFieldValue(text)).toBe(false)
  })
})
