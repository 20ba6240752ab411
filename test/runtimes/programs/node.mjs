/** The application with Node's own means: `http`, `https`, `http2`. */

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createSecureServer } from 'node:http2'
import { withCors } from 'crossgate/node'
import { routeFor } from './routes.mjs'

const PROTOCOLS = { http: createServer, http2: createHttp2Server }

export function createApp({ source, routes, report, packageName: protocol }) {
  const handler = (request, response) => {
    // So that the connection is free for the answer.
    request.resume()
    const route = routeFor(routes, request.method, request.url)
    if (route === undefined) {
      response.statusCode = 404
      response.end('not found')
      return undefined
    }
    report.ran(request.headers)
    return route.run(replyOf(response))
  }
  const onError = (error, request) => report.failed(error, request.headers)
  const listener = source === undefined ? handler : withCors(source, handler, { onError })
  return { server: PROTOCOLS[protocol](listener) }
}

function createHttp2Server(listener) {
  const read = (name) => readFileSync(new URL(`./certificate/${name}`, import.meta.url))
  return createSecureServer({ key: read('localhost.key'), cert: read('localhost.crt') }, listener)
}

function replyOf(response) {
  return {
    set: (name, value) => response.setHeader(name, value),
    send: (status, body) => {
      response.statusCode = status
      response.end(body)
    },
    redirect: (location) => {
      response.statusCode = 302
      response.setHeader('location', location)
      response.end()
    },
    stream: (body) => body.pipe(response),
    raw: () => response,
  }
}
