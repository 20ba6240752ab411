/** Serves fetch handlers by `Deno.serve`. */

import { HOST } from './agreement.mjs'
import { announce, handlersOf, unhandled } from './fetch-handlers.mjs'

globalThis.addEventListener('unhandledrejection', (event) => {
  event.preventDefault()
  unhandled(event.reason)
})

const handlers = handlersOf(await import(`./${Deno.args[0]}.mjs`))
const settings = { port: 0, hostname: HOST, onListen: () => {} }
await announce(handlers, (fetch) => Deno.serve(settings, fetch).addr.port)
