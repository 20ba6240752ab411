/** The application as a plain fetch handler. */

import { withCors } from 'crossgate/fetch'
import { reading } from './policies.mjs'
import { recorded } from './recorded-reply.mjs'
import { responseOf } from './responses.mjs'
import { routeFor } from './routes.mjs'

export function createApp({ source, routes, report }) {
  const handler = async (request) => {
    const route = routeFor(routes, request.method, new URL(request.url).pathname)
    if (route === undefined) return new Response('not found', { status: 404 })
    report.ran(request.headers)
    return responseOf(await recorded(route))
  }
  if (source === undefined) return handler
  return withCors(
    reading(source, ({ headers }) => Object.fromEntries(headers)),
    handler,
    { onError: (error, request) => report.failed(error, request.headers) && undefined },
  )
}
