/** The application in Hono. */

import { cors } from 'crossgate/hono'
import { Hono } from 'hono'
import { reading } from './policies.mjs'
import { recordedResponse, run } from './recorded-reply.mjs'
import { bodyOf, responseOf } from './responses.mjs'

export function createApp({ source, routes, report }) {
  const app = new Hono()
  if (source !== undefined) app.use(cors(reading(source, ({ req }) => req.header())))
  for (const route of routes) {
    app.on(route.method, route.path, (context) => {
      report.ran(context.req.raw.headers)
      return answered(route, context)
    })
  }
  app.onError((error, context) => {
    report.failed(error, context.req.raw.headers)
    return context.text('Internal Server Error', 500)
  })
  return app.fetch
}

/** By Hono's own means; what handlers write on Node's response is a `Response` of their own here. */
function answered(route, context) {
  return new Promise((resolve, reject) => {
    const reply = {
      set: (name, value) => {
        for (const line of [value].flat()) context.header(name, line, { append: true })
      },
      send: (status, body) => resolve(context.body(status === 304 ? null : body, status)),
      redirect: (location) => resolve(context.redirect(location)),
      stream: (body) => resolve(context.body(bodyOf(body))),
      raw: () => recordedResponse((answer) => resolve(responseOf(answer))),
    }
    run(route, reply, reject)
  })
}
