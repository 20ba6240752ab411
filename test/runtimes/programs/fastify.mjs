/** The application in Fastify. */

import cors from 'crossgate/fastify'

export async function createApp({ source, routes, report, packageName }) {
  const { default: fastify } = await import(packageName)
  const app = fastify({ bodyLimit: 1000 })
  app.addHook('onError', async (request, _reply, error) => report.failed(error, request.headers))
  if (source !== undefined) {
    // To `register` a function makes the options of an instance.
    await app.register(cors, typeof source === 'function' ? () => source : source)
  }
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path,
      handler: (request, reply) => {
        report.ran(request.headers)
        const returned = route.run(replyOf(reply))
        // To Fastify a returned promise is the reply.
        return returned instanceof Promise ? returned : undefined
      },
    })
  }
  return { server: app.server, listen: (where) => app.listen(where) }
}

function replyOf(reply) {
  return {
    set: (name, value) => {
      reply.header(name, value)
    },
    send: (status, body) => {
      reply.code(status).send(body)
    },
    redirect: (location) => {
      reply.redirect(location)
    },
    stream: (body) => {
      reply.send(body)
    },
    raw: () => {
      reply.hijack()
      return reply.raw
    },
  }
}
