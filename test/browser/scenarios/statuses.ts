/** Every status and every kind of body: the page reads errors as it reads successes. */

import { blocked, reads, type Scenario } from '../scenario.ts'

const ROWS: readonly (readonly [path: string, status: number, body: string])[] = [
  ['created', 201, 'created'],
  ['empty', 204, ''],
  ['partial', 206, 'partial'],
  ['not-modified', 304, ''],
  ['bad', 400, 'bad'],
  ['unauthorized', 401, 'unauthorized'],
  ['forbidden', 403, 'forbidden'],
  ['missing', 404, '{framework}'],
  ['conflict', 409, 'conflict'],
  ['teapot', 418, 'teapot'],
  ['busy', 429, 'busy'],
  ['failed', 500, 'failed'],
  ['throws', 500, '{framework}'],
  ['unavailable', 503, 'unavailable'],
  ['stream', 200, 'one,two'],
  ['events', 200, 'data: 1\n\ndata: 2\n\n'],
]

export const STATUSES: readonly Scenario[] = [
  ...ROWS.flatMap(([path, status, body]): readonly Scenario[] => [
    {
      title: `${path}: GET reads ${status}`,
      policy: 'app',
      steps: [{ path, expected: reads(body, ['GET'], [], status) }],
    },
    {
      title: `${path}: PUT reads ${status} behind its preflight`,
      policy: 'app',
      steps: [{ path, method: 'PUT', expected: reads(body, ['OPTIONS', 'PUT'], [], status) }],
    },
    {
      title: `${path}: GET of a refused origin does not read ${status}`,
      policy: 'app',
      from: '//evil.example.test',
      steps: [{ path, expected: blocked('allow-origin.missing', ['GET']) }],
    },
  ]),
  ...(['missing', 'throws', 'stream'] as const).map(
    (path): Scenario => ({
      title: `${path}: any origin reads it`,
      policy: 'any',
      from: 'null',
      steps: [
        {
          path,
          expected: reads(
            path === 'stream' ? 'one,two' : '{framework}',
            ['GET'],
            [],
            { missing: 404, throws: 500, stream: 200 }[path],
          ),
        },
      ],
    }),
  ),
  {
    title: 'missing: HEAD reads 404',
    policy: 'app',
    steps: [{ path: 'missing', method: 'HEAD', expected: reads('', ['HEAD'], [], 404) }],
  },
  {
    title: 'a failing look-up refuses, with the status of an error',
    policy: 'failing',
    steps: [
      { path: 'ok', expected: blocked('allow-origin.missing', ['GET']) },
      { path: 'ok', method: 'PUT', expected: blocked('allow-origin.missing', ['OPTIONS']) },
    ],
  },
  {
    title: 'preflights are answered with 200 where the policy says so',
    policy: 'status-200',
    steps: [{ path: 'method', method: 'PUT', expected: reads('PUT', ['OPTIONS', 'PUT']) }],
  },
  {
    title: 'preflights that the application answers carry the grant',
    policy: 'continues',
    steps: [{ path: 'method', method: 'PUT', expected: reads('PUT', ['OPTIONS', 'PUT']) }],
  },
  {
    title: 'preflights that the application has no answer for fail by their status',
    policy: 'continues',
    steps: [{ path: 'missing', method: 'PUT', expected: blocked('preflight.status', ['OPTIONS']) }],
  },
  {
    title: 'preflights of refused origins that the application answers carry no grant',
    policy: 'continues',
    from: '//evil.example.test',
    steps: [{ path: 'ok', method: 'PUT', expected: blocked('allow-origin.missing', ['OPTIONS']) }],
  },
  {
    title: 'refused preflights that explain themselves are refused',
    policy: 'debug',
    steps: [
      { method: 'DELETE', expected: blocked('allow-methods.missing', ['OPTIONS']) },
      { path: 'method', method: 'PUT', expected: reads('PUT', ['OPTIONS', 'PUT']) },
    ],
  },
]
