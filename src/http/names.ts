/**
 * The names of the header fields that CORS is made of, in lower case, the one place where they are
 * spelt. Lower case is valid on the wire, the only form in HTTP/2, and the cheapest in Node.
 */

import { isToken } from './token.ts'

export const ORIGIN = 'origin'

/** The request fields that hold the facts of a decision: what an adapter has to read. */
export const REQUEST_FIELDS = Object.freeze({
  origin: ORIGIN,
  requestMethod: 'access-control-request-method',
  requestHeaders: 'access-control-request-headers',
  fetchSite: 'sec-fetch-site',
})

/** Response fields. */
export const ALLOW_ORIGIN = 'access-control-allow-origin'
export const ALLOW_CREDENTIALS = 'access-control-allow-credentials'
export const ALLOW_METHODS = 'access-control-allow-methods'
export const ALLOW_HEADERS = 'access-control-allow-headers'
export const EXPOSE_HEADERS = 'access-control-expose-headers'
export const MAX_AGE = 'access-control-max-age'
export const CACHE_CONTROL = 'cache-control'
export const CONTENT_LENGTH = 'content-length'
/** Ours: why a preflight is not granted, with `debug`. */
export const REFUSAL = 'crossgate-refusal'

const CORS_PREFIX = 'access-control-'

/**
 * Whether `name`, in any letter case, is a CORS field: one that only the policy may set. What is no
 * field name at all is none, and left to be refused.
 */
export function isCorsField(name: string): boolean {
  if (name.length <= CORS_PREFIX.length) return false
  // The first letter decides for almost every other field, without making a lower-case copy.
  const first = name.charCodeAt(0) | 0x20
  if (first !== 0x61) return false
  return name.slice(0, CORS_PREFIX.length).toLowerCase() === CORS_PREFIX && isToken(name)
}
