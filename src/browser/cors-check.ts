/** "CORS check" (Fetch standard): whether a response is shared with the origin that asked. */

import { ALLOW_CREDENTIALS, ALLOW_ORIGIN } from '../http/names.ts'
import { quote } from '../quote.ts'
import type { PageRequest, ReceivedResponse } from './exchange.ts'
import { combinedValue, linesOf, titleOf } from './headers.ts'
import { credentialsHint, originHint, statusHint } from './hints.ts'
import { type BrokenRule, brokenRule } from './rules.ts'

/** The origin (`'null'` behind a redirect that taints it), and whether credentials are included. */
type Asking = Pick<PageRequest, 'from' | 'credentials'>

/**
 * "CORS check": the rule that the response breaks, `undefined` where the page's origin may have it.
 *
 * @example
 * corsCheck({ from: 'https://a.example' }, { status: 200, headers: [] })?.rule // 'allow-origin.missing'
 */
export function corsCheck(request: Asking, response: ReceivedResponse): BrokenRule | undefined {
  const allowed = combinedValue(response.headers, ALLOW_ORIGIN)
  const credentialed = request.credentials === 'include'
  if (allowed === '*' && !credentialed) return undefined
  if (allowed !== request.from) return brokenOrigin(request, response, allowed)
  return credentialed ? credentialsCheck(response) : undefined
}

function brokenOrigin(
  { from }: Asking,
  response: ReceivedResponse,
  allowed: string | undefined,
): BrokenRule {
  const field = titleOf(ALLOW_ORIGIN)
  const asked = { header: ALLOW_ORIGIN, expected: from }
  if (allowed === undefined) {
    const message = `the response has no ${field}; the page's origin is ${quote(from)}`
    return brokenRule('allow-origin.missing', message, { ...asked, hint: statusHint(response) })
  }
  const details = { ...asked, actual: allowed, hint: originHint(from, allowed, response.headers) }
  const is = `${field} is ${quote(allowed)}`
  if (allowed.includes(',')) {
    return brokenRule('allow-origin.several', `${is}: more than one value`, details)
  }
  if (allowed === '*') {
    const message = `${is}, which is no wildcard for a request with credentials`
    return brokenRule('allow-origin.wildcard-with-credentials', message, details)
  }
  const message = `${is}, but the page's origin is ${quote(from)}`
  return brokenRule('allow-origin.mismatch', message, details)
}

function credentialsCheck({ headers }: ReceivedResponse): BrokenRule | undefined {
  const value = combinedValue(headers, ALLOW_CREDENTIALS)
  if (value === 'true') return undefined
  const field = titleOf(ALLOW_CREDENTIALS)
  const details = { header: ALLOW_CREDENTIALS, expected: 'true' }
  if (value === undefined) {
    const message = `the response has no ${field}, and the request has credentials`
    return brokenRule('allow-credentials.missing', message, details)
  }
  return brokenRule('allow-credentials.value', `${field} is ${quote(value)}, but not 'true'`, {
    ...details,
    actual: value,
    hint: credentialsHint(value, linesOf(headers, ALLOW_CREDENTIALS).length),
  })
}
