/** "CORS-preflight cache" (Fetch standard): what servers granted, and for how long. */

import { NON_WILDCARD_HEADER } from '../http/safelists.ts'
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

interface CacheEntry extends CacheKey {
  readonly kind: 'method' | 'header'
  readonly name: string
  /** Milliseconds, on the clock of the caller. */
  readonly expires: number
}

/** What a browser remembers of preflights. Times are milliseconds on one clock of the caller. */
export interface PreflightCache {
  /** "Method cache entry match". */
  readonly hasMethod: (key: CacheKey, method: string, now: number) => boolean
  /** "Header-name cache entry match", for a lower-case name. */
  readonly hasHeader: (
    key: CacheKey,
    name: string,
    now: number,
    wildcardCoversAuthorization: boolean,
  ) => boolean
  /** Keeps what a preflight granted, or gives what is there its new age. */
  readonly store: (key: CacheKey, grant: PreflightGrant, now: number) => void
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
  const matching = (key: CacheKey, kind: CacheEntry['kind'], now: number): readonly CacheEntry[] =>
    entries.filter((entry) => entry.kind === kind && now < entry.expires && matches(entry, key))
  return Object.freeze({
    hasMethod: (key: CacheKey, method: string, now: number) =>
      matching(key, 'method', now).some(({ name }) => name === method || name === '*'),
    hasHeader: (key: CacheKey, wanted: string, now: number, covers: boolean) =>
      matching(key, 'header', now).some(
        ({ name }) =>
          name === wanted || (name === '*' && (covers || wanted !== NON_WILDCARD_HEADER)),
      ),
    store: (key: CacheKey, grant: PreflightGrant, now: number) => {
      const added = entriesOf(key, grant, now)
      // An entry that matches only lives on: a grant without credentials takes none from it.
      const renewed = added.map((other) => {
        const known = entries.find((entry) => isRenewed(entry, other))
        return known === undefined ? other : { ...known, expires: other.expires }
      })
      const kept = entries.filter((entry) => !added.some((other) => isRenewed(entry, other)))
      entries = [...kept, ...renewed].slice(-MAX_ENTRIES)
    },
    clear: (key: CacheKey) => {
      entries = entries.filter((entry) => !isOfSameUrl(entry, key))
    },
  })
}

function entriesOf(key: CacheKey, grant: PreflightGrant, now: number): readonly CacheEntry[] {
  const expires = now + grant.maxAge * 1000
  const names = new Set(grant.headers.map((name) => name.toLowerCase()))
  return [
    ...[...new Set(grant.methods)].map(
      (name) => ({ ...key, kind: 'method', name, expires }) as const,
    ),
    ...[...names].map((name) => ({ ...key, kind: 'header', name, expires }) as const),
  ]
}

/** "Cache entry match". */
function matches(entry: CacheEntry, key: CacheKey): boolean {
  return isOfSameUrl(entry, key) && (entry.credentialed || !key.credentialed)
}

function isRenewed(entry: CacheEntry, other: CacheEntry): boolean {
  return entry.kind === other.kind && entry.name === other.name && matches(entry, other)
}

function isOfSameUrl(entry: CacheKey, key: CacheKey): boolean {
  return entry.partition === key.partition && entry.origin === key.origin && entry.url === key.url
}
