/** Which request headers need a grant, and which get one. */

import type { Field } from '../../../src/browser/index.ts'
import { blocked, hides, reads, type Scenario } from '../scenario.ts'

const JSON_TYPE: Field = ['Content-Type', 'application/json']
const BEARER: Field = ['Authorization', 'Bearer x']
const X_A: Field = ['X-A', '1']

/** Headers that go out unasked. */
const SAFE: readonly (readonly [title: string, ...Field[]])[] = [
  ['Accept of 128 bytes', ['Accept', 'a'.repeat(128)]],
  ['Accept-Language', ['Accept-Language', 'de, en;q=0.5']],
  ['Content-Language', ['Content-Language', 'de']],
  ['a range with a start', ['Range', 'bytes=0-']],
  ['a range with start and end', ['Range', 'bytes=0-99']],
  ['Accept with a letter beyond ASCII', ['Accept', 'text/\u00e9']],
  ['Accept with a tab', ['Accept', 'text/plain,\ttext/html']],
  ['an empty Accept', ['Accept', '']],
  ['several safelisted headers', ['Accept', 'text/plain'], ['Content-Language', 'de, en']],
]

const NINE = Array.from({ length: 9 }, (): Field => ['Accept', 'a'.repeat(120)])

/** Headers that have to be granted. */
const UNSAFE: readonly (readonly [title: string, ...Field[]])[] = [
  ['a header of the application', X_A],
  ['a header with an empty value', ['X-A', '']],
  ['a header in capitals', ['X-ALL-CAPS', '1']],
  ['several headers of the application', X_A, ['X-B', '2'], ['A-Z', '3']],
  ['Accept of 129 bytes', ['Accept', 'a'.repeat(129)]],
  ['Accept with a quotation mark', ['Accept', 'text/"plain"']],
  ['Accept-Language with a colon', ['Accept-Language', 'de:en']],
  ['Content-Language with an underscore', ['Content-Language', 'de_AT']],
  ['a range without a start', ['Range', 'bytes=-6']],
  ['Accept-Language with a letter beyond ASCII', ['Accept-Language', '\u00e9']],
  ['a range with white space', ['Range', 'bytes= 0-1']],
  ['a range of nothing', ['Range', 'bytes=-']],
  ['a range of items', ['Range', 'items=0-1']],
  ['several ranges', ['Range', 'bytes=0-1,3-4']],
  ['a range that ends before it starts', ['Range', 'bytes=4-3']],
  ['nine headers of more than 1,024 bytes', ...NINE],
  ['Last-Event-ID', ['Last-Event-ID', '1']],
  ['Cache-Control', ['Cache-Control', 'no-cache']],
  ['If-None-Match', ['If-None-Match', '"9"']],
  ['X-Requested-With', ['X-Requested-With', 'XMLHttpRequest']],
  ['an override of the method', ['X-HTTP-Method-Override', 'PUT']],
  ['thirty headers', ...Array.from({ length: 30 }, (_, index): Field => [`X-${index}`, '1'])],
  ['a name of every character of a token', ["X!#$%&'*+-.^_`|~9", '1']],
  ['Authorization', BEARER],
  ['Authorization with a header of the application', BEARER, X_A],
]

/** Headers that pages cannot set. */
const DROPPED: readonly Field[] = [
  ['Accept-Charset', 'utf-8'],
  ['Access-Control-Request-Method', 'PUT'],
  ['Cookie', 'session=2'],
  ['Host', 'evil.test'],
  ['Origin', 'http://evil.test'],
  ['Proxy-Authorization', 'x'],
  ['Sec-Fetch-Site', 'same-origin'],
  ['Via', '1.1 evil'],
  ['X-HTTP-Method-Override', 'TRACE'],
  ['X-Method-Override', 'GET, track'],
]

/** Chromium sends these unasked; see `disagreements.ts`. */
const CLIENT_HINTS: readonly Field[] = [
  ['Device-Memory', '1'],
  ['Downlink', '1'],
  ['DPR', '1'],
  ['ECT', '4g'],
  ['RTT', '1'],
  ['Save-Data', 'on'],
  ['Viewport-Width', '1'],
  ['Width', '1'],
]

const MALFORMED_HINTS: readonly Field[] = [
  ['DPR', 'many'],
  ['ECT', '9g'],
  ['Save-Data', 'off'],
  ['Width', '1.5'],
]

const SAFE_TYPES = [
  'text/plain',
  'TEXT/PLAIN; charset=utf-8',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  ' text/plain ;',
]

const UNSAFE_TYPES = [
  '',
  'text',
  'text/plain/x',
  'application/json',
  'text/plain, text/plain',
  'text/html',
  'text/plain; a="b"',
]

export const REQUEST_HEADERS: readonly Scenario[] = [
  ...SAFE.map(
    ([what, ...headers]): Scenario => ({
      title: `${what}: sent unasked`,
      policy: 'nothing-more',
      steps: [{ headers, expected: reads('ok', ['GET']) }],
    }),
  ),
  ...UNSAFE.map(
    ([what, ...headers]): Scenario => ({
      title: `${what}: granted by default`,
      policy: 'app',
      steps: [{ headers, expected: reads('ok', ['OPTIONS', 'GET']) }],
    }),
  ),
  ...UNSAFE.filter(([what]) => !what.startsWith('Authorization')).map(
    ([what, ...headers]): Scenario => ({
      title: `${what}: not granted by an empty list`,
      policy: 'nothing-more',
      steps: [{ headers, expected: blocked('allow-headers.missing', ['OPTIONS']) }],
    }),
  ),
  ...DROPPED.map(
    ([name, value]): Scenario => ({
      title: `${name}: ${value} never leaves the browser`,
      policy: 'nothing-more',
      steps: [{ path: 'origin', headers: [[name, value]], expected: reads('{from}', ['GET']) }],
    }),
  ),
  ...SAFE_TYPES.map(
    (type): Scenario => ({
      title: `a body of ${type} is sent unasked`,
      policy: 'nothing-more',
      steps: [
        {
          method: 'POST',
          headers: [['Content-Type', type]],
          body: '{}',
          expected: reads('ok', ['POST']),
        },
      ],
    }),
  ),
  ...UNSAFE_TYPES.map(
    (type): Scenario => ({
      title: `a body of ${type} is not granted by an empty list`,
      policy: 'nothing-more',
      steps: [
        {
          method: 'POST',
          headers: [['Content-Type', type]],
          body: '{}',
          expected: blocked('allow-headers.missing', ['OPTIONS']),
        },
      ],
    }),
  ),
  {
    title: 'a body of JSON is granted by default',
    policy: 'app',
    steps: [
      {
        method: 'POST',
        headers: [JSON_TYPE],
        body: '{}',
        expected: reads('ok', ['OPTIONS', 'POST']),
      },
    ],
  },
  {
    title: 'without CORS a body of JSON goes as plain text, unasked, and nothing is seen',
    policy: 'reject',
    from: '//evil.example.test',
    steps: [
      {
        method: 'POST',
        mode: 'no-cors',
        headers: [JSON_TYPE, X_A],
        body: '{}',
        expected: hides('opaque', 'mode.no-cors-opaque', ['POST']),
      },
    ],
  },
  {
    title: 'a body of JSON is granted where Content-Type is listed',
    policy: 'lists',
    steps: [
      {
        method: 'POST',
        headers: [JSON_TYPE, X_A],
        body: '{}',
        expected: reads('ok', ['OPTIONS', 'POST'], ['x-total']),
      },
    ],
  },
  {
    title: 'headers of every kind are asked for at once',
    policy: 'app',
    steps: [
      {
        path: 'asked',
        method: 'POST',
        headers: [
          ['X-B', '2'],
          ['x-a', '1'],
          ['A-Z', '3'],
          BEARER,
          JSON_TYPE,
          ['Accept', 'text/"plain"'],
        ],
        body: '{}',
        expected: reads('1, Bearer x', ['OPTIONS', 'POST']),
      },
    ],
  },
  {
    title: 'a listed header arrives',
    policy: 'lists',
    steps: [{ path: 'asked', headers: [X_A], expected: reads('1, none', ['OPTIONS', 'GET']) }],
  },
  {
    title: 'a header beside the listed ones is not granted',
    policy: 'lists',
    steps: [
      {
        headers: [X_A, ['X-B', '2']],
        expected: blocked('allow-headers.missing', ['OPTIONS']),
      },
    ],
  },
  {
    title: 'Authorization arrives where any header is granted',
    policy: 'app',
    steps: [
      { path: 'asked', headers: [BEARER], expected: reads('none, Bearer x', ['OPTIONS', 'GET']) },
    ],
  },
  {
    title: 'Authorization arrives where any origin and any header are granted',
    policy: 'any',
    steps: [
      {
        path: 'asked',
        headers: [BEARER, X_A],
        expected: reads('1, Bearer x', ['OPTIONS', 'GET']),
      },
    ],
  },
  {
    title: 'Authorization is not granted where it is not listed',
    policy: 'lists',
    steps: [{ headers: [BEARER], expected: blocked('allow-headers.authorization', ['OPTIONS']) }],
  },
  {
    title: 'Authorization is granted where it is listed',
    policy: 'authorization-only',
    steps: [
      { path: 'asked', headers: [BEARER], expected: reads('none, Bearer x', ['OPTIONS', 'GET']) },
    ],
  },
  {
    title: 'a header beside Authorization is not granted',
    policy: 'authorization-only',
    steps: [{ headers: [BEARER, X_A], expected: blocked('allow-headers.missing', ['OPTIONS']) }],
  },
  {
    title: 'any header is granted with credentials',
    policy: 'app-credentials',
    steps: [
      {
        path: 'asked',
        headers: [BEARER, X_A, JSON_TYPE],
        credentials: 'include',
        expected: reads('1, Bearer x', ['OPTIONS', 'GET']),
      },
    ],
  },
  {
    title: 'many headers with names of any token are granted with credentials',
    policy: 'app-credentials',
    steps: [
      {
        headers: [
          ["X!#$%&'*+-.^_`|~9", '1'],
          ...Array.from({ length: 30 }, (_, index): Field => [`X-${index}`, '1']),
        ],
        credentials: 'include',
        expected: reads('ok', ['OPTIONS', 'GET']),
      },
    ],
  },
  {
    title: 'a header from a refused origin stops at the preflight',
    policy: 'app',
    from: '//evil.example.test',
    steps: [{ headers: [X_A], expected: blocked('allow-origin.missing', ['OPTIONS']) }],
  },
  {
    title: 'a header value with a line break never leaves the browser',
    policy: 'any',
    steps: [{ headers: [['X-A', 'a\nb']], expected: blocked('header.invalid', []) }],
  },
  {
    title: 'a header name that is no token never leaves the browser',
    policy: 'any',
    steps: [{ headers: [['X A', '1']], expected: blocked('header.invalid', []) }],
  },
  ...[...CLIENT_HINTS, ...MALFORMED_HINTS].map(
    ([name, value]): Scenario => ({
      title: `${name}: ${value} has to be granted`,
      policy: 'app',
      steps: [{ headers: [[name, value]], expected: reads('ok', ['OPTIONS', 'GET']) }],
    }),
  ),
  {
    title: 'a User-Agent of the page has to be granted',
    policy: 'app',
    steps: [{ headers: [['User-Agent', 'page']], expected: reads('ok', ['OPTIONS', 'GET']) }],
  },
  {
    title: 'a range of Bytes has to be granted',
    policy: 'app',
    steps: [{ headers: [['Range', 'Bytes=0-9']], expected: reads('ok', ['OPTIONS', 'GET']) }],
  },
  {
    title: 'a range with a number beyond 64 bits is sent unasked',
    policy: 'app',
    steps: [{ headers: [['Range', `bytes=0-${'9'.repeat(30)}`]], expected: reads('ok', ['GET']) }],
  },
  {
    title: 'two Accept headers of 100 bytes are sent unasked',
    policy: 'app',
    steps: [
      {
        headers: [
          ['Accept', 'a'.repeat(100)],
          ['Accept', 'b'.repeat(100)],
        ],
        expected: reads('ok', ['GET']),
      },
    ],
  },
]
