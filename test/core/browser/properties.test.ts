import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  type BrowserName,
  type Field,
  type PageRequest,
  type ReceivedResponse,
  RULES,
  simulate,
} from '../../../src/browser/index.ts'
import { API, OTHER, PAGE } from '../../tables/browser-requests.ts'

const HTTP = 'http://api.example/items'

const name = fc.constantFrom(
  'Access-Control-Allow-Origin',
  'Access-Control-Allow-Credentials',
  'Access-Control-Allow-Methods',
  'Access-Control-Allow-Headers',
  'Access-Control-Expose-Headers',
  'Access-Control-Max-Age',
  'Set-Cookie',
  'SET-COOKIE2',
  'Location',
  'Vary',
  'Crossgate-Refusal',
  'Cross-Origin-Resource-Policy',
  'X-One',
)
const value = fc.oneof(
  fc.constantFrom(
    '*',
    PAGE,
    'null',
    'true',
    'PUT',
    'x-a',
    'set-cookie',
    '5',
    API,
    OTHER,
    '/back',
    HTTP,
    'same-origin',
  ),
  fc.string({ unit: 'binary' }),
)
const noise = fc.array(
  fc.tuple(fc.oneof(name, fc.string({ unit: 'binary' })), value) as fc.Arbitrary<Field>,
  { maxLength: 8 },
)
// Often enough a grant, so that much of what follows is reached.
const headers = fc.tuple(fc.subarray<Field>(grants()), noise).map((parts) => parts.flat())
const status = fc.oneof(fc.constantFrom(200, 204, 301, 302, 303, 307, 404, 500), fc.integer())
const response: fc.Arbitrary<ReceivedResponse> = fc.record(
  { status, headers, body: fc.string() },
  { requiredKeys: ['status', 'headers'] },
)
const request: fc.Arbitrary<PageRequest> = fc.record(
  {
    from: fc.constantFrom(PAGE, 'null', 'https://api.example'),
    url: fc.constantFrom(API, OTHER, HTTP, `${PAGE}/items`, 'https://api.example:6000/'),
    method: fc.constantFrom('GET', 'POST', 'put', 'patch'),
    headers: fc.subarray<Field>([
      ['x-a', '1'],
      ['Authorization', 'x'],
      ['Accept', 'x'],
    ]),
    credentials: fc.constantFrom('omit', 'same-origin', 'include'),
    mode: fc.constantFrom('cors', 'no-cors', 'same-origin'),
    redirect: fc.constantFrom('follow', 'error', 'manual'),
    alwaysPreflight: fc.boolean(),
    streamBody: fc.boolean(),
    trustworthy: fc.subarray(['http://api.example']),
  },
  { requiredKeys: ['from', 'url'] },
)
const browser = fc.constantFrom<BrowserName>('standard', 'chromium', 'firefox', 'safari')

it('comes to a verdict on whatever a server answers, and never shows a cookie', () => {
  let readable = 0
  fc.assert(
    fc.property(request, fc.array(response, { minLength: 1 }), browser, (page, answers, name) => {
      let turn = 0
      const respond = (): ReceivedResponse =>
        answers[turn++ % answers.length] ?? { status: 0, headers: [] }
      const verdict = simulate(page, respond, { browser: name })
      if (verdict.readable) readable += 1
      expect(verdict.readable).toBe(verdict.rule === undefined)
      expect(verdict.readable).toBe(verdict.type === 'basic' || verdict.type === 'cors')
      if (verdict.rule !== undefined) expect(RULES).toHaveProperty([verdict.rule])
      expect(verdict.message).toMatch(/^[ -~]{1,1000}$/)
      expect(verdict.headers.filter(([shown]) => /^set-cookie2?$/i.test(shown))).toEqual([])
      expect(verdict.headers.length === 0 || verdict.readable).toBe(true)
    }),
    { numRuns: 2000 },
  )
  expect(readable).toBeGreaterThan(0)
})

it('lets no page of https ask for plain http, unless that is trustworthy', () => {
  let asked = 0
  fc.assert(
    fc.property(request, fc.array(response, { minLength: 1 }), browser, (page, answers, name) => {
      let turn = 0
      const respond = (): ReceivedResponse =>
        answers[turn++ % answers.length] ?? { status: 0, headers: [] }
      const { exchange } = simulate(page, respond, { browser: name })
      const plain = exchange.filter(({ request: { url } }) => url.startsWith('http:'))
      asked += plain.length
      const isFree = page.from === 'null' || page.trustworthy?.length === 1
      if (plain.length > 0) expect(isFree).toBe(true)
    }),
    { numRuns: 2000 },
  )
  expect(asked).toBeGreaterThan(0)
})

it('shows a CORS response only where its origin is allowed', () => {
  fc.assert(
    fc.property(request, response, browser, (page, answer, name) => {
      const verdict = simulate(page, () => answer, { browser: name })
      if (verdict.type !== 'cors') return
      const lines = answer.headers.filter(
        ([field]) => field.toLowerCase() === 'access-control-allow-origin',
      )
      expect(lines).toHaveLength(1)
      const anybody = page.credentials === 'include' ? [] : ['*']
      expect([page.from, 'null', ...anybody]).toContain(lines[0]?.[1].trim())
    }),
    { numRuns: 2000 },
  )
})

function grants(): Field[] {
  return [
    ['access-control-allow-origin', PAGE],
    ['access-control-allow-credentials', 'true'],
    ['access-control-allow-methods', 'PUT,patch'],
    ['access-control-allow-headers', 'x-a,authorization'],
  ]
}
