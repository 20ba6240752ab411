/** Reads the request facts of a Node request. */

import { REQUEST_FIELDS, type RequestFacts } from '../../src/index.ts'
import type { NodeRequest } from './response.ts'

const OPTIONS = 'OPTIONS'

/** @param looksAtSite Whether somebody wants to know where a request comes from besides its Origin. */
export function factsOf(request: NodeRequest, looksAtSite: boolean): RequestFacts {
  const { headers, method = '' } = request
  const origin = field(headers, REQUEST_FIELDS.origin)
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

/** Scheme, `://`, and the raw host: compared by bytes only, never parsed. */
function selfOrigin({ headers, socket }: NodeRequest): string | undefined {
  const host = field(headers, ':authority') ?? field(headers, 'host')
  if (host === undefined) return undefined
  const encrypted = (socket as { readonly encrypted?: unknown } | undefined)?.encrypted === true
  return `${encrypted ? 'https' : 'http'}://${host}`
}

/** A field that the client sent: what somebody put on `Object.prototype` is none. */
function field(headers: NodeRequest['headers'], name: string): string | undefined {
  const value = headers[name]
  if (value === undefined || (value === EVERYBODYS[name] && !Object.hasOwn(headers, name))) {
    return undefined
  }
  return typeof value === 'string' ? value : value.join(', ')
}

const EVERYBODYS = Object.prototype as Readonly<Record<string, unknown>>
