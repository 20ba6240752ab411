// The adapters against the frameworks' own types.
import crossgate from 'crossgate/fastify'
import { cors } from 'crossgate/express'
import { cors as koaCors } from 'crossgate/koa'
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

const server = fastify()
await server.register(crossgate, { origin: 'https://app.example.com', logLevel: 'silent' })
await server.register(crossgate, { delegator: (request) => ({ origin: request.host === '' ? '*' : false }) })
server.get('/', { config: { cors: { origin: '*' } } }, async () => 'hello')
server.get('/none', { config: { cors: false } }, async () => 'hello')
// @ts-expect-error a route's options are checked
server.get('/wrong', { config: { cors: { origin: 5 } } }, async () => 'hello')
