/** The configuration of the route that a request has reached. */

import type { FastifyContextConfig, FastifyRequest } from 'fastify'

type Inside = Record<symbol, { readonly config?: FastifyContextConfig } | undefined>

/**
 * The symbol under which requests keep their route, once that was found. `routeOptions`, the documented
 * way, makes a new object of all that is known of the route, each time that it is read.
 */
let place: symbol | undefined
let hasLooked = false

export function configOf(request: FastifyRequest): FastifyContextConfig | undefined {
  const inside = request as unknown as Inside
  const config = place === undefined ? undefined : inside[place]?.config
  // Another copy of Fastify has another symbol.
  if (config !== undefined) return config
  const { config: documented } = request.routeOptions
  if (!hasLooked && documented !== undefined) {
    hasLooked = true
    place = Object.getOwnPropertySymbols(request).find(
      (symbol) => inside[symbol]?.config === documented,
    )
  }
  return documented
}
