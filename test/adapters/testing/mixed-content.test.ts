/** A page of https and a target of http: no mixed content where the test mounts the target itself. */

import { createServer } from 'node:http'
import type { Server as NetServer } from 'node:net'
import { withCors } from 'crossgate/node'
import {
  assertBlocked,
  assertReadable,
  type BrowserTarget,
  browserFetch,
  verdictOf,
} from 'crossgate/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { close, listen } from '../wire.ts'

const APP = 'https://app.example.com'

const listener = withCors({ origin: APP }, (request, response) => {
  const to = new URL(request.url ?? '', 'http://any').searchParams.get('to')
  if (to === null) response.end('hello')
  else response.writeHead(307, { location: to }).end()
})

const open: NetServer[] = []

afterAll(() => Promise.all(open.map(close)))

const TARGETS: Record<string, () => BrowserTarget | Promise<BrowserTarget>> = {
  'a listener': () => listener,
  'a server that does not listen': () => createServer(listener),
  'a server that listens': async () => {
    const server = createServer(listener)
    await listen(server)
    open.push(server)
    return server
  },
  'a Fetch handler': () => (_request: Request) =>
    new Response('hello', { headers: { 'access-control-allow-origin': APP } }),
}

describe('a page of https', () => {
  it.each(Object.entries(TARGETS))('can read %s of http', async (_name, make) => {
    await assertReadable(await make(), { from: APP })
  })

  it('is led by a mounted target to itself', async () => {
    const to = encodeURIComponent('http://target.test/there')
    const response = await browserFetch(listener, { from: APP, path: `/?to=${to}` })
    expect([response.url, await response.text()]).toEqual(['http://target.test/there', 'hello'])
  })

  it.each(['http://staging.example.com/there', 'http://target.test:8080/there'])(
    'is not led by it to %s',
    async (location) => {
      const path = `/?to=${encodeURIComponent(location)}`
      const verdict = await verdictOf(listener, { from: APP, path })
      expect([verdict.step, verdict.rule, verdict.hint]).toEqual([
        'redirect',
        'mixed-content',
        'downgrade',
      ])
      expect(verdict.exchange).toHaveLength(1)
    },
  )

  it('cannot ask for a URL of http, and is not told that CORS keeps it out', async () => {
    const target = 'http://staging.example.com/items'
    await assertBlocked(target, { from: APP }, 'mixed-content')
    expect((await verdictOf(target, { from: APP })).exchange).toEqual([])
    await expect(assertBlocked(target, { from: APP })).rejects.toThrow('expected blocked by CORS')
  })
})

describe('a body that is a stream', () => {
  it('is not sent again behind a redirect', async () => {
    const stream = new Blob(['x']).stream()
    const options = { from: APP, method: 'POST', body: stream, path: '/?to=/there' }
    const { rule, exchange } = await verdictOf(listener, options)
    expect(rule).toBe('redirect.stream')
    expect(exchange.map(({ request: { method } }) => method)).toEqual(['OPTIONS', 'POST'])
  })

  it('is not sent without CORS', async () => {
    const options = { from: APP, method: 'POST', mode: 'no-cors', body: new Blob(['x']).stream() }
    expect((await verdictOf(listener, options as never)).rule).toBe('body.stream')
  })
})
