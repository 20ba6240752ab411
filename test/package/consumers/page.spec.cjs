// What a CommonJS project tests with jest.
const { createServer } = require('node:http')
const { withCors } = require('crossgate/node')
const { assertBlocked, assertReadable, browserFetch, CorsBlockedError } = require('crossgate/testing')

const from = 'https://app.example.com'
const other = 'https://other.example'
const api = withCors({ origin: from, exposedHeaders: 'X-Total' }, (_request, response) => {
  response.setHeader('X-Total', '3')
  response.end('hello')
})

test('a page that is allowed reads the answer', async () => {
  const response = await browserFetch(api, { from, method: 'PUT', body: Buffer.from('a') })
  expect(response).toBeInstanceOf(Response)
  expect(await response.text()).toBe('hello')
  expect(response.headers.get('x-total')).toBe('3')
  await assertReadable(createServer(api), { from })
})

test('a Fetch handler is asked without a socket', async () => {
  const headers = { 'access-control-allow-origin': '*' }
  const response = await browserFetch((_request) => new Response('hello', { headers }), { from })
  expect(await response.text()).toBe('hello')
})

test('another page is blocked, and told why', async () => {
  await assertBlocked(api, { from: other }, 'allow-origin.missing')
  const failing = browserFetch(api, { from: other })
  await expect(failing).rejects.toThrow(CorsBlockedError)
  await expect(failing).rejects.toThrow(TypeError)
  await expect(failing).rejects.toThrow('rule: allow-origin.missing: the response has no')
})

test("errors of Node are told, although their class is not this realm's", async () => {
  await expect(browserFetch('http://127.0.0.1:2/', { from })).rejects.toThrow(
    "rule: network: the request got no response: 'connect ECONNREFUSED 127.0.0.1:2'",
  )
})

test("jest's own clock does not stop the wait", async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] })
  const silent = browserFetch((_request, _response) => {}, { from, timeout: 50 })
  await expect(silent).rejects.toThrow('had no whole answer within 50 ms')
  jest.useRealTimers()
})
