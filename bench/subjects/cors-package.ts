/** A rule as options of `cors`, as its documentation has it, and as an expert would write it. */

import type { IncomingMessage } from 'node:http'
import { expressionsOf, lookUpOf, originsOf, tenantOrigins } from '../rule.ts'
import { ALLOWED_HEADERS, EXPOSED_HEADERS, MAX_AGE, METHODS, type Rule } from '../scenarios.ts'

type Callback = (error: Error | null, allowed?: unknown) => void

/** What is the same whoever is let in; `@fastify/cors` takes the same names. */
export function sharedOptions({ credentials, headers }: Rule) {
  return {
    credentials,
    methods: [...METHODS],
    ...(headers === 'any' ? {} : { allowedHeaders: [...ALLOWED_HEADERS] }),
    exposedHeaders: [...EXPOSED_HEADERS],
    maxAge: MAX_AGE,
  }
}

/** Its documentation: a string, an array, an array of expressions, a delegate, a callback. */
export function corsOptions(rule: Rule): unknown {
  const shared = sharedOptions(rule)
  switch (rule.origins.kind) {
    case 'any':
      return { ...shared, origin: '*' }
    case 'exact': {
      const origins = originsOf(rule)
      return { ...shared, origin: origins.length === 1 ? origins[0] : origins }
    }
    case 'wildcards':
      return { ...shared, origin: expressionsOf(rule) }
    case 'tenants':
      return tenantDelegate(rule)
    case 'promised': {
      const known = originsOf(rule)
      return { ...shared, origin: laterOf((origin) => known.includes(origin)) }
    }
  }
}

/** A function with a look-up of its own, whatever the origins. */
export function expertOptions(rule: Rule): unknown {
  const shared = sharedOptions(rule)
  if (rule.origins.kind === 'tenants') return tenantDelegate(rule)
  if (rule.origins.kind === 'any') return { ...shared, origin: '*' }
  const allows = lookUpOf(rule)
  if (rule.origins.kind === 'promised') return { ...shared, origin: laterOf(allows) }
  return {
    ...shared,
    origin: (origin: string | undefined, callback: Callback) =>
      callback(null, origin !== undefined && allows(origin)),
  }
}

function laterOf(allows: (origin: string) => boolean) {
  return (origin: string | undefined, callback: Callback) => {
    Promise.resolve(origin !== undefined && allows(origin)).then((allowed) =>
      callback(null, allowed),
    )
  }
}

function tenantDelegate(rule: Rule) {
  const shared = sharedOptions(rule)
  const origins = tenantOrigins(rule)
  return (request: IncomingMessage, callback: Callback) =>
    callback(null, { ...shared, origin: [origins.get(request.headers.host ?? '')] })
}
