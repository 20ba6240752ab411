/**
 * Whether a tenant is chosen by the Origin: found by asking again with the Origin hidden.
 *
 * This finds the mistake, not every way to make it. It is blind where the first request for a tenant
 * has no Origin, where the Origin is read in another way than from the headers (`rawHeaders`), and
 * where the answer of the first time was remembered on the request.
 */

const ORIGIN = 'origin'
/** Where the headers are, in the requests of frameworks. */
const HEADERS: readonly PropertyKey[] = [
  'headers',
  'header',
  'headersDistinct',
  'multiValueHeaders',
]
/** What requests of frameworks are made around. */
const INNER: readonly PropertyKey[] = ['req', 'request', 'raw']

type Fields = Readonly<Record<PropertyKey, unknown>>

/** Fetch's `Headers`, as far as it matters here. */
interface HeadersObject {
  readonly has: (name: string) => boolean
  readonly delete: (name: string) => void
  readonly constructor: new (headers: HeadersObject) => HeadersObject
}

/** @param found What `tenant` has answered for the request as it is. To throw is another answer. */
export function dependsOnOrigin<Request>(
  tenant: (request: Request) => unknown,
  request: Request,
  found: string,
): boolean {
  try {
    return (
      isObject(request) && hasOrigin(request) && tenant(withoutOrigin(request) as Request) !== found
    )
  } catch {
    return true
  }
}

function hasOrigin(request: Fields): boolean {
  return [request, ...INNER.map((name) => request[name])].some(
    (part) => isObject(part) && HEADERS.some((name) => namesOrigin(part[name])),
  )
}

function namesOrigin(headers: unknown): boolean {
  if (!isObject(headers)) return false
  return isHeadersObject(headers) ? headers.has(ORIGIN) : Object.keys(headers).some(isOrigin)
}

/** A view of a request in which everything is as it was, but for the Origin. What is set stays in the view. */
function withoutOrigin(request: Fields): Fields {
  const own: Record<PropertyKey, unknown> = Object.create(null)
  // Not around the request itself, since a proxy may not differ from an object that is frozen.
  return new Proxy(own, {
    get: (_, name) => (name in own ? own[name] : seen(request, name)),
    has: (_, name) => name in own || name in request,
    getPrototypeOf: () => Object.getPrototypeOf(request),
  })
}

function seen(request: Fields, name: PropertyKey): unknown {
  const value = request[name]
  if (!isObject(value)) return value
  if (HEADERS.includes(name)) return headersWithoutOrigin(value)
  return INNER.includes(name) ? withoutOrigin(value) : value
}

function headersWithoutOrigin(headers: Fields): unknown {
  if (!isHeadersObject(headers)) {
    return Object.fromEntries(Object.entries(headers).filter(([name]) => !isOrigin(name)))
  }
  const copy = new headers.constructor(headers)
  copy.delete(ORIGIN)
  return copy
}

function isHeadersObject(headers: object): headers is HeadersObject {
  const { has, delete: remove } = headers as Partial<HeadersObject>
  return typeof has === 'function' && typeof remove === 'function'
}

function isOrigin(name: string): boolean {
  return name.toLowerCase() === ORIGIN
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}
