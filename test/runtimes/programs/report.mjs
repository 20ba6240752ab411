/** What a program has seen, for whoever sends the requests. */

import { EXCHANGE } from './agreement.mjs'

export function createReport() {
  const ran = []
  const errors = []
  const unhandled = []
  return {
    /** A handler of the application runs for a request with these fields. */
    ran: (headers) => ran.push(fieldOf(headers, EXCHANGE)),
    /** An error went down the framework's error path. */
    failed: (error, headers) => errors.push([fieldOf(headers, EXCHANGE), messageOf(error)]),
    unhandled: (reason) => unhandled.push(messageOf(reason)),
    toJSON: () => ({ ran, errors, unhandled }),
  }
}

/** A field of Node's headers, or of those of `fetch`. */
export function fieldOf(headers, name) {
  return typeof headers?.get === 'function' ? headers.get(name) : headers?.[name]
}

function messageOf(error) {
  return error instanceof Error ? error.message : String(error)
}
