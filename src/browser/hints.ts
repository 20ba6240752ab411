/** What the author of a response probably did, told from the response alone. */

import { listElements } from '../http/lists.ts'
import { ALLOW_ORIGIN, ORIGIN } from '../http/names.ts'
import { parseOrigin } from '../origin/parse.ts'
import { defaultPort } from '../origin/scheme.ts'
import type { Field, ReceivedResponse } from './exchange.ts'
import { combinedValue, linesOf } from './headers.ts'
import type { HintCode } from './rules.ts'

/** Why an `Access-Control-Allow-Origin` is not the origin that it was meant to be. */
export function originHint(
  origin: string,
  allowed: string,
  headers: readonly Field[],
): HintCode | undefined {
  if (linesOf(headers, ALLOW_ORIGIN).length > 1) return 'several-lines'
  if (allowed.includes(',')) return 'list'
  const spelling = SPELLINGS.find(([, means]) => means(origin, allowed))
  if (spelling !== undefined) return spelling[0]
  if (origin === 'null') return 'opaque'
  const isAnother = parseOrigin(allowed) !== undefined
  return isAnother && !variesOnOrigin(headers) ? 'vary' : undefined
}

/** Why an `Access-Control-Allow-Credentials` is not `true`. */
export function credentialsHint(value: string, lines: number): HintCode | undefined {
  if (lines > 1) return 'several-lines'
  return value.toLowerCase() === 'true' ? 'letter-case' : undefined
}

/**
 * Why an answer to a preflight has the wrong status, or no CORS headers.
 *
 * @param isAllowed Whether the answer allows the origin: then 403 is for who it comes from.
 */
export function preflightHint(
  { status }: ReceivedResponse,
  isAllowed: boolean,
): HintCode | undefined {
  if (status === 401 || status === 407 || (status === 403 && isAllowed)) return 'authentication'
  if (status === 403) return 'refused'
  return status === 404 || status === 405 || status === 501 ? 'not-routed' : undefined
}

/** Why a response has no CORS headers. */
export function missingHint(origin: string, { status }: ReceivedResponse): HintCode | undefined {
  if (origin === 'null') return 'opaque'
  return status >= 400 ? 'error-response' : undefined
}

/** Spellings of an origin that are not the origin, from the most to the least precise. */
const SPELLINGS: readonly (readonly [HintCode, (origin: string, allowed: string) => boolean])[] = [
  ['trailing-slash', (origin, allowed) => allowed === `${origin}/`],
  ['path', (origin, allowed) => allowed.startsWith(`${origin}/`)],
  ['quotes', (origin, allowed) => allowed === `"${origin}"` || allowed === `'${origin}'`],
  ['letter-case', (origin, allowed) => allowed.toLowerCase() === origin],
  ['default-port', (origin, allowed) => allowed === `${origin}:${portOf(origin)}`],
  ['scheme', (origin, allowed) => behind(origin) === behind(allowed)],
]

function portOf(origin: string): string | undefined {
  return defaultPort(origin.slice(0, origin.indexOf(':')))
}

/** What stands behind the scheme; a text without one is as it is. */
function behind(text: string): string {
  const schemeEnd = text.indexOf('://')
  return schemeEnd === -1 ? text : text.slice(schemeEnd + 3)
}

function variesOnOrigin(headers: readonly Field[]): boolean {
  const names = listElements(combinedValue(headers, 'vary') ?? '')
  return names.some((name) => name === '*' || name.toLowerCase() === ORIGIN)
}
