/** Serves fetch handlers on Node: by `@hono/node-server`, since Node has nothing for them. */

import { serve } from '@hono/node-server'
import { HOST } from './agreement.mjs'
import { announce, handlersOf, unhandled } from './fetch-handlers.mjs'

process.on('unhandledRejection', unhandled)

const handlers = handlersOf(await import(`./${process.argv[2]}.mjs`))
await announce(
  handlers,
  (fetch) =>
    new Promise((resolve) => {
      serve({ fetch, port: 0, hostname: HOST }, ({ port }) => resolve(port))
    }),
)
