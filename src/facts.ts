/** What a decision sees of a request, and what kind of request that makes it. */

import type { CorsKind } from './decision.ts'

/** All of a request that a decision may see. */
export interface RequestFacts {
  /** The method as received: case-sensitive. */
  readonly method: string
  /** The value of `Origin`; several lines joined by `', '`; `undefined` without one. */
  readonly origin?: string | undefined
  /** The value of `Access-Control-Request-Method`. */
  readonly requestMethod?: string | undefined
  /** The value of `Access-Control-Request-Headers`; several lines joined by a comma. */
  readonly requestHeaders?: string | undefined
  /** The value of `Sec-Fetch-Site`; looked at only with `onDisallowed: 'reject'`. */
  readonly fetchSite?: string | undefined
  /**
   * The service's own origin as the request names it: scheme, `://` and the raw `Host`. Looked at
   * only with `onDisallowed: 'reject'` and without `fetchSite`.
   */
  readonly selfOrigin?: string | undefined
}

const PREFLIGHT_METHOD = 'OPTIONS'

/** Preflight: OPTIONS with Origin and Access-Control-Request-Method, and nothing else. */
export function kindOf(facts: RequestFacts): CorsKind {
  if (factOf(facts, 'origin') === undefined) return 'plain'
  return isOptions(facts) && factOf(facts, 'requestMethod') !== undefined ? 'preflight' : 'actual'
}

export function isOptions(facts: RequestFacts): boolean {
  return facts.method === PREFLIGHT_METHOD
}

/** An optional fact, as the caller or its class gave it: what somebody put on `Object.prototype` is none. */
export function factOf(
  facts: RequestFacts,
  name: Exclude<keyof RequestFacts, 'method'>,
): string | undefined {
  const value = facts[name]
  const inherited = EVERYBODYS[name]
  // Without pollution, which is almost always, a comparison is all it takes.
  if (inherited === undefined || value !== inherited) return value
  return Object.hasOwn(facts, name) ? value : undefined
}

const EVERYBODYS = Object.prototype as Readonly<Record<string, unknown>>
