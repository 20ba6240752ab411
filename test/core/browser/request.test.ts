import { describe, expect, it } from 'vitest'
import { simulate } from '../../../src/browser/index.ts'
import { API, FORBIDDEN, IMPOSSIBLE, PAGE, SENT } from '../../tables/browser-requests.ts'

const answer = { status: 200, headers: [] } as const

describe('a request that no page can make', () => {
  it.each(IMPOSSIBLE)('$title', ({ request, rule, message }) => {
    const verdict = simulate({ from: PAGE, url: API, ...request }, () => {
      throw new Error('nothing may be sent')
    })
    const { readable, type, step, headers, exchange } = verdict
    expect({ readable, type, step, headers, exchange }).toEqual({
      readable: false,
      type: 'error',
      step: 'request',
      headers: [],
      exchange: [],
    })
    expect([verdict.rule, verdict.message]).toEqual([rule, message])
  })
})

describe('append a request Origin header, and includeCredentials', () => {
  it.each(SENT)('$title', ({ request, origin, credentials }) => {
    const [first] = simulate({ from: PAGE, url: API, ...request }, () => answer).exchange
    expect(first?.request.preflight).toBe(false)
    expect(first?.request.headers).toEqual(origin === undefined ? [] : [['origin', origin]])
    expect(first?.request.credentials).toBe(credentials)
  })
})

describe('the request itself', () => {
  const sent = (request: object) =>
    simulate({ from: PAGE, url: `${PAGE}/items`, ...request }, () => answer).exchange[0]?.request

  it('has the fields of the page by lower-case name, without white space around values', () => {
    const headers = [
      ['X-A', ' \t1\r\n'],
      ['x-a', '2'],
    ]
    expect(sent({ headers, method: 'POST', body: 'x' })).toEqual({
      preflight: false,
      method: 'POST',
      url: `${PAGE}/items`,
      headers: [
        ['x-a', '1'],
        ['x-a', '2'],
        ['origin', PAGE],
      ],
      credentials: true,
      body: 'x',
    })
  })

  it('has none that a page cannot set (forbidden request-header)', () => {
    expect(sent({ headers: FORBIDDEN })).toEqual({
      preflight: false,
      method: 'GET',
      url: `${PAGE}/items`,
      headers: [],
      credentials: true,
    })
  })

  it('has safelisted ones only in mode no-cors (no-CORS-safelisted request-header)', () => {
    const headers = [
      ['Accept', 'text/html'],
      ['Content-Type', 'application/json'],
      ['Range', 'bytes=0-'],
      ['X-A', '1'],
    ]
    expect(sent({ headers, url: API, mode: 'no-cors' })?.headers).toEqual([['accept', 'text/html']])
  })
})
