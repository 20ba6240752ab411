import { describe, expect, it } from 'vitest'
import {
  type Field,
  type ReceivedResponse,
  type SentRequest,
  simulate,
} from '../../../src/browser/index.ts'
import { REDIRECTS, type RedirectCase } from '../../tables/browser-redirects.ts'
import { API, OTHER, PAGE } from '../../tables/browser-requests.ts'

const originOf = ({ headers }: SentRequest): string | undefined =>
  headers.find(([name]) => name === 'origin')?.[1]

/** A server that redirects where the row says, and allows what it says. */
function serverOf({ redirects, allows = {} }: Pick<RedirectCase, 'redirects' | 'allows'>) {
  return (sent: SentRequest): ReceivedResponse => {
    const origin = sent.url in allows ? allows[sent.url] : originOf(sent)
    const allowed: readonly Field[] =
      origin === undefined ? [] : [['access-control-allow-origin', origin]]
    const grants: readonly Field[] = [
      ...allowed,
      ['access-control-allow-methods', 'PUT'],
      ['access-control-allow-headers', 'authorization,content-type,x-a'],
    ]
    if (sent.preflight) return { status: 204, headers: grants }
    const { status = 200, headers = [] } = redirects[sent.url] ?? {}
    return { status, headers: [...grants, ...headers] }
  }
}

describe('HTTP-redirect fetch', () => {
  it.each(REDIRECTS)('$title', (row) => {
    const { browser } = row
    const request = { from: PAGE, url: row.url ?? API, ...row.request }
    const verdict = simulate(request, serverOf(row), { browser })
    const sent = verdict.exchange.map(
      ({ request }) => `${request.method} ${request.url} ${originOf(request) ?? '-'}`,
    )
    expect(sent).toEqual(row.sent)
    const { type, step, rule, hint } = verdict
    const { type: expectedType, step: expectedStep = 'response' } = row
    expect({ type, step, rule, hint }).toEqual({
      type: expectedType,
      step: expectedStep,
      rule: row.rule,
      hint: row.hint,
    })
    const isReadable = type === 'basic' || type === 'cors'
    expect(verdict.readable).toBe(isReadable)
    expect(verdict.url).toBe(isReadable ? sent.at(-1)?.split(' ')[1] : undefined)
  })

  it('names the page whose origin redirects hide', () => {
    const request = { from: PAGE, url: API }
    const redirects = { [API]: { status: 302, headers: [['location', OTHER]] as const } }
    const mismatch = simulate(request, serverOf({ redirects, allows: { [OTHER]: PAGE } }))
    expect(mismatch.message).toBe(
      `Access-Control-Allow-Origin is '${PAGE}', but behind redirects the origin is 'null' instead of '${PAGE}'`,
    )
    const missing = simulate(request, serverOf({ redirects, allows: { [OTHER]: undefined } }))
    expect(missing.message).toBe(
      `the response has no Access-Control-Allow-Origin; behind redirects the origin is 'null' instead of '${PAGE}'`,
    )
    expect([mismatch.expected, missing.expected]).toEqual(['null', 'null'])
  })

  const headers: readonly Field[] = [
    ['Authorization', 'x'],
    ['Content-Type', 'application/json'],
    ['Content-Encoding', 'x'],
    ['Content-Language', 'en'],
    ['Content-Location', '/'],
    ['X-A', '1'],
  ]
  const lastRequest = (location: string, status: number): SentRequest | undefined =>
    simulate(
      { from: PAGE, url: `${PAGE}/items`, method: 'POST', headers, body: 'x' },
      serverOf({ redirects: { [`${PAGE}/items`]: { status, headers: [['location', location]] } } }),
    ).exchange.at(-1)?.request

  it('keeps headers and body within an origin', () => {
    const request = lastRequest('/back', 308)
    expect(request?.headers).toEqual([
      ...headers.map(([name, value]) => [name.toLowerCase(), value]),
      ['origin', PAGE],
    ])
    expect(request?.body).toBe('x')
  })

  it('drops the body, and the headers about it, where a POST becomes a GET', () => {
    expect(lastRequest('/back', 302)).toEqual({
      preflight: false,
      method: 'GET',
      url: `${PAGE}/back`,
      headers: [
        ['authorization', 'x'],
        ['x-a', '1'],
      ],
      credentials: true,
    })
  })

  it('drops Authorization, and credentials, where the redirect leaves the origin', () => {
    const request = lastRequest(OTHER, 303)
    expect(request).toEqual({
      preflight: false,
      method: 'GET',
      url: OTHER,
      headers: [
        ['x-a', '1'],
        ['origin', PAGE],
      ],
      credentials: false,
    })
  })
})
