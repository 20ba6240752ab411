/** What is asked of an adapter, as data. What has to come back, the core says. */

import type { Field } from '../../../src/browser/index.ts'
import { REQUEST_FIELDS } from '../../../src/index.ts'
import {
  ANSWERING_NAMES,
  APP,
  EVIL,
  FAILING_NAMES,
  type FailingName,
  PARTNER,
  type PolicyName,
} from './policies.ts'
import type { ContractRule } from './rules.ts'
import { type ContractRequest, SELF } from './service.ts'

export interface ContractExchange {
  readonly rule: ContractRule
  readonly title: string
  readonly policy: PolicyName
  readonly request: ContractRequest
  /** Whether the handler of the route fails, which not every framework answers. */
  readonly fails?: boolean
}

const FROM_APP = from(APP)
const FROM_EVIL = from(EVIL)

/** Whoever asks, in words. */
const ASKING: readonly (readonly [who: string, headers: readonly Field[]])[] = [
  ['from an allowed origin', [FROM_APP]],
  ['from a refused origin', [FROM_EVIL]],
  ['without Origin', []],
]

const preflights: readonly ContractExchange[] = inRule('preflights', [
  ['granted', 'list', preflight(FROM_APP, 'PUT', 'content-type,x-token')],
  ['granted, for GET without headers', 'list', preflight(FROM_APP, 'GET')],
  ['granted, for an origin that matches a pattern', 'list', preflight(from(PARTNER), 'PUT')],
  ['granted to any origin', 'any', preflight(FROM_EVIL, 'PUT')],
  ['granted, where there is no route', 'list', at('/missing', preflight(FROM_APP, 'PUT'))],
  ['refused', 'list', preflight(FROM_EVIL, 'PUT')],
  ['refused, where there is no route', 'list', at('/missing', preflight(FROM_EVIL, 'PUT'))],
  ['refused to everybody', 'nobody', preflight(FROM_APP, 'PUT')],
  ['for a method that is not listed', 'list', preflight(FROM_APP, 'DELETE')],
  ['for a header that is not listed', 'list', preflight(FROM_APP, 'PUT', 'x-other')],
  ['echoes what was asked for', 'echoing', preflight(FROM_APP, 'PURGE', 'X-B, x-a')],
  ['echoes the headers of several lines', 'echoing', preflight(FROM_APP, 'PUT', 'x-b', 'x-a')],
  ['answers 200 with a length of 0', 'in 200', preflight(FROM_APP, 'PUT')],
  ['has the Cache-Control of the policy', 'cached', preflight(FROM_APP, 'PUT')],
  ['explains a refusal', 'explaining', preflight(FROM_EVIL, 'PUT')],
  ['explains a method that is not listed', 'explaining', preflight(FROM_APP, 'PURGE')],
  ['left to the application', 'continuing', preflight(FROM_APP, 'PUT')],
  ['left to the application, refused', 'continuing', preflight(FROM_EVIL, 'PUT')],
  ['left to the application, unexplained', 'explaining, continuing', preflight(FROM_EVIL, 'PUT')],
  ['OPTIONS that asks for no method is none', 'list', options(FROM_APP)],
  ['OPTIONS that asks for no method is none, refused', 'list', options(FROM_EVIL)],
  ['OPTIONS without Origin is none', 'list', options([REQUEST_FIELDS.requestMethod, 'PUT'])],
  ['OPTIONS without anything is none', 'list', options()],
  ['OPTIONS beside cached preflights is none', 'cached', options()],
  ['GET that asks for a method is none', 'list', { ...preflight(FROM_APP, 'PUT'), method: 'GET' }],
])

/** How a response can come about. */
const RESPONSES: readonly (readonly [what: string, request: ContractRequest, fails?: 'fails'])[] = [
  ['200', {}],
  ['201 to a POST', { method: 'POST' }],
  ['HEAD', { method: 'HEAD' }],
  ['200 that takes time', { path: '/later' }],
  ['204', { path: '/empty' }],
  ['304', { path: '/unchanged' }],
  ['a redirect', { path: '/redirect' }],
  ['a stream', { path: '/stream' }],
  ['404 of a route', { path: '/missing-item' }],
  ['404 where there is no route', { path: '/missing' }],
  ['a handler that throws', { path: '/throws' }, 'fails'],
  ['a handler that rejects', { path: '/rejects' }, 'fails'],
]

const everyResponse: readonly ContractExchange[] = [
  ...RESPONSES.flatMap(([what, request, fails]) =>
    ASKING.map(
      ([who, headers]): ContractExchange => ({
        rule: 'every-response',
        title: `${what}, ${who}`,
        policy: 'list',
        request: { ...request, headers },
        fails: fails !== undefined,
      }),
    ),
  ),
  ...inRule('every-response', [
    ['from an origin that matches a pattern', 'list', { headers: [from(PARTNER)] }],
    ['from null', 'list', { headers: [from('null')] }],
    ['with two lines of Origin', 'list', { headers: [FROM_APP, FROM_EVIL] }],
    ['any origin', 'any', { headers: [FROM_EVIL] }],
    ['any origin, without Origin', 'any', {}],
    ['any origin, 404', 'any', { path: '/missing', headers: [FROM_EVIL] }],
    ['no origin', 'nobody', { headers: [FROM_APP] }],
  ]),
]

const exactlyOne: readonly ContractExchange[] = [
  ...everybody('exactly-one', 'all CORS fields', '/own-cors'),
  ...everybody('exactly-one', 'one field twice', '/own-cors-twice'),
  ...inRule('exactly-one', [
    ['all CORS fields, any origin', 'any', { path: '/own-cors', headers: [FROM_EVIL] }],
    ['all CORS fields, no origin', 'nobody', { path: '/own-cors', headers: [FROM_APP] }],
  ]),
]

const vary: readonly ContractExchange[] = [
  ...everybody('vary', 'two names', '/own-vary'),
  ...everybody('vary', 'the name of Origin', '/own-vary-origin'),
  ...everybody('vary', 'everything', '/own-vary-any'),
  ...inRule('vary', [
    ['two names, any origin', 'any', { path: '/own-vary', headers: [FROM_EVIL] }],
  ]),
]

const untouched: readonly ContractExchange[] = everybody('untouched', 'two cookies', '/cookies')

const POST = { method: 'POST' } as const
const SAME_SITE: Field = [REQUEST_FIELDS.fetchSite, 'same-site']
const SAME_ORIGIN: Field = [REQUEST_FIELDS.fetchSite, 'same-origin']

const rejections: readonly ContractExchange[] = inRule('rejection', [
  ['POST from a refused origin', 'rejecting', { ...POST, headers: [FROM_EVIL] }],
  ['GET from a refused origin', 'rejecting', { headers: [FROM_EVIL] }],
  ['404 from a refused origin', 'rejecting', { path: '/missing', headers: [FROM_EVIL] }],
  ['POST from an allowed origin runs', 'rejecting', { ...POST, headers: [FROM_APP] }],
  ['GET without Origin runs', 'rejecting', {}],
  [
    'POST from the own origin, by Sec-Fetch-Site, runs',
    'rejecting',
    { ...POST, headers: [FROM_EVIL, SAME_ORIGIN] },
  ],
  ['POST from the own origin, by Host, runs', 'rejecting', { ...POST, headers: [from(SELF)] }],
  ['POST from the own site', 'rejecting', { ...POST, headers: [from(SELF), SAME_SITE] }],
])

const lookups: readonly ContractExchange[] = ANSWERING_NAMES.flatMap((policy) => [
  ...ASKING.map(([who, headers]) => lookup(policy, `GET ${who}`, { headers })),
  lookup(policy, 'POST from an allowed origin', { ...POST, headers: [FROM_APP] }),
  lookup(policy, 'own CORS fields', { path: '/own-cors', headers: [FROM_EVIL] }),
  lookup(policy, 'a preflight', preflight(FROM_APP, 'PUT')),
  lookup(policy, 'a refused preflight', preflight(FROM_EVIL, 'PUT')),
  {
    ...lookup(policy, 'a handler that throws', { path: '/throws', headers: [FROM_APP] }),
    fails: true,
  },
])

/** What is asked where a look-up fails: a predicate is asked about origins only. */
const FAILED_REQUESTS: readonly (readonly [what: string, request: ContractRequest])[] = [
  ['GET', { headers: [FROM_APP] }],
  ['POST', { ...POST, headers: [FROM_APP] }],
  ['404', { path: '/missing', headers: [FROM_APP] }],
  ['a preflight', preflight(FROM_APP, 'PUT')],
]

const failures: readonly ContractExchange[] = FAILING_NAMES.flatMap((policy: FailingName) =>
  FAILED_REQUESTS.map(([what, request]) => lookup(policy, what, request)),
)

export const CONTRACT_EXCHANGES: readonly ContractExchange[] = [
  ...preflights,
  ...everyResponse,
  ...exactlyOne,
  ...vary,
  ...untouched,
  ...rejections,
  ...lookups,
  ...failures,
]

/** What observers are told of, once each. */
export const WATCHED_EXCHANGES: readonly (readonly [what: string, request: ContractRequest])[] = [
  ['an allowed GET', { headers: [FROM_APP] }],
  ['a refused GET', { headers: [FROM_EVIL] }],
  ['a GET without Origin', {}],
  ['a 404', { path: '/missing', headers: [FROM_APP] }],
  ['a granted preflight', preflight(FROM_APP, 'PUT')],
  ['a refused preflight', preflight(FROM_EVIL, 'PUT')],
  ['a preflight for a method that is not listed', preflight(FROM_APP, 'DELETE')],
  ['a preflight for a header that is not listed', preflight(FROM_APP, 'PUT', 'x-other')],
]

/** A GET from an origin. */
export function requestFrom(origin: string): ContractRequest {
  return { headers: [from(origin)] }
}

/** A preflight from an origin. */
export function preflightFrom(origin: string): ContractRequest {
  return preflight(from(origin), 'PUT')
}

function from(origin: string): Field {
  return [REQUEST_FIELDS.origin, origin]
}

function preflight(origin: Field, method: string, ...names: readonly string[]): ContractRequest {
  const lines = names.map((name): Field => [REQUEST_FIELDS.requestHeaders, name])
  return options(origin, [REQUEST_FIELDS.requestMethod, method], ...lines)
}

function options(...headers: readonly Field[]): ContractRequest {
  return { method: 'OPTIONS', headers }
}

function at(path: string, request: ContractRequest): ContractRequest {
  return { ...request, path }
}

function lookup(policy: PolicyName, what: string, request: ContractRequest): ContractExchange {
  return { rule: 'look-ups', title: `${policy}: ${what}`, policy, request }
}

function everybody(rule: ContractRule, what: string, path: string): readonly ContractExchange[] {
  return ASKING.map(([who, headers]) => ({
    rule,
    title: `${what}, ${who}`,
    policy: 'list',
    request: { path, headers },
  }))
}

function inRule(
  rule: ContractRule,
  rows: readonly (readonly [title: string, policy: PolicyName, request: ContractRequest])[],
): readonly ContractExchange[] {
  return rows.map(([title, policy, request]) => ({ rule, title, policy, request }))
}
