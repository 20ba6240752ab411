/**
 * Whether a tenant is chosen by the Origin: found by asking again with the Origin hidden, and the
 * Referer, which says the same.
 *
 * `tenant` sees a view of the request then. Whether it understands one is tried first, with a view that
 * hides nothing: where the answer is another than for the request itself, nothing is known.
 *
 * This finds the mistake, not every way to make it. It is blind where the first request for a tenant
 * has no Origin, where the Origin is read in another way than from the headers of the view
 * (`rawHeaders`, a getter of the request), where the answer of the first time was remembered on the
 * request, and where a view is no request (private fields, a `WeakMap`, a copy by spreading).
 */

const HIDDEN: readonly string[] = ['origin', 'referer']
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
  const isFoundWithout = (names: readonly string[]): boolean => {
    try {
      return tenant(viewOf(request as Fields, names) as Request) === found
    } catch {
      return false
    }
  }
  return hasHidden(request) && isFoundWithout([]) && !isFoundWithout(HIDDEN)
}

function hasHidden(request: unknown): boolean {
  try {
    return (
      isObject(request) &&
      [request, ...INNER.map((name) => request[name])].some(
        (part) => isObject(part) && HEADERS.some((name) => namesHidden(part[name])),
      )
    )
  } catch {
    return false
  }
}

function namesHidden(headers: unknown): boolean {
  if (!isObject(headers)) return false
  if (isHeadersObject(headers)) return HIDDEN.some((name) => headers.has(name))
  return Object.keys(headers).some((name) => HIDDEN.includes(name.toLowerCase()))
}

/** A request in which everything is as it was, but for some headers. What is set stays in the view. */
function viewOf(request: Fields, hidden: readonly string[]): Fields {
  const own: Record<PropertyKey, unknown> = Object.create(null)
  // Not around the request itself, since a proxy may not differ from an object that is frozen.
  return new Proxy(own, {
    get: (_, name) => (name in own ? own[name] : seen(request, name, hidden)),
    has: (_, name) => name in own || name in request,
    getPrototypeOf: () => Object.getPrototypeOf(request),
  })
}

function seen(request: Fields, name: PropertyKey, hidden: readonly string[]): unknown {
  const value = request[name]
  if (!isObject(value)) return value
  if (HEADERS.includes(name)) return headersWithout(value, hidden)
  return INNER.includes(name) ? viewOf(value, hidden) : value
}

function headersWithout(headers: Fields, hidden: readonly string[]): unknown {
  if (!isHeadersObject(headers)) {
    const left = Object.entries(headers).filter(([name]) => !hidden.includes(name.toLowerCase()))
    return Object.fromEntries(left)
  }
  const copy = new headers.constructor(headers)
  for (const name of hidden) copy.delete(name)
  return copy
}

function isHeadersObject(headers: object): headers is HeadersObject {
  const { has, delete: remove } = headers as Partial<HeadersObject>
  return typeof has === 'function' && typeof remove === 'function'
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}
