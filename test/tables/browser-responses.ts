/** Responses to CORS requests: the CORS check, and what a page sees. */

import type { Field, HintCode, PageRequest, RuleCode, Verdict } from '../../src/browser/index.ts'
import { PAGE } from './browser-requests.ts'

const ORIGIN = 'Access-Control-Allow-Origin'
const CREDENTIALS = 'Access-Control-Allow-Credentials'
const EXPOSE = 'Access-Control-Expose-Headers'

export interface CorsCheckCase {
  readonly title: string
  /** @default PAGE */
  readonly from?: string
  readonly credentialed?: boolean
  readonly status?: number
  readonly headers: readonly Field[]
  /** Absent where the response is shared. */
  readonly rule?: RuleCode
  readonly hint?: HintCode
}

const VARY: Field = ['Vary', 'Origin']

const mismatch = (value: string, hint?: HintCode): CorsCheckCase => ({
  title: `the origin ${JSON.stringify(value)}`,
  headers: [[ORIGIN, value], VARY],
  rule: 'allow-origin.mismatch',
  ...(hint === undefined ? {} : { hint }),
})

/** "CORS check". */
export const CORS_CHECKS: readonly CorsCheckCase[] = [
  { title: 'the origin', headers: [[ORIGIN, PAGE]] },
  { title: 'the origin, with white space around it', headers: [[ORIGIN, ` \t${PAGE}\r\n `]] },
  { title: 'the name in lower case', headers: [[ORIGIN.toLowerCase(), PAGE]] },
  { title: 'any origin', headers: [[ORIGIN, '*']] },
  { title: 'any origin, for an opaque one', from: 'null', headers: [[ORIGIN, '*']] },
  { title: 'null, for an opaque one', from: 'null', headers: [[ORIGIN, 'null']] },
  {
    title: 'any origin with credentials, where the request has none',
    headers: [
      [ORIGIN, '*'],
      [CREDENTIALS, 'true'],
    ],
  },
  {
    title: 'nonsense for credentials, where the request has none',
    headers: [
      [ORIGIN, PAGE],
      [CREDENTIALS, 'nonsense'],
    ],
  },
  {
    title: 'the origin with credentials',
    credentialed: true,
    headers: [
      [ORIGIN, PAGE],
      [CREDENTIALS, 'true'],
    ],
  },
  ...[200, 204, 302, 404, 500].map((status) => ({
    title: `the origin with status ${status}`,
    status,
    headers: [[ORIGIN, PAGE]] as const,
  })),
  { title: 'nothing', headers: [], rule: 'allow-origin.missing' },
  { title: 'nothing on a 304', status: 304, headers: [], rule: 'allow-origin.missing' },
  ...[400, 404, 500].map((status) => ({
    title: `nothing, with status ${status}`,
    status,
    headers: [],
    rule: 'allow-origin.missing' as const,
    hint: 'error-response' as const,
  })),
  {
    title: 'credentials alone',
    headers: [[CREDENTIALS, 'true']],
    rule: 'allow-origin.missing',
  },
  {
    title: 'any origin twice',
    headers: [
      [ORIGIN, '*'],
      [ORIGIN, '*'],
    ],
    rule: 'allow-origin.several',
    hint: 'several-lines',
  },
  {
    title: 'the origin twice',
    headers: [
      [ORIGIN, PAGE],
      [ORIGIN.toLowerCase(), PAGE],
    ],
    rule: 'allow-origin.several',
    hint: 'several-lines',
  },
  {
    title: 'a list',
    headers: [[ORIGIN, `${PAGE}, https://other.example`]],
    rule: 'allow-origin.several',
    hint: 'list',
  },
  mismatch(''),
  mismatch('null'),
  mismatch('https://*.example'),
  mismatch('https://other.example'),
  mismatch(`${PAGE}/`, 'trailing-slash'),
  mismatch(`${PAGE}/app`, 'path'),
  mismatch(`"${PAGE}"`, 'quotes'),
  mismatch(`'${PAGE}'`, 'quotes'),
  mismatch('HTTPS://app.example', 'letter-case'),
  mismatch('https://APP.example', 'letter-case'),
  mismatch(`${PAGE}:443`, 'default-port'),
  mismatch(`${PAGE}:80`),
  mismatch('http://app.example', 'scheme'),
  mismatch('app.example', 'scheme'),
  {
    title: 'the origin of another request, from a cache that does not know better',
    headers: [
      [ORIGIN, 'https://other.example'],
      ['Vary', 'Accept-Encoding'],
    ],
    rule: 'allow-origin.mismatch',
    hint: 'vary',
  },
  {
    title: 'another origin, in a response that varies on everything',
    headers: [
      [ORIGIN, 'https://other.example'],
      ['Vary', '*'],
    ],
    rule: 'allow-origin.mismatch',
  },
  {
    title: 'an origin, for an opaque one',
    from: 'null',
    headers: [[ORIGIN, PAGE]],
    rule: 'allow-origin.mismatch',
    hint: 'opaque',
  },
  ...[200, 403, 500].map((status) => ({
    title: `nothing, for an opaque one, with status ${status}`,
    from: 'null',
    status,
    headers: [],
    rule: 'allow-origin.missing' as const,
    hint: 'opaque' as const,
  })),
  {
    title: 'Null, for an opaque one',
    from: 'null',
    headers: [[ORIGIN, 'Null']],
    rule: 'allow-origin.mismatch',
    hint: 'letter-case',
  },
  {
    title: 'any origin, for a request with credentials',
    credentialed: true,
    headers: [
      [ORIGIN, '*'],
      [CREDENTIALS, 'true'],
    ],
    rule: 'allow-origin.wildcard-with-credentials',
  },
  {
    title: 'the origin alone, for a request with credentials',
    credentialed: true,
    headers: [[ORIGIN, PAGE]],
    rule: 'allow-credentials.missing',
  },
  ...['True', 'TRUE'].map((value) => ({
    title: `credentials ${value}`,
    credentialed: true,
    headers: [
      [ORIGIN, PAGE],
      [CREDENTIALS, value],
    ] as const,
    rule: 'allow-credentials.value' as const,
    hint: 'letter-case' as const,
  })),
  ...['', '1', 'false', 'true, true'].map((value) => ({
    title: `credentials ${JSON.stringify(value)}`,
    credentialed: true,
    headers: [
      [ORIGIN, PAGE],
      [CREDENTIALS, value],
    ] as const,
    rule: 'allow-credentials.value' as const,
  })),
  {
    title: 'credentials twice',
    credentialed: true,
    headers: [
      [ORIGIN, PAGE],
      [CREDENTIALS, 'true'],
      [CREDENTIALS, 'true'],
    ],
    rule: 'allow-credentials.value',
    hint: 'several-lines',
  },
]

export interface ProxyCase {
  readonly title: string
  readonly request: Partial<PageRequest>
  readonly status: number
  readonly headers: readonly Field[]
  readonly type: Verdict['type']
  readonly rule?: RuleCode
}

/** "HTTP-network-or-cache fetch": proxy authentication. */
export const PROXY_AUTHENTICATION: readonly ProxyCase[] = [
  {
    title: 'a 407 from another origin that allows the page',
    request: {},
    status: 407,
    headers: [[ORIGIN, '*']],
    type: 'error',
    rule: 'proxy-authentication',
  },
  {
    title: 'a 407 from another origin that does not allow the page',
    request: {},
    status: 407,
    headers: [],
    type: 'error',
    rule: 'proxy-authentication',
  },
  {
    title: 'a 407 from the own origin',
    request: { url: PAGE },
    status: 407,
    headers: [],
    type: 'error',
    rule: 'proxy-authentication',
  },
  {
    title: 'a 407 without CORS',
    request: { mode: 'no-cors' },
    status: 407,
    headers: [],
    type: 'error',
    rule: 'proxy-authentication',
  },
  ...[401, 406, 408].map(
    (status): ProxyCase => ({
      title: `a ${status}, which is for the page`,
      request: {},
      status,
      headers: [[ORIGIN, '*']],
      type: 'cors',
    }),
  ),
]

export interface ResourcePolicyCase {
  readonly title: string
  /** @default PAGE */
  readonly from?: string
  /** @default API */
  readonly url?: string
  /** @default 'no-cors' */
  readonly mode?: PageRequest['mode']
  readonly lines: readonly string[]
  readonly type: Verdict['type']
  readonly rule: RuleCode | undefined
}

const opaque = { type: 'opaque', rule: 'mode.no-cors-opaque' } as const
const keptOut = { type: 'error', rule: 'resource-policy' } as const

const sites = (
  from: string,
  url: string,
  outcome: typeof opaque | typeof keptOut,
): ResourcePolicyCase => ({
  title: `same-site of ${url} for ${from}`,
  from,
  url,
  lines: ['same-site'],
  ...outcome,
})

/** "Cross-origin resource policy check". */
export const RESOURCE_POLICIES: readonly ResourcePolicyCase[] = [
  { title: 'none', lines: [], ...opaque },
  { title: 'cross-origin', lines: ['cross-origin'], ...opaque },
  { title: 'same-origin', lines: ['same-origin'], ...keptOut },
  { title: 'same-origin, with white space around it', lines: [' same-origin\t'], ...keptOut },
  {
    title: 'same-origin for an opaque origin',
    from: 'null',
    lines: ['same-origin'],
    ...keptOut,
  },
  { title: 'same-site for an opaque origin', from: 'null', lines: ['same-site'], ...keptOut },
  ...['Same-Origin', 'same-origin, same-site', 'same', '', 'constructor'].map((value) => ({
    title: `what is no policy: ${JSON.stringify(value)}`,
    lines: [value],
    ...opaque,
  })),
  { title: 'two lines', lines: ['same-origin', 'same-origin'], ...opaque },
  {
    title: 'same-origin within the own origin',
    url: `${PAGE}/items`,
    lines: ['same-origin'],
    type: 'basic',
    rule: undefined,
  },
  {
    title: 'same-origin in mode cors, where the CORS check has spoken',
    mode: 'cors',
    lines: ['same-origin'],
    type: 'cors',
    rule: undefined,
  },
  { title: 'same-site', lines: ['same-site'], ...keptOut },
  sites('https://app.example.com', 'https://api.example.com/', opaque),
  sites('https://example.com', 'https://a.b.example.com:8443/', opaque),
  sites('https://a.b.example.com', 'https://example.com/', opaque),
  sites('http://app.example.com', 'http://api.example.com/', opaque),
  sites('http://app.example.com', 'https://api.example.com/', keptOut),
  sites('http://app.example.com', 'https://app.example.com/', keptOut),
  sites('https://app.example.com', 'https://api.other.com/', keptOut),
  sites('https://app.example.com', 'https://notexample.com/', keptOut),
  sites('https://one.co.uk', 'https://two.co.uk/', keptOut),
  sites('https://app.one.co.uk', 'https://one.co.uk/', opaque),
  sites('https://one.github.io', 'https://two.github.io/', keptOut),
  sites('https://one.localhost', 'https://two.localhost/', keptOut),
  sites('https://localhost:3000', 'https://localhost/', opaque),
  sites('https://127.0.0.1:3000', 'https://127.0.0.1/', opaque),
  sites('https://127.1.0.1', 'https://127.0.0.1/', keptOut),
  sites('https://[::1]:3000', 'https://[::1]/', opaque),
  sites('https://app.example.com', 'https://api.example.com./', keptOut),
]

export interface VisibleCase {
  readonly expose: readonly string[]
  readonly credentialed?: boolean
  /** Of the fields that are not always visible. */
  readonly exposed: readonly string[]
}

/** Always visible ("CORS-safelisted response-header name"). */
export const SAFELISTED: readonly Field[] = [
  ['cache-control', 'no-store'],
  ['content-language', 'en'],
  ['content-length', '2'],
  ['content-type', 'text/plain'],
  ['expires', '0'],
  ['last-modified', 'yesterday'],
  ['pragma', 'no-cache'],
]

/** Never visible ("forbidden response-header name"). */
export const NEVER: readonly Field[] = [
  ['Set-Cookie', 'a=1'],
  ['Set-Cookie2', 'a=1'],
]

export const OTHERS: readonly Field[] = [
  ['*', 'star'],
  ['X-One', '1'],
  ['X-One', '2'],
  ['X-Two', '3'],
]

const ALL = [...new Set([EXPOSE, ...OTHERS.map(([name]) => name)])].map((name) =>
  name.toLowerCase(),
)

/** "CORS filtered response". */
export const VISIBLE: readonly VisibleCase[] = [
  { expose: [], exposed: [] },
  { expose: [''], exposed: [] },
  { expose: ['x-one'], exposed: ['x-one'] },
  { expose: [',,X-ONE,'], exposed: ['x-one'] },
  { expose: ['x-one', 'x-two'], exposed: ['x-one', 'x-two'] },
  { expose: ['x-one bad'], exposed: [] },
  { expose: ['x-one, bad name'], exposed: [] },
  { expose: ['x-one', 'bad name'], exposed: [] },
  { expose: ['set-cookie, Set-Cookie2, x-two'], exposed: ['x-two'] },
  { expose: ['*'], exposed: ALL },
  { expose: ['*, x-one'], exposed: ALL },
  { expose: ['*'], credentialed: true, exposed: ['*'] },
  { expose: ['*, X-One'], credentialed: true, exposed: ['*', 'x-one'] },
]

export const exposing = (lines: readonly string[]): readonly Field[] =>
  lines.map((line): Field => [EXPOSE, line])
