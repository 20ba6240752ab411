/** "CORS-preflight cache" (Fetch standard): what servers granted, and for how long. */

import { NON_WILDCARD_HEADER } from '../http/safelists.ts'
import { type Browser, type BrowserName, browserOf } from './browsers.ts'
import type { PreflightGrant } from './preflight-check.ts'

/** Most entries that are kept; the oldest go first. */
const MAX_ENTRIES = 1000

/** What an entry is for. A page is its own network partition here. */
export interface CacheKey {
  readonly partition: string
  /** Serialized; `'null'` behind a redirect that taints it. */
  readonly origin: string
  readonly url: string
  /** Whether the credentials mode is `include`. */
  readonly credentialed: boolean
}

/** A method, or a header in lower case, that is granted or asked for. */
interface CacheName extends CacheKey {
  readonly kind: 'method' | 'header'
  readonly name: string
}

interface CacheEntry extends CacheName {
  /** Milliseconds, on the clock of the caller. */
  readonly expires: number
}

/** What a browser remembers of preflights. Times are milliseconds on one clock of the caller. */
export interface PreflightCache {
  /** "Method cache entry match". */
  readonly hasMethod: (key: CacheKey, method: string, now: number, browser?: BrowserName) => boolean
  /** "Header-name cache entry match", for a lower-case name. */
  readonly hasHeader: (key: CacheKey, name: string, now: number, browser?: BrowserName) => boolean
  /** Keeps what a preflight granted, or gives what matches it a new age, which starts now. */
  readonly store: (key: CacheKey, grant: PreflightGrant, now: number, browser?: BrowserName) => void
  /** "Clear cache entries". */
  readonly clear: (key: CacheKey) => void
}

/**
 * An empty preflight cache: give the same one to several calls of `simulate` to play one browser.
 * It keeps at most 1,000 methods and header names.
 *
 * @example
 * const cache = createPreflightCache()
 * simulate(request, respond, { cache, now: () => Date.now() })
 */
export function createPreflightCache(): PreflightCache {
  let entries: readonly CacheEntry[] = []
  const has = (asked: CacheName, now: number, browser?: BrowserName): boolean => {
    const traits = browserOf(browser)
    return entries.some((entry) => now < entry.expires && isMatch(entry, asked, traits))
  }
  return Object.freeze({
    hasMethod: (key: CacheKey, name: string, now: number, browser?: BrowserName) =>
      has({ ...key, kind: 'method', name }, now, browser),
    hasHeader: (key: CacheKey, name: string, now: number, browser?: BrowserName) =>
      has({ ...key, kind: 'header', name }, now, browser),
    store: (key: CacheKey, grant: PreflightGrant, now: number, browser?: BrowserName) => {
      const traits = browserOf(browser)
      const expires = now + grant.maxAge * 1000
      const granted = namesOf(key, grant)
      const known = entries.filter((entry) => now < entry.expires)
      // What matches lives on, for longer or shorter: a grant without credentials takes none away.
      const isGranted = (entry: CacheEntry): boolean =>
        granted.some((name) => isMatch(entry, name, traits))
      const added = granted
        .filter((name) => !known.some((entry) => isMatch(entry, name, traits)))
        .map((name) => ({ ...name, expires }))
      entries = known
        .map((entry) => (isGranted(entry) ? { ...entry, expires } : entry))
        .concat(added)
        .slice(-MAX_ENTRIES)
    },
    clear: (key: CacheKey) => {
      entries = entries.filter((entry) => !isOfSameUrl(entry, key))
    },
  })
}

function namesOf(key: CacheKey, { methods, headers }: PreflightGrant): readonly CacheName[] {
  const lowerCase = headers.map((name) => name.toLowerCase())
  return [
    ...[...new Set(methods)].map((name) => ({ ...key, kind: 'method', name }) as const),
    ...[...new Set(lowerCase)].map((name) => ({ ...key, kind: 'header', name }) as const),
  ]
}

/** "Method cache entry match" and "header-name cache entry match". */
function isMatch(entry: CacheEntry, asked: CacheName, browser: Browser): boolean {
  if (entry.kind !== asked.kind || !matches(entry, asked)) return false
  if (entry.name === asked.name) return true
  if (entry.name !== '*' || !browser.remembersWildcard(entry.credentialed, asked.credentialed)) {
    return false
  }
  const isNonWildcard = asked.kind === 'header' && asked.name === NON_WILDCARD_HEADER
  return !isNonWildcard || browser.wildcardCoversAuthorization
}

/** "Cache entry match". */
function matches(entry: CacheEntry, key: CacheKey): boolean {
  return isOfSameUrl(entry, key) && (entry.credentialed || !key.credentialed)
}

function isOfSameUrl(entry: CacheKey, key: CacheKey): boolean {
  return entry.partition === key.partition && entry.origin === key.origin && entry.url === key.url
}
