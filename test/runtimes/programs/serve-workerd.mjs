/** Serves fetch handlers in workerd, where a service has one policy, whose name it is told. */

// The bundle has the program of a framework in its place.
import * as framework from 'framework'
import { handlersOf, unhandled } from './fetch-handlers.mjs'

addEventListener('unhandledrejection', (event) => {
  event.preventDefault()
  unhandled(event.reason)
})

globalThis.setImmediate ??= (action) => setTimeout(action)

const handlers = new Map(handlersOf(framework))

export default {
  fetch: (request, environment, context) =>
    handlers.get(environment.POLICY)(request, environment, context),
}
