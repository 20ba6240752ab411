import { describe, expect, it } from 'vitest'
import {
  type BrowserName,
  needsPreflight,
  type PageRequest,
  preflightOf,
} from '../../../src/browser/index.ts'
import {
  API,
  FORBIDDEN,
  HEADERS,
  IMPOSSIBLE,
  METHODS,
  PAGE,
  type PageOptions,
} from '../../tables/browser-requests.ts'

const request = (options: PageOptions): PageRequest => ({ from: PAGE, url: API, ...options })

/** What the preflight asks for, besides the method; `false` where there is no preflight. */
function askedHeaders(options: PageOptions, browser?: BrowserName): string | undefined | false {
  const preflight = preflightOf(request(options), browser)
  if (preflight === undefined) return false
  return preflight.headers.find(([name]) => name === 'access-control-request-headers')?.[1]
}

describe('CORS-unsafe request-header names', () => {
  describe.each(['standard', 'chromium', 'firefox', 'safari'] as const)('in %s', (browser) => {
    it.each(HEADERS)('$title', ({ headers, asked }) => {
      expect(askedHeaders({ headers }, browser)).toBe(asked[browser] ?? false)
    })
  })

  it('leave out what a page cannot set', () => {
    expect(askedHeaders({ headers: FORBIDDEN })).toBe(false)
    expect(askedHeaders({ method: 'PUT', headers: FORBIDDEN })).toBeUndefined()
  })

  it('name a method override that names no forbidden method', () => {
    const headers = [['X-HTTP-Method-Override', 'PUT, TRACES']] as const
    expect(askedHeaders({ headers })).toBe('x-http-method-override')
  })
})

describe('normalize a method, and CORS-safelisted method', () => {
  it.each(METHODS)('%s goes out as %s', (method, sent, isAsked) => {
    expect(needsPreflight(request({ method }))).toBe(isAsked)
    const preflight = preflightOf(request({ method, alwaysPreflight: true }))
    expect(preflight?.headers).toContainEqual(['access-control-request-method', sent])
  })
})

describe('a body that is a stream', () => {
  it('is asked for always, of whatever method', () => {
    expect(needsPreflight(request({ method: 'POST', streamBody: true }))).toBe(true)
    expect(needsPreflight(request({ method: 'POST', body: 'x', streamBody: true }))).toBe(true)
    expect(needsPreflight(request({ method: 'POST', body: 'x', streamBody: false }))).toBe(false)
  })

  it('is not asked for within the own origin', () => {
    const own = { from: PAGE, url: `${PAGE}/items`, method: 'POST', streamBody: true }
    expect(needsPreflight(own)).toBe(false)
  })
})

describe('the CORS-preflight request', () => {
  it('has these fields and nothing more', () => {
    const options = { method: 'put', headers: [['X-A', '1']], credentials: 'include' } as const
    expect(preflightOf(request({ ...options, body: 'x' }))).toEqual({
      preflight: true,
      method: 'OPTIONS',
      url: API,
      headers: [
        ['accept', '*/*'],
        ['access-control-request-method', 'PUT'],
        ['access-control-request-headers', 'x-a'],
        ['origin', PAGE],
      ],
      credentials: false,
    })
  })

  it('asks for no headers where there are none to ask for', () => {
    expect(preflightOf(request({ alwaysPreflight: true }))?.headers).toEqual([
      ['accept', '*/*'],
      ['access-control-request-method', 'GET'],
      ['origin', PAGE],
    ])
  })

  it('is for the whole URL but its fragment', () => {
    const made = preflightOf({ from: PAGE, url: `${API}?a=1#b`, method: 'PUT' })
    expect(made?.url).toBe(`${API}?a=1`)
  })

  it('is made for a page whose origin is opaque', () => {
    const made = preflightOf({ from: 'null', url: API, method: 'PUT' })
    expect(made?.headers).toContainEqual(['origin', 'null'])
  })

  it.each([
    ['to the own origin', { url: `${PAGE}/items` }],
    ['in mode no-cors', { mode: 'no-cors', method: 'POST', headers: [['x-a', '1']] }],
    ['in mode same-origin', { mode: 'same-origin' }],
    ...IMPOSSIBLE.map((row) => [`for ${row.title}`, row.request] as const),
  ] as const)('is not made %s', (_, part: Partial<PageRequest>) => {
    const unsafe = { from: PAGE, url: API, alwaysPreflight: true }
    expect(needsPreflight({ ...unsafe, ...part })).toBe(false)
  })

  it('is frozen', () => {
    const preflight = preflightOf(request({ method: 'PUT' }))
    expect(Object.isFrozen(preflight)).toBe(true)
    expect(Object.isFrozen(preflight?.headers)).toBe(true)
    expect(preflight?.headers.every((field) => Object.isFrozen(field))).toBe(true)
  })

  it('is made by a browser that is known', () => {
    const browser = 'toString' as BrowserName
    expect(() => needsPreflight(request({}), browser)).toThrow(
      new TypeError("browser is 'toString'; give one of standard, chromium, firefox, safari"),
    )
  })
})
