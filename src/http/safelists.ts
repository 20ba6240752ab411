/** The name tables of the Fetch standard that a policy has to know. */

/** Methods that a browser sends without asking: "CORS-safelisted method". */
export const SAFELISTED_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST'])

/** Methods that the browser's APIs upper-case themselves: "normalize a method". */
export const NORMALIZED_METHODS: ReadonlySet<string> = new Set([
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'POST',
  'PUT',
])

/** Methods that the browser's APIs refuse to send, in any case: "forbidden method". */
export const FORBIDDEN_METHODS: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK'])

/**
 * Registered methods that browsers do not upper-case (IANA's method registry, and the QUERY
 * method): listed in another case they would never match.
 */
export const REGISTERED_METHODS: ReadonlySet<string> = new Set([
  'ACL',
  'BIND',
  'CHECKIN',
  'CHECKOUT',
  'COPY',
  'LABEL',
  'LINK',
  'LOCK',
  'MERGE',
  'MKACTIVITY',
  'MKCALENDAR',
  'MKCOL',
  'MOVE',
  'PATCH',
  'PROPFIND',
  'PROPPATCH',
  'PURGE',
  'QUERY',
  'REBIND',
  'REPORT',
  'SEARCH',
  'UNBIND',
  'UNLINK',
  'UNLOCK',
  'UPDATE',
])

/** Header names that no page can set: "forbidden request-header". */
const FORBIDDEN_REQUEST_HEADERS: ReadonlySet<string> = new Set([
  'accept-charset',
  'accept-encoding',
  'access-control-request-headers',
  'access-control-request-method',
  'connection',
  'content-length',
  'cookie',
  'cookie2',
  'date',
  'dnt',
  'expect',
  'host',
  'keep-alive',
  'origin',
  'referer',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
])

/** Whether a page is never able to send the header `name` (lower case). */
export function isForbiddenRequestHeader(name: string): boolean {
  return FORBIDDEN_REQUEST_HEADERS.has(name) || name.startsWith('proxy-') || name.startsWith('sec-')
}

/** Header names that no page can set to a forbidden method: the rest of "forbidden request-header". */
export const METHOD_OVERRIDE_HEADERS: ReadonlySet<string> = new Set([
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
])

/** The header that `*` does not stand for: "CORS non-wildcard request-header name". */
export const NON_WILDCARD_HEADER = 'authorization'

/** Response headers that no page can read, listed or not: "forbidden response-header name". */
export const FORBIDDEN_RESPONSE_HEADERS: ReadonlySet<string> = new Set([
  'set-cookie',
  'set-cookie2',
])

/** Response headers that every page can read: "CORS-safelisted response-header name". */
export const SAFELISTED_RESPONSE_HEADERS: ReadonlySet<string> = new Set([
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
])
