// What an ECMAScript module project does with the package.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { CorsConfigError, decide, definePolicy } from 'crossgate'
import expressDefault, { cors as express } from 'crossgate/express'
import fastifyDefault, { cors as fastify } from 'crossgate/fastify'
import { withCors as fetchWithCors } from 'crossgate/fetch'
import honoDefault, { cors as hono } from 'crossgate/hono'
import koaDefault, { cors as koa } from 'crossgate/koa'
import { cors as middy, withCors as lambdaWithCors } from 'crossgate/lambda'
import { withCors } from 'crossgate/node'

assert.equal(expressDefault, express)
assert.equal(fastifyDefault, fastify)
assert.equal(honoDefault, hono)
assert.equal(koaDefault, koa)
assert.equal(express({ origin: '*' }).length, 3)
assert.throws(() => koa({ origin: 'https://app.example.com/' }), CorsConfigError)

const policy = definePolicy({ origin: 'https://app.example.com' })
assert.equal(decide(policy, { method: 'GET', origin: 'https://app.example.com' }).outcome, 'allowed')

const server = createServer(withCors(policy, (_request, response) => response.end('hello')))
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const response = await fetch(`http://127.0.0.1:${server.address().port}/`, {
  headers: { origin: 'https://app.example.com' },
})
assert.equal(await response.text(), 'hello')
assert.equal(response.headers.get('access-control-allow-origin'), 'https://app.example.com')
assert.equal(response.headers.get('vary'), 'Origin')
server.close()

const handle = fetchWithCors(policy, () => new Response('hello'))
const answer = await handle(new Request('http://127.0.0.1/', { headers: { origin: 'https://app.example.com' } }))
assert.deepEqual(Object.fromEntries(answer.headers), {
  'access-control-allow-origin': 'https://app.example.com',
  'content-type': 'text/plain;charset=UTF-8',
  vary: 'Origin',
})
const invoke = lambdaWithCors(policy, async () => ({ statusCode: 200, body: 'hello' }))
const event = { requestContext: { http: { method: 'GET' } }, headers: { origin: 'https://evil.example' } }
assert.deepEqual(await invoke(event), { statusCode: 200, body: 'hello', headers: { vary: 'Origin' } })
assert.deepEqual(Object.keys(middy(policy)).sort(), ['after', 'before', 'onError'])
console.log('esm ok')
