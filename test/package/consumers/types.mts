// An ECMAScript module project in TypeScript, strict, without any framework's types.
import { createServer } from 'node:http'
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import {
  type CorsDecision,
  type CorsOptions,
  type CorsPolicy,
  type DynamicCorsPolicy,
  decide,
  definePolicy,
} from 'crossgate'
import defaultCors, { type CorsMiddleware, cors } from 'crossgate/express'
import { createCors, withCors as fetchWithCors } from 'crossgate/fetch'
import { cors as honoCors } from 'crossgate/hono'
import { cors as koaCors } from 'crossgate/koa'
import { cors as middyCors, withCors as lambdaWithCors } from 'crossgate/lambda'
import { withCors } from 'crossgate/node'
import { assertBlocked, browserFetch, type BrowserFetchOptions, type Verdict } from 'crossgate/testing'

const options: CorsOptions = { origin: ['https://app.example.com'], maxAge: undefined }
const policy: CorsPolicy = definePolicy({ origin: 'https://app.example.com' })
const dynamic: DynamicCorsPolicy = definePolicy({ origin: async () => true })
const decision: CorsDecision = decide(policy, { method: 'GET' })
const middleware: CorsMiddleware = cors(options)
const same: typeof cors = defaultCors

createServer(withCors({ origin: '*' }, (request, response) => response.end(request.url)))
createSecureServer(
  {},
  withCors(dynamic, (request: Http2ServerRequest, response: Http2ServerResponse) => {
    response.stream.end(request.authority)
  }),
)
const page: BrowserFetchOptions = { from: 'https://app.example.com', body: new Uint8Array(1) }
const seen: Promise<Response> = browserFetch((request, response) => response.end(request.url), page)
const verdict: Promise<Verdict> = assertBlocked({ fetch: async () => new Response() }, page)
browserFetch(createServer(), page)
browserFetch(createSecureServer({}), page)
browserFetch(new URL('http://127.0.0.1'), { ...page, headers: new Headers(), timeout: undefined })
browserFetch(async (request: Request) => new Response(request.url), page)
koaCors((context) => (context.req.url === '/' ? options : policy))
honoCors((context) => (context.req.path === '/' ? options : policy))
const worker = { fetch: fetchWithCors(policy, (request, env: { KEY: string }) => new Response(request.url + env.KEY)) }
const answered: Promise<Response> = worker.fetch(new Request('http://127.0.0.1'), { KEY: '' })
const exchange: Promise<Response> = createCors(policy)(new Request('http://127.0.0.1'), () => new Response())
const invoke = lambdaWithCors(policy, async (event: { path: string }) => ({ statusCode: 200, body: event.path }))
middyCors(dynamic)
export { answered, exchange, invoke }
export { decision, middleware, same, seen, verdict }
