import { describe, expect, it } from 'vitest'
import { type BrowserName, needsPreflight, RULES, simulate } from '../../../src/browser/index.ts'
import {
  API,
  BAD_PORTS,
  FORBIDDEN,
  GOOD_PORTS,
  IMPOSSIBLE,
  PAGE,
  PORTS_OPEN_IN_CHROMIUM,
  SENT,
  TRUSTWORTHY,
} from '../../tables/browser-requests.ts'

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
    expect([verdict.hint, verdict.fix]).toEqual([undefined, RULES[rule].fix])
  })
})

describe('block bad port', () => {
  const sent = (port: number, browser?: BrowserName): number => {
    const request = { from: PAGE, url: `https://api.example:${port}/` }
    return simulate(request, () => answer, { browser }).exchange.length
  }

  it.each(GOOD_PORTS)('lets a request to port %s go', (port) => {
    expect(sent(port)).toBe(1)
  })

  it('blocks the ports of the table, and no others', () => {
    const ports = Array.from({ length: 65_536 }, (_, port) => port)
    expect(ports.filter((port) => sent(port) === 0)).toEqual(BAD_PORTS)
  })

  it.each(['firefox', 'safari'] as const)('blocks all of them in %s', (browser) => {
    expect(BAD_PORTS.filter((port) => sent(port, browser) > 0)).toEqual([])
  })

  it('leaves two of them open in Chromium', () => {
    expect(BAD_PORTS.filter((port) => sent(port, 'chromium') > 0)).toEqual(PORTS_OPEN_IN_CHROMIUM)
  })
})

describe('mixed content', () => {
  const sent = (request: object): readonly string[] =>
    simulate({ from: PAGE, url: API, ...request }, () => answer).exchange.map(
      ({ request: { url } }) => url,
    )

  it.each(TRUSTWORTHY)('is not %s, which is on this machine', (url) => {
    expect(sent({ url })).toHaveLength(1)
  })

  it.each(['http://app.example', 'http://localhost:5173', 'null', 'capacitor://localhost'])(
    'is not there for a page at %s, which is not of https',
    (from) => {
      expect(sent({ from, url: 'http://api.example/' })).toHaveLength(1)
    },
  )

  it('is not what the browser takes for trustworthy', () => {
    const url = 'http://target.test:80/items'
    expect(sent({ url, trustworthy: ['http://other.test', 'http://target.test'] })).toHaveLength(1)
    expect(sent({ url, trustworthy: ['http://target.test:8080'] })).toHaveLength(0)
  })

  it('needs no preflight: nothing is sent', () => {
    const request = { from: PAGE, url: 'http://api.example/', method: 'PUT' }
    expect(needsPreflight(request)).toBe(false)
    expect(needsPreflight({ ...request, trustworthy: ['http://api.example'] })).toBe(true)
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
