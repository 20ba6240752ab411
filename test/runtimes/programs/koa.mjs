/** The application in Koa. */

import { createServer } from 'node:http'
import { cors } from 'crossgate/koa'
import { routeFor } from './routes.mjs'

export async function createApp({ source, routes, report, packageName }) {
  const { default: Koa } = await import(packageName)
  const app = new Koa()
  app.on('error', (error, context) => report.failed(error, context?.request.headers))
  if (source !== undefined) app.use(cors(source))
  app.use(async (context, next) => {
    const route = routeFor(routes, context.method, context.path)
    if (route === undefined) return next()
    report.ran(context.request.headers)
    return route.run(replyOf(context))
  })
  return { server: createServer(app.callback()) }
}

function replyOf(context) {
  return {
    set: (name, value) => context.set(name, value),
    send: (status, body) => {
      context.status = status
      context.body = body
    },
    redirect: (location) => context.redirect(location),
    stream: (body) => {
      context.body = body
    },
    raw: () => {
      context.respond = false
      // Koa has set it to 404 already.
      context.res.statusCode = 200
      return context.res
    },
  }
}
