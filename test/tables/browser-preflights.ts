/** Answers to preflights, which all grant the origin with credentials, and what browsers make of them. */

import type { BrowserName, Field, HintCode, RuleCode } from '../../src/browser/index.ts'
import type { PageOptions } from './browser-requests.ts'

const METHODS = 'Access-Control-Allow-Methods'
const HEADERS = 'Access-Control-Allow-Headers'

export interface PreflightCheckCase {
  readonly title: string
  readonly request: PageOptions
  /** @default 204 */
  readonly status?: number
  readonly headers?: readonly Field[]
  /** Absent where the request may be made. */
  readonly rule?: RuleCode
  readonly hint?: HintCode
  /** The field's elements that were looked for, and the field as it came. */
  readonly expected?: string
  readonly actual?: string
  /** Browsers that do not follow the standard. */
  readonly others?: Partial<Record<BrowserName, RuleCode | 'granted'>>
}

const PUT = { method: 'PUT' } as const
const WITH_A = { headers: [['X-A', '1']] } as const
const AUTHORIZED = { headers: [['Authorization', 'x']] } as const
const BOTH = {
  headers: [
    ['Authorization', 'x'],
    ['X-A', '1'],
  ],
} as const
const CREDENTIALED = { credentials: 'include' } as const
const EVERYWHERE = { chromium: 'granted', firefox: 'granted', safari: 'granted' } as const

const methods = (value: string): readonly Field[] => [[METHODS, value]]
const headers = (value: string): readonly Field[] => [[HEADERS, value]]

/** "CORS-preflight fetch", behind the CORS check. */
export const PREFLIGHT_CHECKS: readonly PreflightCheckCase[] = [
  ...[200, 201, 204, 206, 299].map((status) => ({
    title: `status ${status}`,
    request: PUT,
    status,
    headers: methods('PUT'),
  })),
  ...[301, 302, 303, 307, 308].map((status) => ({
    title: `status ${status}`,
    request: PUT,
    status,
    headers: methods('PUT'),
    rule: 'preflight.redirect' as const,
    actual: String(status),
  })),
  ...[199, 300, 304, 400, 500].map((status) => ({
    title: `status ${status}`,
    request: PUT,
    status,
    headers: methods('PUT'),
    rule: 'preflight.status' as const,
    actual: String(status),
  })),
  ...[401, 403, 407].map((status) => ({
    title: `status ${status}`,
    request: PUT,
    status,
    headers: methods('PUT'),
    rule: 'preflight.status' as const,
    hint: 'authentication' as const,
    actual: String(status),
  })),
  ...[404, 405, 501].map((status) => ({
    title: `status ${status}`,
    request: PUT,
    status,
    headers: methods('PUT'),
    rule: 'preflight.status' as const,
    hint: 'not-routed' as const,
    actual: String(status),
  })),
  {
    title: 'a bad status with a bad list: the status comes first',
    request: PUT,
    status: 500,
    headers: methods('a b'),
    rule: 'preflight.status',
    actual: '500',
  },
  { title: 'the method, by case', request: PUT, headers: methods('PUT') },
  { title: 'the method among empty elements', request: PUT, headers: methods(',,PUT, ,') },
  {
    title: 'the method on a second line',
    request: PUT,
    headers: [
      [METHODS, 'PATCH'],
      [METHODS, 'PUT'],
    ],
  },
  {
    title: 'the method that the page wrote in lower case',
    request: { method: 'put' },
    headers: methods('PUT'),
  },
  { title: 'the method patch', request: { method: 'patch' }, headers: methods('patch') },
  { title: 'any method', request: PUT, headers: methods('*') },
  {
    title: 'any method, for a request with credentials',
    request: { ...PUT, ...CREDENTIALED },
    headers: methods('*, PATCH'),
    rule: 'allow-methods.wildcard-with-credentials',
    expected: 'PUT',
    actual: '*, PATCH',
  },
  {
    title: 'a method called *, for a request with credentials',
    request: { method: '*', ...CREDENTIALED },
    headers: methods('*'),
  },
  {
    title: 'no method',
    request: PUT,
    rule: 'allow-methods.missing',
    expected: 'PUT',
  },
  {
    title: 'an empty list of methods',
    request: PUT,
    headers: methods(''),
    rule: 'allow-methods.missing',
    expected: 'PUT',
    actual: '',
  },
  {
    title: 'other methods',
    request: PUT,
    headers: methods('PATCH, PUTT'),
    rule: 'allow-methods.missing',
    expected: 'PUT',
    actual: 'PATCH, PUTT',
  },
  {
    title: 'the method in lower case',
    request: PUT,
    headers: methods('put'),
    rule: 'allow-methods.missing',
    hint: 'letter-case',
    expected: 'PUT',
    actual: 'put',
  },
  {
    title: 'PATCH for patch',
    request: { method: 'patch' },
    headers: methods('PATCH'),
    rule: 'allow-methods.missing',
    hint: 'letter-case',
    expected: 'patch',
    actual: 'PATCH',
  },
  {
    title: 'the method next to what is no name',
    request: PUT,
    headers: methods('PUT, two words'),
    rule: 'allow-methods.syntax',
    actual: 'PUT, two words',
  },
  {
    title: 'methods in quotes',
    request: PUT,
    headers: methods('"PUT"'),
    rule: 'allow-methods.syntax',
    actual: '"PUT"',
  },
  ...['GET', 'HEAD', 'POST'].map((method) => ({
    title: `no method, for ${method}, which is safelisted`,
    request: { method, ...WITH_A },
    headers: headers('x-a'),
  })),
  {
    title: 'an empty list of methods, for a safelisted one',
    request: WITH_A,
    headers: [...methods(''), ...headers('x-a')],
  },
  {
    title: 'other methods, for a safelisted one',
    request: WITH_A,
    headers: [...methods('PUT'), ...headers('x-a')],
  },
  {
    title: 'no list of methods, for a request that is always preflighted',
    request: { ...PUT, alwaysPreflight: true },
  },
  {
    title: 'no list of methods, for a body that is a stream',
    request: { ...PUT, streamBody: true },
  },
  {
    title: 'an empty list of methods, for a request that is always preflighted',
    request: { ...PUT, alwaysPreflight: true },
    headers: methods(''),
    rule: 'allow-methods.missing',
    expected: 'PUT',
    actual: '',
  },
  { title: 'the header, in any case', request: WITH_A, headers: headers('x-A') },
  { title: 'the header among empty elements', request: WITH_A, headers: headers(' , x-a,\t') },
  {
    title: 'headers on two lines',
    request: BOTH,
    headers: [...headers('authorization'), ...headers('X-A')],
  },
  { title: 'any header', request: WITH_A, headers: headers('*') },
  {
    title: 'any header, for a request with credentials',
    request: { ...WITH_A, ...CREDENTIALED },
    headers: headers('*'),
    rule: 'allow-headers.wildcard-with-credentials',
    expected: 'x-a',
    actual: '*',
  },
  {
    title: 'any header and the one, for a request with credentials',
    request: { ...WITH_A, ...CREDENTIALED },
    headers: headers('*, x-a'),
  },
  {
    title: 'no header',
    request: WITH_A,
    rule: 'allow-headers.missing',
    expected: 'x-a',
  },
  {
    title: 'other headers',
    request: WITH_A,
    headers: headers('x-b'),
    rule: 'allow-headers.missing',
    expected: 'x-a',
    actual: 'x-b',
  },
  {
    title: 'a header that needs no preflight, and one that does',
    request: {
      headers: [
        ['Accept', 'x'],
        ['X-A', '1'],
      ],
    },
    headers: headers('x-a'),
  },
  {
    title: 'headers in quotes',
    request: WITH_A,
    headers: headers('"x-a"'),
    rule: 'allow-headers.syntax',
    actual: '"x-a"',
  },
  {
    title: 'a malformed list that nobody needs',
    request: PUT,
    headers: [...methods('PUT'), ...headers('x a')],
    rule: 'allow-headers.syntax',
    actual: 'x a',
  },
  { title: 'Authorization', request: AUTHORIZED, headers: headers('Authorization') },
  {
    title: 'any header, for Authorization',
    request: AUTHORIZED,
    headers: headers('*'),
    rule: 'allow-headers.authorization',
    expected: 'authorization',
    actual: '*',
    others: EVERYWHERE,
  },
  {
    title: 'no header, for Authorization',
    request: AUTHORIZED,
    rule: 'allow-headers.authorization',
    expected: 'authorization',
    others: {
      chromium: 'allow-headers.missing',
      firefox: 'allow-headers.missing',
      safari: 'allow-headers.missing',
    },
  },
  {
    title: 'any header, for Authorization with credentials',
    request: { ...AUTHORIZED, ...CREDENTIALED },
    headers: headers('*'),
    rule: 'allow-headers.authorization',
    expected: 'authorization',
    actual: '*',
    others: {
      chromium: 'allow-headers.wildcard-with-credentials',
      firefox: 'allow-headers.wildcard-with-credentials',
      safari: 'allow-headers.wildcard-with-credentials',
    },
  },
  { title: 'any header and Authorization', request: BOTH, headers: headers('*, Authorization') },
]

/** Statuses of answers without CORS headers, and what they tell of who answered. */
export const UNSHARED: readonly {
  readonly status: number
  /** @default PAGE */
  readonly from?: string
  readonly hint?: HintCode
}[] = [
  { status: 204 },
  { status: 302 },
  { status: 401, hint: 'authentication' },
  { status: 403, hint: 'refused' },
  { status: 407, hint: 'authentication' },
  { status: 405, hint: 'not-routed' },
  { status: 500, hint: 'error-response' },
  { status: 204, from: 'null', hint: 'opaque' },
  { status: 401, from: 'null', hint: 'authentication' },
  { status: 403, from: 'null', hint: 'opaque' },
  { status: 404, from: 'null', hint: 'not-routed' },
]

/** `Access-Control-Max-Age` lines, and the seconds by browser. */
export const MAX_AGES: readonly (readonly [
  lines: readonly string[],
  seconds: Readonly<Record<BrowserName, number>>,
])[] = [
  [[], { standard: 5, chromium: 5, firefox: 5, safari: 5 }],
  [[''], { standard: 5, chromium: 5, firefox: 5, safari: 5 }],
  [['0'], { standard: 0, chromium: 0, firefox: 0, safari: 0 }],
  [[' 60 '], { standard: 60, chromium: 60, firefox: 60, safari: 60 }],
  [['007'], { standard: 7, chromium: 7, firefox: 7, safari: 7 }],
  [['86400'], { standard: 86_400, chromium: 7200, firefox: 86_400, safari: 600 }],
  [['86401'], { standard: 86_401, chromium: 7200, firefox: 86_400, safari: 600 }],
  [['9'.repeat(400)], { standard: 2_147_483_648, chromium: 7200, firefox: 86_400, safari: 600 }],
  [['-1'], { standard: 5, chromium: 0, firefox: 0, safari: 5 }],
  ...['-', '-1.5', '+1', '5.5', '"600"', '600, 600', 'abc', '1e3'].map(
    (value) => [[value], { standard: 5, chromium: 5, firefox: 0, safari: 5 }] as const,
  ),
  [['600', '600'], { standard: 5, chromium: 5, firefox: 0, safari: 5 }],
]
