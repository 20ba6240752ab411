/**
 * Whole exchanges, as they were measured in Chromium 150 and as the standard has them: fields of the
 * preflight's answer, fields of the response, and what the page gets.
 */

import type { Field } from '../../src/browser/index.ts'
import { PAGE, type PageOptions } from './browser-requests.ts'

export interface Vector {
  readonly title: string
  readonly request?: PageOptions
  /** On both answers; `undefined`: the origin with credentials. */
  readonly origin?: readonly Field[]
  readonly preflight?: { readonly status?: number; readonly headers?: readonly Field[] }
  readonly response?: readonly Field[]
  /** What the page gets: names of fields that are not always visible, or a network error. */
  readonly outcome: readonly string[] | 'network error'
  /** Where Chromium differs. */
  readonly chromium?: readonly string[] | 'network error'
}

const origin = (value: string): Field => ['Access-Control-Allow-Origin', value]
const credentials = (value: string): Field => ['Access-Control-Allow-Credentials', value]
const methods = (value: string): Field => ['Access-Control-Allow-Methods', value]
const headers = (value: string): Field => ['Access-Control-Allow-Headers', value]
const exposed = (value: string): Field => ['Access-Control-Expose-Headers', value]

const PUT = { method: 'PUT' } as const
const CREDENTIALED = { credentials: 'include' } as const
const WITH_A = { headers: [['X-A', '1']] } as const
const AUTHORIZED = { headers: [['Authorization', 'x']] } as const

/** On every response of a vector, visible only where exposed. */
export const EXTRAS: readonly Field[] = [
  ['X-One', '1'],
  ['X-Two', '2'],
  ['Set-Cookie', 'a=1'],
]

const CORS_NAMES = ['access-control-allow-origin', 'access-control-allow-credentials']

export const VECTORS: readonly Vector[] = [
  { title: 'any origin twice', origin: [origin('*'), origin('*')], outcome: 'network error' },
  { title: 'a list of origins', origin: [origin(`${PAGE}, http://b`)], outcome: 'network error' },
  ...['HTTPS://app.example', `${PAGE}/`, ''].map(
    (value): Vector => ({
      title: `the origin ${JSON.stringify(value)}`,
      origin: [origin(value)],
      outcome: 'network error',
    }),
  ),
  { title: 'any origin with credentials', origin: [origin('*'), credentials('true')], outcome: [] },
  {
    title: 'credentials in upper case',
    request: CREDENTIALED,
    origin: [origin(PAGE), credentials('TRUE')],
    outcome: 'network error',
  },
  {
    title: 'credentials twice',
    request: CREDENTIALED,
    origin: [origin(PAGE), credentials('true'), credentials('true')],
    outcome: 'network error',
  },
  {
    title: 'credentials on the response only',
    request: { ...PUT, ...CREDENTIALED },
    origin: [origin(PAGE)],
    preflight: { headers: [methods('PUT')] },
    response: [credentials('true')],
    outcome: 'network error',
  },
  {
    title: 'a grant to the preflight only',
    request: PUT,
    origin: [],
    preflight: { headers: [origin(PAGE), methods('PUT')] },
    outcome: 'network error',
  },
  ...(
    [
      [',,PUT, ,', []],
      ['PUT, two words', 'network error'],
      ['put', 'network error'],
      ['*', []],
    ] as const
  ).map(
    ([value, outcome]): Vector => ({
      title: `the methods ${value} for PUT`,
      request: PUT,
      preflight: { headers: [methods(value)] },
      outcome,
    }),
  ),
  {
    title: 'the method PATCH for patch',
    request: { method: 'patch' },
    preflight: { headers: [methods('PATCH')] },
    outcome: 'network error',
  },
  {
    title: 'any method for a PUT with credentials',
    request: { ...PUT, ...CREDENTIALED },
    preflight: { headers: [methods('*')] },
    outcome: 'network error',
  },
  {
    title: 'no method for a GET with a header',
    request: WITH_A,
    preflight: { headers: [headers('x-a')] },
    outcome: [],
  },
  {
    title: 'an empty method for a GET with a header',
    request: WITH_A,
    preflight: { headers: [methods(''), headers('x-a')] },
    outcome: [],
  },
  {
    title: 'headers on two lines',
    request: {
      headers: [
        ['x-a', '1'],
        ['x-b', '1'],
      ],
    },
    preflight: { headers: [headers('x-a'), headers('x-b')] },
    outcome: [],
  },
  {
    title: 'a header in quotes',
    request: WITH_A,
    preflight: { headers: [headers('"x-a"')] },
    outcome: 'network error',
  },
  {
    title: 'any header for Authorization',
    request: AUTHORIZED,
    preflight: { headers: [headers('*')] },
    outcome: 'network error',
    chromium: [],
  },
  {
    title: 'any header and Authorization for both',
    request: { headers: [...AUTHORIZED.headers, ...WITH_A.headers] },
    preflight: { headers: [headers('*, Authorization')] },
    outcome: [],
  },
  ...[200, 201, 204, 206, 299].map(
    (status): Vector => ({
      title: `a preflight with status ${status}`,
      request: PUT,
      preflight: { status, headers: [methods('PUT')] },
      outcome: [],
    }),
  ),
  ...[301, 302, 304, 400, 403, 404, 405, 500].map(
    (status): Vector => ({
      title: `a preflight with status ${status}`,
      request: PUT,
      preflight: { status, headers: [methods('PUT')] },
      outcome: 'network error',
    }),
  ),
  { title: 'what is no list of names exposed', response: [exposed('x-one bad')], outcome: [] },
  { title: 'one bad name exposed', response: [exposed('x-one, bad name')], outcome: [] },
  { title: 'one name exposed', response: [exposed(',,x-one,')], outcome: ['x-one'] },
  {
    title: 'all names exposed',
    response: [exposed('*')],
    outcome: ['x-one', 'x-two', ...CORS_NAMES, 'access-control-expose-headers'],
  },
  {
    title: 'all names exposed to a request with credentials',
    request: CREDENTIALED,
    response: [exposed('*')],
    outcome: [],
  },
  {
    title: 'all names and one exposed to a request with credentials',
    request: CREDENTIALED,
    response: [exposed('*, X-One')],
    outcome: ['x-one'],
  },
]

export const GRANTED: readonly Field[] = [origin(PAGE), credentials('true')]
