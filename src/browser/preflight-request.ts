/** Which requests are preflighted, and what the preflight asks (Fetch standard, "CORS-preflight fetch"). */

import { ORIGIN, REQUEST_FIELDS } from '../http/names.ts'
import { SAFELISTED_METHODS } from '../http/safelists.ts'
import { type Browser, type BrowserName, browserOf } from './browsers.ts'
import type { Field, PageRequest, SentRequest } from './exchange.ts'
import { checkPage } from './input.ts'
import { type FetchRequest, isBroken, originOfRequest, requestOf } from './request.ts'
import { unsafeNames } from './safelist.ts'
import { taintingOf } from './tainting.ts'

/**
 * Whether a browser asks with a preflight before it makes `request` ("main fetch"), as long as it
 * has not asked before. `false` for what no page can request.
 *
 * @throws {TypeError} for values of wrong types, and for an unknown browser.
 * @example
 * needsPreflight({ from: 'https://a.example', url: 'https://b.example/', method: 'PUT' }) // true
 */
export function needsPreflight(request: PageRequest, browser?: BrowserName): boolean {
  return preflightOf(request, browser) !== undefined
}

/**
 * The preflight that a browser sends before `request` (the first steps of "CORS-preflight fetch");
 * `undefined` where it needs none.
 *
 * @throws {TypeError} for values of wrong types, and for an unknown browser.
 * @example
 * preflightOf({ from: 'https://a.example', url: 'https://b.example/', method: 'PUT' })?.headers
 */
export function preflightOf(request: PageRequest, browser?: BrowserName): SentRequest | undefined {
  checkPage(request)
  const traits = browserOf(browser)
  const made = requestOf(request, traits)
  if (isBroken(made)) return undefined
  const isAsking = taintingOf(made, traits) === 'cors' && isPreflighted(made, traits)
  return isAsking ? preflightRequest(made, traits) : undefined
}

/** "Main fetch": the condition for making a CORS-preflight fetch, for a request that is a CORS request. */
export function isPreflighted(request: FetchRequest, browser: Browser): boolean {
  return asksForMethod(request) || unsafeNames(request.headers, browser).length > 0
}

/** Whether the method, or the use-CORS-preflight flag, is reason enough. */
export function asksForMethod({ alwaysPreflight, method }: FetchRequest): boolean {
  return alwaysPreflight || !SAFELISTED_METHODS.has(method)
}

/** The preflight of a request that is a CORS request. */
export function preflightRequest(request: FetchRequest, browser: Browser): SentRequest {
  const names = unsafeNames(request.headers, browser)
  const asked: readonly Field[] =
    names.length === 0 ? [] : [field(REQUEST_FIELDS.requestHeaders, names.join(','))]
  return Object.freeze({
    preflight: true,
    method: 'OPTIONS',
    url: request.url.href,
    headers: Object.freeze([
      field('accept', '*/*'),
      field(REQUEST_FIELDS.requestMethod, request.method),
      ...asked,
      field(ORIGIN, originOfRequest(request)),
    ]),
    credentials: false,
  })
}

function field(name: string, value: string): Field {
  return Object.freeze([name, value] as const)
}
