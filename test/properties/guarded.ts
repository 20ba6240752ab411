/** Services as functions from what a browser sends to what it receives. */

import fc from 'fast-check'
import type { Field, ReceivedResponse, Responder, SentRequest } from '../../src/browser/index.ts'
import { type CorsPolicy, decide, mergeVary, type RequestFacts } from '../../src/index.ts'

/** What an application answers to everything but preflights. */
export type Application = ReceivedResponse

/** Fields of an application that knows nothing of CORS, or too much. */
const APPLICATION_FIELDS: readonly Field[] = [
  ['X-A', '1'],
  ['x-b', '2'],
  ['Content-Type', 'text/plain'],
  ['etag', '"1"'],
  ['Set-Cookie', 'a=1; Path=/'],
  ['Vary', 'Accept-Encoding, origin'],
  ['vary', 'Accept'],
  ['Authorization', 'none'],
  ['Access-Control-Allow-Origin', '*'],
  ['access-control-allow-credentials', 'true'],
  ['Access-Control-Expose-Headers', 'etag'],
]

// Redirects among them lead nowhere: they have no `Location`.
const STATUSES = [200, 201, 204, 206, 301, 304, 307, 400, 401, 403, 404, 429, 500, 503]

export const anyApplication: fc.Arbitrary<Application> = fc.record({
  status: fc.constantFrom(...STATUSES),
  headers: fc.subarray([...APPLICATION_FIELDS]),
})

/** An application whose every response carries the decision, and nothing else of CORS. */
export function guarded(policy: CorsPolicy, application: Application): Responder {
  return (sent) => {
    const { kind, status, headers, vary } = decide(policy, factsOf(sent))
    const own = status === undefined ? application.headers : []
    // With `preflightContinue` the application has to grant them, as a router that knows them does.
    const ownStatus = kind === 'preflight' ? 204 : application.status
    const merged = mergeVary(valuesOf(own, 'vary'), vary)
    return {
      status: status ?? ownStatus,
      headers: [
        ...own.filter(([name]) => !/^(?:access-control-.*|vary)$/i.test(name)),
        ...Object.entries(headers),
        ...(merged === '' ? [] : [['vary', merged] as const]),
      ],
    }
  }
}

/** A shared cache in front of a service, which keeps all that it may, and obeys `Vary`. */
export function cached(respond: Responder): Responder {
  const stored: { readonly sent: SentRequest; readonly response: ReceivedResponse }[] = []
  return (sent) => {
    const hit = stored.find((entry) => isSelected(entry.sent, entry.response, sent))
    if (hit !== undefined) return hit.response
    const response = respond(sent)
    if (isStorable(sent, response)) stored.push({ sent, response })
    return response
  }
}

function isStorable({ method }: SentRequest, { headers }: ReceivedResponse): boolean {
  // Some CDNs cache OPTIONS where they are told to.
  if (method === 'OPTIONS') return headers.some(([name]) => name === 'cache-control')
  return method === 'GET' || method === 'HEAD'
}

/** RFC 9111, 4.1: whether a stored response may answer a request too. */
function isSelected(stored: SentRequest, response: ReceivedResponse, sent: SentRequest): boolean {
  const names = valuesOf(response.headers, 'vary').join().toLowerCase().split(',')
  return (
    stored.method === sent.method &&
    names.every((name) => fieldOf(stored, name.trim()) === fieldOf(sent, name.trim()))
  )
}

function factsOf(sent: SentRequest): RequestFacts {
  return {
    method: sent.method,
    origin: fieldOf(sent, 'origin'),
    requestMethod: fieldOf(sent, 'access-control-request-method'),
    requestHeaders: fieldOf(sent, 'access-control-request-headers'),
  }
}

function fieldOf({ headers }: SentRequest, name: string): string | undefined {
  return valuesOf(headers, name)[0]
}

function valuesOf(headers: readonly Field[], name: string): string[] {
  return headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value)
}
