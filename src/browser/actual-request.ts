/** The request itself as it goes out (Fetch standard, "HTTP-network-or-cache fetch"). */

import { ORIGIN } from '../http/names.ts'
import type { Field, SentRequest } from './exchange.ts'
import { type FetchRequest, originOfRequest } from './request.ts'

/** The request with what the browser adds. */
export function actualRequest(request: FetchRequest): SentRequest {
  const { method, url, headers, body } = request
  const origin = originHeader(request)
  return Object.freeze({
    preflight: false,
    method,
    url: url.href,
    headers: Object.freeze(origin === undefined ? headers : [...headers, origin]),
    credentials: includesCredentials(request),
    ...(body === undefined ? {} : { body }),
  })
}

/** "IncludeCredentials". */
function includesCredentials({ credentials, tainting }: FetchRequest): boolean {
  return credentials === 'include' || (credentials === 'same-origin' && tainting === 'basic')
}

/** "Append a request `Origin` header". */
function originHeader(request: FetchRequest): Field | undefined {
  const { method, mode, tainting } = request
  const isSilent = tainting !== 'cors' && (method === 'GET' || method === 'HEAD')
  if (isSilent) return undefined
  const isWithheld = mode !== 'cors' && isDowngrade(request)
  return Object.freeze([ORIGIN, isWithheld ? 'null' : originOfRequest(request)] as const)
}

/** What the default referrer policy, "strict-origin-when-cross-origin", keeps the origin from. */
function isDowngrade({ from, url }: FetchRequest): boolean {
  return from.startsWith('https:') && !url.href.startsWith('https:')
}
