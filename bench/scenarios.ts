/** What is measured: the rule of a service, the request, and what the application does. */

/** Who is let in, in a form that every subject can be told in its own words. */
export interface Rule {
  readonly origins:
    | { readonly kind: 'any' }
    /** So many origins, each written out. */
    | { readonly kind: 'exact'; readonly count: number }
    /** So many parents, each with whatever is below it. */
    | { readonly kind: 'wildcards'; readonly count: number }
    /** One of a thousand tenants by the host of the request, each with an origin of its own. */
    | { readonly kind: 'tenants'; readonly count: number }
    /** A function that answers later, from what it knows. */
    | { readonly kind: 'promised'; readonly count: number }
  readonly credentials: boolean
  /** The request headers that are allowed: three, or any. */
  readonly headers: 'listed' | 'any'
}

export interface BenchRequest {
  readonly method: 'GET' | 'OPTIONS'
  readonly host: string
  readonly origin?: string
  readonly requestMethod?: string
  readonly requestHeaders?: string
}

/** What the application behind the layer does to its response; `none` where preflights end before it. */
export type Application = 'none' | 'sets' | 'object' | 'list' | 'vary' | 'removes'

export interface Scenario {
  readonly name: string
  readonly title: string
  readonly rule: Rule
  readonly request: BenchRequest
  readonly application: Application
  /** What a browser has to conclude. */
  readonly expected: 'readable' | 'unreadable' | 'preflight-passes' | 'preflight-fails'
  /** Part of a quick run. */
  readonly quick: boolean
}

export const HOST = 'api.example.com'
export const METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'] as const
export const ALLOWED_HEADERS = ['authorization', 'content-type', 'x-request-id'] as const
export const EXPOSED_HEADERS = ['x-total'] as const
export const MAX_AGE = 600

/** The origins of a rule of so many; the last is the one that asks. */
export function exactOrigin(index: number): string {
  return `https://app-${index}.example.com`
}

/** The parent of a wildcard: `https://*.` and this. */
export function wildcardParent(index: number): string {
  return `tenant-${index}.example.com`
}

export function tenantHost(index: number): string {
  return `tenant-${index}.example.com`
}

const GET = { method: 'GET', host: HOST } as const
const STRANGER = 'https://evil.example.net'
const LONG = `https://${'a.'.repeat(4096)}example.com`
/** Eight kilobytes that no browser would send. */
const HOSTILE_HEADERS = Array.from({ length: 820 }, (_, index) =>
  `x-h-${10_000 + index}`.slice(0, 9),
)
  .join(',')
  .slice(0, 8192)

function rule(origins: Rule['origins'], more: Partial<Rule> = {}): Rule {
  return { origins, credentials: origins.kind !== 'any', headers: 'listed', ...more }
}
const exact = (count: number): Rule => rule({ kind: 'exact', count })
const wildcards = (count: number): Rule => rule({ kind: 'wildcards', count })

const askedBy = (origin: string): BenchRequest => ({ ...GET, origin })
const ONE = exactOrigin(0)
const preflight = (requestHeaders: string): BenchRequest => ({
  method: 'OPTIONS',
  host: HOST,
  origin: ONE,
  requestMethod: 'PUT',
  requestHeaders,
})
const THREE = ALLOWED_HEADERS.join(',')

function scenario(
  name: string,
  title: string,
  of: Pick<Scenario, 'rule' | 'request' | 'expected'> & Partial<Scenario>,
): Scenario {
  return { name, title, application: 'sets', quick: false, ...of }
}

export const SCENARIOS: readonly Scenario[] = [
  scenario('get', 'GET, one exact origin', {
    rule: exact(1),
    request: askedBy(ONE),
    expected: 'readable',
    quick: true,
  }),
  scenario('exact-1000', 'GET, 1,000 exact origins', {
    rule: exact(1_000),
    request: askedBy(exactOrigin(999)),
    expected: 'readable',
  }),
  scenario('exact-100000', 'GET, 100,000 exact origins', {
    rule: exact(100_000),
    request: askedBy(exactOrigin(99_999)),
    expected: 'readable',
    quick: true,
  }),
  scenario('wildcards-1', 'GET, 1 wildcard', {
    rule: wildcards(1),
    request: askedBy(`https://shop.${wildcardParent(0)}`),
    expected: 'readable',
  }),
  scenario('wildcards-1000', 'GET, 1,000 wildcards, the last matches', {
    rule: wildcards(1_000),
    request: askedBy(`https://shop.${wildcardParent(999)}`),
    expected: 'readable',
  }),
  scenario('wildcards-1000-refused', 'GET, 1,000 wildcards, none matches', {
    rule: wildcards(1_000),
    request: askedBy(`https://shop.tenant-x.example.com`),
    expected: 'unreadable',
  }),
  scenario('wildcards-10000', 'GET, 10,000 wildcards, the last matches', {
    rule: wildcards(10_000),
    request: askedBy(`https://shop.${wildcardParent(9_999)}`),
    expected: 'readable',
    quick: true,
  }),
  scenario('wildcards-10000-refused', 'GET, 10,000 wildcards, none matches', {
    rule: wildcards(10_000),
    request: askedBy(`https://shop.tenant-x.example.com`),
    expected: 'unreadable',
  }),
  scenario('preflight', 'preflight, 3 headers', {
    rule: exact(1),
    request: preflight(THREE),
    application: 'none',
    expected: 'preflight-passes',
    quick: true,
  }),
  scenario('preflight-8k', 'preflight, 8 KB of headers, a fixed list', {
    rule: exact(1),
    request: preflight(HOSTILE_HEADERS),
    application: 'none',
    expected: 'preflight-fails',
  }),
  scenario('preflight-any', 'preflight, 3 headers, any allowed', {
    rule: { ...exact(1), headers: 'any' },
    request: preflight(THREE),
    application: 'none',
    expected: 'preflight-passes',
  }),
  scenario('preflight-any-8k', 'preflight, 8 KB of headers, any allowed', {
    rule: { ...exact(1), headers: 'any' },
    request: preflight(HOSTILE_HEADERS),
    application: 'none',
    expected: 'preflight-fails',
  }),
  scenario('no-origin', 'GET without Origin', {
    rule: exact(1),
    request: GET,
    expected: 'unreadable',
    quick: true,
  }),
  scenario('refused', 'GET, refused', {
    rule: exact(1),
    request: askedBy(STRANGER),
    expected: 'unreadable',
  }),
  scenario('origin-8k', 'GET, 8 KB of Origin, 1,000 wildcards', {
    rule: wildcards(1_000),
    request: askedBy(LONG),
    expected: 'unreadable',
  }),
  scenario('any', "GET, '*'", {
    rule: rule({ kind: 'any' }),
    request: askedBy(ONE),
    expected: 'readable',
  }),
  scenario('tenants', 'GET, one of 1,000 tenants', {
    rule: rule({ kind: 'tenants', count: 1_000 }),
    request: { ...GET, host: tenantHost(999), origin: exactOrigin(999) },
    expected: 'readable',
  }),
  scenario('promised', 'GET, a predicate that answers later', {
    rule: rule({ kind: 'promised', count: 1_000 }),
    request: askedBy(exactOrigin(999)),
    expected: 'readable',
  }),
  scenario('app-object', 'GET, writeHead with an object', {
    rule: exact(1),
    request: askedBy(ONE),
    application: 'object',
    expected: 'readable',
  }),
  scenario('app-list', 'GET, writeHead with a flat list', {
    rule: exact(1),
    request: askedBy(ONE),
    application: 'list',
    expected: 'readable',
  }),
  scenario('app-vary', 'GET, a Vary of its own', {
    rule: exact(1),
    request: askedBy(ONE),
    application: 'vary',
    expected: 'readable',
  }),
  scenario('app-removes', 'GET, all headers removed first', {
    rule: exact(1),
    request: askedBy(ONE),
    application: 'removes',
    expected: 'readable',
  }),
]
