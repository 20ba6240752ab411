/** Wrong calls: a slip of a test is never taken for the refusal of a server. */

import { createServer } from 'node:http'
import {
  assertBlocked,
  assertReadable,
  type BrowserTarget,
  browserFetch,
  type FetchHandler,
  type RequestListener,
  type RuleCode,
  verdictOf,
} from 'crossgate/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'

const APP = 'https://app.example.com'
const OPTIONS =
  'from, path, method, headers, body, credentials, mode, redirect, cookie, browser, cache, timeout'
const TARGETS =
  'give a URL, a Node server or listener, an application of Express, Fastify or Koa, or a Fetch handler'
const ORIGIN_FIX =
  "write the origin of the page as a browser sends it, as 'https://app.example.com'"
const HEADERS_FIX = "write an object or pairs of strings, as { 'x-request-id': '1' }"
const BODY_FIX = 'write a string (JSON.stringify makes one), bytes, a form, a blob or a stream'

const CACHE_FIX =
  "make one with createPreflightCache(): it is one of preflights, and not the 'cache' of fetch()"

const unasked: RequestListener = (_request, _response) => {
  throw new Error('nothing was to be asked')
}

async function messageOf(failing: Promise<unknown>): Promise<string> {
  const error: unknown = await failing.catch((error: unknown) => error)
  expect(error).toBeInstanceOf(TypeError)
  expect(error).toMatchObject({ name: 'TypeError' })
  return (error as TypeError).message
}

describe('options', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ from: undefined }, `option 'from' is undefined; ${ORIGIN_FIX}`],
    [{ from: 42 }, `option 'from' is 42; ${ORIGIN_FIX}`],
    [{ from: `${APP}/` }, `option 'from' is '${APP}/'; write '${APP}'`],
    [{ from: `${APP}:443` }, `option 'from' is '${APP}:443'; write '${APP}'`],
    [
      { from: 'HTTPS://App.example.com' },
      `option 'from' is 'HTTPS://App.example.com'; write '${APP}'`,
    ],
    [{ from: '*' }, `option 'from' is '*'; ${ORIGIN_FIX}`],
    [{ from: 'https://*.example.com' }, `option 'from' is 'https://*.example.com'; ${ORIGIN_FIX}`],
    [{ from: '' }, `option 'from' is ''; ${ORIGIN_FIX}`],
    [{ from: 'a\nb' }, `option 'from' is 'a\\u000ab'; ${ORIGIN_FIX}`],
    [
      { from: 'x'.repeat(300) },
      `option 'from' is '${'x'.repeat(200)}... (100 more characters)'; ${ORIGIN_FIX}`,
    ],
    [{ credential: 'include' }, `option 'credential' is unknown; the options are ${OPTIONS}`],
    [{ toString: 1 }, `option 'toString' is unknown; the options are ${OPTIONS}`],
    [{ path: 'items' }, "option 'path' is 'items'; write a path that starts with one '/'"],
    [
      { path: '//evil.example' },
      "option 'path' is '//evil.example'; write a path that starts with one '/'",
    ],
    [
      { path: '/\\evil.example' },
      "option 'path' is '/\\evil.example'; write a path that starts with one '/'",
    ],
    [{ path: 1 }, "option 'path' is 1; write a path that starts with one '/'"],
    [{ method: null }, "option 'method' is null; write a method, as 'PUT'"],
    [{ headers: 'x: 1' }, `option 'headers' is 'x: 1'; ${HEADERS_FIX}`],
    [{ headers: null }, `option 'headers' is null; ${HEADERS_FIX}`],
    [{ headers: { 'x-n': 1 } }, `option 'headers' is an object; 'x-n' has 1: ${HEADERS_FIX}`],
    [{ headers: [['x-n', '1', '2']] }, `option 'headers' is a list; 'x-n' has '1': ${HEADERS_FIX}`],
    [{ headers: ['x-n'] }, `option 'headers' is a list; ${HEADERS_FIX}`],
    [{ body: { a: 1 } }, `option 'body' is an object; ${BODY_FIX}`],
    [{ body: [1] }, `option 'body' is a list; ${BODY_FIX}`],
    [{ body: 5 }, `option 'body' is 5; ${BODY_FIX}`],
    [
      { credentials: true },
      "option 'credentials' is true; write one of 'omit', 'same-origin', 'include'",
    ],
    [
      { mode: 'navigate' },
      "option 'mode' is 'navigate'; write one of 'cors', 'no-cors', 'same-origin'",
    ],
    [
      { redirect: () => {} },
      "option 'redirect' is a function; write one of 'follow', 'error', 'manual'",
    ],
    [
      { cookie: 'a=1\r\nx: 1' },
      "option 'cookie' is 'a=1\\u000d\\u000ax: 1'; write the field's value, as 'session=1'",
    ],
    [{ cookie: ['a=1'] }, "option 'cookie' is a list; write the field's value, as 'session=1'"],
    [
      { browser: 'chrome' },
      "option 'browser' is 'chrome'; write one of 'standard', 'chromium', 'firefox', 'safari'",
    ],
    [{ cache: 'no-store' }, `option 'cache' is 'no-store'; ${CACHE_FIX}`],
    [{ cache: null }, `option 'cache' is null; ${CACHE_FIX}`],
    [{ cache: new Map() }, `option 'cache' is an object; ${CACHE_FIX}`],
    [
      { cookie: 'a=1' },
      "option 'cookie' is 'a=1'; with credentials 'same-origin' it is not sent; write credentials: 'include'",
    ],
    [
      { cookie: 'a=1', credentials: 'omit' },
      "option 'cookie' is 'a=1'; with credentials 'omit' it is not sent; write credentials: 'include'",
    ],
    [
      { cookie: 'a=1', credentials: 'omit', from: 'http://target.test' },
      "option 'cookie' is 'a=1'; with credentials 'omit' it is not sent; write credentials: 'include'",
    ],
    [{ signal: undefined }, `option 'signal' is unknown; the options are ${OPTIONS}`],
    [{ timeout: 0 }, "option 'timeout' is 0; write whole milliseconds, 1 to 2147483647"],
    [{ timeout: 1.5 }, "option 'timeout' is 1.5; write whole milliseconds, 1 to 2147483647"],
    [
      { timeout: 2 ** 31 },
      "option 'timeout' is 2147483648; write whole milliseconds, 1 to 2147483647",
    ],
    [{ timeout: '1s' }, "option 'timeout' is '1s'; write whole milliseconds, 1 to 2147483647"],
    [
      { timeout: Symbol('1s') },
      "option 'timeout' is a symbol; write whole milliseconds, 1 to 2147483647",
    ],
  ])('%o is wrong', async (wrong, message) => {
    const options = { from: APP, ...wrong } as { from: string }
    expect(await messageOf(browserFetch(unasked, options))).toBe(message)
  })

  it.each([undefined, null, APP])('have to be an object, and not %s', async (options) => {
    const failing = browserFetch(unasked, options as never)
    const shown = typeof options === 'string' ? `'${options}'` : options
    expect(await messageOf(failing)).toBe(
      `the second argument is ${shown}; write { from: 'https://app.example.com' }`,
    )
  })

  it('that are undefined count as absent', async () => {
    const absent = Object.fromEntries(OPTIONS.split(', ').map((name) => [name, undefined]))
    const handler = (_request: Request) => new Response()
    const { rule } = await verdictOf(handler, { ...absent, from: APP })
    expect(rule).toBe('allow-origin.missing')
  })

  it.each(['null', 'capacitor://localhost', 'http://[::1]:8080'])('may name %s', async (from) => {
    const handler = (request: Request) =>
      new Response('', {
        headers: { 'access-control-allow-origin': request.headers.get('origin') ?? '' },
      })
    expect((await verdictOf(handler, { from })).readable).toBe(true)
  })

  it('of a body that was read are wrong', async () => {
    const body = new ReadableStream()
    body.getReader()
    const failing = browserFetch(unasked, { from: APP, method: 'POST', body })
    expect(await messageOf(failing)).toBe(
      `option 'body' is an object; it was read already; ${BODY_FIX}`,
    )
  })

  it('are checked by every function', async () => {
    const wrong = { from: `${APP}/` }
    const message = `option 'from' is '${APP}/'; write '${APP}'`
    for (const ask of [browserFetch, verdictOf, assertReadable, assertBlocked]) {
      expect(await messageOf(ask(unasked, wrong))).toBe(message)
    }
  })
})

describe('targets', () => {
  const noParameters =
    'the target is a function that names no parameters: a Fetch handler, or a Node listener? ' +
    'wrap it as { fetch: handler }, or as createServer(listener)'

  it.each<[unknown, string]>([
    [undefined, `the target is undefined; ${TARGETS}`],
    [null, `the target is null; ${TARGETS}`],
    [3000, `the target is 3000; ${TARGETS}`],
    [{}, `the target is an object; ${TARGETS}`],
    ['/items', "the target is '/items'; write an absolute URL, as 'http://127.0.0.1:3000/items'"],
    [
      'api.example.com',
      "the target is 'api.example.com'; write an absolute URL, as 'http://127.0.0.1:3000/items'",
    ],
    [() => new Response(), noParameters],
    [(...all: unknown[]) => all, noParameters],
  ])('%o is none', async (target, message) => {
    expect(await messageOf(browserFetch(target as BrowserTarget, { from: APP }))).toBe(message)
  })

  it('that are URLs have their path', async () => {
    const failing = browserFetch('http://127.0.0.1:1/', { from: APP, path: '/items' })
    expect(await messageOf(failing)).toBe(
      "option 'path' is '/items'; write the path into the URL that is the target",
    )
  })

  it('that listen on a pipe cannot be asked', async () => {
    const server = createServer()
    server.address = () => '/run/app.sock'
    Object.defineProperty(server, 'listening', { value: true })
    expect(await messageOf(browserFetch(server, { from: APP }))).toBe(
      "the address of the server is '/run/app.sock'; have it listen on a TCP port",
    )
  })

  it('of two parameters that return a Response say how they are meant', async () => {
    const handler = (_request: unknown, _environment: unknown) => new Response('hello')
    expect(await messageOf(browserFetch(handler, { from: APP }))).toBe(
      'the target returned a Response, but a function of two parameters is a Node listener; ' +
        'wrap it as { fetch: handler }',
    )
  })

  it('of one parameter that return no Response say how they are meant', async () => {
    const handler = ((request: unknown) => void request) as unknown as FetchHandler
    expect(await messageOf(browserFetch(handler, { from: APP }))).toBe(
      'what the Fetch handler returned is undefined; ' +
        'return a Response; to serve (request, response), give the handler two parameters',
    )
  })
})

describe('the environment', () => {
  afterEach(() => vi.unstubAllGlobals())

  it.each(['Request', 'Response'])('has to have %s', async (name) => {
    vi.stubGlobal(name, undefined)
    expect(await messageOf(browserFetch(unasked, { from: APP }))).toBe(
      "this environment has no Request and Response; run the test in the environment 'node', " +
        "as with '@jest-environment node' in a comment at the top of the file",
    )
  })
})

describe('the environment of a Fetch handler', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('has to have a Request that keeps what a browser sets', async () => {
    const PageRequest = class extends Request {
      constructor(...parameters: ConstructorParameters<typeof Request>) {
        super(...parameters)
        this.headers.delete('origin')
      }
    }
    vi.stubGlobal('Request', PageRequest)
    const handler = (_request: Request) => new Response('')
    expect(await messageOf(assertBlocked(handler, { from: APP }))).toBe(
      "this environment has a Request that drops the header 'origin'; run the test in the " +
        "environment 'node', as with '@jest-environment node' in a comment at the top of the file",
    )
  })
})

describe('rules', () => {
  it('have to be ones that verdicts name', async () => {
    const failing = assertBlocked(unasked, { from: APP }, 'allow-origin' as RuleCode)
    expect(await messageOf(failing)).toMatch(
      /^the rule is 'allow-origin'; the rules are from\.invalid, url\.invalid, .*redirect\.credentials-in-url$/,
    )
  })
})
