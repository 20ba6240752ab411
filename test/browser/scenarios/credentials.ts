/** Requests with cookies. The application says whether it knows the session. */

import { blocked, hides, reads, readsOwn, type Scenario } from '../scenario.ts'

const path = 'session'
const credentials = 'include'

export const CREDENTIALS: readonly Scenario[] = [
  {
    title: 'cookies go along where credentials are allowed',
    policy: 'app-credentials',
    steps: [{ path, credentials, expected: reads('known', ['GET']) }],
  },
  {
    title: 'cookies stay at home unless the page includes them',
    policy: 'app-credentials',
    steps: [{ path, expected: reads('unknown', ['GET']) }],
  },
  {
    title: 'cookies stay at home where the page omits them',
    policy: 'app-credentials',
    steps: [{ path, credentials: 'omit', expected: reads('unknown', ['GET']) }],
  },
  {
    title: 'cookies go along behind a preflight',
    policy: 'app-credentials',
    steps: [{ path, method: 'PUT', credentials, expected: reads('known', ['OPTIONS', 'PUT']) }],
  },
  {
    title: 'an error with credentials can be read',
    policy: 'app-credentials',
    steps: [{ path: 'throws', credentials, expected: reads('{framework}', ['GET'], [], 500) }],
  },
  {
    title: 'a missing page with credentials can be read behind a preflight',
    policy: 'app-credentials',
    steps: [
      {
        path: 'missing',
        method: 'DELETE',
        credentials,
        expected: reads('{framework}', ['OPTIONS', 'DELETE'], [], 404),
      },
    ],
  },
  {
    title: 'any origin means none with credentials',
    policy: 'any',
    steps: [
      {
        path,
        credentials,
        expected: blocked('allow-origin.wildcard-with-credentials', ['GET']),
      },
    ],
  },
  {
    title: 'any origin grants no preflight with credentials',
    policy: 'any',
    steps: [
      {
        path,
        method: 'PUT',
        credentials,
        expected: blocked('allow-origin.wildcard-with-credentials', ['OPTIONS']),
      },
    ],
  },
  {
    title: 'an allowed origin is refused with credentials where they are not allowed',
    policy: 'app',
    steps: [{ path, credentials, expected: blocked('allow-credentials.missing', ['GET']) }],
  },
  {
    title: 'a preflight is refused for credentials that are not allowed',
    policy: 'app',
    steps: [
      {
        path,
        method: 'PUT',
        credentials,
        expected: blocked('allow-credentials.missing', ['OPTIONS']),
      },
    ],
  },
  {
    title: 'a refused origin reads nothing with credentials',
    policy: 'app-credentials',
    from: '//evil.example.test',
    steps: [{ path, credentials, expected: blocked('allow-origin.missing', ['GET']) }],
  },
  {
    title: 'a refused origin reads nothing without credentials',
    policy: 'app-credentials',
    from: '//evil.example.test',
    steps: [{ path, expected: blocked('allow-origin.missing', ['GET']) }],
  },
  {
    title: 'a method that is not listed is refused with credentials',
    policy: 'lists-credentials',
    steps: [
      {
        path,
        method: 'DELETE',
        credentials,
        expected: blocked('allow-methods.missing', ['OPTIONS']),
      },
    ],
  },
  {
    title: 'listed methods and headers are granted with credentials',
    policy: 'lists-credentials',
    steps: [
      {
        path,
        method: 'PUT',
        headers: [['X-A', '1']],
        credentials,
        expected: reads('known', ['OPTIONS', 'PUT']),
      },
    ],
  },
  {
    title: 'the own page has its cookies, and needs no policy',
    policy: 'nobody',
    from: '{self}',
    steps: [{ path, expected: readsOwn('known', ['GET']) }],
  },
  {
    title: 'the own page may PUT unasked, and needs no policy',
    policy: 'nobody',
    from: '{self}',
    steps: [{ path: 'method', method: 'PUT', expected: readsOwn('PUT', ['PUT']) }],
  },
  {
    title: 'the own page says its origin where it does not just read',
    policy: 'nobody',
    from: '{self}',
    steps: [
      { path: 'origin', expected: readsOwn('none', ['GET']) },
      { path: 'origin', method: 'POST', expected: readsOwn('{from}', ['POST']) },
      { path: 'origin', method: 'OPTIONS', expected: readsOwn('{from}', ['OPTIONS']) },
    ],
  },
  {
    title: 'without CORS cookies go along, and nothing is seen',
    policy: 'nobody',
    steps: [
      {
        path,
        mode: 'no-cors',
        credentials,
        expected: hides('opaque', 'mode.no-cors-opaque', ['GET']),
      },
    ],
  },
  {
    title: 'within the own origin only, nothing is sent elsewhere',
    policy: 'any',
    steps: [{ path, mode: 'same-origin', expected: blocked('mode.same-origin', []) }],
  },
]
