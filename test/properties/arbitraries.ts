/**
 * Random origins, patterns, requests and policies.
 *
 * Names come from small pools, so that patterns overlap, and origins often match or nearly do.
 */

import fc from 'fast-check'
import type { CorsDanger, OriginEntry, RequestFacts } from '../../src/index.ts'

const DANGERS: readonly CorsDanger[] = [
  'insecure-origins',
  'null-origin',
  'public-suffix',
  'shared-hosting',
  'slow-regexp',
  'tenant-by-origin',
]

const scheme = fc.constantFrom('https', 'https', 'https', 'http', 'wss', 'capacitor', 'app+x.y-z')

const label = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      'a',
      'b',
      'pr-1',
      'pr-a-qa',
      'a-b',
      'a_b',
      'x--y',
      'qa',
      'xn--a',
      '1',
    ),
  },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/) },
)

const parent = fc.constantFrom(
  'example.com',
  'a.example.com',
  'pr-1.example.com',
  'b.a.example.com',
  'example.com.',
  'test',
  'a.test',
  'localhost',
  'github.io',
  'co.uk',
)

const address = fc.oneof(
  fc.constantFrom('127.0.0.1', '10.0.0.1', '255.255.255.255', '[::1]', '[2001:db8::1]', '[::]'),
  // As the URL parser writes it, which every browser does before it sends an origin.
  fc.ipV6().map((text) => new URL(`http://[${text}]`).hostname),
  fc.ipV4().map((text) => new URL(`http://${text}`).hostname),
)

const domain = fc
  .tuple(fc.array(label, { maxLength: 3 }), parent)
  .map(([labels, end]) => [...labels, end].join('.'))

const host = fc.oneof({ weight: 6, arbitrary: domain }, { weight: 1, arbitrary: address })

const port = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('', '', '', ':8443', ':3000', ':1', ':65535') },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 65535 }).map((number) => `:${number}`) },
)

const PORTS_LEFT_OUT = ['http:80', 'https:443', 'wss:443']

const domainOrigin = fc
  .tuple(scheme, host, port)
  .filter(([name, , number]) => !PORTS_LEFT_OUT.includes(name + number))
  .map(([name, server, number]) => `${name}://${server}${number}`)

const opaqueHost = fc.oneof(
  fc.constantFrom('-', '.', '..', 'Main', '-a.example.com', 'A.example.com', 'pr-A.test', '-.test'),
  fc.stringMatching(/^[A-Za-z0-9._-]{1,253}$/),
)

/** An origin whose scheme lets a host be nearly anything. */
const opaqueOrigin = fc
  .tuple(fc.constantFrom('capacitor', 'app+x.y-z'), opaqueHost, port)
  .map(([name, server, number]) => `${name}://${server}${number}`)

/** An origin as a browser or a web view sends it. */
export const anyOrigin: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: domainOrigin },
  { weight: 1, arbitrary: opaqueOrigin },
)

const affix = fc.constantFrom('pr-', 'a-', 'pr-a-', 'x--')

const wildcardLabel = fc.oneof(
  { weight: 3, arbitrary: fc.constant('*') },
  { weight: 1, arbitrary: affix.map((prefix) => `${prefix}*`) },
  { weight: 1, arbitrary: fc.constantFrom('*-qa', '*-1', '*-b', '*--y') },
  {
    weight: 1,
    arbitrary: fc
      .tuple(affix, fc.constantFrom('-qa', '-a', '-1'))
      .map(([prefix, suffix]) => `${prefix}*${suffix}`),
  },
)

const patternPort = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom(':*', ':8443', ':3000') },
)

/** A pattern with a wildcard, as host or as port. */
export const anyWildcard: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(scheme, wildcardLabel, fc.oneof(parent, domain), patternPort)
      // An address has no subdomains, and schemes differ in what they take for one.
      .filter(([, , end]) => !/(^|\.)[0-9]+\.?$/.test(end))
      .map(([name, first, end, number]) => `${name}://${first}.${end}${number}`)
      .filter((text) => text.length <= 250),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(scheme, host).map(([name, server]) => `${name}://${server}:*`),
  },
  {
    weight: 1,
    arbitrary: opaqueHost.map((server) => `capacitor://${server}:*`),
  },
)

/** A valid pattern other than `'*'` and `'null'`. */
export const anyPattern: fc.Arbitrary<string> = fc.oneof(anyOrigin, anyWildcard)

/** Any text: control characters, lone surrogates, everything. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
  fc.string({ unit: fc.constantFrom(...'ah1-._*:/@?#[]\\,% \t\r\n\u0000\u00e9') }),
)

const piece = fc.oneof(
  fc.constantFrom('.', '-', '*', ':', '/', '//', '@', 'x', 'X', '1', '_', ' ', ',', '..', '.evil'),
  fc.constantFrom(
    ':443',
    ':80',
    ':0',
    ':8443',
    '[',
    ']',
    '\u00e9',
    '\u0000',
    '%41',
    '\\',
    '?',
    '#',
  ),
  label.map((text) => `${text}.`),
)

/** How a text is changed, at which place (from 0 to 1), and with what. */
const change = fc.tuple(
  fc.constantFrom('insert', 'replace', 'remove', 'append', 'prepend', 'upper', 'shorten', 'scheme'),
  fc.double({ min: 0, max: 1, noNaN: true }),
  piece,
)

function changed(text: string, [kind, place, added]: readonly [string, number, string]): string {
  const index = Math.floor(place * text.length)
  switch (kind) {
    case 'insert':
      return text.slice(0, index) + added + text.slice(index)
    case 'replace':
      return text.slice(0, index) + added + text.slice(index + 1)
    case 'remove':
      return text.slice(0, index) + text.slice(index + 1)
    case 'append':
      return text + added
    case 'prepend':
      return added + text
    case 'upper':
      return text.slice(0, index) + text.slice(index).toUpperCase()
    case 'shorten':
      // Without the first label, or what else stands before the first dot.
      return text.replace(/:\/\/[^.]*\./, '://')
    default:
      return text.replace(/^[a-z]+/, place < 0.5 ? 'http' : 'https')
  }
}

/** Texts like those that `source` makes: the same, or with one to three changes. */
export function nearly(source: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(source, fc.array(change, { maxLength: 3 }))
    .map(([text, changes]) => changes.reduce(changed, text))
}

/** An origin that a pattern admits: the wildcards filled in. */
export function admittedBy(pattern: string): fc.Arbitrary<string> {
  const whole = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'))
  const part = fc.constantFrom('a', '1', 'a-b', 'qa', '-', 'x-1-y')
  const stand = pattern.includes('://*.') ? whole : part
  return fc
    .tuple(stand, port)
    .map(([text, number]) => pattern.replace(/:\*$/, number).replace('*', text))
}

/** A value of `Origin`: allowed by `patterns` or nearly so, or anything. */
export function originFor(patterns: readonly string[]): fc.Arbitrary<string> {
  const near = patterns.length === 0 ? anyOrigin : fc.constantFrom(...patterns).chain(admittedBy)
  return fc.oneof(
    { weight: 4, arbitrary: near },
    { weight: 4, arbitrary: nearly(near) },
    { weight: 2, arbitrary: anyOrigin },
    { weight: 1, arbitrary: fc.constantFrom('', 'null', '*', 'https://a.test, https://a.test') },
    { weight: 1, arbitrary: anyText },
  )
}

const headerName = fc.constantFrom('x-a', 'X-B', 'authorization', 'content-type', '__proto__')

const requestHeaders = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(headerName, { maxLength: 5 }).map((names) => names.join(',')),
  },
  fc.array(fc.oneof(headerName, anyText), { maxLength: 3 }).map((names) => names.join(' ,')),
  fc.integer({ min: 90, max: 120 }).map((count) => 'x-a,'.repeat(count)),
  fc.constantFrom('x'.repeat(4_096), 'x'.repeat(4_097)),
)

const method = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'QUERY', 'put', 'PATCH'),
  },
  { weight: 1, arbitrary: fc.constantFrom('P'.repeat(64), 'P'.repeat(65)) },
  { weight: 1, arbitrary: anyText },
)

/** A request, from an origin of `origins`. */
export function factsFrom(origins: fc.Arbitrary<string>): fc.Arbitrary<RequestFacts> {
  const absent = fc.constant(undefined)
  return fc.record(
    {
      method: fc.oneof({ weight: 2, arbitrary: fc.constant('OPTIONS') }, method),
      origin: fc.oneof({ weight: 6, arbitrary: origins }, absent),
      requestMethod: fc.oneof({ weight: 3, arbitrary: method }, absent),
      requestHeaders: fc.oneof({ weight: 3, arbitrary: requestHeaders }, absent),
      fetchSite: fc.oneof(fc.constantFrom('same-origin', 'cross-site', 'none'), absent, anyText),
      selfOrigin: fc.oneof(anyOrigin, absent),
    },
    { requiredKeys: ['method'] },
  )
}

/** Options that are data, and make a static policy. `origin` is flat, so that tests can look into it. */
export interface RandomOptions {
  readonly origin: '*' | false | readonly OriginEntry[]
  readonly credentials?: boolean
  readonly methods?: string | readonly string[]
  readonly allowedHeaders?: string | readonly string[]
  readonly exposedHeaders?: string | readonly string[]
  readonly maxAge?: number
  readonly optionsSuccessStatus?: number
  readonly preflightContinue?: boolean
  readonly cacheControl?: string | number
  readonly onDisallowed?: 'omit' | 'reject'
  readonly timeout?: number
  readonly vary?: string | readonly string[]
  readonly debug?: boolean
  readonly dangerouslyAllow: readonly CorsDanger[]
}

const methods = fc.oneof(
  fc.constantFrom('*', '', 'GET,PUT'),
  fc.array(fc.constantFrom('GET', 'PUT', 'put', 'PATCH', 'QUERY', 'custom'), { maxLength: 4 }),
)

const headers = fc.oneof(
  fc.constantFrom('*', '', 'x-a, X-B'),
  fc.array(headerName, { maxLength: 4 }),
)

const entry: fc.Arbitrary<OriginEntry> = fc.oneof(
  { weight: 4, arbitrary: anyPattern },
  {
    weight: 1,
    arbitrary: fc.record({
      pattern: anyPattern,
      dangerouslyAllow: fc.subarray([...DANGERS]),
    }),
  },
)

const otherOptions = fc.record(
  {
    methods,
    allowedHeaders: headers,
    maxAge: fc.integer({ min: 0, max: 86_400 }),
    optionsSuccessStatus: fc.integer({ min: 200, max: 299 }),
    preflightContinue: fc.boolean(),
    cacheControl: fc.oneof(fc.constant('no-store'), fc.nat()),
    onDisallowed: fc.constantFrom('omit', 'reject'),
    timeout: fc.integer({ min: 1, max: 60_000 }),
    vary: fc.oneof(
      fc.constant('x-tenant'),
      fc.array(fc.constantFrom('Origin', 'X-Tenant', 'cookie', 'Access-Control-Request-Headers'), {
        maxLength: 3,
      }),
    ),
    debug: fc.boolean(),
    // All of them, so that no risk keeps a policy from being made.
    dangerouslyAllow: fc.constant(DANGERS),
  },
  { requiredKeys: ['dangerouslyAllow'] },
)

const openOptions = fc.record(
  {
    origin: fc.oneof(
      fc.constantFrom('*' as const, false as const),
      fc.array(fc.oneof({ weight: 5, arbitrary: entry }, fc.constantFrom('null', '*')), {
        minLength: 1,
        maxLength: 6,
      }),
    ),
    credentials: fc.constant(false),
    exposedHeaders: headers,
  },
  { requiredKeys: ['origin'] },
)

const credentialedOptions = fc.record(
  {
    origin: fc.oneof(
      { weight: 1, arbitrary: fc.constant(false as const) },
      { weight: 6, arbitrary: fc.array(entry, { minLength: 1, maxLength: 6 }) },
    ),
    credentials: fc.constant(true),
    exposedHeaders: fc.constantFrom('', 'x-a', 'X-B,content-type'),
  },
  { requiredKeys: ['origin', 'credentials'] },
)

/** Options of a valid, static policy. */
export const anyOptions: fc.Arbitrary<RandomOptions> = fc
  .tuple(fc.oneof(openOptions, credentialedOptions), otherOptions)
  .map(([some, others]) => ({ ...some, ...others }))

/** The patterns of random options as text; `'*'` is one of them where the policy admits anybody. */
export function patternsOf({ origin }: Pick<RandomOptions, 'origin'>): readonly string[] {
  if (origin === '*') return ['*']
  if (origin === false) return []
  return origin.map((item) =>
    typeof item === 'object' && 'pattern' in item ? String(item.pattern) : String(item),
  )
}

/** Options with requests, many of which they allow. */
export const anyOptionsAndRequests: fc.Arbitrary<readonly [RandomOptions, RequestFacts[]]> =
  anyOptions.chain((options) => {
    const patterns = patternsOf(options).filter((text) => text.includes('://'))
    const requests = fc.array(factsFrom(originFor(patterns)), { minLength: 1, maxLength: 8 })
    return fc.tuple(fc.constant(options), requests)
  })
