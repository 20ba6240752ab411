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
import { cors as koaCors } from 'crossgate/koa'
import { withCors } from 'crossgate/node'

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
koaCors((context) => (context.req.url === '/' ? options : policy))
export { decision, middleware, same }
