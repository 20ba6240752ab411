/** Pages of https that ask for http. */

import { TRUSTED } from '../network.ts'
import { blocked, hides, reads, type Scenario } from '../scenario.ts'

const SECURE = 'https://app.example.test'
const LINES = {
  preflight: {
    lines: [
      ['Access-Control-Allow-Origin', '*'],
      ['Access-Control-Allow-Methods', 'PUT'],
    ],
  },
  response: { lines: [['Access-Control-Allow-Origin', '*']] },
} as const

/** Names of this machine. Who answers there knows nothing of CORS. */
const LOOPBACK = [
  'http://localhost:8080',
  'http://localhost.:8080',
  'http://api.localhost:8080',
  'http://127.0.0.1:8080',
  'http://127.1.2.3:8080',
  'http://[::1]:8080',
]

/** Where the user may let it, in Chromium ("Local Network Access"). */
export const LOCAL_NETWORK = ['http://10.0.0.1:8080', 'http://printer.local:8080']

export const MIXED_CONTENT: readonly Scenario[] = [
  {
    title: 'a page of https cannot ask for http',
    raw: LINES,
    from: SECURE,
    steps: [
      { expected: blocked('mixed-content', []) },
      { method: 'PUT', expected: blocked('mixed-content', []) },
      { mode: 'no-cors', expected: blocked('mixed-content', []) },
      { mode: 'same-origin', expected: blocked('mixed-content', []) },
      { at: 'http://app.example.test', expected: blocked('mixed-content', []) },
      { at: 'http://8.8.8.8:8080', expected: blocked('mixed-content', []) },
    ],
  },
  ...LOCAL_NETWORK.map(
    (at): Scenario => ({
      title: `a page of https cannot ask for ${at}`,
      raw: LINES,
      from: SECURE,
      steps: [{ at, expected: blocked('mixed-content', []) }],
    }),
  ),
  {
    title: 'a page of http can ask for http',
    raw: LINES,
    steps: [{ method: 'PUT', expected: reads('raw', ['OPTIONS', 'PUT']) }],
  },
  {
    title: 'a page of https can ask for http that the browser takes for secure',
    raw: LINES,
    from: SECURE,
    steps: [
      { method: 'PUT', expected: reads('raw', ['OPTIONS', 'PUT']) },
      { mode: 'no-cors' as const, expected: hides('opaque', 'mode.no-cors-opaque', ['GET']) },
    ].map((step) => ({ ...step, at: `http://${TRUSTED}`, trustworthy: [`http://${TRUSTED}`] })),
  },
  ...LOOPBACK.map(
    (at): Scenario => ({
      title: `a page of https can ask for ${at}`,
      raw: LINES,
      from: SECURE,
      steps: [{ at, expected: blocked('allow-origin.missing', ['GET']) }],
    }),
  ),
  {
    title: 'a page of https is not led to http',
    policy: 'any',
    only: 'https',
    steps: [
      {
        path: 'redirect?to=http://app.example.test/ok',
        expected: blocked('mixed-content', ['GET']),
      },
      {
        path: 'redirect?status=307&to=http://app.example.test/ok',
        method: 'PUT',
        expected: blocked('mixed-content', ['OPTIONS', 'PUT']),
      },
      {
        path: 'redirect?to=http://app.example.test/ok',
        mode: 'no-cors',
        expected: blocked('mixed-content', ['GET']),
      },
    ],
  },
  {
    title: 'a page of https is led to http on this machine',
    policy: 'any',
    only: 'https',
    steps: [
      {
        path: 'redirect?to=http://localhost:8080/ok',
        // The path there does not name the run.
        expected: blocked('allow-origin.missing', ['GET']),
      },
    ],
  },
]
