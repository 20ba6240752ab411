/** Options that make no policy, and every issue in them: code, path, suggestion. */

import type { CorsIssueCode } from '../../src/index.ts'

export interface ExpectedIssue {
  readonly code: CorsIssueCode
  readonly path: readonly (string | number)[]
  readonly suggestion?: string
}

export interface IssueCase {
  readonly name: string
  readonly options: unknown
  readonly issues: readonly ExpectedIssue[]
}

const ORIGIN = 'https://a.test'

/** What can only be found where a policy is used: `test/core/sources/tenants-by-origin.test.ts`. */
export const ISSUES_IN_USE: readonly CorsIssueCode[] = ['credentials.tenant-by-origin']

export const ISSUE_CASES: readonly IssueCase[] = [
  // options.type
  {
    name: 'no options',
    options: undefined,
    issues: [{ code: 'origin.missing', path: ['origin'] }],
  },
  { name: 'null', options: null, issues: [{ code: 'options.type', path: [] }] },
  {
    name: 'an origin instead of options',
    options: 'https://a.test',
    issues: [{ code: 'options.type', path: [], suggestion: '{ origin: "https://a.test" }' }],
  },
  {
    name: 'a list instead of options',
    options: [ORIGIN],
    issues: [{ code: 'options.type', path: [] }],
  },
  {
    name: 'an expression instead of options',
    options: /^a$/,
    issues: [{ code: 'options.type', path: [] }],
  },
  { name: 'true', options: true, issues: [{ code: 'options.type', path: [] }] },

  // option.unknown
  {
    name: 'a misspelt option',
    options: { origin: ORIGIN, credentails: true },
    issues: [{ code: 'option.unknown', path: ['credentails'], suggestion: 'credentials' }],
  },
  {
    name: 'a misspelt origin, which is then missing, too',
    options: { Origin: ORIGIN },
    issues: [
      { code: 'option.unknown', path: ['Origin'], suggestion: 'origin' },
      { code: 'origin.missing', path: ['origin'] },
    ],
  },
  {
    name: 'an option that nothing is like',
    options: { origin: ORIGIN, color: 'red' },
    issues: [{ code: 'option.unknown', path: ['color'] }],
  },
  {
    name: 'an option with a very long name',
    options: { origin: ORIGIN, credentialscredentialscredentialscredentials: 1 },
    issues: [{ code: 'option.unknown', path: ['credentialscredentialscredentialscredentials'] }],
  },
  {
    name: 'own names of Object.prototype',
    options: JSON.parse(
      '{"origin":"https://a.test","__proto__":{"credentials":true},"constructor":1}',
    ),
    issues: [
      { code: 'option.unknown', path: ['__proto__'] },
      { code: 'option.unknown', path: ['constructor'] },
    ],
  },
  {
    name: 'an unknown field of an entry',
    options: { origin: { pattern: ORIGIN, dangerouslyAlow: [], credentials: true } },
    issues: [
      {
        code: 'option.unknown',
        path: ['origin', 'dangerouslyAlow'],
        suggestion: 'dangerouslyAllow',
      },
      { code: 'option.unknown', path: ['origin', 'credentials'] },
    ],
  },

  // option.renamed
  {
    name: 'option names of other libraries',
    options: {
      origins: [ORIGIN],
      allowOrigin: ORIGIN,
      allowOrigins: [ORIGIN],
      allowedOrigins: [ORIGIN],
      allowMethods: ['GET'],
      allowedMethods: ['GET'],
      headers: ['x-a'],
      allowHeaders: ['x-a'],
      exposeHeaders: ['x-a'],
      allowCredentials: true,
      preflightStatusCode: 200,
    },
    issues: [
      { code: 'option.renamed', path: ['origins'], suggestion: 'origin' },
      { code: 'option.renamed', path: ['allowOrigin'], suggestion: 'origin' },
      { code: 'option.renamed', path: ['allowOrigins'], suggestion: 'origin' },
      { code: 'option.renamed', path: ['allowedOrigins'], suggestion: 'origin' },
      { code: 'option.renamed', path: ['allowMethods'], suggestion: 'methods' },
      { code: 'option.renamed', path: ['allowedMethods'], suggestion: 'methods' },
      { code: 'option.renamed', path: ['headers'], suggestion: 'allowedHeaders' },
      { code: 'option.renamed', path: ['allowHeaders'], suggestion: 'allowedHeaders' },
      { code: 'option.renamed', path: ['exposeHeaders'], suggestion: 'exposedHeaders' },
      { code: 'option.renamed', path: ['allowCredentials'], suggestion: 'credentials' },
      {
        code: 'option.renamed',
        path: ['preflightStatusCode'],
        suggestion: 'optionsSuccessStatus',
      },
      { code: 'origin.missing', path: ['origin'] },
    ],
  },

  // option.not-needed
  {
    name: 'options of other libraries that have no counterpart',
    options: {
      origin: ORIGIN,
      delegator: null,
      disableBeforePreflightResponse: true,
      getOrigin: null,
      hideOptionsRoute: true,
      hook: 'onRequest',
      keepHeadersOnError: true,
      logLevel: 'info',
      preflight: true,
      prefix: '/v1',
      privateNetworkAccess: true,
      secureContext: true,
      strictPreflight: true,
    },
    issues: [
      { code: 'option.not-needed', path: ['delegator'] },
      { code: 'option.not-needed', path: ['disableBeforePreflightResponse'] },
      { code: 'option.not-needed', path: ['getOrigin'] },
      { code: 'option.not-needed', path: ['hideOptionsRoute'] },
      { code: 'option.not-needed', path: ['hook'] },
      { code: 'option.not-needed', path: ['keepHeadersOnError'] },
      { code: 'option.not-needed', path: ['logLevel'] },
      { code: 'option.not-needed', path: ['preflight'] },
      { code: 'option.not-needed', path: ['prefix'] },
      { code: 'option.not-needed', path: ['privateNetworkAccess'] },
      { code: 'option.not-needed', path: ['secureContext'] },
      { code: 'option.not-needed', path: ['strictPreflight'] },
    ],
  },

  // option.type
  {
    name: 'values of the wrong type, null included',
    options: {
      origin: ORIGIN,
      credentials: 'true',
      methods: { GET: true },
      allowedHeaders: true,
      exposedHeaders: null,
      maxAge: '600',
      optionsSuccessStatus: ' 200 ',
      preflightContinue: 1,
      cacheControl: ['no-store'],
      isPublicSuffix: ['com'],
      timeout: 'soon',
      vary: 5,
      debug: null,
      onDecision: 'log',
      onReplaced: 'log',
      dangerouslyAllow: 'null-origin',
    },
    issues: [
      { code: 'option.type', path: ['credentials'] },
      { code: 'option.type', path: ['methods'] },
      { code: 'option.type', path: ['allowedHeaders'] },
      { code: 'option.type', path: ['exposedHeaders'] },
      { code: 'option.type', path: ['maxAge'], suggestion: '600' },
      { code: 'option.type', path: ['optionsSuccessStatus'], suggestion: '200' },
      { code: 'option.type', path: ['preflightContinue'] },
      { code: 'option.type', path: ['cacheControl'] },
      { code: 'option.type', path: ['dangerouslyAllow'], suggestion: "['null-origin']" },
      { code: 'option.type', path: ['isPublicSuffix'] },
      { code: 'option.type', path: ['timeout'] },
      { code: 'option.type', path: ['vary'] },
      { code: 'option.type', path: ['debug'] },
      { code: 'option.type', path: ['onDecision'] },
      { code: 'option.type', path: ['onReplaced'] },
    ],
  },
  {
    name: 'numbers as text that are none, or not whole, or negative',
    options: { origin: ORIGIN, maxAge: '', optionsSuccessStatus: '2.5', timeout: '-1' },
    issues: [
      { code: 'option.type', path: ['maxAge'] },
      { code: 'option.type', path: ['optionsSuccessStatus'] },
      { code: 'option.type', path: ['timeout'] },
    ],
  },
  {
    name: 'an acknowledgement of an entry that is no list',
    options: { origin: { pattern: ORIGIN, dangerouslyAllow: true } },
    issues: [{ code: 'option.type', path: ['origin', 'dangerouslyAllow'] }],
  },
  {
    name: 'acknowledgements that are text, but no risk',
    options: { origin: ORIGIN, dangerouslyAllow: 'everything' },
    issues: [{ code: 'option.type', path: ['dangerouslyAllow'] }],
  },

  // option.range
  {
    name: 'numbers above their range',
    options: { origin: ORIGIN, maxAge: 86_401, optionsSuccessStatus: 300, timeout: 60_001 },
    issues: [
      { code: 'option.range', path: ['maxAge'], suggestion: '86400' },
      { code: 'option.range', path: ['optionsSuccessStatus'], suggestion: '204' },
      { code: 'option.range', path: ['timeout'], suggestion: '60000' },
    ],
  },
  {
    name: 'numbers below their range',
    options: {
      origin: ORIGIN,
      maxAge: -1,
      optionsSuccessStatus: 199,
      timeout: 0,
      cacheControl: -1,
    },
    issues: [
      { code: 'option.range', path: ['maxAge'] },
      { code: 'option.range', path: ['optionsSuccessStatus'] },
      { code: 'option.range', path: ['cacheControl'] },
      { code: 'option.range', path: ['timeout'] },
    ],
  },
  {
    name: 'numbers that are not whole',
    options: { origin: ORIGIN, maxAge: 0.5, timeout: Number.NaN, cacheControl: 1.5 },
    issues: [
      { code: 'option.range', path: ['maxAge'] },
      { code: 'option.range', path: ['cacheControl'] },
      { code: 'option.range', path: ['timeout'] },
    ],
  },
  {
    name: 'numbers that cannot be written in digits',
    options: { origin: ORIGIN, maxAge: Number.POSITIVE_INFINITY, cacheControl: 1e21 },
    issues: [
      { code: 'option.range', path: ['maxAge'], suggestion: '86400' },
      { code: 'option.range', path: ['cacheControl'] },
    ],
  },

  // option.value
  {
    name: 'a value outside a fixed set',
    options: { origin: ORIGIN, onDisallowed: 'block' },
    issues: [{ code: 'option.value', path: ['onDisallowed'] }],
  },
  {
    name: 'onDisallowed of the wrong type',
    options: { origin: ORIGIN, onDisallowed: true },
    issues: [{ code: 'option.value', path: ['onDisallowed'] }],
  },
  {
    name: 'a field value with a line break',
    options: { origin: ORIGIN, cacheControl: 'no-store\r\nset-cookie: a=b' },
    issues: [{ code: 'option.value', path: ['cacheControl'] }],
  },
  {
    name: 'an empty field value',
    options: { origin: ORIGIN, cacheControl: '' },
    issues: [{ code: 'option.value', path: ['cacheControl'] }],
  },
  {
    name: 'a field value with white space at an end',
    options: { origin: ORIGIN, cacheControl: 'no-store ' },
    issues: [{ code: 'option.value', path: ['cacheControl'] }],
  },
  {
    name: 'a field value that is not ASCII',
    options: { origin: ORIGIN, cacheControl: 'priv\u00e9' },
    issues: [{ code: 'option.value', path: ['cacheControl'] }],
  },

  // origin.missing, origin.reflect-any, origin.type, origin.nesting, origin.empty
  { name: 'no origin', options: {}, issues: [{ code: 'origin.missing', path: ['origin'] }] },
  {
    name: 'an origin that is undefined',
    options: { origin: undefined, credentials: undefined },
    issues: [{ code: 'origin.missing', path: ['origin'] }],
  },
  {
    name: 'origin true',
    options: { origin: true },
    issues: [{ code: 'origin.reflect-any', path: ['origin'] }],
  },
  {
    name: 'origin null',
    options: { origin: null },
    issues: [{ code: 'origin.type', path: ['origin'] }],
  },
  { name: 'a number', options: { origin: 1 }, issues: [{ code: 'origin.type', path: ['origin'] }] },
  {
    name: 'an object without a pattern',
    options: { origin: {} },
    issues: [{ code: 'origin.type', path: ['origin'] }],
  },
  {
    name: 'entries of the wrong type, each with its path',
    options: { origin: [ORIGIN, null, [false, [undefined]], true, { pattern: [ORIGIN] }] },
    issues: [
      { code: 'origin.type', path: ['origin', 1] },
      { code: 'origin.type', path: ['origin', 2, 0] },
      { code: 'origin.type', path: ['origin', 2, 1, 0] },
      { code: 'origin.type', path: ['origin', 3] },
      { code: 'origin.type', path: ['origin', 4, 'pattern'] },
    ],
  },
  {
    name: 'lists nested too deep',
    options: { origin: [[[[[[[[[[[[[[[[[[[[[ORIGIN]]]]]]]]]]]]]]]]]]]]] },
    issues: [
      {
        code: 'origin.nesting',
        path: ['origin', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      },
    ],
  },
  {
    name: 'an empty list',
    options: { origin: [] },
    issues: [{ code: 'origin.empty', path: ['origin'] }],
  },
  {
    name: 'a list of empty lists',
    options: { origin: [[], [[]]] },
    issues: [{ code: 'origin.empty', path: ['origin'] }],
  },
  {
    name: 'an empty origin, alone and in a list',
    options: { origin: ['', ORIGIN] },
    issues: [{ code: 'origin.empty', path: ['origin', 0] }],
  },

  // What is wrong with one origin: one example each, in every place where an origin can stand.
  {
    name: 'origins that would never match, all reported at once',
    options: {
      origin: [
        'https://a.test,https://b.test',
        'https://a.test ',
        'https://\u00fc.test',
        'a.test',
        ['1://a.test', 'file://', 'https://A.test', 'https://a.test/'],
        'https://a.test/x',
        'https://me@a.test',
        'https://a.test:443',
        'https://a.test:0',
        'https://-a.test',
        { pattern: 'http://127.1' },
        { pattern: 'http://[::01]', dangerouslyAllow: [] },
        'https://*a.test',
      ],
    },
    issues: [
      {
        code: 'origin.comma-list',
        path: ['origin', 0],
        suggestion: '["https://a.test","https://b.test"]',
      },
      { code: 'origin.whitespace', path: ['origin', 1], suggestion: 'https://a.test' },
      { code: 'origin.not-ascii', path: ['origin', 2], suggestion: 'https://xn--tda.test' },
      { code: 'origin.scheme-missing', path: ['origin', 3], suggestion: 'https://a.test' },
      { code: 'origin.scheme-invalid', path: ['origin', 4, 0] },
      { code: 'origin.file-scheme', path: ['origin', 4, 1] },
      { code: 'origin.uppercase', path: ['origin', 4, 2], suggestion: 'https://a.test' },
      { code: 'origin.trailing-slash', path: ['origin', 4, 3], suggestion: 'https://a.test' },
      { code: 'origin.path', path: ['origin', 5], suggestion: 'https://a.test' },
      { code: 'origin.userinfo', path: ['origin', 6], suggestion: 'https://a.test' },
      { code: 'origin.default-port', path: ['origin', 7], suggestion: 'https://a.test' },
      { code: 'origin.port', path: ['origin', 8] },
      { code: 'origin.host', path: ['origin', 9] },
      { code: 'origin.ipv4', path: ['origin', 10, 'pattern'], suggestion: 'http://127.0.0.1' },
      { code: 'origin.ipv6', path: ['origin', 11, 'pattern'], suggestion: 'http://[::1]' },
      { code: 'origin.wildcard', path: ['origin', 12], suggestion: 'https://*.a.test' },
    ],
  },
  {
    name: 'an origin that is too long',
    options: {
      origin:
        'https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.test',
    },
    issues: [{ code: 'origin.too-long', path: ['origin'] }],
  },

  // origin.null
  {
    name: 'null without its acknowledgement',
    options: { origin: 'null' },
    issues: [{ code: 'origin.null', path: ['origin'] }],
  },
  {
    name: 'null with the acknowledgement of another entry',
    options: {
      origin: ['null', { pattern: 'null', dangerouslyAllow: ['null-origin'] }],
    },
    issues: [{ code: 'origin.null', path: ['origin', 0] }],
  },

  // origin.regexp-*
  {
    name: 'expressions that are not sound',
    options: {
      origin: [/https:\/\/a\.test/, /^https:\/\/a\.test$/m, /^https:\/\/a.test$/],
    },
    issues: [
      { code: 'origin.regexp-unanchored', path: ['origin', 0], suggestion: 'https://a.test' },
      { code: 'origin.regexp-multiline', path: ['origin', 1], suggestion: 'https://a.test' },
      { code: 'origin.regexp-unescaped-dot', path: ['origin', 2], suggestion: 'https://a.test' },
    ],
  },
  {
    name: 'an expression that can be slow',
    options: {
      origin: [{ pattern: /^https:\/\/(a+)+\.test$/, dangerouslyAllow: ['null-origin'] }],
    },
    issues: [{ code: 'origin.regexp-slow', path: ['origin', 0, 'pattern'] }],
  },
  {
    name: 'an expression that is not anchored, its slowness acknowledged',
    options: { origin: /(a+)+/, dangerouslyAllow: ['slow-regexp'] },
    issues: [{ code: 'origin.regexp-unanchored', path: ['origin'] }],
  },

  // credentials.*
  {
    name: 'credentials with any origin, however it is said',
    options: { origin: [ORIGIN, '*', { pattern: '*', dangerouslyAllow: [] }], credentials: true },
    issues: [
      { code: 'credentials.any-origin', path: ['origin', 1] },
      { code: 'credentials.any-origin', path: ['origin', 2, 'pattern'] },
    ],
  },
  {
    name: 'credentials with any origin, in spite of every acknowledgement',
    options: {
      origin: '*',
      credentials: true,
      dangerouslyAllow: [
        'insecure-origins',
        'null-origin',
        'public-suffix',
        'shared-hosting',
        'slow-regexp',
        'tenant-by-origin',
      ],
    },
    issues: [{ code: 'credentials.any-origin', path: ['origin'] }],
  },
  {
    name: 'credentials with null, in spite of its acknowledgement',
    options: { origin: ['null'], credentials: true, dangerouslyAllow: ['null-origin'] },
    issues: [{ code: 'credentials.null-origin', path: ['origin', 0] }],
  },
  {
    name: 'credentials with origins that the network can forge',
    options: {
      origin: [
        'http://a.test',
        'http://*.a.test',
        'http://a.test:*',
        'http://126.0.0.1',
        'http://[::2]',
        'http://localhost.test',
        'http://127.0.0.1.test',
        'http://xlocalhost',
        { pattern: 'http://b.test', dangerouslyAllow: ['shared-hosting'] },
      ],
      credentials: true,
    },
    issues: [
      { code: 'credentials.insecure-origin', path: ['origin', 0] },
      { code: 'credentials.insecure-origin', path: ['origin', 1] },
      { code: 'credentials.insecure-origin', path: ['origin', 2] },
      { code: 'credentials.insecure-origin', path: ['origin', 3] },
      { code: 'credentials.insecure-origin', path: ['origin', 4] },
      { code: 'credentials.insecure-origin', path: ['origin', 5] },
      { code: 'credentials.insecure-origin', path: ['origin', 6] },
      { code: 'credentials.insecure-origin', path: ['origin', 7] },
      { code: 'credentials.insecure-origin', path: ['origin', 8, 'pattern'] },
    ],
  },
  {
    name: 'credentials with a wildcard below a public suffix',
    options: {
      origin: ['https://*.com', 'https://*.co.uk', 'https://pr-*.com', 'https://*.com.'],
      credentials: true,
    },
    issues: [
      { code: 'credentials.public-suffix', path: ['origin', 0] },
      { code: 'credentials.public-suffix', path: ['origin', 1] },
      { code: 'credentials.public-suffix', path: ['origin', 2] },
      { code: 'credentials.public-suffix', path: ['origin', 3] },
    ],
  },
  {
    name: 'credentials with a wildcard below a platform',
    options: {
      origin: ['https://*.github.io', 'https://my-app-*.vercel.app', 'https://*.vercel.app.:*'],
      credentials: true,
    },
    issues: [
      { code: 'credentials.shared-hosting', path: ['origin', 0] },
      { code: 'credentials.shared-hosting', path: ['origin', 1] },
      { code: 'credentials.shared-hosting', path: ['origin', 2] },
    ],
  },
  {
    name: 'credentials with a wildcard above a platform, or between its parts',
    options: {
      origin: [
        'https://*.amazonaws.com',
        'https://*.s3.eu-west-1.amazonaws.com',
        'https://my-*.s3-website.eu-west-1.amazonaws.com.',
        'https://*.windows.net',
        'https://*.z6.web.core.windows.net',
        'https://*.github.dev',
        'https://*.us-east-1.elasticbeanstalk.com',
        'https://*.a.run.app',
        'https://*.com',
      ],
      credentials: true,
    },
    issues: [
      { code: 'credentials.shared-hosting', path: ['origin', 0] },
      { code: 'credentials.shared-hosting', path: ['origin', 1] },
      { code: 'credentials.shared-hosting', path: ['origin', 2] },
      { code: 'credentials.shared-hosting', path: ['origin', 3] },
      { code: 'credentials.shared-hosting', path: ['origin', 4] },
      { code: 'credentials.shared-hosting', path: ['origin', 5] },
      { code: 'credentials.shared-hosting', path: ['origin', 6] },
      { code: 'credentials.shared-hosting', path: ['origin', 7] },
      { code: 'credentials.public-suffix', path: ['origin', 8] },
    ],
  },
  {
    name: 'one pattern with several risks',
    options: { origin: 'http://*.github.io', credentials: true },
    issues: [
      { code: 'credentials.insecure-origin', path: ['origin'] },
      { code: 'credentials.shared-hosting', path: ['origin'] },
    ],
  },
  {
    name: 'credentials with all response headers exposed',
    options: { origin: ORIGIN, credentials: true, exposedHeaders: ['x-a', '*'] },
    issues: [{ code: 'credentials.any-exposed-header', path: ['exposedHeaders'] }],
  },

  // methods.*, allowed-headers.*, exposed-headers.*, vary.invalid
  {
    name: 'methods that are no tokens',
    options: { origin: ORIGIN, methods: ['GET', '', 'PUT ', 'A B', 5, null] },
    issues: [
      { code: 'methods.invalid', path: ['methods', 1] },
      { code: 'methods.invalid', path: ['methods', 2], suggestion: 'PUT' },
      { code: 'methods.invalid', path: ['methods', 3] },
      { code: 'methods.invalid', path: ['methods', 4] },
      { code: 'methods.invalid', path: ['methods', 5] },
    ],
  },
  {
    name: 'several methods in one entry',
    options: { origin: ORIGIN, methods: ['GET,POST', 'GET, A B', 'PUT|PATCH', '|'] },
    issues: [
      { code: 'methods.invalid', path: ['methods', 0], suggestion: '["GET","POST"]' },
      { code: 'methods.invalid', path: ['methods', 1] },
      { code: 'methods.invalid', path: ['methods', 2], suggestion: '["PUT","PATCH"]' },
      { code: 'methods.invalid', path: ['methods', 3] },
    ],
  },
  {
    name: 'methods between bars',
    options: { origin: ORIGIN, methods: 'GET|POST' },
    issues: [{ code: 'methods.invalid', path: ['methods'], suggestion: '["GET","POST"]' }],
  },
  {
    name: 'words and signs for any method',
    options: { origin: ORIGIN, methods: ['ALL', 'any', '**', "'*'"] },
    issues: [
      { code: 'methods.invalid', path: ['methods', 0], suggestion: '*' },
      { code: 'methods.invalid', path: ['methods', 1], suggestion: '*' },
      { code: 'methods.invalid', path: ['methods', 2], suggestion: '*' },
      { code: 'methods.invalid', path: ['methods', 3], suggestion: '*' },
    ],
  },
  {
    name: 'several header names in one entry',
    options: {
      origin: ORIGIN,
      allowedHeaders: ['Content-Type, Authorization', 'X-A,'],
      exposedHeaders: ['X-A,X-B'],
      vary: ['X-A,X-B'],
    },
    issues: [
      {
        code: 'allowed-headers.invalid',
        path: ['allowedHeaders', 0],
        suggestion: '["Content-Type","Authorization"]',
      },
      { code: 'allowed-headers.invalid', path: ['allowedHeaders', 1] },
      {
        code: 'exposed-headers.invalid',
        path: ['exposedHeaders', 0],
        suggestion: '["X-A","X-B"]',
      },
      { code: 'vary.invalid', path: ['vary', 0], suggestion: '["X-A","X-B"]' },
    ],
  },
  {
    name: 'an empty entry in a string of methods',
    options: { origin: ORIGIN, methods: 'GET,,PUT,' },
    issues: [
      { code: 'methods.invalid', path: ['methods'] },
      { code: 'methods.invalid', path: ['methods'] },
    ],
  },
  {
    name: 'methods that no page can send',
    options: { origin: ORIGIN, methods: ['CONNECT', 'trace', 'Track'] },
    issues: [
      { code: 'methods.forbidden', path: ['methods', 0] },
      { code: 'methods.forbidden', path: ['methods', 1] },
      { code: 'methods.forbidden', path: ['methods', 2] },
    ],
  },
  {
    name: 'methods in a case that would never match',
    options: { origin: ORIGIN, methods: 'patch,Query' },
    issues: [
      { code: 'methods.case', path: ['methods'], suggestion: 'PATCH' },
      { code: 'methods.case', path: ['methods'], suggestion: 'QUERY' },
    ],
  },
  {
    name: 'request headers that are no tokens',
    options: { origin: ORIGIN, allowedHeaders: ['X-A:', ' X-B', 'X-\u00e9'] },
    issues: [
      { code: 'allowed-headers.invalid', path: ['allowedHeaders', 0] },
      { code: 'allowed-headers.invalid', path: ['allowedHeaders', 1], suggestion: 'X-B' },
      { code: 'allowed-headers.invalid', path: ['allowedHeaders', 2] },
    ],
  },
  {
    name: 'request headers that no page can set',
    options: {
      origin: ORIGIN,
      allowedHeaders: ['Cookie', 'X-A', 'Sec-Fetch-Site', 'proxy-a', 'Origin', 'Host'],
    },
    issues: [
      { code: 'allowed-headers.forbidden', path: ['allowedHeaders', 0] },
      { code: 'allowed-headers.forbidden', path: ['allowedHeaders', 2] },
      { code: 'allowed-headers.forbidden', path: ['allowedHeaders', 3] },
      { code: 'allowed-headers.forbidden', path: ['allowedHeaders', 4] },
      { code: 'allowed-headers.forbidden', path: ['allowedHeaders', 5] },
    ],
  },
  {
    name: 'response headers that are no tokens',
    options: { origin: ORIGIN, exposedHeaders: 'X-A;X-B' },
    issues: [{ code: 'exposed-headers.invalid', path: ['exposedHeaders'] }],
  },
  {
    name: 'response headers that no page can read',
    options: { origin: ORIGIN, exposedHeaders: ['Set-Cookie', 'set-cookie2'] },
    issues: [
      { code: 'exposed-headers.forbidden', path: ['exposedHeaders', 0] },
      { code: 'exposed-headers.forbidden', path: ['exposedHeaders', 1] },
    ],
  },
  {
    name: 'vary on what is no header name',
    options: { origin: ORIGIN, vary: ['X A'] },
    issues: [{ code: 'vary.invalid', path: ['vary', 0] }],
  },
  {
    name: 'vary on everything',
    options: { origin: ORIGIN, vary: ['x-a', '*'] },
    issues: [{ code: 'vary.invalid', path: ['vary'] }],
  },

  // dangerously-allow.unknown
  {
    name: 'acknowledgements of risks that there are not',
    options: {
      origin: { pattern: ORIGIN, dangerouslyAllow: ['null-orign'] },
      dangerouslyAllow: ['everything', 1],
    },
    issues: [
      {
        code: 'dangerously-allow.unknown',
        path: ['origin', 'dangerouslyAllow', 0],
        suggestion: 'null-origin',
      },
      { code: 'dangerously-allow.unknown', path: ['dangerouslyAllow', 0] },
      { code: 'dangerously-allow.unknown', path: ['dangerouslyAllow', 1] },
    ],
  },

  // is-public-suffix.failed
  {
    name: 'a list of suffixes that answers nonsense, reported once',
    options: {
      origin: ['https://*.a.test', 'https://*.b.test'],
      credentials: true,
      isPublicSuffix: String,
    },
    issues: [{ code: 'is-public-suffix.failed', path: ['isPublicSuffix'] }],
  },
  {
    name: 'a list of suffixes that throws',
    options: {
      origin: ['https://*.a.test', 'https://*.com'],
      credentials: true,
      isPublicSuffix: decodeURIComponent.bind(null, '%'),
    },
    issues: [
      { code: 'is-public-suffix.failed', path: ['isPublicSuffix'] },
      { code: 'credentials.public-suffix', path: ['origin', 1] },
    ],
  },

  // All problems together, in the order of the options.
  {
    name: 'every problem is reported at once',
    options: { origin: 'HTTPS://a.test', maxAge: -1, hook: 1, methods: 'TRACE', vary: '*' },
    issues: [
      { code: 'option.not-needed', path: ['hook'] },
      { code: 'origin.uppercase', path: ['origin'], suggestion: 'https://a.test' },
      { code: 'methods.forbidden', path: ['methods'] },
      { code: 'option.range', path: ['maxAge'] },
      { code: 'vary.invalid', path: ['vary'] },
    ],
  },
]
