// The adapters against the frameworks' own types.
import { createServer } from 'node:http'
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import crossgate from 'crossgate/fastify'
import { cors } from 'crossgate/express'
import { cors as honoCors } from 'crossgate/hono'
import { cors as koaCors } from 'crossgate/koa'
import { withCors as lambdaWithCors } from 'crossgate/lambda'
import { withCors } from 'crossgate/node'
import { assertReadable } from 'crossgate/testing'
import express from 'express'
import type { APIGatewayProxyHandler, APIGatewayProxyHandlerV2 } from 'aws-lambda'
import fastify from 'fastify'
import { Hono } from 'hono'
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

new Hono<{ Bindings: { KEY: string } }>().use(honoCors({ origin: '*' })).get('/', (c) => c.text(c.env.KEY))
new Hono().use('/api/*', honoCors((context) => ({ origin: context.req.path === '/api/open' ? '*' : false })))

export const v1: APIGatewayProxyHandler = lambdaWithCors({ origin: '*' }, async (event) => ({
  statusCode: 200,
  body: event.path,
}))
export const v2: APIGatewayProxyHandlerV2 = lambdaWithCors({ origin: '*' }, async () => 'hello')

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
