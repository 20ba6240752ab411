/** Which response fields a page sees. */

import { hides, reads, readsOwn, type Scenario } from '../scenario.ts'

const path = 'fields'
const ALWAYS = ['content-language', 'expires', 'last-modified', 'pragma']
const LISTED = [...ALWAYS, 'x-total', 'x-two']
const ALL = [...ALWAYS, 'server-timing', 'x-one', 'x-total', 'x-two']

export const EXPOSURE: readonly Scenario[] = [
  {
    title: 'the safelisted fields are seen always',
    policy: 'app',
    steps: [{ path, expected: reads('fields', ['GET'], ALWAYS) }],
  },
  {
    title: 'the listed fields are seen, too',
    policy: 'lists',
    steps: [{ path, expected: reads('fields', ['GET'], LISTED) }],
  },
  {
    title: 'the listed fields are seen behind a preflight',
    policy: 'lists',
    steps: [{ path, method: 'PUT', expected: reads('fields', ['OPTIONS', 'PUT'], LISTED) }],
  },
  {
    title: 'the listed fields are seen with credentials',
    policy: 'lists-credentials',
    steps: [{ path, credentials: 'include', expected: reads('fields', ['GET'], LISTED) }],
  },
  {
    title: 'the listed fields are seen on HEAD',
    policy: 'lists',
    steps: [{ path, method: 'HEAD', expected: reads('', ['HEAD'], LISTED) }],
  },
  {
    title: 'all fields but cookies are seen where all are exposed',
    policy: 'exposes-all',
    steps: [{ path, expected: reads('fields', ['GET'], ALL) }],
  },
  {
    title: 'all fields but cookies are seen by a frame without an origin',
    policy: 'exposes-all',
    from: 'null',
    steps: [{ path, expected: reads('fields', ['GET'], ALL) }],
  },
  {
    title: 'all fields but cookies are seen by the own page',
    policy: 'nobody',
    from: '{self}',
    steps: [{ path, expected: readsOwn('fields', ['GET'], ALL) }],
  },
  {
    title: 'no field is seen without CORS',
    policy: 'exposes-all',
    steps: [{ path, mode: 'no-cors', expected: hides('opaque', 'mode.no-cors-opaque', ['GET']) }],
  },
  {
    title: 'what the handler exposes is not seen',
    policy: 'lists',
    steps: [{ path: 'own-layer', expected: reads('own-layer', ['GET'], ['x-total']) }],
  },
  {
    title: 'what the policy exposes is seen on errors',
    policy: 'lists',
    steps: [
      {
        path: 'own-layer-failed',
        expected: reads('own-layer-failed', ['GET'], ['x-total'], 500),
      },
    ],
  },
]
