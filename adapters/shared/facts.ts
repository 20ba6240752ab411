/** Reads the request facts of a Node request. */

import { REQUEST_FIELDS, type RequestFacts } from '../../src/index.ts'
import type { NodeRequest } from './response.ts'

export function factsOf(request: NodeRequest): RequestFacts {
  const { headers, method = '' } = request
  const origin = field(headers, REQUEST_FIELDS.origin)
  // Nothing else is looked at without an Origin.
  if (origin === undefined) return { method, origin }
  const fetchSite = field(headers, REQUEST_FIELDS.fetchSite)
  return {
    method,
    origin,
    requestMethod: field(headers, REQUEST_FIELDS.requestMethod),
    requestHeaders: field(headers, REQUEST_FIELDS.requestHeaders),
    fetchSite,
    selfOrigin: fetchSite === undefined ? selfOrigin(request) : undefined,
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
