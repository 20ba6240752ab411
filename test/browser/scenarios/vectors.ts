/** Lines that no policy of crossgate sends: what browsers make of them, to test the model. */

import type { Field, RuleCode } from '../../../src/browser/index.ts'
import { blocked, type Lines, reads, type Scenario } from '../scenario.ts'

const PAGE = 'http://app.example.test'
const ANY: Field = ['Access-Control-Allow-Origin', '*']
const THIS: Field = ['Access-Control-Allow-Origin', PAGE]
const TRUE: Field = ['Access-Control-Allow-Credentials', 'true']
const X_A: Field = ['X-A', '1']
const BEARER: Field = ['Authorization', 'Bearer x']

/** `Access-Control-Allow-Origin`, spelt wrong. */
const WRONG_ORIGINS: readonly (readonly [title: string, RuleCode, ...string[]])[] = [
  ['given twice', 'allow-origin.several', PAGE, PAGE],
  ["'*' given twice", 'allow-origin.several', '*', '*'],
  ["'*' and the origin", 'allow-origin.several', '*', PAGE],
  ['a list', 'allow-origin.several', `${PAGE}, http://b.example.test`],
  ['a list with spaces', 'allow-origin.mismatch', `${PAGE} http://b.example.test`],
  ['a trailing slash', 'allow-origin.mismatch', `${PAGE}/`],
  ['a path', 'allow-origin.mismatch', `${PAGE}/page`],
  ['the scheme in upper case', 'allow-origin.mismatch', 'HTTP://app.example.test'],
  ['the host in upper case', 'allow-origin.mismatch', 'http://App.example.test'],
  ['the default port', 'allow-origin.mismatch', `${PAGE}:80`],
  ['the other scheme', 'allow-origin.mismatch', 'https://app.example.test'],
  ['no scheme', 'allow-origin.mismatch', 'app.example.test'],
  ['a wildcard for subdomains', 'allow-origin.mismatch', 'http://*.example.test'],
  ['quotes', 'allow-origin.mismatch', `"${PAGE}"`],
  ["'null'", 'allow-origin.mismatch', 'null'],
  ['nothing', 'allow-origin.mismatch', ''],
  ["'*' in quotes", 'allow-origin.mismatch', '"*"'],
]

const WRONG_CREDENTIALS: readonly (readonly [title: string, ...string[]])[] = [
  ['TRUE', 'TRUE'],
  ['True', 'True'],
  ['1', '1'],
  ['nothing', ''],
  ['true given twice', 'true', 'true'],
  ['true in quotes', '"true"'],
]

const OK_STATUSES = [200, 201, 202, 204, 206, 299]
const OTHER_STATUSES = [304, 400, 401, 403, 404, 405, 500, 503]
const REDIRECT_STATUSES = [301, 302, 303, 307, 308]

/** What grants PUT, and what does not. */
const METHOD_LISTS: readonly (readonly [value: string, RuleCode | undefined])[] = [
  ['PUT', undefined],
  ['GET,PUT', undefined],
  [',,PUT, ,', undefined],
  ['*', undefined],
  ['put', 'allow-methods.missing'],
  ['', 'allow-methods.missing'],
  ['PUTT', 'allow-methods.missing'],
  ['PUT, two words', 'allow-methods.syntax'],
  ['"PUT"', 'allow-methods.syntax'],
  ['PUT;DELETE', 'allow-methods.syntax'],
]

/** What grants X-A, and what does not. */
const HEADER_LISTS: readonly (readonly [RuleCode | undefined, ...string[]])[] = [
  [undefined, 'x-a'],
  [undefined, 'X-A'],
  [undefined, ',, X-b ,\tx-a ,'],
  [undefined, '*'],
  [undefined, 'x-b', 'x-a'],
  ['allow-headers.missing', ''],
  ['allow-headers.missing', 'x-b'],
  ['allow-headers.syntax', '"x-a"'],
  ['allow-headers.syntax', 'x-a, bad name'],
  ['allow-headers.syntax', 'x-a; x-b'],
]

/** What exposes X-One. */
const EXPOSED_LISTS: readonly (readonly [seen: readonly string[], ...string[]])[] = [
  [['x-one'], 'x-one'],
  [['x-one'], 'X-ONE'],
  [['x-one'], ',,x-one,'],
  [['x-one', 'x-two'], 'x-one', 'x-two'],
  [[], ''],
  [[], 'x-one bad'],
  [[], 'x-one, bad name'],
  [[], 'set-cookie'],
  [['x-one'], 'x-one, set-cookie'],
  [['x-one', 'x-two'], '*'],
  [['x-one', 'x-two'], '*, x-one'],
]

const FIELDS: readonly Field[] = [
  ['X-One', '1'],
  ['X-Two', '2'],
  ['Set-Cookie', 'seen=1; Path=/never'],
]

export const VECTORS: readonly Scenario[] = [
  ...WRONG_ORIGINS.map(
    ([title, rule, ...values]): Scenario => ({
      title: `Access-Control-Allow-Origin with ${title}`,
      raw: { response: { lines: values.map((value) => ['Access-Control-Allow-Origin', value]) } },
      steps: [{ expected: blocked(rule, ['GET']) }],
    }),
  ),
  {
    title: 'Access-Control-Allow-Origin in Unicode',
    raw: {
      response: { lines: [['Access-Control-Allow-Origin', 'http://b\u00fccher.example.test']] },
    },
    from: 'http://b\u00fccher.example.test',
    steps: [{ expected: blocked('allow-origin.mismatch', ['GET']) }],
  },
  {
    title: 'Access-Control-Allow-Origin in the letters that browsers send',
    raw: {
      response: { lines: [['Access-Control-Allow-Origin', 'http://xn--bcher-kva.example.test']] },
    },
    from: 'http://b\u00fccher.example.test',
    steps: [{ expected: reads('raw', ['GET']) }],
  },
  ...['Null', 'NULL', '"null"'].map(
    (value): Scenario => ({
      title: `Access-Control-Allow-Origin: ${value} for a frame without an origin`,
      raw: { response: { lines: [['Access-Control-Allow-Origin', value]] } },
      from: 'null',
      steps: [{ expected: blocked('allow-origin.mismatch', ['GET']) }],
    }),
  ),
  {
    title: "'*' with credentials allowed, for a request without",
    raw: { response: { lines: [ANY, TRUE] } },
    steps: [{ expected: reads('raw', ['GET']) }],
  },
  {
    title: "'*' with credentials allowed, for a request with",
    raw: { response: { lines: [ANY, TRUE] } },
    steps: [
      {
        credentials: 'include',
        expected: blocked('allow-origin.wildcard-with-credentials', ['GET']),
      },
    ],
  },
  ...WRONG_CREDENTIALS.map(
    ([title, ...values]): Scenario => ({
      title: `Access-Control-Allow-Credentials: ${title}`,
      raw: {
        response: {
          lines: [
            THIS,
            ...values.map((value): Field => ['Access-Control-Allow-Credentials', value]),
          ],
        },
      },
      steps: [
        {
          credentials: 'include',
          expected: blocked('allow-credentials.value', ['GET']),
        },
        { expected: reads('raw', ['GET']) },
      ],
    }),
  ),
  {
    title: 'a preflight without Access-Control-Allow-Credentials',
    raw: {
      preflight: { lines: [THIS, allowMethods('PUT')] },
      response: { lines: [THIS, TRUE] },
    },
    steps: [
      {
        method: 'PUT',
        credentials: 'include',
        expected: blocked('allow-credentials.missing', ['OPTIONS']),
      },
    ],
  },
  {
    title: 'a response without Access-Control-Allow-Credentials behind a preflight with it',
    raw: {
      preflight: { lines: [THIS, TRUE, allowMethods('PUT')] },
      response: { lines: [THIS] },
    },
    steps: [
      {
        method: 'PUT',
        credentials: 'include',
        expected: blocked('allow-credentials.missing', ['OPTIONS', 'PUT']),
      },
    ],
  },
  {
    title: 'a response without Access-Control-Allow-Origin behind a preflight with it',
    raw: { preflight: { lines: [ANY, allowMethods('PUT')] }, response: {} },
    steps: [{ method: 'PUT', expected: blocked('allow-origin.missing', ['OPTIONS', 'PUT']) }],
  },
  ...OK_STATUSES.map(
    (status): Scenario => ({
      title: `a preflight with status ${status}`,
      raw: granting({ status, lines: [ANY, allowMethods('PUT')] }),
      steps: [{ method: 'PUT', expected: reads('raw', ['OPTIONS', 'PUT']) }],
    }),
  ),
  ...OTHER_STATUSES.map(
    (status): Scenario => ({
      title: `a preflight with status ${status}`,
      raw: granting({ status, lines: [ANY, allowMethods('PUT')] }),
      steps: [
        {
          method: 'PUT',
          expected: blocked('preflight.status', ['OPTIONS']),
        },
      ],
    }),
  ),
  ...REDIRECT_STATUSES.map(
    (status): Scenario => ({
      title: `a preflight that is a redirect with status ${status}`,
      raw: granting({ status, lines: [ANY, allowMethods('PUT'), ['Location', '{self}/target']] }),
      steps: [{ method: 'PUT', expected: blocked('preflight.redirect', ['OPTIONS']) }],
    }),
  ),
  ...METHOD_LISTS.map(
    ([value, rule]): Scenario => ({
      title: `Access-Control-Allow-Methods: ${value} for PUT`,
      raw: granting({ lines: [ANY, allowMethods(value)] }),
      steps: [
        {
          method: 'PUT',
          expected:
            rule === undefined ? reads('raw', ['OPTIONS', 'PUT']) : blocked(rule, ['OPTIONS']),
        },
      ],
    }),
  ),
  {
    title: 'no Access-Control-Allow-Methods for PUT',
    raw: granting({ lines: [ANY] }),
    steps: [{ method: 'PUT', expected: blocked('allow-methods.missing', ['OPTIONS']) }],
  },
  {
    title: 'Access-Control-Allow-Methods: PATCH for patch',
    raw: granting({ lines: [ANY, allowMethods('PATCH')] }),
    steps: [{ method: 'patch', expected: blocked('allow-methods.missing', ['OPTIONS']) }],
  },
  {
    title: 'Access-Control-Allow-Methods on two lines',
    raw: granting({ lines: [ANY, allowMethods('DELETE'), allowMethods('PUT')] }),
    steps: [{ method: 'PUT', expected: reads('raw', ['OPTIONS', 'PUT']) }],
  },
  {
    title: 'Access-Control-Allow-Methods: * with credentials',
    raw: {
      preflight: { lines: [THIS, TRUE, allowMethods('*')] },
      response: { lines: [THIS, TRUE] },
    },
    steps: [
      {
        method: 'PUT',
        credentials: 'include',
        expected: blocked('allow-methods.wildcard-with-credentials', ['OPTIONS']),
      },
    ],
  },
  ...HEADER_LISTS.map(
    ([rule, ...values]): Scenario => ({
      title: `Access-Control-Allow-Headers: ${values.join(' and ')} for X-A`,
      raw: granting({ lines: [ANY, ...values.map(allowHeaders)] }),
      steps: [
        {
          headers: [X_A],
          expected:
            rule === undefined ? reads('raw', ['OPTIONS', 'GET']) : blocked(rule, ['OPTIONS']),
        },
      ],
    }),
  ),
  {
    title: 'an empty Access-Control-Allow-Methods with a header that is granted',
    raw: granting({ lines: [ANY, allowMethods(''), allowHeaders('x-a')] }),
    steps: [{ headers: [X_A], expected: reads('raw', ['OPTIONS', 'GET']) }],
  },
  {
    title: 'Access-Control-Allow-Headers: * with credentials',
    raw: {
      preflight: { lines: [THIS, TRUE, allowHeaders('*')] },
      response: { lines: [THIS, TRUE] },
    },
    steps: [
      {
        headers: [X_A],
        credentials: 'include',
        expected: blocked('allow-headers.wildcard-with-credentials', ['OPTIONS']),
      },
    ],
  },
  {
    title: "'*' and the name in both lists with credentials",
    raw: {
      preflight: { lines: [THIS, TRUE, allowMethods('*, PUT'), allowHeaders('*, x-a')] },
      response: { lines: [THIS, TRUE] },
    },
    steps: [
      {
        method: 'PUT',
        headers: [X_A],
        credentials: 'include',
        expected: reads('raw', ['OPTIONS', 'PUT']),
      },
    ],
  },
  {
    title: 'Access-Control-Allow-Headers: * for Authorization with credentials',
    raw: {
      preflight: { lines: [THIS, TRUE, allowHeaders('*')] },
      response: { lines: [THIS, TRUE] },
    },
    steps: [
      {
        headers: [BEARER],
        credentials: 'include',
        expected: blocked('allow-headers.authorization', ['OPTIONS']),
      },
    ],
  },
  {
    title: "a header called '*'",
    raw: {
      preflight: { lines: [THIS, TRUE, allowHeaders('*')] },
      response: { lines: [THIS, TRUE] },
    },
    steps: [
      {
        headers: [['*', '1']],
        credentials: 'include',
        expected: reads('raw', ['OPTIONS', 'GET']),
      },
    ],
  },
  {
    title: 'Access-Control-Allow-Headers: * for Authorization',
    raw: granting({ lines: [ANY, allowHeaders('*')] }),
    steps: [{ headers: [BEARER], expected: blocked('allow-headers.authorization', ['OPTIONS']) }],
  },
  {
    title: 'Access-Control-Allow-Headers: * and Authorization for both',
    raw: granting({ lines: [ANY, allowHeaders('*, Authorization')] }),
    steps: [{ headers: [BEARER, X_A], expected: reads('raw', ['OPTIONS', 'GET']) }],
  },
  ...EXPOSED_LISTS.map(
    ([seen, ...values]): Scenario => ({
      title: `Access-Control-Expose-Headers: ${values.join(' and ')}`,
      raw: { response: { lines: [ANY, ...values.map(expose), ...FIELDS] } },
      steps: [{ expected: reads('raw', ['GET'], seen) }],
    }),
  ),
  {
    title: 'Access-Control-Expose-Headers: * with credentials',
    raw: { response: { lines: [THIS, TRUE, expose('*'), ...FIELDS] } },
    steps: [{ credentials: 'include', expected: reads('raw', ['GET']) }],
  },
  {
    title: 'Access-Control-Expose-Headers: * and X-One with credentials',
    raw: { response: { lines: [THIS, TRUE, expose('*, X-One'), ...FIELDS] } },
    steps: [{ credentials: 'include', expected: reads('raw', ['GET'], ['x-one']) }],
  },
  {
    title: "Access-Control-Expose-Headers: * with credentials, and a field that is called '*'",
    raw: { response: { lines: [THIS, TRUE, expose('*'), ['*', 'star'], ...FIELDS] } },
    steps: [{ credentials: 'include', expected: reads('raw', ['GET'], ['*']) }],
  },
  {
    title: 'a redirect without Location can be read',
    raw: { response: { status: 302, lines: [ANY] } },
    steps: [{ expected: reads('raw', ['GET'], [], 302) }],
  },
  {
    title: 'a status of 300 leads nowhere',
    raw: { response: { status: 300, lines: [ANY, ['Location', '{self}/target']] } },
    steps: [{ expected: reads('raw', ['GET'], [], 300) }],
  },
  {
    title: 'a redirect with the grant to a target without',
    raw: {
      response: { status: 302, lines: [ANY, ['Location', '{self}/target']] },
      target: {},
    },
    steps: [{ expected: blocked('allow-origin.missing', ['GET', 'GET']) }],
  },
  {
    title: 'a redirect without the grant to a target with it',
    raw: {
      response: { status: 302, lines: [['Location', '{self}/target']] },
      target: { lines: [ANY] },
    },
    steps: [{ expected: blocked('allow-origin.missing', ['GET']) }],
  },
  {
    title: 'a redirect without credentials allowed is not followed with credentials',
    raw: {
      response: { status: 302, lines: [THIS, ['Location', '{self}/target']] },
      target: { lines: [THIS, TRUE] },
    },
    steps: [{ credentials: 'include', expected: blocked('allow-credentials.missing', ['GET']) }],
  },
  {
    title: 'a redirect with an empty Location leads to itself',
    raw: { response: { status: 302, lines: [ANY, ['Location', '']] } },
    steps: [{ expected: blocked('redirect.too-many', Array(21).fill('GET')) }],
  },
  {
    title: 'a redirect with two Locations that are the same',
    raw: {
      response: {
        status: 302,
        lines: [ANY, ['Location', '{self}/target'], ['Location', '{self}/target']],
      },
      target: { lines: [ANY] },
    },
    steps: [{ expected: blocked('redirect.location', ['GET']) }],
  },
  {
    title: 'a redirect with two Locations that differ',
    raw: {
      response: {
        status: 302,
        lines: [ANY, ['Location', '{self}/target'], ['Location', '{self}/target?2']],
      },
      target: { lines: [ANY] },
    },
    steps: [{ expected: blocked('redirect.location', ['GET']) }],
  },
  {
    title: 'a 407 without a proxy is a network error',
    raw: { response: { status: 407, lines: [ANY] } },
    steps: [{ expected: blocked('proxy-authentication', ['GET']) }],
  },
]

function allowMethods(value: string): Field {
  return ['Access-Control-Allow-Methods', value]
}

function allowHeaders(value: string): Field {
  return ['Access-Control-Allow-Headers', value]
}

function expose(value: string): Field {
  return ['Access-Control-Expose-Headers', value]
}

/** The preflight in question, and a response that any page may read. */
function granting(preflight: Lines): { preflight: Lines; response: Lines } {
  return { preflight, response: { lines: [ANY] } }
}
