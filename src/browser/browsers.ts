/** Where browsers depart from the Fetch standard in what concerns CORS: as data. */

import { wrongInput } from './input.ts'
import { isDecimal, isDigits } from './numbers.ts'
import { isSimpleRange, SAFELISTED_HEADERS, type SafeValue } from './safe-values.ts'

/** A browser that can be modelled; `'standard'` is the Fetch standard to the letter. */
export type BrowserName = 'standard' | 'chromium' | 'firefox' | 'safari'

/** What a browser does in its own way. */
export interface Browser {
  /** Most seconds that a preflight is remembered (CORS-preflight fetch: "imposed limit on max-age"). */
  readonly maxAgeLimit: number
  /** Seconds for an `Access-Control-Max-Age` below zero, which the standard takes as malformed. */
  readonly negativeMaxAge: number
  /** Seconds for one that is no number at all. */
  readonly malformedMaxAge: number
  /** Whether `*` in `Access-Control-Allow-Headers` stands for `Authorization` too. */
  readonly wildcardCoversAuthorization: boolean
  /**
   * Whether a `*` that is remembered stands for other names, by whether the request that was asked
   * for, and the one that is made now, include credentials.
   */
  readonly remembersWildcard: (granted: boolean, asking: boolean) => boolean
  /** Whether the limits of the safelist apply to equal headers together, or to each. */
  readonly combinesEqualHeaders: boolean
  /** Request headers that need no preflight: by lower-case name, with which values. */
  readonly safelistedHeaders: ReadonlyMap<string, SafeValue>
  /** Request headers of pages that are never sent, beyond the standard's, in lower case. */
  readonly droppedHeaders: ReadonlySet<string>
  /** Bad ports to which it connects. */
  readonly openPorts: ReadonlySet<number>
  /** When the grants for a URL are forgotten: after a network error, or before it is asked anew. */
  readonly forgetsGrants: 'after-error' | 'before-asking'
  /** Whether equal lines of `Location` count as one. */
  readonly mergesEqualLocations: boolean
  /** Whether an empty `Location` counts as none. */
  readonly ignoresEmptyLocation: boolean
}

const STANDARD: Browser = {
  maxAgeLimit: Number.POSITIVE_INFINITY,
  negativeMaxAge: 5,
  malformedMaxAge: 5,
  wildcardCoversAuthorization: false,
  // To the letter: what a grant with credentials calls '*' it has for a wildcard from then on.
  remembersWildcard: () => true,
  combinesEqualHeaders: false,
  safelistedHeaders: SAFELISTED_HEADERS,
  droppedHeaders: new Set(),
  openPorts: new Set(),
  forgetsGrants: 'after-error',
  mergesEqualLocations: false,
  ignoresEmptyLocation: false,
}

const MAX_INT64 = 2n ** 63n - 1n
const CONNECTION_TYPES: ReadonlySet<string> = new Set(['slow-2g', '2g', '3g', '4g'])

/** IsCorsSafelistedHeader in services/network/public/cpp/cors/cors.cc. */
const CHROMIUM_SAFELISTED_HEADERS: ReadonlyMap<string, SafeValue> = new Map<string, SafeValue>([
  ...SAFELISTED_HEADERS,
  ['device-memory', isDecimal],
  ['downlink', isDecimal],
  ['dpr', isDecimal],
  ['ect', (value) => CONNECTION_TYPES.has(value)],
  ['intervention', () => true],
  ['range', (value) => isSimpleRange(value, MAX_INT64)],
  ['rtt', isDigits],
  ['save-data', (value) => value.toLowerCase() === 'on'],
  ['viewport-width', isDigits],
  ['width', isDigits],
])

const BROWSERS: Readonly<Record<BrowserName, Browser>> = {
  standard: STANDARD,
  // Chromium 156, measured; the limit from services/network/cors/preflight_result.cc.
  chromium: {
    ...STANDARD,
    maxAgeLimit: 7200,
    negativeMaxAge: 0,
    wildcardCoversAuthorization: true,
    remembersWildcard: (granted) => !granted,
    combinesEqualHeaders: true,
    safelistedHeaders: CHROMIUM_SAFELISTED_HEADERS,
    droppedHeaders: new Set(['user-agent']),
    openPorts: new Set([4190, 6679]),
    forgetsGrants: 'before-asking',
    mergesEqualLocations: true,
    ignoresEmptyLocation: true,
  },
  // netwerk/protocol/http/nsCORSListenerProxy.cpp; Authorization by whatwg/fetch#1919.
  firefox: {
    ...STANDARD,
    maxAgeLimit: 86_400,
    negativeMaxAge: 0,
    malformedMaxAge: 0,
    wildcardCoversAuthorization: true,
    remembersWildcard: () => false,
  },
  // Source/WebCore/loader/CrossOriginPreflightResultCache.cpp; Authorization by whatwg/fetch#1919.
  safari: {
    ...STANDARD,
    maxAgeLimit: 600,
    wildcardCoversAuthorization: true,
    remembersWildcard: (_granted, asking) => !asking,
    forgetsGrants: 'before-asking',
  },
}

/** @throws {TypeError} for a name that is not one of {@link BrowserName}. */
export function browserOf(name: BrowserName = 'standard'): Browser {
  if (Object.hasOwn(BROWSERS, name)) return BROWSERS[name]
  throw wrongInput('browser', name, `give one of ${Object.keys(BROWSERS).join(', ')}`)
}
