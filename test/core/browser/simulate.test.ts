import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  type BrowserName,
  type PageRequest,
  type ReceivedResponse,
  RULES,
  type SentRequest,
  simulate,
  type Verdict,
} from '../../../src/browser/index.ts'
import { API, BROWSERS, PAGE } from '../../tables/browser-requests.ts'
import { PROXY_AUTHENTICATION } from '../../tables/browser-responses.ts'
import { EXTRAS, GRANTED, VECTORS, type Vector } from '../../tables/browser-vectors.ts'

const GET: PageRequest = { from: PAGE, url: API }
const PUT: PageRequest = { ...GET, method: 'PUT' }

const allowing: ReceivedResponse = {
  status: 200,
  headers: [
    ['Access-Control-Allow-Origin', '*'],
    ['Access-Control-Allow-Methods', 'PUT'],
    ['Content-Type', 'text/plain'],
    ['X-Hidden', '1'],
  ],
  body: 'hello',
}

function outcomeOf(vector: Vector, browser: BrowserName): Vector['outcome'] {
  const { request, origin = GRANTED, preflight = {}, response = [] } = vector
  const respond = (sent: SentRequest): ReceivedResponse =>
    sent.preflight
      ? { status: preflight.status ?? 204, headers: [...origin, ...(preflight.headers ?? [])] }
      : { status: 200, headers: [...EXTRAS, ...origin, ...response] }
  const { readable, headers } = simulate({ ...GET, ...request }, respond, { browser })
  return readable ? headers.map(([name]) => name) : 'network error'
}

describe('fetch', () => {
  it.each(VECTORS)('of $title ends by the standard in $outcome', (vector) => {
    expect(outcomeOf(vector, 'standard')).toEqual(vector.outcome)
  })

  it.each(VECTORS)('of $title ends in Chromium as measured', (vector) => {
    expect(outcomeOf(vector, 'chromium')).toEqual(vector.chromium ?? vector.outcome)
  })
})

describe('proxy authentication', () => {
  describe.each(BROWSERS)('in %s', (browser) => {
    it.each(PROXY_AUTHENTICATION)('$title', ({ request, status, headers, type, rule }) => {
      const verdict = simulate({ ...GET, ...request }, () => ({ status, headers }), { browser })
      expect([verdict.type, verdict.step, verdict.rule]).toEqual([type, 'response', rule])
      expect(verdict.status).toBe(type === 'error' ? undefined : status)
    })
  })

  it('is told of', () => {
    const { exchange, ...verdict } = simulate(GET, () => ({ ...allowing, status: 407 }))
    expect(exchange.map(({ response }) => response?.status)).toEqual([407])
    expect(verdict).toEqual({
      readable: false,
      type: 'error',
      step: 'response',
      rule: 'proxy-authentication',
      message: 'the response has status 407, which no page sees',
      fix: RULES['proxy-authentication'].fix,
      headers: [],
    })
  })
})

describe('a verdict', () => {
  it('on a readable response has what the page sees, and what went over the wire', () => {
    const verdict = simulate(PUT, () => allowing)
    expect(verdict).toEqual({
      readable: true,
      type: 'cors',
      step: 'response',
      rule: undefined,
      message: 'the page can read the response: it passed the CORS check',
      status: 200,
      headers: [['content-type', 'text/plain']],
      body: 'hello',
      url: API,
      exchange: [
        {
          request: {
            preflight: true,
            method: 'OPTIONS',
            url: API,
            headers: [
              ['accept', '*/*'],
              ['access-control-request-method', 'PUT'],
              ['origin', PAGE],
            ],
            credentials: false,
          },
          response: allowing,
        },
        {
          request: {
            preflight: false,
            method: 'PUT',
            url: API,
            headers: [['origin', PAGE]],
            credentials: false,
          },
          response: allowing,
        },
      ],
    })
  })

  it('within the own origin needs no CORS', () => {
    const request = { ...PUT, url: `${PAGE}/items` }
    const { exchange, ...verdict } = simulate(request, () => ({ status: 500, headers: [] }))
    expect(exchange).toHaveLength(1)
    expect(verdict).toEqual({
      readable: true,
      type: 'basic',
      step: 'response',
      rule: undefined,
      message: 'the page can read the response: it is of its own origin',
      status: 500,
      headers: [],
      url: `${PAGE}/items`,
    })
  })

  it('on a refused response has nothing of it, but the reason', () => {
    const { exchange, ...verdict } = simulate(GET, () => ({ status: 200, headers: [], body: 'x' }))
    expect(exchange).toHaveLength(1)
    expect(verdict).toEqual({
      readable: false,
      type: 'error',
      step: 'response',
      rule: 'allow-origin.missing',
      message:
        "the response has no Access-Control-Allow-Origin; the page's origin is 'https://app.example'",
      header: 'access-control-allow-origin',
      expected: PAGE,
      fix: 'Allow this origin: add it to those that the server lets read its responses.',
      headers: [],
    })
  })

  it('on an opaque response has nothing of it, CORS headers or not', () => {
    const { exchange, ...verdict } = simulate({ ...GET, mode: 'no-cors' }, () => allowing)
    expect(exchange).toHaveLength(1)
    expect(verdict).toEqual({
      readable: false,
      type: 'opaque',
      step: 'response',
      rule: 'mode.no-cors-opaque',
      message: "the response is opaque: mode 'no-cors' shows nothing of another origin's",
      fix: "Use mode 'cors', and have the server answer with Access-Control-Allow-Origin.",
      headers: [],
    })
  })

  it('does not send the request where the preflight fails', () => {
    const verdict = simulate(PUT, () => ({ ...allowing, status: 404 }))
    expect([verdict.step, verdict.rule]).toEqual(['preflight', 'preflight.status'])
    expect(verdict.exchange.map(({ request }) => request.method)).toEqual(['OPTIONS'])
  })

  it('on a 304 to a request without validators is like on any other status', () => {
    const granted = simulate(GET, () => ({ ...allowing, status: 304 }))
    expect([granted.readable, granted.status]).toEqual([true, 304])
    const refused = simulate(GET, () => ({ status: 304, headers: [] }))
    expect([refused.readable, refused.rule]).toEqual([false, 'allow-origin.missing'])
  })

  it('is frozen, with all that it holds', () => {
    const response = { ...allowing, headers: [...allowing.headers] }
    const verdict = simulate(PUT, () => response)
    response.headers.length = 0
    expect(verdict.exchange[1]?.response).toEqual(allowing)
    expect(unfrozen(verdict)).toEqual([])
    expect(unfrozen(simulate(GET, () => ({ status: 200, headers: [] })))).toEqual([])
  })
})

describe('a network error', () => {
  it.each([
    ['request', GET, 'the request'],
    ['preflight', PUT, 'the preflight'],
  ] as const)('of the %s is told, on one line', (_, request, what) => {
    const verdict = simulate(request, () => {
      throw new Error('connection\nrefused')
    })
    const { readable, type, rule, message, exchange } = verdict
    expect({ readable, type, rule, message }).toEqual({
      readable: false,
      type: 'error',
      rule: 'network',
      message: `${what} got no response: 'connection\\u000arefused'`,
    })
    expect(exchange.map(({ response }) => response)).toEqual([undefined])
  })

  it('may come after a preflight, and be no Error', () => {
    const verdict = simulate(PUT, ({ preflight }) => {
      if (preflight) return allowing
      throw 'gone'
    })
    expect([verdict.step, verdict.message]).toEqual([
      'response',
      "the request got no response: 'gone'",
    ])
    expect(verdict.exchange.map(({ response }) => response?.status)).toEqual([200, undefined])
  })
})

describe('simulate', () => {
  it('is synchronous for a synchronous server', () => {
    expectTypeOf(simulate(GET, () => allowing)).toEqualTypeOf<Verdict>()
  })

  it.each(VECTORS)('comes to the same verdict later: $title', async (vector) => {
    const { request, origin = GRANTED, preflight, response = [] } = vector
    const respond = (sent: SentRequest): ReceivedResponse => ({
      status: sent.preflight ? (preflight?.status ?? 204) : 200,
      headers: [...origin, ...(sent.preflight ? (preflight?.headers ?? []) : response)],
    })
    const page = { ...GET, ...request }
    const later = simulate(page, (sent) => Promise.resolve(respond(sent)))
    expectTypeOf(later).toEqualTypeOf<Promise<Verdict>>()
    expect(await later).toEqual(simulate(page, respond))
  })

  it('takes a rejected promise as a network error', async () => {
    const verdict = await simulate(PUT, async ({ preflight }) => {
      if (preflight) return allowing
      throw new Error('offline')
    })
    expect(verdict.message).toBe("the request got no response: 'offline'")
  })

  it('waits only where it is told to', async () => {
    const respond = ({ preflight }: SentRequest): ReceivedResponse | Promise<ReceivedResponse> =>
      preflight ? Promise.resolve(allowing) : allowing
    expect(simulate(GET, respond)).toMatchObject({ readable: true })
    expect(await simulate(PUT, respond)).toMatchObject({ readable: true })
  })

  it('plays no browser that it does not know', () => {
    const browser = 'netscape' as BrowserName
    expect(() => simulate(GET, () => allowing, { browser })).toThrow(TypeError)
  })
})

/** Paths of what is not frozen. */
function unfrozen(value: unknown, path = 'verdict'): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = Object.isFrozen(value) ? [] : [path]
  const inner = Object.entries(value).flatMap(([key, part]) => unfrozen(part, `${path}.${key}`))
  return [...own, ...inner]
}
