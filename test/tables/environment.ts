/** Environment variables: what they make, or every issue in them. */

import type { CorsOptions } from '../../src/index.ts'
import type { ExpectedIssue } from './issues.ts'

export interface EnvironmentCase {
  readonly name: string
  readonly env: Readonly<Record<string, unknown>>
  readonly options: CorsOptions
}

export interface WrongEnvironmentCase {
  readonly name: string
  readonly env: Readonly<Record<string, unknown>>
  readonly issues: readonly ExpectedIssue[]
}

const ORIGIN = 'https://a.test'

export const ENVIRONMENTS: readonly EnvironmentCase[] = [
  { name: 'one origin', env: { CORS_ORIGIN: ORIGIN }, options: { origin: ORIGIN } },
  { name: 'every site', env: { CORS_ORIGIN: '*' }, options: { origin: '*' } },
  {
    name: 'a list with spaces around, as folded YAML and secrets have them',
    env: { CORS_ORIGIN: ' https://a.test ,\thttps://*.b.test\n', CORS_CREDENTIALS: 'true\n' },
    options: { origin: [ORIGIN, 'https://*.b.test'], credentials: true },
  },
  {
    name: 'every variable',
    env: {
      CORS_ORIGIN: 'https://a.test,http://b.test',
      CORS_CREDENTIALS: 'true',
      CORS_METHODS: 'GET, post,X-Y',
      CORS_ALLOWED_HEADERS: 'X-A,X-B',
      CORS_EXPOSED_HEADERS: 'X-C',
      CORS_MAX_AGE: '600',
      CORS_OPTIONS_SUCCESS_STATUS: '200',
      CORS_PREFLIGHT_CONTINUE: 'false',
      CORS_CACHE_CONTROL: 'private, no-cache="set-cookie"',
      CORS_ON_DISALLOWED: 'reject',
      CORS_DANGEROUSLY_ALLOW: 'insecure-origins',
      CORS_TIMEOUT: '1000',
      CORS_VARY: 'X-Tenant',
      CORS_DEBUG: 'true',
    },
    options: {
      origin: [ORIGIN, 'http://b.test'],
      credentials: true,
      methods: ['GET', 'POST', 'X-Y'],
      allowedHeaders: ['X-A', 'X-B'],
      exposedHeaders: ['X-C'],
      maxAge: 600,
      optionsSuccessStatus: 200,
      preflightContinue: false,
      cacheControl: 'private, no-cache="set-cookie"',
      onDisallowed: 'reject',
      dangerouslyAllow: ['insecure-origins'],
      timeout: 1000,
      vary: ['X-Tenant'],
      debug: true,
    },
  },
  {
    name: 'a cache for whole seconds',
    env: { CORS_ORIGIN: ORIGIN, CORS_CACHE_CONTROL: '600' },
    options: { origin: ORIGIN, cacheControl: 600 },
  },
  {
    name: 'the origin null in a list, with its acknowledgement',
    env: { CORS_ORIGIN: 'https://a.test,null', CORS_DANGEROUSLY_ALLOW: 'null-origin' },
    options: { origin: [ORIGIN, 'null'], dangerouslyAllow: ['null-origin'] },
  },
  {
    name: 'fields that are undefined, which count as absent',
    env: { CORS_ORIGIN: ORIGIN, CORS_MAX_AGE: undefined, CORS_OTHER: undefined },
    options: { origin: ORIGIN },
  },
  {
    name: 'variables of others, which are never read',
    env: {
      CORS_ORIGIN: ORIGIN,
      get PATH(): string {
        throw new Error('PATH was read')
      },
      cors_credentials: 'true',
      CREDENTIALS: 'true',
      XCORS_CREDENTIALS: 'true',
    },
    options: { origin: ORIGIN },
  },
  {
    name: 'what is inherited, which is never read',
    env: Object.assign(Object.create({ CORS_CREDENTIALS: 'true', CORS_OTHER: 'x' }), {
      CORS_ORIGIN: ORIGIN,
    }),
    options: { origin: ORIGIN },
  },
]

/** What is left in `CORS_ORIGIN` where nothing was said. */
export const NOTHING: readonly unknown[] = [
  undefined,
  '',
  ' ',
  '\n',
  'undefined',
  'null',
  ' null ',
  '""',
  "''",
  '"undefined"',
]

export const WRONG_ENVIRONMENTS: readonly WrongEnvironmentCase[] = [
  { name: 'none', env: {}, issues: [{ code: 'origin.missing', path: ['CORS_ORIGIN'] }] },
  {
    name: 'an inherited origin',
    env: Object.create({ CORS_ORIGIN: '*' }),
    issues: [{ code: 'origin.missing', path: ['CORS_ORIGIN'] }],
  },
  {
    name: 'the origin null without its acknowledgement',
    env: { CORS_ORIGIN: 'https://a.test,null' },
    issues: [{ code: 'origin.null', path: ['CORS_ORIGIN', 1] }],
  },
  {
    name: 'variables that are set to nothing',
    env: {
      CORS_ORIGIN: ORIGIN,
      CORS_CREDENTIALS: '',
      CORS_METHODS: 'undefined',
      CORS_ALLOWED_HEADERS: ' ',
      CORS_EXPOSED_HEADERS: 'null',
      CORS_MAX_AGE: '',
      CORS_ON_DISALLOWED: '""',
      CORS_DANGEROUSLY_ALLOW: '',
      CORS_VARY: '',
    },
    issues: [
      { code: 'option.value', path: ['CORS_CREDENTIALS'] },
      { code: 'option.value', path: ['CORS_METHODS'] },
      { code: 'option.value', path: ['CORS_ALLOWED_HEADERS'] },
      { code: 'option.value', path: ['CORS_EXPOSED_HEADERS'] },
      { code: 'option.value', path: ['CORS_MAX_AGE'] },
      { code: 'option.value', path: ['CORS_ON_DISALLOWED'] },
      { code: 'option.value', path: ['CORS_DANGEROUSLY_ALLOW'] },
      { code: 'option.value', path: ['CORS_VARY'] },
    ],
  },
  {
    name: 'entries of lists that are set to nothing, which would else be names',
    env: {
      CORS_ORIGIN: 'https://a.test,,undefined',
      CORS_METHODS: 'GET,undefined,',
      CORS_ALLOWED_HEADERS: 'X-A,null',
    },
    issues: [
      { code: 'option.value', path: ['CORS_ORIGIN', 2] },
      { code: 'option.value', path: ['CORS_METHODS', 1] },
      { code: 'option.value', path: ['CORS_ALLOWED_HEADERS', 1] },
      { code: 'origin.empty', path: ['CORS_ORIGIN', 1] },
      { code: 'methods.invalid', path: ['CORS_METHODS', 2] },
    ],
  },
  {
    name: 'quotes around values',
    env: {
      CORS_ORIGIN: '"https://a.test"',
      CORS_CREDENTIALS: "'true'",
      CORS_MAX_AGE: '"600"',
      CORS_CACHE_CONTROL: '"no-store"',
      CORS_ON_DISALLOWED: "'omit'",
    },
    issues: [
      { code: 'option.value', path: ['CORS_ORIGIN'], suggestion: ORIGIN },
      { code: 'option.value', path: ['CORS_CREDENTIALS'], suggestion: 'true' },
      { code: 'option.value', path: ['CORS_MAX_AGE'], suggestion: '600' },
      { code: 'option.value', path: ['CORS_CACHE_CONTROL'], suggestion: 'no-store' },
      { code: 'option.value', path: ['CORS_ON_DISALLOWED'], suggestion: 'omit' },
    ],
  },
  {
    name: 'quotes around lists, around their entries, and alone',
    env: {
      CORS_ORIGIN: '"https://a.test,https://b.test"',
      CORS_METHODS: "GET,'PUT'",
      CORS_VARY: 'X-A,"',
    },
    issues: [
      { code: 'option.value', path: ['CORS_ORIGIN', 0], suggestion: ORIGIN },
      { code: 'option.value', path: ['CORS_ORIGIN', 1], suggestion: 'https://b.test' },
      { code: 'option.value', path: ['CORS_METHODS', 1], suggestion: 'PUT' },
      { code: 'option.value', path: ['CORS_VARY', 1] },
    ],
  },
  {
    name: 'booleans that are none',
    env: {
      CORS_ORIGIN: ORIGIN,
      CORS_CREDENTIALS: '1',
      CORS_PREFLIGHT_CONTINUE: 'TRUE',
      CORS_DEBUG: 'yes',
    },
    issues: [
      { code: 'option.type', path: ['CORS_CREDENTIALS'] },
      { code: 'option.type', path: ['CORS_PREFLIGHT_CONTINUE'] },
      { code: 'option.type', path: ['CORS_DEBUG'] },
    ],
  },
  {
    name: 'numbers that are none, or out of bounds',
    env: {
      CORS_ORIGIN: ORIGIN,
      CORS_MAX_AGE: '10m',
      CORS_OPTIONS_SUCCESS_STATUS: '404',
      CORS_TIMEOUT: '1e3',
    },
    issues: [
      { code: 'option.type', path: ['CORS_MAX_AGE'] },
      { code: 'option.range', path: ['CORS_OPTIONS_SUCCESS_STATUS'], suggestion: '204' },
      { code: 'option.type', path: ['CORS_TIMEOUT'], suggestion: '1000' },
    ],
  },
  {
    name: 'numbers below zero',
    env: { CORS_ORIGIN: ORIGIN, CORS_MAX_AGE: '-1', CORS_TIMEOUT: '0' },
    issues: [
      { code: 'option.type', path: ['CORS_MAX_AGE'] },
      { code: 'option.range', path: ['CORS_TIMEOUT'] },
    ],
  },
  {
    name: 'values that there are not',
    env: {
      CORS_ORIGIN: 'https://a.test/,HTTPS://B.test',
      CORS_METHODS: 'GET|POST',
      CORS_ON_DISALLOWED: 'block',
      CORS_DANGEROUSLY_ALLOW: 'null-origin,null-orign',
      CORS_CACHE_CONTROL: 'priv\u00e9',
    },
    issues: [
      { code: 'origin.trailing-slash', path: ['CORS_ORIGIN', 0], suggestion: ORIGIN },
      { code: 'origin.uppercase', path: ['CORS_ORIGIN', 1], suggestion: 'https://b.test' },
      { code: 'methods.invalid', path: ['CORS_METHODS'], suggestion: 'GET,POST' },
      { code: 'option.value', path: ['CORS_CACHE_CONTROL'] },
      { code: 'option.value', path: ['CORS_ON_DISALLOWED'] },
      {
        code: 'dangerously-allow.unknown',
        path: ['CORS_DANGEROUSLY_ALLOW', 1],
        suggestion: 'null-origin',
      },
    ],
  },
  {
    name: 'what is insecure',
    env: { CORS_ORIGIN: '*', CORS_CREDENTIALS: 'true', CORS_EXPOSED_HEADERS: '*' },
    issues: [
      { code: 'credentials.any-exposed-header', path: ['CORS_EXPOSED_HEADERS'] },
      { code: 'credentials.any-origin', path: ['CORS_ORIGIN'] },
    ],
  },
  {
    name: 'names that there are not, the nearest suggested',
    env: {
      CORS_ORGIN: ORIGIN,
      CORS_Max_Age: '5',
      CORS_: 'x',
      CORS_COLOR: 'red',
      CORS___proto__: 'x',
      CORS_ON_DECISION: 'log',
    },
    issues: [
      { code: 'option.unknown', path: ['CORS_ORGIN'], suggestion: 'CORS_ORIGIN' },
      { code: 'option.unknown', path: ['CORS_Max_Age'], suggestion: 'CORS_MAX_AGE' },
      { code: 'option.unknown', path: ['CORS_'] },
      { code: 'option.unknown', path: ['CORS_COLOR'] },
      { code: 'option.unknown', path: ['CORS___proto__'] },
      { code: 'option.unknown', path: ['CORS_ON_DECISION'] },
      { code: 'origin.missing', path: ['CORS_ORIGIN'] },
    ],
  },
  {
    name: 'names that options have elsewhere',
    env: { CORS_ALLOWED_ORIGINS: ORIGIN, CORS_ALLOW_HEADERS: 'X-A', CORS_STRICT_PREFLIGHT: 'true' },
    issues: [
      { code: 'option.renamed', path: ['CORS_ALLOWED_ORIGINS'], suggestion: 'CORS_ORIGIN' },
      { code: 'option.renamed', path: ['CORS_ALLOW_HEADERS'], suggestion: 'CORS_ALLOWED_HEADERS' },
      { code: 'option.not-needed', path: ['CORS_STRICT_PREFLIGHT'] },
      { code: 'origin.missing', path: ['CORS_ORIGIN'] },
    ],
  },
  {
    name: 'values that are no text',
    env: { CORS_ORIGIN: [ORIGIN], CORS_CREDENTIALS: true, CORS_MAX_AGE: 5 },
    issues: [
      { code: 'option.type', path: ['CORS_ORIGIN'] },
      { code: 'option.type', path: ['CORS_CREDENTIALS'] },
      { code: 'option.type', path: ['CORS_MAX_AGE'] },
    ],
  },
]
