/** Serves fetch handlers by `Bun.serve`. */

import { HOST } from './agreement.mjs'
import { announce, handlersOf, unhandled } from './fetch-handlers.mjs'

process.on('unhandledRejection', unhandled)

const handlers = handlersOf(await import(`./${process.argv[2]}.mjs`))
await announce(handlers, (fetch) => Bun.serve({ fetch, port: 0, hostname: HOST }).port)
