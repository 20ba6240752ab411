/** Handlers of the Fetch API, with crossgate and without: apart from CORS nothing may differ. */

import { createServer } from 'node:http'
import { withCors } from 'crossgate/fetch'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ASKERS, type Asker, POLICY, POLICY_LINES } from '../paths/path.ts'
import { ASKING, askedBy, expectSame } from './fetch-comparing.ts'
import { bridge, type FetchHandler, sendDirectly } from './fetch-harnesses.ts'
import { corsLines, expectedLines, failOnUnhandledRejections } from './harness.ts'
import { close, listen, sendHttp1, type WireRequest } from './wire.ts'

const OWN_CORS = {
  'Access-Control-Allow-Origin': '*',
  'access-control-allow-credentials': 'true',
  'ACCESS-CONTROL-MAX-AGE': '1',
  'Access-Control-Allow-Private-Network': 'true',
}

interface FetchPath {
  readonly answer: FetchHandler
  /** @default GET / */
  readonly ask?: WireRequest
  readonly status: number
}

let upstream: string

const PATHS: Readonly<Record<string, FetchPath>> = {
  'a success': path(200, () => new Response('{}', { headers: { 'X-Total': '7' } })),
  'a created one with a body': {
    ...path(201, async (request) => new Response(await request.text(), { status: 201 })),
    ask: { method: 'POST', body: 'sent' },
  },
  'a status with a text of its own': path(200, () => new Response('ok', { statusText: 'Fine' })),
  HEAD: { ...path(200, () => new Response('ok')), ask: { method: 'HEAD' } },
  'an OPTIONS that is no preflight': {
    ...path(200, () => new Response('', { headers: { Allow: 'GET, OPTIONS' } })),
    ask: { method: 'OPTIONS' },
  },
  ...Object.fromEntries(
    [204, 205, 304].map((status) => [
      `${status}`,
      path(status, () => new Response(null, { status, headers: { ETag: '"1"' } })),
    ]),
  ),
  ...Object.fromEntries(
    [400, 401, 404, 418, 500, 503, 599].map((status) => [
      `${status}`,
      path(status, () => new Response('no', { status, headers: { 'X-Why': '1' } })),
    ]),
  ),
  'Response.redirect': path(302, () => Response.redirect('https://elsewhere.example/', 302)),
  'a redirect with a body': path(
    307,
    () => new Response('moved', { status: 307, headers: { Location: '/elsewhere' } }),
  ),
  'an empty body': path(200, () => new Response('')),
  'no body': path(200, () => new Response()),
  'a stream': path(200, () => new Response(streamOf('one,', 'two'))),
  events: path(
    200,
    () =>
      new Response(streamOf('data: 1\n\n', 'data: 2\n\n'), {
        headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' },
      }),
  ),
  bytes: path(200, () => new Response(new Uint8Array([104, 105]))),
  'a blob with a type': path(200, () => new Response(new Blob(['hi'], { type: 'text/css' }))),
  'a form': path(200, () => new Response(new URLSearchParams({ a: '1' }))),
  'CORS fields of its own': path(200, () => new Response('ok', { headers: OWN_CORS })),
  'several lines of CORS fields': path(200, () => {
    const headers = new Headers(OWN_CORS)
    headers.append('Access-Control-Allow-Origin', 'https://other.example')
    return new Response('ok', { headers })
  }),
  'Vary of its own': path(200, () => new Response('ok', { headers: { Vary: 'Accept-Encoding' } })),
  'Vary in several lines': path(200, () => {
    const headers = new Headers({ Vary: 'Accept, origin' })
    headers.append('vary', 'accept, , Cookie')
    return new Response('ok', { headers })
  }),
  'Vary: *': path(200, () => new Response('ok', { headers: { Vary: '*' } })),
  'two cookies': path(200, () => {
    const headers = new Headers({ 'X-Total': '7' })
    headers.append('Set-Cookie', 'a=1; Expires=Thu, 01 Jan 2032 00:00:00 GMT')
    headers.append('Set-Cookie', 'b=2')
    return new Response('ok', { headers })
  }),
  'removed headers': path(200, () => {
    const response = new Response('ok', { headers: OWN_CORS })
    for (const name of [...response.headers.keys()]) response.headers.delete(name)
    return response
  }),
  'a fetched response': path(200, () => fetch(upstream)),
  'a fetched error': path(404, () => fetch(`${upstream}missing`)),
  'a fetched redirect': path(302, () => fetch(`${upstream}moved`, { redirect: 'manual' })),
  'a clone': path(200, () => new Response('ok', { headers: OWN_CORS }).clone()),
  'a name of Object.prototype': path(
    200,
    () => new Response('ok', { headers: [['__proto__', '1'] as [string, string]] }),
  ),
}

function path(status: number, answer: FetchHandler): FetchPath {
  return { status, answer }
}

function streamOf(...chunks: readonly string[]): ReadableStream {
  const encoder = new TextEncoder()
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk))
      controller.close()
    },
  })
}

failOnUnhandledRejections()

/** Ends what is started, in the order of its end. */
const ends: (() => Promise<void>)[] = []

beforeAll(async () => {
  const server = createServer(({ url }, response) => {
    const status = url === '/missing' ? 404 : url === '/moved' ? 302 : 200
    response.writeHead(status, [
      ...Object.entries(OWN_CORS).flat(),
      ...['Vary', 'Accept', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Location', '/there'],
    ])
    response.end('from upstream')
  })
  upstream = `http://127.0.0.1:${await listen(server)}/`
  ends.push(() => close(server))
})
afterAll(async () => {
  for (const end of ends) await end()
})

const WAYS: Readonly<Record<string, (handler: FetchHandler) => Promise<Send>>> = {
  directly: async (handler) => (request) => sendDirectly(handler, request),
  'over a socket': async (handler) => {
    const server = createServer(bridge(handler))
    const port = await listen(server)
    ends.push(() => close(server))
    return (request) => sendHttp1(port, request)
  },
}

type Send = (request: WireRequest) => ReturnType<typeof sendDirectly>

describe.each(Object.entries(WAYS))('asked %s', (_way, sending) => {
  describe.each(Object.entries(PATHS))('%s', (_title, { answer, ask, status }) => {
    it.each(ASKING)('from %s', async (asker) => {
      const send = await sending(withCors(POLICY, answer))
      const sendBare = await sending(answer)
      const seen = await send(askedBy(asker, ask))
      expect(seen.status).toBe(status)
      expectSame(asker, seen, await sendBare(askedBy(asker, ask)))
    })
  })

  describe.each([
    ['an Error', new Error('thrown')],
    ['a text', 'text'],
    ['null', null],
    ['undefined', undefined],
    ['a frozen Error', Object.freeze(new Error('frozen'))],
  ])('a handler that throws %s', (_title, thrown) => {
    it.each(ASKING)('from %s', async (asker) => {
      const seen: unknown[] = []
      const onError = (error: unknown): void => {
        seen.push(error)
      }
      const fail: FetchHandler[] = [
        () => {
          throw thrown
        },
        () => Promise.reject(thrown),
      ]
      for (const handler of fail) {
        const send = await sending(withCors(POLICY, handler, { onError }))
        const { status, body, rawHeaders } = await send(askedBy(asker))
        expect([status, body]).toEqual([500, ''])
        expect(corsLines(rawHeaders)).toEqual(expectedLines(POLICY_LINES[asker]))
      }
      expect(seen).toEqual([thrown, thrown])
    })
  })

  it('at once, requests get each their own answer', async () => {
    const send = await sending(withCors(POLICY, () => new Response('ok')))
    const all = Array.from({ length: 300 }, (_, index) => ASKING[index % 3] as Asker)
    const answers = await Promise.all(all.map((asker) => send(askedBy(asker))))
    expect(answers.map(({ rawHeaders }) => corsLines(rawHeaders))).toEqual(
      all.map((asker) => expectedLines(POLICY_LINES[asker])),
    )
  })
})

it('every kind of asker is asked', () => {
  expect(ASKING).toEqual(Object.keys(ASKERS))
  expect(ASKING).toHaveLength(3)
})
