/** Where browsers depart from the Fetch standard in what concerns CORS: as data. */

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
  /** Whether the limits of the safelist apply to equal headers together, or to each. */
  readonly combinesEqualHeaders: boolean
  /** Request headers that need no preflight beyond the standard's, in lower case. */
  readonly safelistedHeaders: ReadonlySet<string>
  /** Request headers of pages that are never sent, beyond the standard's, in lower case. */
  readonly droppedHeaders: ReadonlySet<string>
}

const STANDARD: Browser = {
  maxAgeLimit: Number.POSITIVE_INFINITY,
  negativeMaxAge: 5,
  malformedMaxAge: 5,
  wildcardCoversAuthorization: false,
  combinesEqualHeaders: false,
  safelistedHeaders: new Set(),
  droppedHeaders: new Set(),
}

const BROWSERS: Readonly<Record<BrowserName, Browser>> = {
  standard: STANDARD,
  // Chromium 156, measured; the limit from services/network/cors/preflight_result.cc.
  chromium: {
    ...STANDARD,
    maxAgeLimit: 7200,
    negativeMaxAge: 0,
    wildcardCoversAuthorization: true,
    combinesEqualHeaders: true,
    safelistedHeaders: new Set([
      'device-memory',
      'downlink',
      'dpr',
      'rtt',
      'viewport-width',
      'width',
    ]),
    droppedHeaders: new Set(['user-agent']),
  },
  // netwerk/protocol/http/nsCORSListenerProxy.cpp; Authorization by whatwg/fetch#1919.
  firefox: {
    ...STANDARD,
    maxAgeLimit: 86_400,
    negativeMaxAge: 0,
    malformedMaxAge: 0,
    wildcardCoversAuthorization: true,
  },
  // Source/WebCore/loader/CrossOriginPreflightResultCache.cpp; Authorization by whatwg/fetch#1919.
  safari: { ...STANDARD, maxAgeLimit: 600, wildcardCoversAuthorization: true },
}

/** @throws {TypeError} for a name that is not one of {@link BrowserName}. */
export function browserOf(name: BrowserName = 'standard'): Browser {
  if (Object.hasOwn(BROWSERS, name)) return BROWSERS[name]
  throw new TypeError(`browser must be one of ${Object.keys(BROWSERS).join(', ')}`)
}
