/** The application as a function behind an HTTP API of AWS, with payloads of format 2.0. */

import { text } from 'node:stream/consumers'
import { withCors } from 'crossgate/lambda'
import { recorded } from './recorded-reply.mjs'
import { routeFor } from './routes.mjs'

export function createApp({ source, routes, report }) {
  const handler = async ({ rawPath, requestContext, headers }) => {
    const route = routeFor(routes, requestContext.http.method, rawPath)
    if (route === undefined) return { statusCode: 404, body: 'not found' }
    report.ran(headers)
    return resultOf(await recorded(route))
  }
  if (source === undefined) return handler
  return withCors(source, handler, {
    onError: (error, { headers }) => report.failed(error, headers),
  })
}

async function resultOf({ status, lines, body }) {
  const headers = {}
  const cookies = []
  for (const [name, value] of lines) {
    if (name.toLowerCase() === 'set-cookie') cookies.push(value)
    else headers[name] = name in headers ? `${headers[name]}, ${value}` : value
  }
  const content = typeof body === 'string' ? body : await text(body)
  return { statusCode: status, headers, ...(cookies.length > 0 && { cookies }), body: content }
}
