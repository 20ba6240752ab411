/**
 * "Fetch" as a sequence of requests: what a browser sends next, given every answer so far. One
 * generator for each algorithm of the Fetch standard, so that whoever drives it may wait or not.
 */

import { quote } from '../quote.ts'
import { actualRequest } from './actual-request.ts'
import { type Browser, type BrowserName, browserOf } from './browsers.ts'
import { type CacheKey, createPreflightCache, type PreflightCache } from './cache.ts'
import { corsCheck, type HiddenPage } from './cors-check.ts'
import type { Field, PageRequest, ReceivedResponse, SentRequest } from './exchange.ts'
import { checkTime } from './input.ts'
import { brokenPreflight, preflightGrant } from './preflight-check.ts'
import { asksForMethod, isPreflighted, preflightRequest } from './preflight-request.ts'
import { isRedirect, redirected } from './redirect.ts'
import { type FetchRequest, isBroken, originOfRequest, requestOf } from './request.ts'
import { resourcePolicyCheck } from './resource-policy.ts'
import { visibleHeaders } from './response.ts'
import { type BrokenRule, brokenRule, hinted } from './rules.ts'
import { unsafeNames } from './safelist.ts'
import { taintingOf } from './tainting.ts'
import { type Conclusion, type Exchange, hidden, readable, type Verdict } from './verdict.ts'

/** Which browser fetches, and what it remembers. */
export interface SimulateSettings {
  /** @default 'standard' */
  readonly browser?: BrowserName | undefined
  /** Preflights of earlier requests. @default none: each request starts with an empty cache */
  readonly cache?: PreflightCache | undefined
  /** The time in milliseconds. @default no time passes */
  readonly now?: (() => number) | undefined
}

/** What all steps of one fetch share. */
interface FetchContext {
  readonly name: BrowserName
  readonly browser: Browser
  readonly cache: PreflightCache
  readonly now: () => number
  /** What went over the wire so far. */
  readonly exchange: Exchange[]
}

type Fetching<Result> = Generator<SentRequest, Result, ReceivedResponse>

/** "Fetch": yields each request, takes its response (or is thrown a network error), returns the verdict. */
export function* fetchSteps(page: PageRequest, settings: SimulateSettings): Fetching<Verdict> {
  const context = contextOf(settings)
  const request = requestOf(page, context.browser)
  const conclusion = isBroken(request)
    ? hidden('error', 'request', request)
    : yield* mainFetch(request, context)
  return Object.freeze({ ...conclusion, exchange: Object.freeze(context.exchange) })
}

function contextOf({ browser = 'standard', cache, now }: SimulateSettings): FetchContext {
  return {
    name: browser,
    browser: browserOf(browser),
    cache: cache ?? createPreflightCache(),
    now: () => timeOf(now),
    exchange: [],
  }
}

function timeOf(now: SimulateSettings['now']): number {
  if (now === undefined) return 0
  const time = now()
  checkTime(time)
  return time
}

/** "Main fetch": by the origin of the current URL. */
function* mainFetch(request: FetchRequest, context: FetchContext): Fetching<Conclusion> {
  const tainting = taintingOf(request, context.browser)
  if (typeof tainting !== 'string') {
    const step = request.redirects === 0 ? 'request' : 'redirect'
    return networkError(step, tainting, request, context)
  }
  const tainted = { ...request, tainting }
  if (tainting !== 'cors' || !isPreflighted(tainted, context.browser)) {
    return yield* httpFetch(tainted, context)
  }
  const asking = { ...tainted, hasAsked: true }
  const broken = isRemembered(asking, context) ? undefined : yield* preflightFetch(asking, context)
  return broken === undefined
    ? yield* httpFetch(asking, context)
    : networkError('preflight', broken, asking, context)
}

/** "CORS-preflight fetch": the rule that its answer breaks. */
function* preflightFetch(
  request: FetchRequest,
  context: FetchContext,
): Fetching<BrokenRule | undefined> {
  const { name, browser, cache, now } = context
  if (browser.forgetsGrants === 'before-asking') cache.clear(keyOf(request))
  const response = yield* send(preflightRequest(request, browser), context)
  if (isBroken(response)) return response
  const asking = askingOf(request)
  const broken = brokenPreflight(asking, response, browser)
  if (broken !== undefined) return explained(broken, request)
  cache.store(keyOf(request), preflightGrant(asking, response, browser), now(), name)
  return undefined
}

/** "HTTP fetch", behind the preflight: the request itself, and the CORS check. */
function* httpFetch(request: FetchRequest, context: FetchContext): Fetching<Conclusion> {
  const response = yield* send(actualRequest(request), context)
  if (isBroken(response)) return networkError('response', response, request, context)
  const broken =
    proxyCheck(response) ?? originCheck(request, response) ?? resourcePolicyCheck(request, response)
  if (broken !== undefined) {
    const step = isRedirect(response) ? 'redirect' : 'response'
    return networkError(step, broken, request, context)
  }
  if (isRedirect(response)) return yield* redirectFetch(request, response, context)
  return answered(request, response)
}

/** "HTTP-network-or-cache fetch": a 407 is between the browser and its proxy. */
function proxyCheck({ status }: ReceivedResponse): BrokenRule | undefined {
  if (status !== 407) return undefined
  return brokenRule('proxy-authentication', 'the response has status 407, which no page sees')
}

function originCheck(request: FetchRequest, response: ReceivedResponse): BrokenRule | undefined {
  if (request.tainting !== 'cors') return undefined
  const broken = corsCheck(askingOf(request), response)
  return broken === undefined ? undefined : explained(broken, request)
}

/** "HTTP-redirect fetch", and what "HTTP fetch" does by the redirect mode before it. */
function* redirectFetch(
  request: FetchRequest,
  response: ReceivedResponse,
  context: FetchContext,
): Fetching<Conclusion> {
  const is = `the response is a redirect (${quote(response.status)})`
  if (request.redirect === 'error') {
    const broken = brokenRule('redirect.refused', `${is}, and the redirect mode is 'error'`)
    return networkError('redirect', broken, request, context)
  }
  if (request.redirect === 'manual') {
    const broken = brokenRule('redirect.manual', `${is}, and the redirect mode is 'manual'`)
    return hidden('opaqueredirect', 'redirect', broken)
  }
  const next = redirected(request, response, context.browser)
  if (next === undefined) return answered(request, response)
  return isBroken(next)
    ? networkError('redirect', next, request, context)
    : yield* mainFetch(next, context)
}

/** A "network error". By the standard, what was granted is forgotten ("clear cache entries"). */
function networkError(
  step: Verdict['step'],
  broken: BrokenRule,
  request: FetchRequest,
  { browser, cache }: FetchContext,
): Conclusion {
  if (request.hasAsked && browser.forgetsGrants === 'after-error') cache.clear(keyOf(request))
  return hidden('error', step, broken)
}

/** "HTTP-network fetch": over the wire and back. */
function* send(
  request: SentRequest,
  { exchange }: FetchContext,
): Fetching<ReceivedResponse | BrokenRule> {
  try {
    const response = frozenResponse(yield request)
    exchange.push(Object.freeze({ request, response }))
    return response
  } catch (error) {
    exchange.push(Object.freeze({ request, response: undefined }))
    const what = request.preflight ? 'the preflight' : 'the request'
    return brokenRule(
      'network',
      `${what} got no response: ${quote(error instanceof Error ? error.message : error)}`,
    )
  }
}

/** What a page gets of a response that it may have. */
function answered(request: FetchRequest, response: ReceivedResponse): Conclusion {
  const { tainting, url } = request
  if (tainting === 'opaque') {
    const message = "the response is opaque: mode 'no-cors' shows nothing of another origin's"
    return hidden('opaque', 'response', brokenRule('mode.no-cors-opaque', message))
  }
  return readable(tainting, url.href, response, visibleHeaders(request, response, tainting))
}

/** "There is a cache entry match", for the method and each name that would be asked for. */
function isRemembered(request: FetchRequest, { name, browser, cache, now }: FetchContext): boolean {
  const key = keyOf(request)
  const time = now()
  if (asksForMethod(request) && !cache.hasMethod(key, request.method, time, name)) return false
  return unsafeNames(request.headers, browser).every((header) =>
    cache.hasHeader(key, header, time, name),
  )
}

function keyOf(request: FetchRequest): CacheKey {
  return {
    partition: request.from,
    origin: originOfRequest(request),
    url: request.url.href,
    credentialed: request.credentials === 'include',
  }
}

/** The request as the checks look at it. */
function askingOf(request: FetchRequest): FetchRequest & HiddenPage {
  const { from, tainted } = request
  return tainted ? { ...request, from: originOfRequest(request), page: from } : request
}

const ORIGIN_RULES: readonly string[] = ['allow-origin.mismatch', 'allow-origin.missing']

/** Behind redirects between foreign origins the origin is `null`, which nobody means to allow. */
function explained(broken: BrokenRule, { tainted }: FetchRequest): BrokenRule {
  const isOfOrigin = ORIGIN_RULES.includes(broken.rule)
  return tainted && isOfOrigin ? hinted(broken, 'tainted') : broken
}

/** A copy that nobody changes. */
function frozenResponse({ status, headers, body }: ReceivedResponse): ReceivedResponse {
  const lines = headers.map(([name, value]): Field => Object.freeze([name, value] as const))
  const shown = body === undefined ? {} : { body }
  return Object.freeze({ status, headers: Object.freeze(lines), ...shown })
}
