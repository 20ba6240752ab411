import { describe, expect, it } from 'vitest'
import { corsCheck, HINTS, RULES } from '../../../src/browser/index.ts'
import { PAGE } from '../../tables/browser-requests.ts'
import { CORS_CHECKS } from '../../tables/browser-responses.ts'

describe('the CORS check', () => {
  it.each(CORS_CHECKS)('$title', (row) => {
    const { from = PAGE, credentialed = false, status = 200, headers, rule, hint } = row
    const credentials = credentialed ? 'include' : 'same-origin'
    const broken = corsCheck({ from, credentials }, { status, headers })
    expect([broken?.rule, broken?.hint]).toEqual([rule, hint])
    const fix = rule === undefined ? undefined : RULES[rule].fix
    expect(broken?.fix).toBe(hint === undefined ? fix : HINTS[hint])
  })

  it('says what is there, and what would have to be', () => {
    const slash = [['access-control-allow-origin', `${PAGE}/`]] as const
    expect(corsCheck({ from: PAGE }, { status: 200, headers: slash })).toEqual({
      rule: 'allow-origin.mismatch',
      message:
        "Access-Control-Allow-Origin is 'https://app.example/', but the page's origin is 'https://app.example'",
      header: 'access-control-allow-origin',
      expected: PAGE,
      actual: `${PAGE}/`,
      hint: 'trailing-slash',
      fix: 'Remove the slash at the end: an origin has none.',
    })
  })

  it('says what is missing', () => {
    expect(corsCheck({ from: PAGE }, { status: 200, headers: [] })).toEqual({
      rule: 'allow-origin.missing',
      message:
        "the response has no Access-Control-Allow-Origin; the page's origin is 'https://app.example'",
      header: 'access-control-allow-origin',
      expected: PAGE,
      fix: RULES['allow-origin.missing'].fix,
    })
  })

  it('says what credentials need', () => {
    const origin = ['access-control-allow-origin', PAGE] as const
    const request = { from: PAGE, credentials: 'include' } as const
    expect(corsCheck(request, { status: 200, headers: [origin] })).toEqual({
      rule: 'allow-credentials.missing',
      message:
        'the response has no Access-Control-Allow-Credentials, and the request has credentials',
      header: 'access-control-allow-credentials',
      expected: 'true',
      fix: RULES['allow-credentials.missing'].fix,
    })
    const value = ['access-control-allow-credentials', 'TRUE'] as const
    expect(corsCheck(request, { status: 200, headers: [origin, value] })).toEqual({
      rule: 'allow-credentials.value',
      message: "Access-Control-Allow-Credentials is 'TRUE', but not 'true'",
      header: 'access-control-allow-credentials',
      expected: 'true',
      actual: 'TRUE',
      hint: 'letter-case',
      fix: HINTS['letter-case'],
    })
  })

  it('quotes what a server says of its refusal', () => {
    const headers = [['crossgate-refusal', 'origin-refused: nobody knows it']] as const
    expect(corsCheck({ from: PAGE }, { status: 403, headers })?.message).toBe(
      "the response has no Access-Control-Allow-Origin; the page's origin is 'https://app.example'; the server says: origin-refused: nobody knows it",
    )
    const shared = [...headers, ['access-control-allow-origin', '*']] as const
    expect(corsCheck({ from: PAGE }, { status: 403, headers: shared })).toBeUndefined()
  })

  it.each([
    ['empty', '', ''],
    ['long', 'x'.repeat(500), `; the server says: ${'x'.repeat(200)}...`],
    [
      'not printable',
      'a\u001b\n'.repeat(100),
      `; the server says: ${'a\\u001b\\u000a'.repeat(100).slice(0, 200)}...`,
    ],
  ])('bounds and escapes a refusal that is %s', (_, value, shown) => {
    const headers = [['crossgate-refusal', value]] as const
    expect(corsCheck({ from: PAGE }, { status: 403, headers })?.message).toBe(
      `the response has no Access-Control-Allow-Origin; the page's origin is '${PAGE}'${shown}`,
    )
  })

  it('prints nothing unescaped, and not much of it', () => {
    const value = `\u001b[31m\n${'x'.repeat(500)}`
    const headers = [['access-control-allow-origin', value]] as const
    const message = corsCheck({ from: PAGE }, { status: 200, headers })?.message ?? ''
    expect(message).toMatch(/^[ -~]{1,250}$/)
    expect(message).toContain('\\u001b[31m\\u000a')
  })
})
