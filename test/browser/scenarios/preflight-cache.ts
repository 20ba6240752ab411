/** How long, and for what, a browser remembers what a preflight granted. */

import { blocked, reads, type Scenario, type Step } from '../scenario.ts'

const put: Step = { path: 'method', method: 'PUT', expected: reads('PUT', ['OPTIONS', 'PUT']) }
const putAtOnce: Step = { ...put, expected: reads('PUT', ['PUT']) }

const ORIGIN = ['Access-Control-Allow-Origin', '*'] as const
const METHOD = ['Access-Control-Allow-Methods', 'PUT'] as const

const CREDENTIALED = [
  ['Access-Control-Allow-Origin', '{origin}'],
  ['Access-Control-Allow-Credentials', 'true'],
] as const
const ALLOWED_HEADER = ['Access-Control-Allow-Headers', 'x-a'] as const

/** Values of `Access-Control-Max-Age` that mean five seconds. */
const FIVE_SECONDS = ['5.5', '"600"', '600, 600', '0, 0', 'abc', '', '5']

export const PREFLIGHT_CACHE: readonly Scenario[] = [
  {
    title: 'a grant is remembered for as long as the policy says',
    policy: 'remembers',
    steps: [put, putAtOnce, putAtOnce],
  },
  {
    title: 'a grant is remembered for five seconds by default',
    policy: 'app',
    steps: [put, putAtOnce],
  },
  {
    title: 'a grant is forgotten at once where the policy says so',
    policy: 'forgets',
    steps: [put, put],
  },
  {
    title: 'a grant is for all methods that are listed',
    policy: 'remembers',
    steps: [put, { path: 'method', method: 'DELETE', expected: reads('DELETE', ['DELETE']) }],
  },
  {
    title: 'a grant is for any header where any is granted',
    policy: 'remembers',
    steps: [put, { ...putAtOnce, headers: [['X-A', '1']] }],
  },
  {
    title: 'a grant is for Authorization where any header is granted',
    policy: 'remembers',
    steps: [put, { ...putAtOnce, headers: [['Authorization', 'Bearer x']] }],
  },
  {
    title: 'a method beside the granted ones is asked for again',
    policy: 'remembers',
    steps: [put, { method: 'OPTIONS', expected: blocked('allow-methods.missing', ['OPTIONS']) }],
  },
  {
    title: 'a grant with credentials covers requests without',
    policy: 'remembers-credentials',
    steps: [{ ...put, credentials: 'include' }, putAtOnce],
  },
  {
    title: 'a grant without credentials covers no requests with',
    policy: 'remembers-credentials',
    steps: [put, { ...put, credentials: 'include' }],
  },
  {
    title: 'headers that are echoed are asked for one after another',
    policy: 'remembers-credentials',
    steps: [
      { ...put, credentials: 'include', headers: [['X-A', '1']] },
      { ...putAtOnce, credentials: 'include', headers: [['X-A', '2']] },
      { ...put, credentials: 'include', headers: [['X-B', '1']] },
    ],
  },
  {
    title: 'a grant is for one page',
    policy: 'subdomains',
    steps: [put, { ...put, from: '//admin.example.test' }, putAtOnce],
  },
  {
    title: 'a grant is for one URL with its query',
    policy: 'remembers',
    steps: [put, { ...put, path: 'method?1' }, putAtOnce],
  },
  {
    title: 'what is granted to gateways for longer is remembered as long',
    policy: 'cached-preflights',
    steps: [put, putAtOnce],
  },
  {
    title: 'a refusal is not remembered',
    policy: 'app',
    from: '//evil.example.test',
    steps: [
      { method: 'PUT', expected: blocked('allow-origin.missing', ['OPTIONS']) },
      { method: 'PUT', expected: blocked('allow-origin.missing', ['OPTIONS']) },
    ],
  },
  ...FIVE_SECONDS.map(
    (value): Scenario => ({
      title: `Access-Control-Max-Age: ${value} is five seconds`,
      raw: {
        preflight: { lines: [ORIGIN, METHOD, ['Access-Control-Max-Age', value]] },
        response: { lines: [ORIGIN] },
      },
      steps: [
        { method: 'PUT', expected: reads('raw', ['OPTIONS', 'PUT']) },
        { method: 'PUT', expected: reads('raw', ['PUT']) },
      ],
    }),
  ),
  ...['0', '00'].map(
    (value): Scenario => ({
      title: `Access-Control-Max-Age: ${value} is no time`,
      raw: {
        preflight: { lines: [ORIGIN, METHOD, ['Access-Control-Max-Age', value]] },
        response: { lines: [ORIGIN] },
      },
      steps: [
        { method: 'PUT', expected: reads('raw', ['OPTIONS', 'PUT']) },
        { method: 'PUT', expected: reads('raw', ['OPTIONS', 'PUT']) },
      ],
    }),
  ),
  {
    title: 'a method and a header are remembered from two grants',
    raw: {
      preflight: {
        lines: [ORIGIN, METHOD, ALLOWED_HEADER, ['Access-Control-Max-Age', '600']],
      },
      response: { lines: [ORIGIN] },
    },
    steps: [
      { method: 'PUT', expected: reads('raw', ['OPTIONS', 'PUT']) },
      { headers: [['X-A', '1']], expected: reads('raw', ['GET']) },
      { headers: [['X-B', '1']], expected: blocked('allow-headers.missing', ['OPTIONS']) },
      { method: 'DELETE', expected: blocked('allow-methods.missing', ['OPTIONS']) },
    ],
  },
  {
    title: 'Access-Control-Max-Age: -1 is malformed, so that it is five seconds',
    raw: {
      preflight: { lines: [ORIGIN, METHOD, ['Access-Control-Max-Age', '-1']] },
      response: { lines: [ORIGIN] },
    },
    steps: [
      { method: 'PUT', expected: reads('raw', ['OPTIONS', 'PUT']) },
      { method: 'PUT', expected: reads('raw', ['PUT']) },
    ],
  },
  {
    title: 'any method that is granted is remembered for all',
    raw: {
      preflight: {
        lines: [ORIGIN, ['Access-Control-Allow-Methods', '*'], ['Access-Control-Max-Age', '600']],
      },
      response: { lines: [ORIGIN] },
    },
    steps: [
      { method: 'PUT', expected: reads('raw', ['OPTIONS', 'PUT']) },
      { method: 'DELETE', expected: reads('raw', ['DELETE']) },
      { headers: [['X-A', '1']], expected: blocked('allow-headers.missing', ['OPTIONS']) },
    ],
  },
  {
    title: 'a method called * that is granted with credentials is remembered as any',
    raw: {
      preflight: {
        lines: [
          ...CREDENTIALED,
          ALLOWED_HEADER,
          ['Access-Control-Allow-Methods', '*'],
          ['Access-Control-Max-Age', '600'],
        ],
      },
      response: { lines: CREDENTIALED },
    },
    steps: [
      {
        headers: [['X-A', '1']],
        credentials: 'include',
        expected: reads('raw', ['OPTIONS', 'GET']),
      },
      { method: 'PUT', credentials: 'include', expected: reads('raw', ['PUT']) },
    ],
  },
  {
    title: 'a method called * that is granted with credentials is any to requests without',
    raw: {
      preflight: {
        lines: [
          ...CREDENTIALED,
          ALLOWED_HEADER,
          ['Access-Control-Allow-Methods', '*'],
          ['Access-Control-Max-Age', '600'],
        ],
      },
      response: { lines: CREDENTIALED },
    },
    steps: [
      {
        headers: [['X-A', '1']],
        credentials: 'include',
        expected: reads('raw', ['OPTIONS', 'GET']),
      },
      { method: 'PUT', expected: reads('raw', ['PUT']) },
    ],
  },
  {
    title: 'a request that fails makes the browser forget the grant',
    raw: {
      preflight: { lines: [ORIGIN, METHOD, ['Access-Control-Max-Age', '600']] },
      response: {},
    },
    steps: [
      { method: 'PUT', expected: blocked('allow-origin.missing', ['OPTIONS', 'PUT']) },
      { method: 'PUT', expected: blocked('allow-origin.missing', ['OPTIONS', 'PUT']) },
    ],
  },
]
