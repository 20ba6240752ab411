// What an ECMAScript module project tests with `node --test`.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { withCors } from 'crossgate/node'
import {
  assertBlocked,
  assertReadable,
  browserFetch,
  isCorsBlockedError,
  verdictOf,
} from 'crossgate/testing'

const from = 'https://app.example.com'
const api = withCors({ origin: from, exposedHeaders: 'X-Total' }, (_request, response) => {
  response.setHeader('X-Total', '3')
  response.end('hello')
})

test('a page that is allowed reads the answer', async () => {
  const response = await browserFetch(api, { from, method: 'PUT', body: 'a' })
  assert.equal(await response.text(), 'hello')
  assert.equal(response.headers.get('x-total'), '3')
  await assertReadable(createServer(api), { from })
})

test('a server that listens stays open', async () => {
  const server = createServer(api).listen(0, '127.0.0.1')
  await once(server, 'listening')
  await assertReadable(server, { from })
  assert.equal((await verdictOf(`http://127.0.0.1:${server.address().port}/`, { from })).readable, true)
  server.close()
})

test('another page is blocked, and told why', async () => {
  const other = { from: 'https://other.example' }
  await assertBlocked(api, other, 'allow-origin.missing')
  await assert.rejects(assertReadable(api, other), assert.AssertionError)
  await assert.rejects(browserFetch(api, other), (error) => error instanceof TypeError)
})

test('copies of the package know the errors of each other, and keep their own clocks', async ({ mock }) => {
  const cjs = createRequire(import.meta.url)('crossgate/testing')
  assert.notEqual(cjs.browserFetch, browserFetch)
  const error = await cjs.browserFetch(api, { from: 'https://other.example' }).catch((error) => error)
  assert.equal(isCorsBlockedError(error), true)
  mock.timers.enable()
  for (const copy of [cjs, { browserFetch }]) {
    const silent = copy.browserFetch((_request, _response) => {}, { from, timeout: 50 })
    await assert.rejects(silent, { code: 'CROSSGATE_TIMEOUT' })
  }
})
