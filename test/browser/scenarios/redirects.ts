/** Redirects: every hop is checked, and the origin is lost between foreign ones. */

import { blocked, hides, reads, readsOwn, type Scenario } from '../scenario.ts'

const BEARER = ['Authorization', 'Bearer x'] as const
const X_A = ['X-A', '1'] as const

/** What becomes of a method. */
const METHODS: readonly (readonly [status: number, before: string, after: string])[] = [
  [301, 'GET', 'GET'],
  [301, 'POST', 'GET'],
  [302, 'POST', 'GET'],
  [302, 'PUT', 'PUT'],
  [303, 'POST', 'GET'],
  [303, 'HEAD', 'HEAD'],
  [303, 'PUT', 'GET'],
  [307, 'POST', 'POST'],
  [307, 'PUT', 'PUT'],
  [308, 'POST', 'POST'],
  [308, 'DELETE', 'DELETE'],
]

/** Targets that no CORS request is led to. */
const TARGETS = [
  ['redirect.scheme', 'ftp://app.example.test/'],
  ['redirect.scheme', 'data:text/plain,data'],
  ['redirect.credentials-in-url', 'http://user:secret@app.example.test/'],
  ['redirect.location', 'http://[/'],
] as const

export const REDIRECTS: readonly Scenario[] = [
  ...METHODS.map(
    ([status, before, after]): Scenario => ({
      title: `${status} leads from ${before} to ${after}`,
      policy: 'app',
      steps: [
        {
          path: `redirect?status=${status}&to=method`,
          method: before,
          expected: reads(after === 'HEAD' ? '' : after, [...wireOf(before), ...wireOf(after)]),
        },
      ],
    }),
  ),
  ...TARGETS.map(
    ([rule, target]): Scenario => ({
      title: `a redirect to ${target} is not followed`,
      policy: 'any',
      steps: [{ path: `redirect?to=${target}`, expected: blocked(rule, ['GET']) }],
    }),
  ),
  {
    title: 'a redirect within the server keeps the origin',
    policy: 'app',
    steps: [{ path: 'redirect?to=origin', expected: reads('{from}', ['GET', 'GET']) }],
  },
  {
    title: 'a redirect to a missing page can be read',
    policy: 'app',
    steps: [
      {
        path: 'redirect?to=missing',
        expected: reads('{framework}', ['GET', 'GET'], [], 404),
      },
    ],
  },
  {
    title: 'a redirect that a refused origin gets is not followed',
    policy: 'app',
    from: '//evil.example.test',
    steps: [{ path: 'redirect', expected: blocked('allow-origin.missing', ['GET']) }],
  },
  {
    title: 'a redirect to another server hides the origin, and any origin may read',
    policy: 'app',
    steps: [{ path: 'redirect?to={any}/origin', expected: reads('null', ['GET', 'GET']) }],
  },
  {
    title: 'an origin that is hidden stays hidden within the other server',
    policy: 'app',
    steps: [
      {
        path: 'redirect?to={any}/redirect%3Fto=origin',
        expected: reads('null', ['GET', 'GET', 'GET']),
      },
    ],
  },
  {
    title: "a redirect to another server can be read where 'null' is listed",
    policy: 'app',
    steps: [{ path: 'redirect?to={null-origin}/origin', expected: reads('null', ['GET', 'GET']) }],
  },
  {
    title: 'a redirect to another server cannot be read where the page is listed',
    policy: 'any',
    steps: [
      {
        path: 'redirect?to={app}/ok',
        expected: blocked('allow-origin.missing', ['GET', 'GET']),
      },
    ],
  },
  {
    title: 'a redirect to another server is asked for with the hidden origin',
    policy: 'app',
    steps: [
      {
        path: 'redirect?status=307&to={any}/origin',
        method: 'PUT',
        expected: reads('null', ['OPTIONS', 'PUT', 'OPTIONS', 'PUT']),
      },
      {
        path: 'redirect?status=308&to={lists}/origin',
        method: 'PUT',
        expected: blocked('allow-origin.missing', ['OPTIONS', 'PUT', 'OPTIONS']),
      },
    ],
  },
  {
    title: 'a redirect back to the own page remains a CORS request',
    policy: 'any',
    steps: [
      {
        path: 'redirect?to={page}/ok',
        expected: blocked('allow-origin.missing', ['GET', 'GET']),
      },
    ],
  },
  {
    title: 'a redirect from the own page to another server keeps the origin',
    policy: 'nobody',
    from: '{self}',
    steps: [{ path: 'redirect?to={any}/origin', expected: reads('{from}', ['GET', 'GET']) }],
  },
  {
    title: 'a redirect from the own page to a server that refuses it',
    policy: 'nobody',
    from: '{self}',
    steps: [
      {
        path: 'redirect?to={app}/origin',
        expected: blocked('allow-origin.missing', ['GET', 'GET']),
      },
    ],
  },
  {
    title: "a redirect away and back hides the origin, and can be read where 'null' is listed",
    policy: 'null-origin',
    from: '{self}',
    steps: [
      {
        path: 'redirect?to={any}/redirect%3Fto={null-origin}/origin',
        expected: reads('null', ['GET', 'GET', 'GET']),
      },
    ],
  },
  {
    title: 'a redirect away and back makes a CORS request of the own page',
    policy: 'nobody',
    from: '{self}',
    steps: [
      {
        path: 'redirect?to={any}/redirect%3Fto={nobody}/origin',
        expected: blocked('allow-origin.missing', ['GET', 'GET', 'GET']),
      },
    ],
  },
  {
    title: 'the own page sees of its redirects as much as others',
    policy: 'nobody',
    from: '{self}',
    steps: [
      { path: 'redirect?to=origin', expected: readsOwn('none', ['GET', 'GET']) },
      { path: 'redirect', redirect: 'error', expected: blocked('redirect.refused', ['GET']) },
      {
        path: 'redirect',
        redirect: 'manual',
        expected: hides('opaqueredirect', 'redirect.manual', ['GET']),
      },
    ],
  },
  {
    title: 'Authorization stays within the server',
    policy: 'app',
    steps: [
      {
        path: 'redirect?to=asked',
        headers: [BEARER, X_A],
        expected: reads('1, Bearer x', ['OPTIONS', 'GET', 'OPTIONS', 'GET']),
      },
    ],
  },
  {
    title: 'Authorization does not go to another server',
    policy: 'app',
    steps: [
      {
        path: 'redirect?to={any}/asked',
        headers: [BEARER],
        expected: reads('none, none', ['OPTIONS', 'GET', 'GET']),
      },
    ],
  },
  {
    title: 'other headers go to another server, if that grants them',
    policy: 'app',
    steps: [
      {
        path: 'redirect?to={any}/asked',
        headers: [BEARER, X_A],
        expected: reads('1, none', ['OPTIONS', 'GET', 'OPTIONS', 'GET']),
      },
    ],
  },
  {
    title: 'a type goes with its body',
    policy: 'app',
    steps: [
      {
        path: 'redirect?status=303&to=method',
        method: 'POST',
        headers: [['Content-Type', 'application/json']],
        body: '{}',
        expected: reads('GET', ['OPTIONS', 'POST', 'GET']),
      },
    ],
  },
  {
    title: 'cookies go along within the server',
    policy: 'app-credentials',
    steps: [
      {
        path: 'redirect?to=session',
        credentials: 'include',
        expected: reads('known', ['GET', 'GET']),
      },
    ],
  },
  {
    title: 'credentials are refused behind a redirect to another server',
    policy: 'app-credentials',
    steps: [
      {
        path: 'redirect?to={any}/session',
        credentials: 'include',
        expected: blocked('allow-origin.wildcard-with-credentials', ['GET', 'GET']),
      },
    ],
  },
  {
    title: 'a page that follows no redirects gets an error',
    policy: 'app',
    steps: [
      { path: 'redirect', redirect: 'error', expected: blocked('redirect.refused', ['GET']) },
    ],
  },
  {
    title: 'a page that follows redirects itself sees that there was one',
    policy: 'app',
    steps: [
      {
        path: 'redirect',
        redirect: 'manual',
        expected: hides('opaqueredirect', 'redirect.manual', ['GET']),
      },
    ],
  },
  {
    title: 'a page of a refused origin does not see that there was a redirect',
    policy: 'app',
    from: '//evil.example.test',
    steps: [
      {
        path: 'redirect',
        redirect: 'manual',
        expected: blocked('allow-origin.missing', ['GET']),
      },
    ],
  },
  {
    title: 'without CORS redirects are followed, and nothing is seen',
    policy: 'nobody',
    steps: [
      {
        path: 'redirect',
        mode: 'no-cors',
        expected: hides('opaque', 'mode.no-cors-opaque', ['GET', 'GET']),
      },
    ],
  },
  {
    title: 'without CORS redirects have to be followed',
    policy: 'any',
    steps: [
      {
        path: 'redirect',
        mode: 'no-cors',
        redirect: 'manual',
        expected: blocked('mode.no-cors-redirect', []),
      },
    ],
  },
  {
    title: 'a page that stays within its origin is not led out of it',
    policy: 'nobody',
    from: '{self}',
    steps: [
      {
        path: 'redirect?to={any}/ok',
        mode: 'same-origin',
        expected: blocked('mode.same-origin', ['GET']),
      },
    ],
  },
  {
    title: 'twenty redirects are followed',
    policy: 'app',
    steps: [{ path: 'again?times=20', expected: reads('ok', Array(21).fill('GET')) }],
  },
  {
    title: 'twenty-one redirects are not',
    policy: 'app',
    steps: [
      { path: 'again?times=21', expected: blocked('redirect.too-many', Array(21).fill('GET')) },
    ],
  },
]

function wireOf(method: string): readonly string[] {
  return ['GET', 'HEAD', 'POST'].includes(method) ? [method] : ['OPTIONS', method]
}
