/** The fields of hand-written code: joined once, lower case. */

import { ALLOWED_HEADERS, EXPOSED_HEADERS, MAX_AGE, METHODS, type Rule } from '../scenarios.ts'

export const ALLOW_ORIGIN = 'access-control-allow-origin'
export const ALLOW_CREDENTIALS = 'access-control-allow-credentials'
export const EXPOSE_HEADERS = 'access-control-expose-headers'
export const ALLOW_METHODS = 'access-control-allow-methods'
export const ALLOW_HEADERS = 'access-control-allow-headers'
export const ALLOW_MAX_AGE = 'access-control-max-age'

export const METHOD_LIST = METHODS.join(',')
export const HEADER_LIST = ALLOWED_HEADERS.join(',')
export const EXPOSED_LIST = EXPOSED_HEADERS.join(',')
export const AGE = String(MAX_AGE)

/** The longest list of request headers that is echoed. */
export const LONGEST_LIST = 4096

/** The fields of a preflight's answer. */
export function preflightFields(
  { credentials, headers }: Rule,
  origin: string,
  asked: string | undefined,
): Record<string, string> {
  const echoed = headers === 'any'
  const list = echoed ? asked : HEADER_LIST
  const fields: Record<string, string> = {
    vary: echoed ? 'Origin, Access-Control-Request-Headers' : 'Origin',
    [ALLOW_ORIGIN]: origin,
    [ALLOW_METHODS]: METHOD_LIST,
    [ALLOW_MAX_AGE]: AGE,
  }
  if (credentials) fields[ALLOW_CREDENTIALS] = 'true'
  if (list !== undefined && list.length <= LONGEST_LIST) fields[ALLOW_HEADERS] = list
  return fields
}
