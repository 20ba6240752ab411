// The adapters against the frameworks' own types.
import { createServer } from 'node:http'
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import crossgate from 'crossgate/fastify'
import { cors } from 'crossgate/express'
import { cors as koaCors } from 'crossgate/koa'
import { withCors } from 'crossgate/node'
import { assertReadable } from 'crossgate/testing'
import express from 'express'
import fastify from 'fastify'
import Koa from 'koa'

const app = express()
app.use(cors({ origin: 'https://app.example.com' }))
app.get('/', cors({ origin: '*' }), (_request, response) => {
  response.end()
})
app.options('/', cors((request: express.Request) => ({ origin: request.hostname === '' ? '*' : false })))
express.Router().use(cors({ origin: '*' }))

new Koa().use(koaCors({ origin: '*' }))
new Koa().use(koaCors((context: Koa.Context) => ({ origin: context.secure ? '*' : false })))
new Koa().use(koaCors((context) => ({ origin: context.path === '/open' && context.get('x-key') !== '' ? '*' : false })))
new Koa().use(koaCors(({ method, url, host, hostname }) => ({ origin: [method, url, host, hostname].includes('') ? '*' : false })))

createServer(withCors({ origin: '*' }, (request, response) => response.end(request.url)))
createSecureServer({}, withCors({ origin: '*' }, (request: Http2ServerRequest, response: Http2ServerResponse) => {
  response.end(request.authority)
}))

const server = fastify()
await server.register(crossgate, { origin: 'https://app.example.com', logLevel: 'silent' })
await server.register(crossgate, { delegator: (request) => ({ origin: request.host === '' ? '*' : false }) })
server.get('/', { config: { cors: { origin: '*' } } }, async () => 'hello')
server.get('/none', { config: { cors: false } }, async () => 'hello')
// @ts-expect-error a route's options are checked
server.get('/wrong', { config: { cors: { origin: 5 } } }, async () => 'hello')

for (const target of [app, new Koa(), server, fastify({ http2: true })]) {
  await assertReadable(target, { from: 'https://app.example.com' })
}
await assertReadable(express(), { from: 'https://app.example.com' })
await assertReadable(new Koa(), { from: 'https://app.example.com' })
await assertReadable(server, { from: 'https://app.example.com' })
