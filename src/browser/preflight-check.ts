/** Whether the answer to a preflight grants the request (Fetch standard, "CORS-preflight fetch"). */

import { ALLOW_HEADERS, ALLOW_METHODS, MAX_AGE } from '../http/names.ts'
import { NON_WILDCARD_HEADER, SAFELISTED_METHODS } from '../http/safelists.ts'
import { quote } from '../quote.ts'
import { type Browser, type BrowserName, browserOf } from './browsers.ts'
import { checkSharing, type HiddenPage } from './cors-check.ts'
import type { PageRequest, ReceivedResponse } from './exchange.ts'
import { combinedValue, type TokenList, titleOf, tokenList } from './headers.ts'
import { preflightHint } from './hints.ts'
import { checkRequest, checkResponse } from './input.ts'
import { isDigits } from './numbers.ts'
import { isRedirect } from './redirect.ts'
import { withRefusal } from './refusal.ts'
import { headersOf, isAlwaysPreflighted, methodOf } from './request.ts'
import { type BrokenRule, brokenRule, hinted, type RuleDetails } from './rules.ts'
import { unsafeNames } from './safelist.ts'

/** Seconds that a preflight is remembered where the server does not say. */
const DEFAULT_MAX_AGE = 5
/** What overflows is this many seconds (RFC 9111, section 1.2.2). */
const MOST_SECONDS = 2_147_483_648

/** What the answer to a preflight is compared with. */
type Asking = Pick<
  PageRequest,
  'from' | 'method' | 'headers' | 'credentials' | 'mode' | 'alwaysPreflight' | 'streamBody'
>

const ASKING = [
  'from',
  'method',
  'headers',
  'credentials',
  'mode',
  'alwaysPreflight',
  'streamBody',
] as const

/** What the answer to a preflight grants. */
export interface PreflightGrant {
  readonly methods: readonly string[]
  /** As they came. */
  readonly headers: readonly string[]
  /** Seconds. */
  readonly maxAge: number
}

/**
 * The checks of "CORS-preflight fetch" on the answer to a preflight, in the standard's order: the
 * first rule that it breaks, `undefined` where the request may be made.
 *
 * @param request The request that the preflight was for; give `'null'` as `from` where a redirect
 *   has tainted it.
 * @throws {TypeError} for values of wrong types, and for an unknown browser.
 * @example
 * const answer = { status: 204, headers: [['access-control-allow-origin', '*']] } as const
 * preflightCheck({ from: 'https://a.example', method: 'PUT' }, answer)?.rule // 'allow-methods.missing'
 */
export function preflightCheck(
  request: Asking,
  response: ReceivedResponse,
  browser?: BrowserName,
): BrokenRule | undefined {
  checkRequest(request, ASKING)
  checkResponse(response)
  return brokenPreflight(request, response, browserOf(browser))
}

/** The same, for what is known to be of the right types. */
export function brokenPreflight(
  request: Asking & HiddenPage,
  response: ReceivedResponse,
  traits: Browser,
): BrokenRule | undefined {
  const broken =
    originCheck(request, response) ??
    statusCheck(response) ??
    syntaxCheck(response, ALLOW_METHODS, 'allow-methods.syntax') ??
    syntaxCheck(response, ALLOW_HEADERS, 'allow-headers.syntax') ??
    methodCheck(request, response) ??
    authorizationCheck(request, response, traits) ??
    headersCheck(request, response, traits)
  return withRefusal(broken, response)
}

/**
 * The seconds for which a browser remembers the answer to a preflight (the last steps of
 * "CORS-preflight fetch").
 *
 * @throws {TypeError} for values of wrong types, and for an unknown browser.
 * @example preflightMaxAge({ status: 204, headers: [['access-control-max-age', '86400']] }, 'chromium') // 7200
 */
export function preflightMaxAge(response: ReceivedResponse, browser?: BrowserName): number {
  checkResponse(response)
  return maxAgeOf(response, browserOf(browser))
}

function maxAgeOf({ headers }: ReceivedResponse, browser: Browser): number {
  const { maxAgeLimit, negativeMaxAge, malformedMaxAge } = browser
  const value = combinedValue(headers, MAX_AGE)
  if (value === undefined || value === '') return DEFAULT_MAX_AGE
  if (isDigits(value)) return Math.min(Number(value), MOST_SECONDS, maxAgeLimit)
  return value.startsWith('-') && isDigits(value.slice(1)) ? negativeMaxAge : malformedMaxAge
}

/** What an answer that passed the check grants. */
export function preflightGrant(
  request: Asking,
  response: ReceivedResponse,
  browser: Browser,
): PreflightGrant {
  return {
    methods: grantedMethods(request, response).tokens,
    headers: tokenList(response.headers, ALLOW_HEADERS).tokens,
    maxAge: maxAgeOf(response, browser),
  }
}

/** The CORS check. An answer that lacks everything often says by its status who gave it. */
function originCheck(
  request: Asking & HiddenPage,
  response: ReceivedResponse,
): BrokenRule | undefined {
  const broken = checkSharing(request, response)
  if (broken?.rule !== 'allow-origin.missing') return broken
  const hint = preflightHint(response, false)
  // Who has no origin is refused everywhere: there is none to be allowed.
  return broken.hint === 'opaque' && hint === 'refused' ? broken : hinted(broken, hint)
}

/** "Ok status". The origin is allowed here: what refuses is none of CORS. */
function statusCheck(response: ReceivedResponse): BrokenRule | undefined {
  const { status } = response
  if (status >= 200 && status <= 299) return undefined
  const code = isRedirect(response) ? 'preflight.redirect' : 'preflight.status'
  const message = `the answer to the preflight has status ${quote(status)}, not 200 to 299`
  return brokenRule(code, message, {
    actual: String(status),
    hint: preflightHint(response, true),
  })
}

function syntaxCheck(
  { headers }: ReceivedResponse,
  header: typeof ALLOW_METHODS | typeof ALLOW_HEADERS,
  code: 'allow-methods.syntax' | 'allow-headers.syntax',
): BrokenRule | undefined {
  const { malformed } = tokenList(headers, header)
  if (malformed === undefined) return undefined
  const message = `${titleOf(header)} holds ${quote(malformed)}, which is no name`
  return brokenRule(code, message, { header, actual: combinedValue(headers, header) })
}

function grantedMethods(request: Asking, { headers }: ReceivedResponse): TokenList {
  const list = tokenList(headers, ALLOW_METHODS)
  if (list.present || !isAlwaysPreflighted(request)) return list
  return { ...list, tokens: [methodOf(request)] }
}

/** "If request's method is not in methods ...". */
function methodCheck(request: Asking, response: ReceivedResponse): BrokenRule | undefined {
  const method = methodOf(request)
  const { tokens } = grantedMethods(request, response)
  if (tokens.includes(method) || SAFELISTED_METHODS.has(method)) return undefined
  const credentialed = request.credentials === 'include'
  const hasWildcard = tokens.includes('*')
  if (hasWildcard && !credentialed) return undefined
  return brokenRule(
    hasWildcard ? 'allow-methods.wildcard-with-credentials' : 'allow-methods.missing',
    notGranted(response, ALLOW_METHODS, method),
    {
      ...compared(response, ALLOW_METHODS, method),
      hint: hasLettersOf(tokens, method) ? 'letter-case' : undefined,
    },
  )
}

/** "If one of request's header list's names is a CORS non-wildcard request-header name ...". */
function authorizationCheck(
  request: Asking,
  response: ReceivedResponse,
  browser: Browser,
): BrokenRule | undefined {
  const names = headersOf(request, browser).map(([name]) => name)
  if (browser.wildcardCoversAuthorization || !names.includes(NON_WILDCARD_HEADER)) return undefined
  const { tokens } = tokenList(response.headers, ALLOW_HEADERS)
  if (hasLettersOf(tokens, NON_WILDCARD_HEADER)) return undefined
  return brokenRule(
    'allow-headers.authorization',
    notGranted(response, ALLOW_HEADERS, NON_WILDCARD_HEADER),
    compared(response, ALLOW_HEADERS, NON_WILDCARD_HEADER),
  )
}

/** "For each unsafeName of the CORS-unsafe request-header names ...". */
function headersCheck(
  request: Asking,
  response: ReceivedResponse,
  browser: Browser,
): BrokenRule | undefined {
  const { tokens } = tokenList(response.headers, ALLOW_HEADERS)
  const hasWildcard = tokens.includes('*')
  if (hasWildcard && request.credentials !== 'include') return undefined
  const names = unsafeNames(headersOf(request, browser), browser)
  const refused = names.find((name) => !hasLettersOf(tokens, name))
  if (refused === undefined) return undefined
  return brokenRule(
    hasWildcard ? 'allow-headers.wildcard-with-credentials' : 'allow-headers.missing',
    notGranted(response, ALLOW_HEADERS, refused),
    compared(response, ALLOW_HEADERS, refused),
  )
}

/** Whether `name` is among `tokens`, whatever the letter case. */
function hasLettersOf(tokens: readonly string[], name: string): boolean {
  const wanted = name.toLowerCase()
  return tokens.some((token) => token.toLowerCase() === wanted)
}

function compared({ headers }: ReceivedResponse, header: string, expected: string): RuleDetails {
  return { header, expected, actual: combinedValue(headers, header) }
}

function notGranted({ headers }: ReceivedResponse, header: string, wanted: string): string {
  const value = combinedValue(headers, header)
  const is = value === undefined ? 'is absent' : `is ${quote(value)}`
  return `${titleOf(header)} ${is}, which does not grant ${quote(wanted)}`
}
