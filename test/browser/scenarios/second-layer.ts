/** A handler with CORS fields of its own: the policy's are the only ones that leave. */

import { blocked, reads, type Scenario } from '../scenario.ts'

const path = 'own-layer'
const failed = 'own-layer-failed'

export const SECOND_LAYER: readonly Scenario[] = [
  {
    title: "an allowed origin reads what a handler answers with another's origin",
    policy: 'app',
    steps: [
      { path, expected: reads(path, ['GET']) },
      { path: failed, expected: reads(failed, ['GET'], [], 500) },
    ],
  },
  {
    title: 'any origin reads what a handler answers with one origin',
    policy: 'any',
    from: '//whoever.example.test',
    steps: [
      { path, expected: reads(path, ['GET']) },
      { path: failed, method: 'PUT', expected: reads(failed, ['OPTIONS', 'PUT'], [], 500) },
    ],
  },
  ...(['app', 'nobody', 'failing', 'reject'] as const).map(
    (policy): Scenario => ({
      title: `the origin that a handler allows is refused by ${policy}`,
      policy,
      from: 'http://other.example',
      only: 'http',
      steps: [
        { path, expected: blocked('allow-origin.missing', ['GET']) },
        { path: failed, expected: blocked('allow-origin.missing', ['GET']) },
        { path, method: 'PUT', expected: blocked('allow-origin.missing', ['OPTIONS']) },
      ],
    }),
  ),
  {
    title: 'a handler cannot allow credentials',
    policy: 'app',
    steps: [
      {
        path,
        credentials: 'include',
        expected: blocked('allow-credentials.missing', ['GET']),
      },
    ],
  },
  {
    title: 'a handler that allows credentials, too, does not double them',
    policy: 'app-credentials',
    steps: [
      { path, credentials: 'include', expected: reads(path, ['GET']) },
      {
        path: failed,
        method: 'PUT',
        credentials: 'include',
        expected: reads(failed, ['OPTIONS', 'PUT'], [], 500),
      },
    ],
  },
  {
    title: 'a handler that answers preflights, too, changes nothing of the grant',
    policy: 'continues',
    steps: [
      { path, method: 'PUT', expected: reads(path, ['OPTIONS', 'PUT']) },
      { path: failed, method: 'PUT', expected: blocked('preflight.status', ['OPTIONS']) },
    ],
  },
  {
    title: 'without crossgate two layers are one too many',
    raw: {
      response: {
        lines: [
          ['Access-Control-Allow-Origin', '{origin}'],
          ['Access-Control-Allow-Origin', '{origin}'],
        ],
      },
    },
    steps: [{ expected: blocked('allow-origin.several', ['GET']) }],
  },
]
