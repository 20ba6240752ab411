import { describe, expect, it } from 'vitest'
import {
  corsCheck,
  createPreflightCache,
  needsPreflight,
  originOf,
  preflightCheck,
  preflightMaxAge,
  preflightOf,
  type ReceivedResponse,
  simulate,
  visibleHeaders,
} from '../../../src/browser/index.ts'
import { API, PAGE } from '../../tables/browser-requests.ts'

/** What users of JavaScript give. */
type Any = never

const GET = { from: PAGE, url: API }
const OK: ReceivedResponse = { status: 200, headers: [['access-control-allow-origin', '*']] }
const PAIRS = "give a list of pairs, as [['x-request-id', '1']]"
const RESPONSE = 'give { status: 200, headers: [] }, with a pair for each line'

const REQUESTS: readonly (readonly [request: unknown, message: string])[] = [
  [undefined, "request is undefined; give { from: 'https://app.example.com', url }"],
  [API, `request is '${API}'; give { from: 'https://app.example.com', url }`],
  [
    { url: API },
    "request.from is undefined; give the origin of the page, as 'https://app.example.com'",
  ],
  [
    { from: PAGE },
    "request.url is undefined; give an absolute URL as a string, as 'https://api.example.com/items'",
  ],
  [
    { from: PAGE, url: new URL(API) },
    "request.url is an object; give an absolute URL as a string, as 'https://api.example.com/items'",
  ],
  [{ ...GET, method: 1 }, "request.method is 1; give a string, as 'PUT'"],
  [{ ...GET, method: null }, "request.method is null; give a string, as 'PUT'"],
  [
    { ...GET, credentials: true },
    "request.credentials is true; give one of 'omit', 'same-origin', 'include'",
  ],
  [
    { ...GET, mode: 'navigate' },
    "request.mode is 'navigate'; give one of 'cors', 'no-cors', 'same-origin'",
  ],
  [
    { ...GET, redirect: 'Follow' },
    "request.redirect is 'Follow'; give one of 'follow', 'error', 'manual'",
  ],
  [
    { ...GET, method: 'POST', body: { a: 1 } },
    'request.body is an object; give a string, as of JSON.stringify, or streamBody: true',
  ],
  [{ ...GET, streamBody: 'half' }, "request.streamBody is 'half'; give true or false"],
  [{ ...GET, alwaysPreflight: 1 }, 'request.alwaysPreflight is 1; give true or false'],
  [{ ...GET, headers: 'x-a: 1' }, `request.headers is 'x-a: 1'; ${PAIRS}`],
  [
    { ...GET, headers: { 'x-a': '1' } },
    `request.headers is an object; ${PAIRS}; Object.entries(headers) makes one`,
  ],
  [
    { ...GET, headers: new Headers({ 'x-a': '1' }) },
    `request.headers is an object; ${PAIRS}; [...headers] makes one`,
  ],
  [
    { ...GET, headers: new Map([['x-a', '1']]) },
    `request.headers is an object; ${PAIRS}; [...headers] makes one`,
  ],
  [{ ...GET, headers: ['x-a', '1'] }, `request.headers[0] is 'x-a'; ${PAIRS}`],
  [{ ...GET, headers: [['x-a']] }, `request.headers[0] has 1 parts; ${PAIRS}`],
  [{ ...GET, headers: [['x-a', '1', '2']] }, `request.headers[0] has 3 parts; ${PAIRS}`],
  [
    {
      ...GET,
      headers: [
        ['x-a', '1'],
        [7, '1'],
      ],
    },
    'request.headers[1][0] is 7; give a name, which is a string',
  ],
  [
    { ...GET, headers: [['x-a', 1]] },
    'request.headers[0][1] is 1; give a string, as of String(value)',
  ],
  [
    { ...GET, headers: [['x-a', ['1', '2']]] },
    'request.headers[0][1] is a list; give a pair for each line',
  ],
  [
    { ...GET, trustworthy: 'http://a.test' },
    "request.trustworthy is 'http://a.test'; give a list, each an origin as browsers send it, as 'http://staging.example.com'",
  ],
  [
    { ...GET, trustworthy: ['http://a.test/'] },
    "request.trustworthy[0] is 'http://a.test/'; give an origin as browsers send it, as 'http://staging.example.com'",
  ],
]

const RESPONSES: readonly (readonly [response: unknown, message: string])[] = [
  [undefined, ` is undefined; ${RESPONSE}`],
  [null, ` is null; ${RESPONSE}`],
  [200, ` is 200; ${RESPONSE}`],
  [
    new Response('hello', { headers: { 'x-a': '1' } }),
    ' is a Fetch Response; give { status: response.status, headers: [...response.headers] }',
  ],
  [{ headers: [] }, '.status is undefined; give a whole number, as 200'],
  [{ status: '200', headers: [] }, ".status is '200'; give a whole number, as 200"],
  [{ status: 200.5, headers: [] }, '.status is 200.5; give a whole number, as 200'],
  [{ status: Number.NaN, headers: [] }, '.status is NaN; give a whole number, as 200'],
  [{ status: 200 }, `.headers is undefined; ${PAIRS}`],
  [
    { status: 200, headers: { vary: 'Origin' } },
    `.headers is an object; ${PAIRS}; Object.entries(headers) makes one`,
  ],
  [
    { status: 200, headers: new Headers() },
    `.headers is an object; ${PAIRS}; [...headers] makes one`,
  ],
  [{ status: 200, headers: ['vary', 'Origin'] }, `.headers[0] is 'vary'; ${PAIRS}`],
  [
    { status: 200, headers: [['set-cookie', ['a=1', 'b=2']]] },
    '.headers[0][1] is a list; give a pair for each line',
  ],
  [
    { status: 200, headers: [['content-length', 5]] },
    '.headers[0][1] is 5; give a string, as of String(value)',
  ],
  [
    { status: 200, headers: [], body: { a: 1 } },
    '.body is an object; give a string, as of await response.text()',
  ],
]

describe('a request of a wrong type', () => {
  describe.each(REQUESTS)('%#: %j', (request, message) => {
    it('is no request of a simulation, which sends nothing', () => {
      let sent = 0
      const respond = (): ReceivedResponse => {
        sent += 1
        return OK
      }
      expect(() => simulate(request as Any, respond)).toThrow(new TypeError(message))
      expect(sent).toBe(0)
    })

    it('needs no preflight: there is none', () => {
      expect(() => needsPreflight(request as Any)).toThrow(new TypeError(message))
      expect(() => preflightOf(request as Any)).toThrow(new TypeError(message))
    })
  })

  it('is told of by each check, by what it looks at', () => {
    const unnamed = new TypeError(
      "request.from is undefined; give the origin of the page, as 'https://app.example.com'",
    )
    expect(() => corsCheck({} as Any, OK)).toThrow(unnamed)
    expect(() => preflightCheck({ method: 'PUT' } as Any, OK)).toThrow(unnamed)
    const credentials = new TypeError(
      "request.credentials is true; give one of 'omit', 'same-origin', 'include'",
    )
    expect(() => corsCheck({ from: PAGE, credentials: true as Any }, OK)).toThrow(credentials)
    expect(() => visibleHeaders({ credentials: true as Any }, OK)).toThrow(credentials)
    expect(() => preflightCheck({ from: PAGE, streamBody: 1 as Any }, OK)).toThrow(
      new TypeError('request.streamBody is 1; give true or false'),
    )
    expect(() => preflightCheck({ from: PAGE, headers: {} as Any }, OK)).toThrow(TypeError)
  })

  it('is quoted, shortened and escaped', () => {
    const mode = `\u001b${'x'.repeat(500)}` as Any
    expect(() => simulate({ ...GET, mode }, () => OK)).toThrow(
      new TypeError(
        `request.mode is '\\u001b${'x'.repeat(79)}...' (421 more characters); give one of 'cors', 'no-cors', 'same-origin'`,
      ),
    )
  })

  it('may leave out all that has a default', () => {
    const absent = { method: undefined, headers: undefined, body: undefined, mode: undefined }
    const request = { ...GET, ...absent, trustworthy: undefined, streamBody: undefined }
    expect(simulate(request, () => OK).readable).toBe(true)
  })
})

describe('a response of a wrong type', () => {
  describe.each(RESPONSES)('%#: %j', (response, message) => {
    it('is no answer', () => {
      expect(() => simulate(GET, () => response as Any)).toThrow(new TypeError(`answer${message}`))
    })

    it('is no answer later', async () => {
      const later = simulate(GET, async () => response as Any)
      await expect(later).rejects.toThrow(new TypeError(`answer${message}`))
    })

    it('is not checked', () => {
      const error = new TypeError(`response${message}`)
      expect(() => corsCheck(GET, response as Any)).toThrow(error)
      expect(() => preflightCheck(GET, response as Any)).toThrow(error)
      expect(() => preflightMaxAge(response as Any)).toThrow(error)
      expect(() => visibleHeaders({}, response as Any)).toThrow(error)
    })
  })

  it('may be a promise that nobody awaits', () => {
    const error = new TypeError('response is a promise; await it')
    expect(() => corsCheck(GET, Promise.resolve(OK) as Any)).toThrow(error)
  })

  it('may come behind a preflight', () => {
    const respond = ({ preflight }: { preflight: boolean }) =>
      preflight
        ? { status: 204, headers: [...OK.headers, ['access-control-allow-methods', 'PUT']] }
        : new Response('hello')
    expect(() => simulate({ ...GET, method: 'PUT' }, respond as Any)).toThrow(
      /^answer is a Fetch Response; /,
    )
  })

  it('converts as the error says', () => {
    const response = new Response('hello', { headers: { 'Access-Control-Allow-Origin': '*' } })
    const converted = { status: response.status, headers: [...response.headers] }
    expect(simulate(GET, () => converted).readable).toBe(true)
  })
})

describe('what else is of a wrong type', () => {
  it.each([
    [undefined, 'undefined'],
    [OK, 'an object'],
    [Promise.resolve(OK), 'an object'],
  ])('%#: cannot answer', (respond, shown) => {
    const fix = 'give a function that takes a request and returns { status, headers }'
    expect(() => simulate(GET, respond as Any)).toThrow(
      new TypeError(`respond is ${shown}; ${fix}`),
    )
  })

  it.each([
    ['chromium', "settings is 'chromium'; give { browser: 'chromium' }, or nothing"],
    [null, "settings is null; give { browser: 'chromium' }, or nothing"],
    [{ browser: 'chrome' }, "browser is 'chrome'; give one of standard, chromium, firefox, safari"],
    [{ browser: null }, 'browser is null; give one of standard, chromium, firefox, safari'],
    [{ cache: 'default' }, "settings.cache is 'default'; make one with createPreflightCache()"],
    [{ cache: new Map() }, 'settings.cache is an object; make one with createPreflightCache()'],
    [{ now: 5 }, 'settings.now is 5; give a function, as () => Date.now()'],
  ])('%#: is no setting', (settings, message) => {
    expect(() => simulate(GET, () => OK, settings as Any)).toThrow(new TypeError(message))
  })

  it.each([
    [undefined, 'undefined'],
    ['today', "'today'"],
    [new Date(0), 'an object'],
    [Number.NaN, 'NaN'],
  ])('%#: is no time', (time, shown) => {
    const settings = { now: () => time as Any, cache: createPreflightCache() }
    expect(() => simulate({ ...GET, method: 'PUT' }, () => OK, settings)).toThrow(
      new TypeError(
        `the result of settings.now() is ${shown}; return milliseconds, as Date.now() does`,
      ),
    )
  })

  it('is no browser, whoever is asked', () => {
    const error = new TypeError('browser is 7; give one of standard, chromium, firefox, safari')
    expect(() => preflightMaxAge(OK, 7 as Any)).toThrow(error)
    expect(() => preflightCheck(GET, OK, 7 as Any)).toThrow(error)
    expect(() => preflightOf(GET, 7 as Any)).toThrow(error)
  })

  it('is no response tainting', () => {
    expect(() => visibleHeaders({}, OK, 'error' as Any)).toThrow(
      new TypeError("tainting is 'error'; give one of 'basic', 'cors', 'opaque'"),
    )
  })

  it('has no origin', () => {
    expect(() => originOf(new URL(API) as Any)).toThrow(
      new TypeError("url is an object; give an absolute URL, as 'https://app.example.com/login'"),
    )
  })
})
