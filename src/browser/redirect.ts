/** Redirects (Fetch standard, "HTTP-redirect fetch"): the request that follows, or why none does. */

import { NON_WILDCARD_HEADER } from '../http/safelists.ts'
import { quote } from '../quote.ts'
import type { Browser } from './browsers.ts'
import type { Field, ReceivedResponse } from './exchange.ts'
import { linesOf } from './headers.ts'
import type { FetchRequest } from './request.ts'
import { type BrokenRule, brokenRule } from './rules.ts'
import { type ParsedUrl, parseUrl } from './url.ts'

const MAX_REDIRECTS = 20
const LOCATION = 'location'
/** The status of redirects that leave the body behind. */
const SEE_OTHER = 303

/** "Redirect status". */
const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** "Request-body-header name": they go with the body. */
const BODY_HEADERS: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-language',
  'content-location',
  'content-type',
])

export function isRedirect({ status }: ReceivedResponse): boolean {
  return REDIRECT_STATUSES.has(status)
}

/**
 * The request after a redirect. `undefined` where the response has no `Location`: then it is a
 * response like others.
 */
export function redirected(
  request: FetchRequest,
  response: ReceivedResponse,
  browser: Browser,
): FetchRequest | BrokenRule | undefined {
  const locations = locationsOf(response, browser)
  const [location] = locations
  if (location === undefined) return undefined
  const target = locations.length > 1 ? undefined : parseUrl(location, request.url.href)
  if (target === undefined) {
    const actual = locations.join(', ')
    const message = `Location is ${quote(actual)}, which is no URL`
    return brokenRule('redirect.location', message, { header: LOCATION, actual })
  }
  return brokenRedirect(request, response, target) ?? followed(request, response, target)
}

/** The `Location` lines that count. */
function locationsOf({ headers }: ReceivedResponse, browser: Browser): readonly string[] {
  const lines = linesOf(headers, LOCATION)
  if (browser.ignoresEmptyLocation && lines.every((line) => line === '')) return []
  return browser.mergesEqualLocations ? [...new Set(lines)] : lines
}

function brokenRedirect(
  request: FetchRequest,
  { status }: ReceivedResponse,
  target: ParsedUrl,
): BrokenRule | undefined {
  const details = { header: LOCATION, actual: target.href }
  const leads = `the redirect leads to ${quote(target.href)}`
  if (!target.isHttp) {
    return brokenRule('redirect.scheme', `${leads}, which is not http or https`, details)
  }
  if (request.redirects === MAX_REDIRECTS) {
    const message = `the response is redirect number ${MAX_REDIRECTS + 1}`
    return brokenRule('redirect.too-many', message, details)
  }
  const crosses = request.mode === 'cors' && request.from !== target.origin
  if (target.includesCredentials && (crosses || request.tainting === 'cors')) {
    const message = 'the redirect leads to a URL with a user name or a password'
    return brokenRule('redirect.credentials-in-url', message, { header: LOCATION })
  }
  if (request.streamBody && status !== SEE_OTHER) {
    const message = `the response is a redirect (${status}), and the body is a stream, which is sent once`
    return brokenRule('redirect.stream', message)
  }
  return undefined
}

function followed(
  request: FetchRequest,
  { status }: ReceivedResponse,
  target: ParsedUrl,
): FetchRequest {
  const { from, url, method, headers, body } = request
  const becomesGet = changesToGet(status, method)
  const leaves = url.origin !== target.origin
  const isKept = ([name]: Field): boolean =>
    !(becomesGet && BODY_HEADERS.has(name)) && !(leaves && name === NON_WILDCARD_HEADER)
  return {
    ...request,
    url: target,
    method: becomesGet ? 'GET' : method,
    headers: headers.filter(isKept),
    body: becomesGet ? undefined : body,
    streamBody: request.streamBody && !becomesGet,
    tainted: request.tainted || (leaves && from !== url.origin),
    redirects: request.redirects + 1,
  }
}

function changesToGet(status: number, method: string): boolean {
  if (status === 301 || status === 302) return method === 'POST'
  return status === SEE_OTHER && method !== 'GET' && method !== 'HEAD'
}
