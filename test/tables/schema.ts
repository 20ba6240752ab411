/** What the JSON Schema of options cannot say, and documents that it has to judge in an editor. */

import type { CorsIssueCode } from '../../src/index.ts'

/** Issues that a document can have although the schema accepts it, and why. */
export const CANNOT_SAY: Readonly<Partial<Record<CorsIssueCode, string>>> = {
  'origin.nesting': 'a schema that refers to itself has no depth',
  'origin.uppercase': 'hosts of schemes that browsers do not know keep their letter case',
  'origin.default-port': 'the default port depends on the scheme',
  'origin.port': 'an expression cannot compare numbers',
  'origin.host': 'labels have their own grammar and lengths',
  'origin.ipv4': 'four numbers have to be canonical',
  'origin.ipv6': 'the address has to be compressed in one way',
  'origin.wildcard': 'where a wildcard may stand depends on the labels around it',
  'origin.null': 'the acknowledgement may stand with the entry or with the policy',
  'credentials.null-origin': 'the entry may be anywhere in nested lists',
  'credentials.insecure-origin': 'which hosts are loopback is no matter of grammar',
  'credentials.public-suffix': 'the list of suffixes is in the code',
  'credentials.shared-hosting': 'the list of platforms is in the code',
  'methods.invalid': 'words for any method have no fixed letter case',
  'methods.forbidden': 'an expression of a schema cannot ignore letter case',
  'methods.case': 'the list of registered methods is in the code',
  'allowed-headers.forbidden': 'header names have no fixed letter case',
  'exposed-headers.forbidden': 'header names have no fixed letter case',
}

export interface DocumentCase {
  readonly name: string
  readonly document: unknown
}

const ORIGIN = 'https://a.test'

/** Mistakes that editors underline. */
export const UNDERLINED: readonly DocumentCase[] = [
  { name: 'no origin', document: {} },
  { name: 'a misspelt option', document: { origin: ORIGIN, credentails: true } },
  { name: 'an option of another library', document: { origins: [ORIGIN] } },
  { name: 'a function as text', document: { origin: ORIGIN, onDecision: 'log' } },
  { name: 'credentials as text', document: { origin: ORIGIN, credentials: 'true' } },
  { name: 'a slash at the end', document: { origin: 'https://a.test/' } },
  { name: 'an origin without a scheme', document: { origin: ['a.test'] } },
  { name: 'several origins in one text', document: { origin: 'https://a.test,https://b.test' } },
  { name: 'every site with credentials', document: { origin: '*', credentials: true } },
  {
    name: 'every site in a list, with credentials',
    document: { origin: [ORIGIN, ['*']], credentials: true },
  },
  {
    name: 'every site in an entry, with credentials',
    document: { origin: { pattern: '*' }, credentials: true },
  },
  {
    name: 'every exposed header with credentials',
    document: { origin: ORIGIN, credentials: true, exposedHeaders: 'x-a, *' },
  },
  { name: 'a list of empty lists', document: { origin: [[], [[]]] } },
  { name: 'methods with spaces between them', document: { origin: ORIGIN, methods: 'GET POST' } },
  { name: 'a method that no page can send', document: { origin: ORIGIN, methods: ['TRACE'] } },
  { name: 'a method in the wrong case', document: { origin: ORIGIN, methods: ['patch'] } },
  { name: 'an age beyond a day', document: { origin: ORIGIN, maxAge: 86_401 } },
  { name: 'an unknown risk', document: { origin: ORIGIN, dangerouslyAllow: ['everything'] } },
]

/** Mistakes that no editor sees; the policy is refused where it is made. */
export const NOT_SEEN: readonly DocumentCase[] = [
  {
    name: 'a method that no page can send, in a text',
    document: { origin: ORIGIN, methods: 'Track' },
  },
]

/** Documents that are policies. */
export const ACCEPTED: readonly DocumentCase[] = [
  { name: 'every site', document: { origin: '*' } },
  { name: 'nobody', document: { origin: false } },
  { name: 'a list with every site in it', document: { origin: [ORIGIN, ['*']] } },
  {
    name: 'empty lists beside an origin',
    document: {
      origin: [[], ORIGIN],
      methods: [],
      allowedHeaders: '',
      exposedHeaders: ' ',
      vary: '',
    },
  },
  {
    name: 'every option',
    document: {
      origin: [
        'https://app.example.com',
        ['https://*.partner.example', 'https://pr-*.example.com', 'http://localhost:*'],
        { pattern: 'http://intranet.example', dangerouslyAllow: ['insecure-origins'] },
      ],
      credentials: true,
      methods: ['GET', 'post', 'X-Y'],
      allowedHeaders: 'Content-Type , X-A',
      exposedHeaders: ['X-Total', 'ETag'],
      maxAge: 0,
      optionsSuccessStatus: 200,
      preflightContinue: true,
      cacheControl: 'public, max-age=600',
      onDisallowed: 'reject',
      dangerouslyAllow: ['shared-hosting'],
      timeout: 60_000,
      vary: ['X-Tenant'],
      debug: true,
    },
  },
  { name: 'whole seconds for a cache', document: { origin: ORIGIN, cacheControl: 0 } },
  {
    name: 'the origin null, acknowledged',
    document: { origin: 'null', dangerouslyAllow: ['null-origin'] },
  },
  {
    name: 'every exposed header without credentials',
    document: { origin: '*', exposedHeaders: '*', credentials: false },
  },
]
