/** The application in Express. */

import { createServer } from 'node:http'
import { cors } from 'crossgate/express'

export async function createApp({ source, routes, report, packageName }) {
  const { default: express } = await import(packageName)
  const app = express()
  app.disable('x-powered-by')
  if (source !== undefined) app.use(cors(source))
  app.use(express.json({ limit: 1000 }))
  for (const route of routes) {
    app[route.method.toLowerCase()](route.path, (request, response, next) => {
      report.ran(request.headers)
      const returned = route.run(replyOf(response))
      // Express 4 leaves rejections to the application.
      if (returned instanceof Promise) returned.catch(next)
    })
  }
  // Express takes a function of four parameters for an error handler.
  app.use((error, request, _response, next) => {
    report.failed(error, request.headers)
    // Express shows it, and it names the layers that were passed.
    if (error instanceof Error) error.stack = String(error)
    next(error)
  })
  // Express would print them.
  app.set('env', 'test')
  return { server: createServer(app) }
}

function replyOf(response) {
  return {
    set: (name, value) => response.setHeader(name, value),
    send: (status, body) => response.status(status).send(body),
    redirect: (location) => response.redirect(location),
    stream: (body) => body.pipe(response),
    raw: () => response,
  }
}
