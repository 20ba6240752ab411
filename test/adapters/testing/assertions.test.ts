/** Assertions, and what they and the failures of `browserFetch` tell. */

import { AssertionError } from 'node:assert'
import {
  assertBlocked,
  assertReadable,
  browserFetch,
  type RequestListener,
  verdictOf,
} from 'crossgate/testing'
import { describe, expect, it } from 'vitest'

const APP = 'https://app.example.com'
const OTHER = 'https://other.example'

/** A policy that forgets its preflights. */
const api: RequestListener = (request, response) => {
  response.setHeader('vary', 'Origin')
  if (request.headers.origin === APP) response.setHeader('access-control-allow-origin', APP)
  if (request.url === '/moved') response.writeHead(302, { location: '/moved' })
  response.end()
}

async function failureOf(failing: Promise<unknown>): Promise<AssertionError> {
  const error: unknown = await failing.catch((error: unknown) => error)
  expect(error).toBeInstanceOf(Error)
  return error as AssertionError
}

describe('assertReadable', () => {
  it('gives the verdict where the page can read the response', async () => {
    const verdict = await assertReadable(api, { from: APP })
    expect(verdict).toEqual(await verdictOf(api, { from: APP }))
    expect(verdict).toMatchObject({ readable: true, type: 'cors', status: 200 })
  })

  it('fails where it cannot, and says why', async () => {
    const error = await failureOf(assertReadable(api, { from: OTHER, path: '/items?a=b' }))
    expect(error).toBeInstanceOf(AssertionError)
    expect(error.message).toBe(
      `expected readable, but the page at 'https://other.example' cannot read GET http://target.test/items?a=b
  step: response
  rule: allow-origin.missing: the response has no Access-Control-Allow-Origin; the page's origin is 'https://other.example'
  header: access-control-allow-origin
  expected: https://other.example
  fix: Allow this origin: add it to those that the server lets read its responses.
  exchange:
    GET http://target.test/items?a=b -> 200
      vary: Origin`,
    )
    expect(error.actual).toBe('blocked by allow-origin.missing')
    expect(error.expected).toBe('readable')
  })

  it('fails with the cause where there is no response', async () => {
    const cause = new Error('no database')
    const error = await failureOf(
      assertReadable(async (_request: Request) => Promise.reject(cause), { from: APP }),
    )
    expect(error.cause).toBe(cause)
    expect(error.message).toBe(
      `expected readable, but the page at 'https://app.example.com' cannot read GET http://target.test/
  step: response
  rule: network: the request got no response: 'no database'
  fix: Handle the error in the application: it failed instead of answering.
  exchange:
    GET http://target.test/ -> no response`,
    )
  })

  it("fails in mode 'no-cors', which shows nothing", async () => {
    const error = await failureOf(assertReadable(api, { from: APP, mode: 'no-cors' }))
    expect(error.actual).toBe('blocked by mode.no-cors-opaque')
  })
})

describe('assertBlocked', () => {
  it("gives the verdict where the server's answer keeps the page out", async () => {
    expect(await assertBlocked(api, { from: OTHER })).toMatchObject({
      rule: 'allow-origin.missing',
    })
    const preflighted = { from: APP, method: 'PUT' }
    expect(await assertBlocked(api, preflighted)).toMatchObject({ step: 'preflight' })
    await assertBlocked(api, preflighted, 'allow-methods.missing')
  })

  it('fails where the page can read the response', async () => {
    const error = await failureOf(assertBlocked(api, { from: APP }))
    expect(error).toBeInstanceOf(AssertionError)
    expect(error.message).toBe(
      `expected blocked by CORS, but the page at 'https://app.example.com' can read GET http://target.test/
  step: response
  exchange:
    GET http://target.test/ -> 200
      vary: Origin
      access-control-allow-origin: https://app.example.com`,
    )
    expect(error.actual).toBe('readable')
    expect(error.expected).toBe('blocked by CORS')
  })

  it('fails where another rule keeps it out', async () => {
    const error = await failureOf(assertBlocked(api, { from: OTHER }, 'allow-origin.mismatch'))
    expect(error.actual).toBe('blocked by allow-origin.missing')
    expect(error.expected).toBe('blocked by allow-origin.mismatch')
  })

  it.each([
    ['a server that is down', 'network', { from: APP }],
    ['a method that no page can send', 'method.forbidden', { from: APP, method: 'TRACE' }],
    ['a body where there can be none', 'body.forbidden', { from: APP, body: 'a' }],
    [
      'a redirect that was not to be followed',
      'redirect.refused',
      { from: APP, redirect: 'error' },
    ],
    ["mode 'no-cors'", 'mode.no-cors-opaque', { from: APP, mode: 'no-cors' }],
  ] as const)(
    'does not take %s for a policy, unless the rule is named',
    async (_what, rule, options) => {
      const target: RequestListener = (request, response) => {
        if (rule === 'network') request.destroy()
        else
          api(
            Object.assign(request, { url: rule === 'redirect.refused' ? '/moved' : '/' }),
            response,
          )
      }
      const error = await failureOf(assertBlocked(target, options))
      expect(error.actual).toBe(`blocked by ${rule}`)
      expect(error.expected).toBe('blocked by CORS')
      expect(await assertBlocked(target, options, rule)).toMatchObject({ readable: false, rule })
    },
  )
})

describe('the stack of a failure', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['browserFetch', async () => await browserFetch(api, { from: OTHER })],
    ['assertReadable', async () => await assertReadable(api, { from: OTHER })],
    ['assertBlocked', async () => await assertBlocked(api, { from: APP })],
  ])('of %s starts in the test, which is what runners show', async (_name, call) => {
    const { message, stack = '' } = await failureOf(call())
    const frames = stack.slice(stack.indexOf(message) + message.length).match(/at .*/g) ?? []
    const [first] = frames.filter((frame) => !frame.includes('(node:'))
    expect(first).toContain('assertions.test.ts')
  })
})

describe('the message of a failure', () => {
  const messageOf = async (...asked: Parameters<typeof browserFetch>): Promise<string> =>
    (await failureOf(browserFetch(...asked))).message

  it('tells the preflight, and what it found', async () => {
    expect(await messageOf(api, { from: APP, method: 'PUT', path: '/items' })).toBe(
      `the page at 'https://app.example.com' cannot read PUT http://target.test/items
  step: preflight
  rule: allow-methods.missing: Access-Control-Allow-Methods is absent, which does not grant 'PUT'
  header: access-control-allow-methods
  expected: PUT
  fix: Name the method in Access-Control-Allow-Methods of the answer to the preflight.
  exchange:
    OPTIONS http://target.test/items -> 200
      vary: Origin
      access-control-allow-origin: https://app.example.com`,
    )
  })

  it('tells what was found instead', async () => {
    const slash = (_request: Request) =>
      new Response('', { headers: { 'access-control-allow-origin': `${APP}/` } })
    expect(await messageOf(slash, { from: APP })).toBe(
      `the page at 'https://app.example.com' cannot read GET http://target.test/
  step: response
  rule: allow-origin.mismatch: Access-Control-Allow-Origin is 'https://app.example.com/', but the page's origin is 'https://app.example.com'
  header: access-control-allow-origin
  expected: https://app.example.com
  actual: https://app.example.com/
  fix: Remove the slash at the end: an origin has none.
  exchange:
    GET http://target.test/ -> 200
      access-control-allow-origin: https://app.example.com/`,
    )
  })

  it('tells that nothing was sent', async () => {
    expect(await messageOf(api, { from: APP, method: 'TRACE' })).toBe(
      `the page at 'https://app.example.com' cannot read TRACE http://target.test/
  step: request
  rule: method.forbidden: browsers never send the method 'TRACE'
  fix: Use another method: browsers never send this one.
  exchange: nothing was sent`,
    )
  })

  it('tells the first and the last of many requests', async () => {
    const message = await messageOf(api, { from: APP, path: '/moved' })
    const exchange = message.slice(message.indexOf('exchange:')).split('\n')
    expect(exchange.slice(0, 5)).toEqual([
      'exchange:',
      '    GET http://target.test/moved -> 302',
      '      vary: Origin',
      '      access-control-allow-origin: https://app.example.com',
      '      location: /moved',
    ])
    expect(exchange.filter((line) => line.includes('GET'))).toHaveLength(6)
    expect(exchange[13]).toBe('    (15 more requests)')
    expect(exchange.slice(-4)).toEqual(exchange.slice(1, 5))
  })

  it('is bounded and escaped, whatever a server sends', async () => {
    const hostile: RequestListener = (_request, response) => {
      const lines = Array.from({ length: 12 }, (_, index) => [
        'access-control-allow-origin',
        `\u00ff${'x'.repeat(500)}${index}`,
      ])
      response.writeHead(200, lines.flat())
      response.end()
    }
    const message = await messageOf(hostile, { from: APP })
    expect(message.split('\n').filter((line) => line.length > 300)).toEqual([])
    expect(message).toMatch(/^[ -~\n]+$/)
    expect(message).toContain(`\\u00ff${'x'.repeat(199)}... (302 more characters)`)
    expect(message.endsWith('\n      and 4 more fields')).toBe(true)
  })
})
