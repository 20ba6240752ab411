/**
 * Requests, and the whole of the answer as far as CORS is concerned: every adapter has to agree.
 *
 * `fields` holds all CORS fields and `Vary` that may be in the answer: these, each once, and nothing
 * more.
 */

import type { CorsOptions } from 'crossgate'

export const APP = 'https://app.example.com'
export const PARTNER = 'https://eu.partner.example'
export const EVIL = 'https://app.example.com.evil.example'
/** Stands for the origin of the service under test. */
export const SELF = '{self}'

/** Policies that are data. */
export const POLICIES = {
  list: {
    origin: [APP, 'https://*.partner.example'],
    credentials: true,
    methods: ['GET', 'PUT'],
    allowedHeaders: ['x-token', 'content-type'],
    exposedHeaders: ['x-total'],
    maxAge: 600,
  },
  any: { origin: '*', exposedHeaders: '*' },
  'any, cached': { origin: '*', cacheControl: 300 },
  'any, in 200': { origin: '*', optionsSuccessStatus: 200 },
  nobody: { origin: false },
  echoing: { origin: APP, credentials: true, methods: '*' },
  rejecting: { origin: APP, onDisallowed: 'reject' },
  'nobody, rejecting': { origin: false, onDisallowed: 'reject' },
  continuing: { origin: APP, preflightContinue: true },
  explaining: { origin: APP, debug: true },
} as const satisfies Record<string, CorsOptions>

/** Policies that are functions, in `test/adapters/lookups.ts`. */
export const LOOKUPS = [
  'predicate',
  'predicate, async',
  'predicate, calling back',
  'predicate, refusing',
  'predicate, throwing',
  'predicate, throwing no error',
  'predicate, rejecting',
  'predicate, rejecting with nothing',
  'predicate, calling back an error',
  'predicate, with a wrong answer',
  'predicate, without an answer',
  'predicate, silent',
  'delegate',
  'delegate, async',
  'delegate, calling back',
  'delegate, yielding a policy',
  'delegate, throwing',
  'delegate, rejecting',
  'delegate, calling back an error',
  'delegate, with wrong options',
  'delegate, without an answer',
  'delegate, silent',
] as const

export type PolicyName = keyof typeof POLICIES | (typeof LOOKUPS)[number]

type Fields = Readonly<Record<string, string>>
/** The first word of a harness's name. */
export type Framework = 'express' | 'fastify' | 'hono' | 'koa' | 'node'

export interface Exchange {
  readonly title: string
  readonly policy: PolicyName
  readonly request: {
    readonly method?: string
    readonly path?: string
    readonly headers?: readonly (readonly [name: string, value: string])[]
    readonly body?: string
  }
  readonly answer: {
    /** Who answers: only the application's own answers can be compared with those without crossgate. */
    readonly by: 'app' | 'framework' | 'crossgate'
    readonly status: number
    readonly fields: Fields
    /** `Vary` where the framework adds to it. */
    readonly vary?: Partial<Record<Framework, string>>
    readonly handlerRan: boolean
    readonly body?: string
    /** A part of the body. */
    readonly bodyPart?: string
    /** Other fields: their values, or `null` for absent ones. */
    readonly others?: Readonly<Record<string, string | null>>
    /** The message of the error that goes down the framework's error path. */
    readonly error?: string
  }
  /** What not every harness can do. */
  readonly needs?: 'bodies' | 'lists' | 'http/1'
}

const FROM_APP = ['Origin', APP] as const
const FROM_EVIL = ['Origin', EVIL] as const
const ASKS_GET = ['Access-Control-Request-Method', 'GET'] as const
const ASKS_PUT = ['Access-Control-Request-Method', 'PUT'] as const
const ASKS_DELETE = ['Access-Control-Request-Method', 'DELETE'] as const
const JSON_BODY = ['Content-Type', 'application/json'] as const

const LIST_ACTUAL = {
  'access-control-allow-origin': APP,
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'x-total',
  vary: 'Origin',
}
const LIST_PREFLIGHT = {
  'access-control-allow-origin': APP,
  'access-control-allow-credentials': 'true',
  'access-control-allow-methods': 'GET,PUT',
  'access-control-allow-headers': 'x-token,content-type',
  'access-control-max-age': '600',
  vary: 'Origin',
}
const VARY_ONLY = { vary: 'Origin' }
const APP_ONLY = { 'access-control-allow-origin': APP, vary: 'Origin' }
const DEFAULT_PREFLIGHT = {
  'access-control-allow-origin': APP,
  'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE',
  'access-control-allow-headers': '*,authorization',
  vary: 'Origin',
}
const ANY_ACTUAL = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': '*',
}
const ANY_PREFLIGHT = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE',
  'access-control-allow-headers': '*,authorization',
}
const ECHO = {
  'access-control-allow-origin': APP,
  'access-control-allow-credentials': 'true',
  vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
}

/** The application answers, with what it answers without crossgate. */
const OK = { by: 'app', status: 200, handlerRan: true } as const
/** A preflight ends in crossgate. */
const GRANTED = {
  by: 'crossgate',
  status: 204,
  handlerRan: false,
  body: '',
  others: { 'content-length': null, 'content-type': null },
} as const
const DENIED = {
  by: 'crossgate',
  status: 403,
  fields: VARY_ONLY,
  handlerRan: false,
  body: '',
  others: { 'content-type': null },
} as const
/** A failure that the framework, or `withCors`, answers for. */
const FAILED = { by: 'framework', status: 500, handlerRan: false, fields: VARY_ONLY } as const

const actual: readonly Exchange[] = [
  {
    title: 'an allowed GET',
    policy: 'list',
    request: { headers: [FROM_APP] },
    answer: { ...OK, fields: LIST_ACTUAL, body: 'ok', others: { 'x-total': '7' } },
  },
  {
    title: 'an allowed GET from an origin that matches a pattern',
    policy: 'list',
    request: { headers: [['Origin', PARTNER]] },
    answer: { ...OK, fields: { ...LIST_ACTUAL, 'access-control-allow-origin': PARTNER } },
  },
  {
    title: 'a refused GET',
    policy: 'list',
    request: { headers: [FROM_EVIL] },
    answer: { ...OK, fields: VARY_ONLY, body: 'ok' },
  },
  {
    title: 'a GET from null',
    policy: 'list',
    request: { headers: [['Origin', 'null']] },
    answer: { ...OK, fields: VARY_ONLY },
  },
  {
    title: 'a GET without Origin',
    policy: 'list',
    request: {},
    answer: { ...OK, fields: VARY_ONLY, body: 'ok' },
  },
  {
    title: 'an allowed POST',
    policy: 'list',
    request: { method: 'POST', path: '/echo', headers: [FROM_APP, JSON_BODY], body: '{"a":1}' },
    answer: { ...OK, status: 201, fields: LIST_ACTUAL, body: 'created' },
  },
  {
    title: 'a refused POST',
    policy: 'list',
    request: { method: 'POST', path: '/echo', headers: [FROM_EVIL, JSON_BODY], body: '{"a":1}' },
    answer: { ...OK, status: 201, fields: VARY_ONLY, body: 'created' },
  },
  {
    title: 'an allowed HEAD',
    policy: 'list',
    request: { method: 'HEAD', headers: [FROM_APP] },
    answer: { ...OK, fields: LIST_ACTUAL, body: '' },
  },
  {
    title: 'an OPTIONS that asks for no method',
    policy: 'list',
    request: { method: 'OPTIONS', path: '/own', headers: [FROM_APP] },
    answer: { ...OK, fields: LIST_ACTUAL, body: 'options' },
  },
  {
    title: 'an OPTIONS that asks for no method, refused',
    policy: 'list',
    request: { method: 'OPTIONS', path: '/own', headers: [FROM_EVIL] },
    answer: { ...OK, fields: VARY_ONLY, body: 'options' },
  },
  {
    title: 'an OPTIONS that asks for a method, without Origin',
    policy: 'list',
    request: { method: 'OPTIONS', path: '/own', headers: [ASKS_PUT] },
    answer: { ...OK, fields: VARY_ONLY, body: 'options' },
  },
  {
    title: 'a GET that carries the fields of a preflight',
    policy: 'list',
    request: { headers: [FROM_APP, ASKS_PUT] },
    answer: { ...OK, fields: LIST_ACTUAL, body: 'ok' },
  },
  {
    title: 'a path that does not exist',
    policy: 'list',
    request: { path: '/missing', headers: [FROM_APP] },
    answer: { by: 'app', status: 404, handlerRan: false, fields: LIST_ACTUAL },
  },
  {
    title: 'a path that does not exist, refused',
    policy: 'list',
    request: { path: '/missing', headers: [FROM_EVIL] },
    answer: { by: 'app', status: 404, handlerRan: false, fields: VARY_ONLY },
  },
  {
    title: 'a handler that throws',
    policy: 'list',
    request: { path: '/throw', headers: [FROM_APP] },
    answer: { ...FAILED, handlerRan: true, fields: LIST_ACTUAL, error: 'thrown' },
  },
  {
    title: 'a handler that throws, refused',
    policy: 'list',
    request: { path: '/throw', headers: [FROM_EVIL] },
    answer: { ...FAILED, handlerRan: true, error: 'thrown' },
  },
  {
    title: 'a handler that throws after it set headers',
    policy: 'list',
    request: { path: '/set-throw', headers: [FROM_APP] },
    answer: {
      ...FAILED,
      handlerRan: true,
      fields: LIST_ACTUAL,
      vary: {
        express: 'Accept-Encoding, Origin',
        fastify: 'Accept-Encoding, Origin',
        hono: 'Accept-Encoding, Origin',
      },
      error: 'thrown',
    },
  },
  {
    title: 'a handler that rejects',
    policy: 'list',
    request: { path: '/reject', headers: [FROM_APP] },
    answer: { ...FAILED, handlerRan: true, fields: LIST_ACTUAL, error: 'rejected' },
  },
  {
    title: 'a body that is no JSON',
    policy: 'list',
    request: { method: 'POST', path: '/echo', headers: [FROM_APP, JSON_BODY], body: '{"a":' },
    answer: { by: 'app', status: 400, handlerRan: false, fields: LIST_ACTUAL },
    needs: 'bodies',
  },
  {
    title: 'a body that is too large',
    policy: 'list',
    request: {
      method: 'POST',
      path: '/echo',
      headers: [FROM_APP, JSON_BODY],
      body: JSON.stringify('x'.repeat(2000)),
    },
    answer: { by: 'app', status: 413, handlerRan: false, fields: LIST_ACTUAL },
    needs: 'bodies',
  },
  {
    title: 'a redirect',
    policy: 'list',
    request: { path: '/redirect', headers: [FROM_APP] },
    answer: {
      ...OK,
      status: 302,
      fields: LIST_ACTUAL,
      vary: { express: 'Accept, Origin' },
      others: { location: '/elsewhere' },
    },
  },
  {
    title: 'an answer without a body',
    policy: 'list',
    request: { path: '/not-modified', headers: [FROM_APP] },
    answer: { ...OK, status: 304, fields: LIST_ACTUAL, body: '', others: { etag: '"1"' } },
  },
  {
    title: 'a stream',
    policy: 'list',
    request: { path: '/stream', headers: [FROM_APP] },
    answer: { ...OK, fields: LIST_ACTUAL, body: 'one,two' },
  },
  {
    title: 'an answer that takes time',
    policy: 'list',
    request: { path: '/later', headers: [FROM_APP] },
    answer: { ...OK, fields: LIST_ACTUAL, body: 'later' },
  },
]

/** Handlers that send CORS fields of their own, in every form: allowed, refused, without Origin. */
const OWN_FIELDS = [
  ['set', 'Accept-Encoding, Origin'],
  ['write-object', 'Accept-Encoding, Origin'],
  ['write-object-reason', 'Accept-Encoding, Origin'],
  ['write-object-lists', 'Accept, Accept-Encoding, Origin'],
  ['write-pairs', 'Accept-Encoding, Origin'],
  ['write-flat', 'Accept-Encoding, Origin'],
  ['write-upstream', 'Accept-Encoding, Accept, Origin'],
  ['set-and-write', 'Accept-Encoding, Origin'],
  ['append', 'Accept, Accept-Encoding, Origin'],
  ['vary-lower', 'origin, Accept'],
  ['vary-star', '*'],
  ['clear', 'Origin'],
] as const

const overridden: readonly Exchange[] = OWN_FIELDS.flatMap(([path, vary]) => {
  const needs = path === 'write-pairs' ? ({ needs: 'lists' } as const) : {}
  return [
    {
      title: `own fields by ${path}`,
      policy: 'list',
      request: { path: `/${path}`, headers: [FROM_APP] },
      answer: { ...OK, fields: { ...LIST_ACTUAL, vary }, body: path },
      ...needs,
    },
    {
      title: `own fields by ${path}, refused`,
      policy: 'list',
      request: { path: `/${path}`, headers: [FROM_EVIL] },
      answer: { ...OK, fields: { vary }, body: path },
      ...needs,
    },
    {
      title: `own fields by ${path}, without Origin`,
      policy: 'list',
      request: { path: `/${path}` },
      answer: { ...OK, fields: { vary }, body: path },
      ...needs,
    },
  ]
})

const COOKIES = ['cookies-set', 'cookies-object', 'cookies-pairs', 'cookies-flat'] as const

/** That both cookies are there is what is compared with the answer without crossgate. */
const cookies: readonly Exchange[] = COOKIES.map((path) => ({
  title: `two cookies by ${path}`,
  policy: 'list',
  request: { path: `/${path}`, headers: [FROM_APP] },
  answer: {
    ...OK,
    fields: LIST_ACTUAL,
    others: { 'set-cookie': 'a=1; Path=/, b=2; Path=/' },
    body: path,
  },
  ...(path === 'cookies-pairs' || path === 'cookies-flat' ? ({ needs: 'lists' } as const) : {}),
}))

const preflights: readonly Exchange[] = [
  {
    title: 'an allowed preflight',
    policy: 'list',
    request: {
      method: 'OPTIONS',
      headers: [FROM_APP, ASKS_PUT, ['Access-Control-Request-Headers', 'content-type,x-token']],
    },
    answer: { ...GRANTED, fields: LIST_PREFLIGHT },
  },
  {
    title: 'a preflight for GET without headers',
    policy: 'list',
    request: { method: 'OPTIONS', headers: [FROM_APP, ASKS_GET] },
    answer: { ...GRANTED, fields: LIST_PREFLIGHT },
  },
  {
    title: 'a refused preflight',
    policy: 'list',
    request: { method: 'OPTIONS', headers: [FROM_EVIL, ASKS_PUT] },
    answer: DENIED,
  },
  {
    title: 'a preflight for a method that is not listed',
    policy: 'list',
    request: { method: 'OPTIONS', headers: [FROM_APP, ASKS_DELETE] },
    answer: { ...GRANTED, fields: LIST_PREFLIGHT },
  },
  {
    title: 'a preflight for a header that is not listed',
    policy: 'list',
    request: {
      method: 'OPTIONS',
      headers: [FROM_APP, ASKS_PUT, ['Access-Control-Request-Headers', 'x-other']],
    },
    answer: { ...GRANTED, fields: LIST_PREFLIGHT },
  },
  {
    title: 'a preflight for a path that does not exist',
    policy: 'list',
    request: { method: 'OPTIONS', path: '/missing', headers: [FROM_APP, ASKS_PUT] },
    answer: { ...GRANTED, fields: LIST_PREFLIGHT },
  },
  {
    title: 'a refused preflight for a path that does not exist',
    policy: 'list',
    request: { method: 'OPTIONS', path: '/missing', headers: [FROM_EVIL, ASKS_PUT] },
    answer: DENIED,
  },
  {
    title: 'a preflight for a path with an OPTIONS handler',
    policy: 'list',
    request: { method: 'OPTIONS', path: '/own', headers: [FROM_APP, ASKS_PUT] },
    answer: { ...GRANTED, fields: LIST_PREFLIGHT },
  },
  {
    title: 'a preflight that asks for everything',
    policy: 'echoing',
    request: {
      method: 'OPTIONS',
      headers: [FROM_APP, ASKS_DELETE, ['Access-Control-Request-Headers', 'X-B, x-a']],
    },
    answer: {
      ...GRANTED,
      fields: {
        ...ECHO,
        'access-control-allow-methods': 'DELETE',
        'access-control-allow-headers': 'x-a,x-b',
      },
    },
  },
  {
    title: 'a GET where preflights echo',
    policy: 'echoing',
    request: { headers: [FROM_APP] },
    answer: {
      ...OK,
      fields: { ...APP_ONLY, 'access-control-allow-credentials': 'true' },
    },
  },
]

const policies: readonly Exchange[] = [
  {
    title: 'a GET',
    policy: 'any',
    request: { headers: [FROM_EVIL] },
    answer: { ...OK, fields: ANY_ACTUAL },
  },
  {
    title: 'a GET without Origin',
    policy: 'any',
    request: {},
    answer: { ...OK, fields: ANY_ACTUAL },
  },
  {
    title: 'a GET whose handler sets fields of its own',
    policy: 'any',
    request: { path: '/write-object', headers: [FROM_APP] },
    answer: { ...OK, fields: { ...ANY_ACTUAL, vary: 'Accept-Encoding' } },
  },
  {
    title: 'a preflight',
    policy: 'any',
    request: { method: 'OPTIONS', headers: [FROM_EVIL, ASKS_PUT] },
    answer: { ...GRANTED, fields: ANY_PREFLIGHT },
  },
  {
    title: 'a preflight, to be kept by shared caches',
    policy: 'any, cached',
    request: { method: 'OPTIONS', headers: [FROM_EVIL, ASKS_PUT] },
    answer: {
      ...GRANTED,
      fields: {
        ...ANY_PREFLIGHT,
        vary: 'Access-Control-Request-Method, Access-Control-Request-Headers',
      },
      others: { 'cache-control': 'max-age=300', 'content-length': null },
    },
  },
  {
    title: 'an OPTIONS beside preflights that shared caches keep',
    policy: 'any, cached',
    request: { method: 'OPTIONS', path: '/own' },
    answer: {
      ...OK,
      fields: {
        'access-control-allow-origin': '*',
        vary: 'Access-Control-Request-Method, Access-Control-Request-Headers',
      },
      others: { 'cache-control': null },
    },
  },
  {
    title: 'a preflight with another status',
    policy: 'any, in 200',
    request: { method: 'OPTIONS', headers: [FROM_APP, ASKS_PUT] },
    answer: {
      by: 'crossgate',
      status: 200,
      handlerRan: false,
      fields: ANY_PREFLIGHT,
      body: '',
      others: { 'content-length': '0', 'content-type': null, 'transfer-encoding': null },
    },
  },
  {
    title: 'a GET',
    policy: 'nobody',
    request: { headers: [FROM_APP] },
    answer: { ...OK, fields: {} },
  },
  {
    title: 'a GET whose handler sets fields of its own',
    policy: 'nobody',
    request: { path: '/set', headers: [FROM_APP] },
    answer: { ...OK, fields: { vary: 'Accept-Encoding' } },
  },
  {
    title: 'a preflight',
    policy: 'nobody',
    request: { method: 'OPTIONS', headers: [FROM_APP, ASKS_PUT] },
    answer: { ...DENIED, fields: {} },
  },
  {
    title: 'a preflight',
    policy: 'continuing',
    request: { method: 'OPTIONS', path: '/own', headers: [FROM_APP, ASKS_PUT] },
    answer: { ...OK, fields: DEFAULT_PREFLIGHT, body: 'options' },
  },
  {
    title: 'a refused preflight',
    policy: 'continuing',
    request: { method: 'OPTIONS', path: '/own', headers: [FROM_EVIL, ASKS_PUT] },
    answer: { ...OK, fields: VARY_ONLY, body: 'options' },
  },
  {
    title: 'a refused preflight',
    policy: 'explaining',
    request: { method: 'OPTIONS', headers: [FROM_EVIL, ASKS_PUT] },
    answer: {
      by: 'crossgate',
      status: 403,
      handlerRan: false,
      fields: VARY_ONLY,
      bodyPart: "FAIL origin  'https://app.example.com.evil.example' is not allowed",
      others: { 'content-type': 'text/plain; charset=utf-8' },
    },
  },
  {
    title: 'an allowed preflight',
    policy: 'explaining',
    request: { method: 'OPTIONS', headers: [FROM_APP, ASKS_PUT] },
    answer: { ...GRANTED, fields: DEFAULT_PREFLIGHT },
  },
]

const SAME_ORIGIN = ['Sec-Fetch-Site', 'same-origin'] as const
const REJECTED = {
  by: 'crossgate',
  status: 403,
  handlerRan: false,
  fields: VARY_ONLY,
  body: '',
} as const
const CREATED = { ...OK, status: 201, body: 'created' } as const

const rejections: readonly Exchange[] = [
  {
    title: 'an allowed POST',
    policy: 'rejecting',
    request: { method: 'POST', path: '/echo', headers: [FROM_APP] },
    answer: { ...CREATED, fields: APP_ONLY },
  },
  {
    title: 'a refused POST',
    policy: 'rejecting',
    request: { method: 'POST', path: '/echo', headers: [FROM_EVIL] },
    answer: REJECTED,
  },
  {
    title: 'a refused POST to a path that does not exist',
    policy: 'rejecting',
    request: { method: 'POST', path: '/missing', headers: [FROM_EVIL] },
    answer: REJECTED,
  },
  {
    title: 'a refused preflight',
    policy: 'rejecting',
    request: { method: 'OPTIONS', headers: [FROM_EVIL, ASKS_PUT] },
    answer: DENIED,
  },
  {
    title: 'a GET without Origin',
    policy: 'rejecting',
    request: {},
    answer: { ...OK, fields: VARY_ONLY },
  },
  {
    title: 'a POST of the same origin, as Sec-Fetch-Site says',
    policy: 'rejecting',
    request: { method: 'POST', path: '/echo', headers: [FROM_EVIL, SAME_ORIGIN] },
    answer: { ...CREATED, fields: VARY_ONLY },
  },
  {
    title: 'a POST of the same site, which is not enough',
    policy: 'rejecting',
    request: {
      method: 'POST',
      path: '/echo',
      headers: [FROM_EVIL, ['Sec-Fetch-Site', 'same-site']],
    },
    answer: REJECTED,
  },
  {
    title: 'a POST of the same origin, as Host says',
    policy: 'rejecting',
    request: { method: 'POST', path: '/echo', headers: [['Origin', SELF]] },
    answer: { ...CREATED, fields: VARY_ONLY },
  },
  {
    title: 'a POST of the same origin, as Host says but Sec-Fetch-Site denies',
    policy: 'rejecting',
    request: {
      method: 'POST',
      path: '/echo',
      headers: [
        ['Origin', SELF],
        ['Sec-Fetch-Site', 'cross-site'],
      ],
    },
    answer: REJECTED,
  },
  {
    title: 'a POST of the same origin, where Sec-Fetch-Site is empty',
    policy: 'rejecting',
    request: {
      method: 'POST',
      path: '/echo',
      headers: [
        ['Origin', SELF],
        ['Sec-Fetch-Site', ''],
      ],
    },
    answer: REJECTED,
  },
  {
    title: 'a POST',
    policy: 'nobody, rejecting',
    request: { method: 'POST', path: '/echo', headers: [FROM_APP] },
    answer: REJECTED,
  },
  {
    title: 'a GET without Origin',
    policy: 'nobody, rejecting',
    request: {},
    answer: { ...OK, fields: VARY_ONLY },
  },
]

const ANSWERING = [
  'predicate',
  'predicate, async',
  'predicate, calling back',
  'delegate',
  'delegate, async',
  'delegate, calling back',
  'delegate, yielding a policy',
] as const

const answers: readonly Exchange[] = ANSWERING.flatMap((policy) => [
  {
    title: 'an allowed GET',
    policy,
    request: { headers: [FROM_APP] },
    answer: { ...OK, fields: APP_ONLY, body: 'ok' },
  },
  {
    title: 'a refused GET',
    policy,
    request: { headers: [FROM_EVIL] },
    answer: { ...OK, fields: VARY_ONLY, body: 'ok' },
  },
  {
    title: 'a GET without Origin',
    policy,
    request: {},
    answer: { ...OK, fields: VARY_ONLY, body: 'ok' },
  },
  {
    title: 'an allowed POST with a body',
    policy,
    request: { method: 'POST', path: '/echo', headers: [FROM_APP, JSON_BODY], body: '{"a":1}' },
    answer: { ...CREATED, fields: APP_ONLY },
  },
  {
    title: 'an allowed preflight',
    policy,
    request: { method: 'OPTIONS', headers: [FROM_APP, ASKS_PUT] },
    answer: { ...GRANTED, fields: DEFAULT_PREFLIGHT },
  },
  {
    title: 'a refused preflight',
    policy,
    request: { method: 'OPTIONS', headers: [FROM_EVIL, ASKS_PUT] },
    answer: DENIED,
  },
  {
    title: 'fields of the handler',
    policy,
    request: { path: '/write-flat', headers: [FROM_EVIL] },
    answer: { ...OK, fields: { vary: 'Accept-Encoding, Origin' }, body: 'write-flat' },
  },
  {
    title: 'a handler that throws',
    policy,
    request: { path: '/throw', headers: [FROM_APP] },
    answer: { ...FAILED, handlerRan: true, fields: APP_ONLY, error: 'thrown' },
  },
])

const refusals: readonly Exchange[] = [
  {
    title: 'a GET',
    policy: 'predicate, refusing',
    request: { headers: [FROM_APP] },
    answer: { ...OK, fields: VARY_ONLY },
  },
  {
    title: 'a preflight',
    policy: 'predicate, refusing',
    request: { method: 'OPTIONS', headers: [FROM_APP, ASKS_PUT] },
    answer: DENIED,
  },
]

const byRequest: readonly Exchange[] = [
  {
    title: 'a GET of a tenant',
    policy: 'delegate',
    request: {
      headers: [
        ['Origin', EVIL],
        ['X-Tenant', 'open'],
      ],
    },
    answer: { ...OK, fields: { 'access-control-allow-origin': '*', vary: 'Origin, x-tenant' } },
  },
  {
    title: 'a preflight of a tenant',
    policy: 'delegate',
    request: {
      method: 'OPTIONS',
      headers: [['Origin', EVIL], ['X-Tenant', 'open'], ASKS_PUT],
    },
    answer: { ...GRANTED, fields: { ...ANY_PREFLIGHT, vary: 'Origin, x-tenant' } },
  },
  {
    title: 'a GET of a tenant that says that nothing was looked at',
    policy: 'delegate',
    request: {
      headers: [
        ['Origin', EVIL],
        ['X-Tenant', 'constant'],
      ],
    },
    answer: { ...OK, fields: { 'access-control-allow-origin': '*' } },
  },
]

const FAILING = [
  ['predicate, throwing', 'the predicate threw'],
  [
    'predicate, throwing no error',
    'the origin predicate failed: it threw or rejected with no Error',
  ],
  ['predicate, rejecting', 'the predicate rejected'],
  [
    'predicate, rejecting with nothing',
    'the origin predicate failed: it threw or rejected with no Error',
  ],
  ['predicate, calling back an error', 'Not allowed by CORS'],
  [
    'predicate, with a wrong answer',
    "the origin predicate answered 'yes'; it must answer true or false",
  ],
  [
    'predicate, without an answer',
    'the origin predicate answered undefined; it must answer true or false',
  ],
  ['predicate, silent', 'the origin predicate has not answered within 50 ms'],
  ['delegate, throwing', 'the delegate threw'],
  ['delegate, rejecting', 'the delegate rejected'],
  ['delegate, calling back an error', 'no such tenant'],
  ['delegate, without an answer', 'the CORS delegate answered undefined; it must answer options'],
  ['delegate, silent', 'the CORS delegate has not answered within 50 ms'],
] as const

const failures: readonly Exchange[] = FAILING.flatMap(([policy, error]) => [
  {
    title: 'a GET',
    policy,
    request: { headers: [FROM_APP] },
    answer: { ...FAILED, error },
  },
  {
    title: 'a POST with a body',
    policy,
    request: { method: 'POST', path: '/echo', headers: [FROM_APP, JSON_BODY], body: '{"a":1}' },
    answer: { ...FAILED, error },
  },
  {
    title: 'a preflight',
    policy,
    request: { method: 'OPTIONS', headers: [FROM_APP, ASKS_PUT] },
    answer: DENIED,
  },
  {
    title: 'a preflight for a path with an OPTIONS handler',
    policy,
    request: { method: 'OPTIONS', path: '/own', headers: [FROM_APP, ASKS_PUT] },
    answer: DENIED,
  },
])

/** A predicate is asked about canonical origins only, so that these never fail. */
const neverAsked: readonly Exchange[] = [
  {
    title: 'a GET without Origin',
    policy: 'predicate, throwing',
    request: {},
    answer: { ...OK, fields: VARY_ONLY },
  },
  {
    title: 'a GET from null',
    policy: 'predicate, throwing',
    request: { headers: [['Origin', 'null']] },
    answer: { ...OK, fields: VARY_ONLY },
  },
  {
    title: 'a GET from what is no origin',
    policy: 'predicate, throwing',
    request: { headers: [['Origin', `${APP}/`]] },
    answer: { ...OK, fields: VARY_ONLY },
  },
  {
    title: 'a GET without Origin',
    policy: 'delegate, throwing',
    request: {},
    answer: { ...FAILED, error: 'the delegate threw' },
  },
]

/** Values that no browser sends. None of them may come back, and none may break anything. */
const HOSTILE = [
  ['an empty value', ['']],
  ['a space', [' ']],
  ['two lines', [APP, EVIL]],
  ['the same line twice', [APP, APP]],
  ['15,000 letters', ['x'.repeat(15_000)]],
  ['a long value that begins well', [`${APP}.${'x'.repeat(14_000)}`]],
  ['bytes above ASCII', [`${APP}\u0080\u00ff`]],
  ['a tab', ['https://app\t.example.com']],
  ['a comma list', [`${APP}, ${EVIL}`]],
  ['markup', ['https://"<script>alert(1)</script>']],
  ['a name of Object.prototype', ['__proto__']],
] as const

const hostileOrigins: readonly Exchange[] = HOSTILE.flatMap(([title, values]) => {
  const headers = values.map((value) => ['Origin', value] as const)
  // HTTP/2 drops a field whose value is a space.
  const needs = title === 'a space' ? ({ needs: 'http/1' } as const) : {}
  const exchanges: readonly Exchange[] = [
    {
      title: `a GET from ${title}`,
      policy: 'list',
      request: { headers },
      answer: { ...OK, fields: VARY_ONLY, body: 'ok' },
    },
    {
      title: `a preflight from ${title}`,
      policy: 'echoing',
      request: { method: 'OPTIONS', headers: [...headers, ASKS_PUT] },
      answer: DENIED,
    },
    {
      title: `a GET from ${title}`,
      policy: 'any',
      request: { headers },
      answer: { ...OK, fields: ANY_ACTUAL, body: 'ok' },
    },
    {
      title: `a POST from ${title}`,
      policy: 'rejecting',
      request: { method: 'POST', path: '/echo', headers },
      answer: REJECTED,
    },
    {
      title: `a GET from ${title}`,
      policy: 'predicate, throwing',
      request: { headers },
      answer: { ...OK, fields: VARY_ONLY, body: 'ok' },
    },
  ]
  return exchanges.map((exchange) => ({ ...exchange, ...needs }))
})

const hostileMethods: readonly Exchange[] = HOSTILE.flatMap(([title, values]) => {
  const token = title === 'a name of Object.prototype'
  const headers = [
    FROM_APP,
    ...values.map((value) => ['Access-Control-Request-Method', value] as const),
  ]
  // HTTP/2 drops a field whose value is a space, and its clients send this one only once.
  const needs = values.length > 1 || title === 'a space' ? ({ needs: 'http/1' } as const) : {}
  return [
    {
      title: `a preflight for the method ${title}`,
      policy: 'echoing',
      request: { method: 'OPTIONS', headers },
      answer: {
        ...GRANTED,
        // A token is a method, whatever it says.
        fields: { ...ECHO, 'access-control-allow-methods': token ? '__proto__' : 'GET,HEAD,POST' },
      },
      ...needs,
    },
    {
      title: `a preflight for the method ${title}`,
      policy: 'list',
      request: { method: 'OPTIONS', headers },
      answer: { ...GRANTED, fields: LIST_PREFLIGHT },
      ...needs,
    },
  ]
})

const HOSTILE_LISTS = [
  ['an empty value', [''], undefined],
  ['a space', [' '], undefined],
  ['commas', [',,,'], undefined],
  ['two lines', ['X-B, x-a', 'x-c'], 'x-a,x-b,x-c'],
  ['the same line twice', ['x-a', 'x-a'], 'x-a'],
  ['tabs around names', ['x-b,\tx-a'], 'x-a,x-b'],
  ['a tab in a name', ['x\ta'], undefined],
  ['15,000 letters', ['x'.repeat(15_000)], undefined],
  ['5,000 commas', [','.repeat(5_000)], undefined],
  ['101 names', [Array.from({ length: 101 }, (_, index) => `x-${index}`).join()], undefined],
  ['bytes above ASCII', ['x-\u0080\u00ff'], undefined],
  ['a colon', ['x-a: 1'], undefined],
  ['a name of Object.prototype', ['__proto__'], '__proto__'],
] as const

const hostileLists: readonly Exchange[] = HOSTILE_LISTS.flatMap(([title, values, echoed]) => {
  const headers = [
    FROM_APP,
    ASKS_PUT,
    ...values.map((value) => ['Access-Control-Request-Headers', value] as const),
  ]
  return [
    {
      title: `a preflight for the headers ${title}`,
      policy: 'echoing',
      request: { method: 'OPTIONS', headers },
      answer: {
        ...GRANTED,
        fields: {
          ...ECHO,
          'access-control-allow-methods': 'PUT',
          ...(echoed === undefined ? {} : { 'access-control-allow-headers': echoed }),
        },
      },
    },
    {
      title: `a preflight for the headers ${title}`,
      policy: 'list',
      request: { method: 'OPTIONS', headers },
      answer: { ...GRANTED, fields: LIST_PREFLIGHT },
    },
  ]
})

export const EXCHANGES: readonly Exchange[] = [
  ...actual,
  ...overridden,
  ...cookies,
  ...preflights,
  ...policies,
  ...rejections,
  ...answers,
  ...refusals,
  ...byRequest,
  ...failures,
  ...neverAsked,
  ...hostileOrigins,
  ...hostileMethods,
  ...hostileLists,
]
