import { beforeEach, describe, expect, it } from 'vitest'
import {
  type BrowserName,
  createPreflightCache,
  type Field,
  type PageRequest,
  type PreflightCache,
  type ReceivedResponse,
  type SentRequest,
  simulate,
} from '../../../src/browser/index.ts'
import { API, BROWSERS, OTHER, PAGE } from '../../tables/browser-requests.ts'

let cache: PreflightCache
let time: number

beforeEach(() => {
  cache = createPreflightCache()
  time = 1000
})

/** The methods that go out for a request, each answered by `grants`. */
function sentBy(
  request: Partial<PageRequest>,
  grants: Readonly<Record<string, string>> = {},
  browser: BrowserName = 'standard',
): readonly string[] {
  const respond = ({ headers }: SentRequest): ReceivedResponse => {
    const origin = headers.find(([name]) => name === 'origin')?.[1] ?? ''
    const granted = Object.entries(grants).map(
      ([name, value]): Field => [`access-control-${name}`, value],
    )
    const basic: readonly Field[] = [
      ['access-control-allow-origin', origin],
      ['access-control-allow-credentials', 'true'],
    ]
    return { status: 204, headers: [...basic, ...granted] }
  }
  const settings = { cache, now: () => time, browser }
  return simulate({ from: PAGE, url: API, ...request }, respond, settings).exchange.map(
    ({ request: { method } }) => method,
  )
}

const PUT = { method: 'PUT' } as const
const ASKED = ['OPTIONS', 'PUT']
const REMEMBERED = ['PUT']
const granting = (age: string): Readonly<Record<string, string>> => ({
  'allow-methods': 'PUT',
  'max-age': age,
})

describe('a CORS-preflight cache', () => {
  it('remembers a method for as long as the server says, and no longer', () => {
    expect(sentBy(PUT, granting('10'))).toEqual(ASKED)
    time += 9_999
    expect(sentBy(PUT)).toEqual(REMEMBERED)
    time += 1
    expect(sentBy(PUT, granting('10'))).toEqual(ASKED)
  })

  it.each([
    ['0', 'standard', ASKED],
    ['-1', 'standard', REMEMBERED],
    ['-1', 'chromium', ASKED],
    ['5.5', 'chromium', REMEMBERED],
    ['"600"', 'standard', REMEMBERED],
    ['600, 600', 'chromium', REMEMBERED],
    ['abc', 'standard', REMEMBERED],
    ['abc', 'firefox', ASKED],
  ] as const)('of age %s in %s sends %j for a second PUT at once', (age, browser, second) => {
    expect(sentBy(PUT, granting(age), browser)).toEqual(ASKED)
    expect(sentBy(PUT, granting(age), browser)).toEqual(second)
  })

  it('remembers for five seconds where the server does not say', () => {
    expect(sentBy(PUT, { 'allow-methods': 'PUT' })).toEqual(ASKED)
    time += 4_999
    expect(sentBy(PUT)).toEqual(REMEMBERED)
    time += 1
    expect(sentBy(PUT, { 'allow-methods': 'PUT' })).toEqual(ASKED)
  })

  it('gives a method that is granted again its new age', () => {
    sentBy(PUT, granting('100'))
    const both = { 'allow-methods': 'PUT,PATCH', 'max-age': '1' }
    expect(sentBy({ method: 'PATCH' }, both)).toEqual(['OPTIONS', 'PATCH'])
    time += 1_000
    expect(sentBy(PUT, granting('100'))).toEqual(ASKED)
  })

  it.each([
    ['another page', { from: 'https://two.example' }],
    ['another URL', { url: OTHER }],
    ['another query', { url: `${API}?a=1` }],
    ['credentials', { credentials: 'include' }],
  ] as const)('does not remember for %s', (_, other) => {
    sentBy(PUT, granting('10'))
    expect(sentBy({ ...PUT, ...other }, granting('10'))).toEqual(ASKED)
  })

  it('remembers what was granted with credentials for requests without', () => {
    sentBy({ ...PUT, credentials: 'include' }, granting('10'))
    expect(sentBy(PUT)).toEqual(REMEMBERED)
    expect(sentBy({ ...PUT, credentials: 'include' })).toEqual(REMEMBERED)
  })

  it('remembers for another fragment of the URL', () => {
    sentBy(PUT, granting('10'))
    expect(sentBy({ ...PUT, url: `${API}#part` })).toEqual(REMEMBERED)
  })

  it('remembers header names in any case', () => {
    const request = { headers: [['X-A', '1']] } as const
    expect(sentBy(request, { 'allow-headers': 'x-A' })).toEqual(['OPTIONS', 'GET'])
    expect(sentBy(request)).toEqual(['GET'])
    const more = { headers: [...request.headers, ['X-B', '1']] } as const
    expect(sentBy(more, { 'allow-headers': 'x-a,x-b' })).toEqual(['OPTIONS', 'GET'])
  })

  it('remembers methods by case', () => {
    sentBy(PUT, { 'allow-methods': 'PUT,PATCH,x' })
    expect(sentBy({ method: 'PATCH' })).toEqual(['PATCH'])
    expect(sentBy({ method: 'X' }, { 'allow-methods': 'X' })).toEqual(['OPTIONS', 'X'])
  })

  it('keeps methods and headers of one name apart', () => {
    sentBy({ method: 'x' }, { 'allow-methods': 'x' })
    sentBy({ headers: [['x', '1']] }, { 'allow-headers': 'x' })
    expect(sentBy({ method: 'x' })).toEqual(['x'])
    expect(sentBy({ headers: [['x', '1']] })).toEqual(['GET'])
  })

  it('keeps what a redirect tainted apart from the page, and from other pages', () => {
    const location = ['location', OTHER] as const
    const respond = ({ preflight, url }: SentRequest): ReceivedResponse => ({
      status: preflight || url === OTHER ? 200 : 307,
      headers: [
        location,
        ['access-control-allow-origin', '*'],
        ['access-control-allow-methods', 'PUT'],
      ],
    })
    const tainted = (): number =>
      simulate({ from: PAGE, url: API, ...PUT }, respond, { cache }).exchange.length
    expect([tainted(), tainted()]).toEqual([4, 2])
    expect(sentBy({ ...PUT, url: OTHER, from: 'null' }, granting('10'))).toEqual(ASKED)
    expect(sentBy({ ...PUT, url: OTHER }, granting('10'))).toEqual(ASKED)
  })

  it('takes wildcards for everything but Authorization', () => {
    const wild = { 'allow-methods': '*', 'allow-headers': '*' }
    sentBy(PUT, wild)
    expect(sentBy({ method: 'DELETE', headers: [['x-a', '1']] })).toEqual(['DELETE'])
    const authorized = { headers: [['Authorization', 'x']] } as const
    const named = { 'allow-headers': 'Authorization' }
    expect(sentBy(authorized, named)).toEqual(['OPTIONS', 'GET'])
  })

  it('takes wildcards for Authorization too, in Chromium', () => {
    sentBy(PUT, { 'allow-methods': '*', 'allow-headers': '*' }, 'chromium')
    const authorized = { headers: [['Authorization', 'x']] } as const
    expect(sentBy(authorized, {}, 'chromium')).toEqual(['GET'])
  })

  it('remembers the method of a request that is always preflighted', () => {
    const request = { alwaysPreflight: true } as const
    expect(sentBy(request)).toEqual(['OPTIONS', 'GET'])
    expect(sentBy(request)).toEqual(['GET'])
  })

  it('remembers nothing of a preflight that fails', () => {
    expect(sentBy(PUT, { 'allow-methods': 'PATCH' })).toEqual(['OPTIONS'])
    const patch = sentBy({ method: 'PATCH' }, { 'allow-methods': 'PATCH' })
    expect(patch).toEqual(['OPTIONS', 'PATCH'])
  })

  it.each([
    ['standard', ASKED],
    ['firefox', ASKED],
    ['safari', REMEMBERED],
    ['chromium', REMEMBERED],
  ] as const)('in %s sends %j after a network error of the request', (browser, second) => {
    sentBy(PUT, granting('10'), browser)
    sentBy({ ...PUT, url: OTHER }, granting('10'), browser)
    const offline = (): ReceivedResponse => {
      throw new Error('offline')
    }
    const request = { from: PAGE, url: API, ...PUT }
    const failed = simulate(request, offline, { cache, now: () => time, browser })
    expect([failed.rule, failed.step]).toEqual(['network', 'response'])
    expect(sentBy(PUT, granting('10'), browser)).toEqual(second)
    expect(sentBy({ ...PUT, url: OTHER }, {}, browser)).toEqual(REMEMBERED)
  })

  it.each([
    ['standard', REMEMBERED],
    ['firefox', REMEMBERED],
    ['safari', ASKED],
    ['chromium', ASKED],
  ] as const)('in %s sends %j after another method was granted', (browser, third) => {
    sentBy(PUT, granting('10'), browser)
    sentBy({ ...PUT, url: OTHER }, granting('10'), browser)
    const patch = { 'allow-methods': 'PATCH', 'max-age': '10' }
    expect(sentBy({ method: 'PATCH' }, patch, browser)).toEqual(['OPTIONS', 'PATCH'])
    expect(sentBy(PUT, granting('10'), browser)).toEqual(third)
    expect(sentBy({ ...PUT, url: OTHER }, {}, browser)).toEqual(REMEMBERED)
  })

  it.each(BROWSERS)('in %s forgets what was granted when a preflight fails', (browser) => {
    sentBy(PUT, granting('10'), browser)
    expect(sentBy({ method: 'PATCH' }, granting('10'), browser)).toEqual(['OPTIONS'])
    expect(sentBy(PUT, granting('10'), browser)).toEqual(ASKED)
  })

  it('forgets nothing after a network error of a request that needs no preflight', () => {
    sentBy(PUT, granting('10'))
    const refused = simulate({ from: PAGE, url: API }, () => ({ status: 200, headers: [] }), {
      cache,
    })
    expect(refused.rule).toBe('allow-origin.missing')
    expect(sentBy(PUT)).toEqual(REMEMBERED)
  })

  it('keeps the newest thousand', () => {
    sentBy(PUT, granting('10'))
    const names = Array.from({ length: 1000 }, (_, index) => `x-${index}`).join()
    const request = { headers: [['x-1', '1']] } as const
    sentBy(request, { 'allow-headers': names })
    expect(sentBy(request)).toEqual(['GET'])
    expect(sentBy(PUT, granting('10'))).toEqual(ASKED)
  })

  it('is empty for each request that is given none', () => {
    const respond = (): ReceivedResponse => ({
      status: 204,
      headers: [
        ['access-control-allow-origin', '*'],
        ['access-control-allow-methods', '*'],
      ],
    })
    const sent = (): number => simulate({ from: PAGE, url: API, ...PUT }, respond).exchange.length
    expect([sent(), sent()]).toEqual([2, 2])
  })

  it('keeps what was granted with credentials, where less is granted without them', () => {
    const included = { ...PUT, credentials: 'include' } as const
    expect(sentBy(included, granting('600'))).toEqual(ASKED)
    const more = { ...PUT, headers: [['x-a', '1']] } as const
    expect(sentBy(more, { ...granting('600'), 'allow-headers': 'x-a' })).toEqual(ASKED)
    expect(sentBy(included)).toEqual(REMEMBERED)
  })

  it('gives both grants of a method its new age, that with credentials and that without', () => {
    const included = { ...PUT, credentials: 'include' } as const
    sentBy(PUT, granting('600'))
    expect(sentBy(included, granting('600'))).toEqual(ASKED)
    const more = { ...PUT, headers: [['x-a', '1']] } as const
    sentBy(more, { ...granting('10'), 'allow-headers': 'x-a' })
    time += 9_999
    expect(sentBy(included)).toEqual(REMEMBERED)
    expect(sentBy(PUT)).toEqual(REMEMBERED)
    time += 1
    expect(sentBy(included, granting('10'))).toEqual(ASKED)
  })

  it('does not take a grant that is over for one with credentials', () => {
    const included = { ...PUT, credentials: 'include' } as const
    sentBy(included, granting('10'))
    time += 10_000
    expect(sentBy(PUT, granting('600'))).toEqual(ASKED)
    expect(sentBy(included, granting('600'))).toEqual(ASKED)
  })

  it('gives a grant its new age from now on, not from when it was made', () => {
    sentBy(PUT, granting('10'))
    time += 8_000
    const more = { ...PUT, headers: [['x-a', '1']] } as const
    expect(sentBy(more, { ...granting('10'), 'allow-headers': 'x-a' })).toEqual(ASKED)
    time += 9_999
    expect(sentBy(PUT)).toEqual(REMEMBERED)
    time += 1
    expect(sentBy(PUT, granting('10'))).toEqual(ASKED)
  })

  it('gives a wildcard the new age of a method that it matches', () => {
    sentBy(PUT, { 'allow-methods': '*', 'max-age': '600' })
    const more = { ...PUT, headers: [['x-a', '1']] } as const
    sentBy(more, { 'allow-methods': 'PUT', 'allow-headers': 'x-a', 'max-age': '1' })
    expect(sentBy({ method: 'DELETE' })).toEqual(['DELETE'])
    time += 1_000
    expect(sentBy({ method: 'DELETE' }, { 'allow-methods': '*' })).toEqual(['OPTIONS', 'DELETE'])
  })

  it('gives a wildcard the new age of a header that it matches', () => {
    const withA = { headers: [['x-a', '1']] } as const
    const withB = { headers: [['x-b', '1']] } as const
    sentBy(withA, { 'allow-headers': '*', 'max-age': '600' })
    sentBy({ ...PUT, ...withA }, { ...granting('1'), 'allow-headers': 'x-a' })
    expect(sentBy(withB)).toEqual(['GET'])
    time += 1_000
    expect(sentBy(withB, { 'allow-headers': '*' })).toEqual(['OPTIONS', 'GET'])
  })

  it('keeps a method beside a wildcard that is granted later', () => {
    sentBy(PUT, granting('600'))
    sentBy({ method: 'DELETE' }, { 'allow-methods': '*', 'max-age': '1' })
    time += 1_000
    expect(sentBy(PUT)).toEqual(REMEMBERED)
    expect(sentBy({ method: 'DELETE' }, { 'allow-methods': '*' })).toEqual(['OPTIONS', 'DELETE'])
  })

  describe.each([
    // A wildcard that was granted to: requests without credentials, and with; and what is asked then.
    ['standard', { without: 'PUT', with: 'PUT', less: 'PUT' }],
    ['chromium', { without: 'PUT', with: 'OPTIONS', less: 'OPTIONS' }],
    ['safari', { without: 'PUT', with: 'OPTIONS', less: 'PUT' }],
    ['firefox', { without: 'OPTIONS', with: 'OPTIONS', less: 'OPTIONS' }],
  ] as const)('in %s', (browser, first) => {
    const included = { credentials: 'include' } as const
    const withA = { headers: [['x-a', '1']] } as const
    const wild = { 'allow-methods': '*', 'allow-headers': 'x-a', 'max-age': '600' }

    it('remembers a wildcard for requests without credentials', () => {
      sentBy(withA, wild, browser)
      expect(sentBy(PUT, granting('600'), browser)[0]).toBe(first.without)
    })

    it('remembers a wildcard of a grant with credentials, for requests with', () => {
      sentBy({ ...withA, ...included }, wild, browser)
      expect(sentBy({ ...PUT, ...included }, granting('600'), browser)[0]).toBe(first.with)
    })

    it('remembers a wildcard of a grant with credentials, for requests without', () => {
      sentBy({ ...withA, ...included }, wild, browser)
      expect(sentBy(PUT, granting('600'), browser)[0]).toBe(first.less)
    })
  })
})
