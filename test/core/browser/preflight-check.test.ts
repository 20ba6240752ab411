import { describe, expect, it } from 'vitest'
import {
  type Field,
  preflightCheck,
  preflightMaxAge,
  type ReceivedResponse,
} from '../../../src/browser/index.ts'
import { MAX_AGES, PREFLIGHT_CHECKS, UNSHARED } from '../../tables/browser-preflights.ts'
import { PAGE } from '../../tables/browser-requests.ts'

const GRANTED: readonly Field[] = [
  ['Access-Control-Allow-Origin', PAGE],
  ['Access-Control-Allow-Credentials', 'true'],
]

describe('CORS-preflight fetch', () => {
  describe.each(['standard', 'chromium', 'firefox', 'safari'] as const)('in %s', (browser) => {
    it.each(PREFLIGHT_CHECKS)('$title', ({ request, status = 204, headers = [], rule, others }) => {
      const answer = { status, headers: [...GRANTED, ...headers] }
      const broken = preflightCheck({ from: PAGE, ...request }, answer, browser)
      const expected = others?.[browser] ?? rule ?? 'granted'
      expect(broken?.rule ?? 'granted').toBe(expected)
    })
  })

  it.each(PREFLIGHT_CHECKS.filter(({ rule }) => rule !== undefined))('tells of $title', (row) => {
    const { request, status = 204, headers = [], hint, expected, actual } = row
    const answer = { status, headers: [...GRANTED, ...headers] }
    const broken = preflightCheck({ from: PAGE, ...request }, answer)
    expect([broken?.hint, broken?.expected, broken?.actual]).toEqual([hint, expected, actual])
  })

  it.each([
    ['no origin', [], 'allow-origin.missing'],
    [
      'any origin',
      [['access-control-allow-origin', '*']],
      'allow-origin.wildcard-with-credentials',
    ],
    ['no credentials', [['access-control-allow-origin', PAGE]], 'allow-credentials.missing'],
  ] as const)('begins with the CORS check: %s', (_, headers, rule) => {
    const request = { from: PAGE, method: 'PUT', credentials: 'include' } as const
    expect(preflightCheck(request, { status: 500, headers })?.rule).toBe(rule)
  })

  it.each(UNSHARED)('says by the status who answered without a header: %j', (row) => {
    const { status, from = PAGE, hint } = row
    const broken = preflightCheck({ from, method: 'PUT' }, { status, headers: [] })
    expect([broken?.rule, broken?.hint]).toEqual(['allow-origin.missing', hint])
  })

  it('quotes what a server says of its refusal, once', () => {
    const said = 'method-refused: PUT is not listed'
    const refusal = ['Crossgate-Refusal', said] as const
    const put = { from: PAGE, method: 'PUT' }
    expect(preflightCheck(put, { status: 403, headers: [refusal] })?.message).toBe(
      `the response has no Access-Control-Allow-Origin; the page's origin is '${PAGE}'; the server says: ${said}`,
    )
    expect(preflightCheck(put, { status: 204, headers: [...GRANTED, refusal] })?.message).toBe(
      `Access-Control-Allow-Methods is absent, which does not grant 'PUT'; the server says: ${said}`,
    )
    const granted = [...GRANTED, ['access-control-allow-methods', 'PUT'] as const, refusal]
    expect(preflightCheck(put, { status: 204, headers: granted })).toBeUndefined()
  })

  it.each([
    [404, [], 'the answer to the preflight has status 404, not 200 to 299'],
    [
      204,
      [['access-control-allow-methods', 'GET, PO ST']],
      "Access-Control-Allow-Methods holds 'PO ST', which is no name",
    ],
    [
      204,
      [['access-control-allow-methods', 'GET']],
      "Access-Control-Allow-Methods is 'GET', which does not grant 'PUT'",
    ],
    [204, [], "Access-Control-Allow-Methods is absent, which does not grant 'PUT'"],
  ] as const)('with status %s and %j says why it fails', (status, headers, message) => {
    const answer = { status, headers: [...GRANTED, ...headers] }
    expect(preflightCheck({ from: PAGE, method: 'PUT' }, answer)?.message).toBe(message)
  })
})

describe('the age of a preflight', () => {
  describe.each(['standard', 'chromium', 'firefox', 'safari'] as const)('in %s', (browser) => {
    it.each(MAX_AGES)('from %j', (lines, seconds) => {
      const headers = lines.map((line): Field => ['Access-Control-Max-Age', line])
      const response: ReceivedResponse = { status: 204, headers }
      expect(preflightMaxAge(response, browser)).toBe(seconds[browser])
    })
  })
})
