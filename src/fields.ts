/** The fields of answers: what of a policy goes into them, and what of a preflight is echoed. */

import { MAX_LIST_BYTES, requestedNames } from './http/lists.ts'
import {
  ALLOW_CREDENTIALS,
  ALLOW_HEADERS,
  ALLOW_METHODS,
  ALLOW_ORIGIN,
  CACHE_CONTROL,
  CONTENT_LENGTH,
  EXPOSE_HEADERS,
  MAX_AGE,
} from './http/names.ts'
import { SAFELISTED_METHODS } from './http/safelists.ts'
import { isToken } from './http/token.ts'
import type { NormalizedOptions } from './options.ts'

const NO_CONTENT = 204
/** The longest registered method has 17 letters. */
const LONGEST_ECHOED_METHOD = 64
const ALWAYS_ALLOWED = [...SAFELISTED_METHODS].join(',')

/** "Any method" cannot be said with `*` once there are credentials, so the method is echoed. */
export function echoesMethod({ credentials, methods }: NormalizedOptions): boolean {
  return credentials && methods === '*'
}

/** The same for "any header". */
export function echoesHeaders({ credentials, allowedHeaders }: NormalizedOptions): boolean {
  return credentials && allowedHeaders === '*'
}

/** Whether a method may be echoed: what is no token never reaches a response. */
export function isEchoableMethod(method: string): boolean {
  return method.length <= LONGEST_ECHOED_METHOD && isToken(method)
}

/** A field of a response. Of two with the same name the later one counts. */
export type TextField = readonly [name: string, value: string]

/** What a response from an allowed origin shows to its page. */
export function exposingFields({ exposedHeaders }: NormalizedOptions): readonly TextField[] {
  return exposedHeaders.length === 0 ? [] : [[EXPOSE_HEADERS, joined(exposedHeaders)]]
}

/** Everything of a preflight's answer that names neither the origin nor what was asked for. */
export function fixedPreflightFields(options: NormalizedOptions): readonly TextField[] {
  const { maxAge, cacheControl, optionsSuccessStatus, preflightContinue } = options
  const allowHeaders = fixedAllowHeaders(options)
  const answers = !preflightContinue
  const fields: TextField[] = [[ALLOW_METHODS, fixedAllowMethods(options)]]
  if (allowHeaders !== '') fields.push([ALLOW_HEADERS, allowHeaders])
  if (maxAge !== undefined) fields.push([MAX_AGE, String(maxAge)])
  if (answers && cacheControl !== undefined) fields.push([CACHE_CONTROL, cacheControl])
  // RFC 9110, 8.6: a 204 has no Content-Length.
  if (answers && optionsSuccessStatus !== NO_CONTENT) fields.push([CONTENT_LENGTH, '0'])
  return fields
}

/**
 * The field is always there: to a browser that asks in any case, for a body that is a stream, an absent
 * one grants whatever it asked for (CORS-preflight fetch, "methods is null").
 */
function fixedAllowMethods(options: NormalizedOptions): string {
  const { methods } = options
  return methods.length === 0 || echoesMethod(options) ? ALWAYS_ALLOWED : joined(methods)
}

function fixedAllowHeaders(options: NormalizedOptions): string {
  if (options.allowedHeaders !== '*') return joined(options.allowedHeaders)
  // The Fetch standard's `*` does not cover Authorization.
  return options.credentials ? '' : '*,authorization'
}

/** What is not echoed is empty. */
export function echoedFields(method: string, headers: string): readonly TextField[] {
  const fields: TextField[] = []
  if (isEchoableMethod(method)) fields.push([ALLOW_METHODS, method])
  const names = requestedNames(headers) ?? []
  if (names.length > 0) fields.push([ALLOW_HEADERS, joined(names)])
  return fields
}

/** Nothing of a list that is too long is echoed. */
export function readable(list = ''): string {
  return list.length > MAX_LIST_BYTES ? '' : list
}

function joined(names: '*' | readonly string[]): string {
  return names === '*' ? names : names.join(',')
}

/** The fields with which a response is shared with an origin. */
export function sharing(
  { credentials }: NormalizedOptions,
  allowOrigin: string,
  fields: readonly TextField[],
): Readonly<Record<string, string>> {
  const headers = noHeaders()
  headers[ALLOW_ORIGIN] = allowOrigin
  if (credentials) headers[ALLOW_CREDENTIALS] = 'true'
  for (const [name, value] of fields) headers[name] = value
  return Object.freeze(headers)
}

/** Without a prototype, so that nothing but the policy's own fields can ever be read from it. */
export function noHeaders(): Record<string, string> {
  return Object.create(null) as Record<string, string>
}
