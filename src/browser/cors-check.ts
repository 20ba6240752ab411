/** "CORS check" (Fetch standard): whether a response is shared with the origin that asked. */

import { ALLOW_CREDENTIALS, ALLOW_ORIGIN } from '../http/names.ts'
import { quote } from '../quote.ts'
import type { PageRequest, ReceivedResponse } from './exchange.ts'
import { combinedValue, linesOf, titleOf } from './headers.ts'
import { credentialsHint, missingHint, originHint } from './hints.ts'
import { checkRequest, checkResponse } from './input.ts'
import { withRefusal } from './refusal.ts'
import { type BrokenRule, brokenRule } from './rules.ts'

/** The origin (`'null'` behind a redirect that taints it), and whether credentials are included. */
type Asking = Pick<PageRequest, 'from' | 'credentials'>

/** The page whose origin redirects hide, for people: `from` is `'null'` then. */
export interface HiddenPage {
  readonly page?: string | undefined
}

/**
 * "CORS check": the rule that the response breaks, `undefined` where the page's origin may have it.
 *
 * @throws {TypeError} for values of wrong types.
 * @example
 * corsCheck({ from: 'https://a.example' }, { status: 200, headers: [] })?.rule // 'allow-origin.missing'
 */
export function corsCheck(request: Asking, response: ReceivedResponse): BrokenRule | undefined {
  checkRequest(request, ['from', 'credentials'])
  checkResponse(response)
  return withRefusal(checkSharing(request, response), response)
}

/** The same, for what is known to be of the right types, without what the server says. */
export function checkSharing(
  request: Asking & HiddenPage,
  response: ReceivedResponse,
): BrokenRule | undefined {
  const allowed = combinedValue(response.headers, ALLOW_ORIGIN)
  const credentialed = request.credentials === 'include'
  if (allowed === '*' && !credentialed) return undefined
  if (allowed !== request.from) return brokenOrigin(request, response, allowed)
  return credentialed ? credentialsCheck(response) : undefined
}

function brokenOrigin(
  asking: Asking & HiddenPage,
  response: ReceivedResponse,
  allowed: string | undefined,
): BrokenRule {
  const { from, page } = asking
  const field = titleOf(ALLOW_ORIGIN)
  const origin =
    page === undefined
      ? `the page's origin is ${quote(from)}`
      : `behind redirects the origin is ${quote(from)} instead of ${quote(page)}`
  const asked = { header: ALLOW_ORIGIN, expected: from }
  if (allowed === undefined) {
    const hint = missingHint(from, response)
    return brokenRule('allow-origin.missing', `the response has no ${field}; ${origin}`, {
      ...asked,
      hint,
    })
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
  return brokenRule('allow-origin.mismatch', `${is}, but ${origin}`, details)
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
