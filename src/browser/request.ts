/** The request as the Fetch standard keeps it: what a page asked for, checked and normalized. */

import { listElements } from '../http/lists.ts'
import {
  isForbiddenRequestHeader,
  METHOD_OVERRIDE_HEADERS,
  SAFELISTED_METHODS,
} from '../http/safelists.ts'
import { isToken } from '../http/token.ts'
import { parseOrigin } from '../origin/parse.ts'
import { quote } from '../quote.ts'
import type { Browser } from './browsers.ts'
import type { Field, PageRequest } from './exchange.ts'
import { isHeaderValue, normalized } from './headers.ts'
import { isForbiddenMethod, normalizeMethod } from './methods.ts'
import { type BrokenRule, brokenRule } from './rules.ts'
import { isNoCorsSafelisted } from './safelist.ts'
import { type ParsedUrl, parseUrl } from './url.ts'

/** "Response tainting": which kind of response the request is going to have. */
export type ResponseTainting = 'basic' | 'cors' | 'opaque'

/** "Request": each redirect makes a new one. */
export interface FetchRequest {
  /** The page's origin, serialized. */
  readonly from: string
  /** "Current URL". */
  readonly url: ParsedUrl
  readonly method: string
  /** By lower-case name. */
  readonly headers: readonly Field[]
  readonly body: string | undefined
  /** Whether the body has no "source", from which it could be sent again. */
  readonly streamBody: boolean
  readonly credentials: 'omit' | 'same-origin' | 'include'
  readonly mode: 'cors' | 'no-cors' | 'same-origin'
  readonly redirect: 'follow' | 'error' | 'manual'
  /** "Use-CORS-preflight flag". */
  readonly alwaysPreflight: boolean
  /** Origins that count as potentially trustworthy. */
  readonly trustworthy: readonly string[]
  readonly tainting: ResponseTainting
  /** Whether "redirect-taint" is other than same-origin. */
  readonly tainted: boolean
  /** Whether a preflight was made, or left out because its answer was remembered. */
  readonly hasAsked: boolean
  /** "Redirect count". */
  readonly redirects: number
}

/** The "Request constructor": what a page cannot ask for is an exception there, a broken rule here. */
export function requestOf(page: PageRequest, browser: Browser): FetchRequest | BrokenRule {
  const url = parseUrl(page.url)
  if (url === undefined) return brokenRule('url.invalid', `${quote(page.url)} is no absolute URL`)
  const broken = brokenInput(page, url)
  if (broken !== undefined) return broken
  const mode = page.mode ?? 'cors'
  return {
    from: page.from,
    url,
    method: methodOf(page),
    headers: headersOf(page, browser),
    body: page.body,
    streamBody: page.streamBody ?? false,
    credentials: page.credentials ?? 'same-origin',
    mode,
    redirect: page.redirect ?? 'follow',
    alwaysPreflight: isAlwaysPreflighted(page),
    trustworthy: page.trustworthy ?? [],
    tainting: 'basic',
    tainted: false,
    hasAsked: false,
    redirects: 0,
  }
}

export function isBroken(made: object): made is BrokenRule {
  return 'rule' in made
}

/** "Use-CORS-preflight flag". */
export function isAlwaysPreflighted({
  alwaysPreflight,
  streamBody,
}: Pick<PageRequest, 'alwaysPreflight' | 'streamBody'>): boolean {
  return alwaysPreflight === true || streamBody === true
}

/** The method as it goes out. */
export function methodOf({ method }: Pick<PageRequest, 'method'>): string {
  return normalizeMethod(method ?? 'GET')
}

/** The headers as they go out: by lower-case name, without those that pages cannot set. */
export function headersOf(
  { headers, mode }: Pick<PageRequest, 'headers' | 'mode'>,
  { droppedHeaders }: Browser,
): readonly Field[] {
  return (headers ?? [])
    .map(([name, value]): Field => Object.freeze([name.toLowerCase(), normalized(value)] as const))
    .filter((field) => !isForbidden(field) && !droppedHeaders.has(field[0]))
    .filter((field) => mode !== 'no-cors' || isNoCorsSafelisted(field))
}

/** "Byte-serializing a request origin". */
export function originOfRequest({ from, tainted }: FetchRequest): string {
  return tainted ? 'null' : from
}

/** "Forbidden request-header". */
function isForbidden([name, value]: Field): boolean {
  if (METHOD_OVERRIDE_HEADERS.has(name)) return listElements(value).some(isForbiddenMethod)
  return isForbiddenRequestHeader(name)
}

function brokenInput(page: PageRequest, url: ParsedUrl): BrokenRule | undefined {
  if (page.from !== 'null' && parseOrigin(page.from) === undefined) {
    return brokenRule('from.invalid', `${quote(page.from)} is no origin that a browser sends`)
  }
  if (url.includesCredentials) {
    return brokenRule('url.credentials', 'the URL has a user name or a password')
  }
  return brokenMethod(page) ?? brokenBody(page) ?? brokenHeader(page.headers ?? [])
}

function brokenMethod(page: PageRequest): BrokenRule | undefined {
  const method = methodOf(page)
  if (!isToken(method)) return brokenRule('method.invalid', `method ${quote(method)} is no token`)
  if (isForbiddenMethod(method)) {
    return brokenRule('method.forbidden', `browsers never send the method ${quote(method)}`)
  }
  if (page.mode === 'no-cors' && !SAFELISTED_METHODS.has(method)) {
    return brokenRule('method.no-cors', `mode 'no-cors' does not send the method ${quote(method)}`)
  }
  return undefined
}

function brokenBody(page: PageRequest): BrokenRule | undefined {
  const method = methodOf(page)
  const isStream = page.streamBody === true
  if ((isStream || page.body !== undefined) && (method === 'GET' || method === 'HEAD')) {
    return brokenRule('body.forbidden', `${method} is sent without a body`)
  }
  if (isStream && page.mode === 'no-cors') {
    return brokenRule('body.stream', "mode 'no-cors' does not send a body that is a stream")
  }
  return undefined
}

function brokenHeader(headers: readonly Field[]): BrokenRule | undefined {
  for (const [name, value] of headers) {
    if (!isToken(name)) return brokenRule('header.invalid', `header ${quote(name)} is no token`)
    if (!isHeaderValue(normalized(value))) {
      const message = `the value of the header ${quote(name)} cannot be sent: ${quote(value)}`
      return brokenRule('header.invalid', message, { header: name.toLowerCase(), actual: value })
    }
  }
  return undefined
}
