/** What a preflight asks for, against what the policy grants: the checks behind the origin's. */

import { echoesHeaders, isEchoableMethod } from './fields.ts'
import { MAX_LIST_BYTES, MAX_LIST_NAMES, requestedNames } from './http/lists.ts'
import { SAFELISTED_METHODS } from './http/safelists.ts'
import { isToken } from './http/token.ts'
import type { NormalizedOptions } from './options.ts'

/** The outcome for an allowed origin. The standard checks the method first. */
export function checkPreflight(
  options: NormalizedOptions,
  requestMethod: string,
  requestHeaders: string | undefined,
): 'allowed' | 'method-refused' | 'header-refused' {
  if (!isMethodAllowed(options, requestMethod)) return 'method-refused'
  return refusedHeaders(options, requestHeaders) === undefined ? 'allowed' : 'header-refused'
}

/** CORS-preflight fetch: "if request's method is not in methods ..." */
export function isMethodAllowed(
  { credentials, methods }: NormalizedOptions,
  method: string,
): boolean {
  if (methods === '*') return credentials ? isEchoableMethod(method) : isToken(method)
  return SAFELISTED_METHODS.has(method) || methods.includes(method)
}

/**
 * CORS-preflight fetch: "for each unsafeName of the CORS-unsafe request-header names ...". The names
 * that are not granted; `undefined` where all are; none where the list could not be read.
 */
export function refusedHeaders(
  options: NormalizedOptions,
  requestHeaders: string | undefined,
): readonly string[] | undefined {
  if (requestHeaders === undefined) return undefined
  const { allowedHeaders } = options
  if (allowedHeaders === '*') {
    const unreadable = echoesHeaders(options) && requestedNames(requestHeaders) === undefined
    return unreadable ? [] : undefined
  }
  // A list may grant more than the caps for strangers let through.
  const names = requestedNames(requestHeaders, {
    bytes: Math.max(MAX_LIST_BYTES, 2 * allowedHeaders.join().length),
    names: Math.max(MAX_LIST_NAMES, 2 * allowedHeaders.length),
  })
  const refused = names?.filter((name) => !allowedHeaders.includes(name)) ?? []
  return names !== undefined && refused.length === 0 ? undefined : refused
}
