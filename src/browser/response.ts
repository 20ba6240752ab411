/** What a page sees of a response (Fetch standard, "filtered response"). */

import { EXPOSE_HEADERS } from '../http/names.ts'
import { FORBIDDEN_RESPONSE_HEADERS, SAFELISTED_RESPONSE_HEADERS } from '../http/safelists.ts'
import type { Field, PageRequest, ReceivedResponse } from './exchange.ts'
import { normalized, tokenList } from './headers.ts'
import { checkRequest, checkResponse, checkTainting } from './input.ts'
import type { ResponseTainting } from './request.ts'

/**
 * The fields that a page sees, by lower-case name: "basic", "CORS" or "opaque filtered response".
 *
 * @param tainting `'basic'` within the page's own origin, `'cors'` for a response that passed the
 *   CORS check, `'opaque'` for mode `no-cors`.
 * @throws {TypeError} for values of wrong types.
 * @example visibleHeaders({}, { status: 200, headers: [['Content-Type', 'text/plain'], ['X-A', '1']] })
 */
export function visibleHeaders(
  request: Pick<PageRequest, 'credentials'>,
  response: ReceivedResponse,
  tainting: ResponseTainting = 'cors',
): readonly Field[] {
  checkRequest(request, ['credentials'])
  checkResponse(response)
  checkTainting(tainting)
  const { credentials } = request
  const { headers } = response
  if (tainting === 'opaque') return Object.freeze([])
  const exposed = exposedNames(headers, credentials === 'include')
  const isVisible = (name: string): boolean =>
    tainting === 'basic' || exposed === '*' || exposed.has(name)
  const visible = headers
    .map(([name, value]): Field => Object.freeze([name.toLowerCase(), normalized(value)] as const))
    .filter(([name]) => !FORBIDDEN_RESPONSE_HEADERS.has(name) && isVisible(name))
  return Object.freeze(visible)
}

/** "CORS-safelisted response-header name", given the CORS-exposed header-name list. */
function exposedNames(headers: readonly Field[], credentialed: boolean): '*' | ReadonlySet<string> {
  const { tokens } = tokenList(headers, EXPOSE_HEADERS)
  if (tokens.includes('*') && !credentialed) return '*'
  const listed = tokens.map((token) => token.toLowerCase())
  return new Set([...SAFELISTED_RESPONSE_HEADERS, ...listed])
}
