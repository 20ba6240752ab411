/** Reads the request facts of a request of the Fetch API. */

import { REQUEST_FIELDS, type RequestFacts } from '../../src/index.ts'

/** The parts of a `Request` that are used, so that the requests of all platforms and frameworks fit. */
export interface FetchRequest {
  readonly method: string
  /** Absolute, as the standard has it. */
  readonly url: string
  readonly headers: { get(name: string): string | null }
}

const OPTIONS = 'OPTIONS'
const AUTHORITY = '://'

/** @param looksAtSite Whether somebody wants to know where a request comes from besides its Origin. */
export function factsOfRequest(request: FetchRequest, looksAtSite: boolean): RequestFacts {
  const { method, headers } = request
  const origin = originOf(request)
  const isOptions = method === OPTIONS
  // Most requests need no more than that.
  if (origin === undefined || !(isOptions || looksAtSite)) return { method, origin }
  const fetchSite = looksAtSite ? field(headers, REQUEST_FIELDS.fetchSite) : undefined
  return {
    method,
    origin,
    requestMethod: isOptions ? field(headers, REQUEST_FIELDS.requestMethod) : undefined,
    requestHeaders: isOptions ? field(headers, REQUEST_FIELDS.requestHeaders) : undefined,
    fetchSite,
    selfOrigin: looksAtSite && fetchSite === undefined ? selfOrigin(request) : undefined,
  }
}

/** The `Origin` of a request, byte for byte. */
export function originOf({ headers }: FetchRequest): string | undefined {
  return field(headers, REQUEST_FIELDS.origin)
}

/**
 * Scheme, `://`, and the raw host: compared by bytes only, never parsed. Where the platform keeps
 * `Host` to itself, the URL has it.
 */
function selfOrigin({ url, headers }: FetchRequest): string | undefined {
  const scheme = url.indexOf(AUTHORITY)
  if (scheme === -1) return undefined
  const authority = scheme + AUTHORITY.length
  const host = field(headers, 'host')
  return host === undefined ? url.slice(0, pathStart(url)) : url.slice(0, authority) + host
}

/** Path and query of an absolute URL, byte for byte. */
export function pathOf(url: string): string {
  return url.slice(pathStart(url))
}

/** Where the authority of an absolute URL ends: at its path, which is never empty in a `Request`. */
function pathStart(url: string): number {
  const scheme = url.indexOf(AUTHORITY)
  const slash = scheme === -1 ? -1 : url.indexOf('/', scheme + AUTHORITY.length)
  return slash === -1 ? url.length : slash
}

function field(headers: FetchRequest['headers'], name: string): string | undefined {
  return headers.get(name) ?? undefined
}
