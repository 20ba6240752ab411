/** Bodies that are streams, which Chromium sends by HTTP/2 only. */

import { blocked, reads, readsOwn, type Scenario } from '../scenario.ts'

const STREAM = { method: 'POST', body: 'body', streamBody: true } as const

const BOTH: readonly Scenario[] = [
  {
    title: 'a stream is asked for always, and the grant is remembered',
    policy: 'app',
    steps: [
      { ...STREAM, path: 'method', expected: reads('POST', ['OPTIONS', 'POST']) },
      { ...STREAM, path: 'method', expected: reads('POST', ['POST']) },
    ],
  },
  {
    title: 'a stream is granted by an origin alone',
    policy: 'nothing-more',
    steps: [{ ...STREAM, path: 'method', expected: reads('POST', ['OPTIONS', 'POST']) }],
  },
  {
    title: 'a stream to a server that refuses the page',
    policy: 'nobody',
    steps: [{ ...STREAM, expected: blocked('allow-origin.missing', ['OPTIONS']) }],
  },
  {
    title: 'a stream within the own origin is not asked for',
    policy: 'nobody',
    from: '{self}',
    steps: [{ ...STREAM, path: 'method', expected: readsOwn('POST', ['POST']) }],
  },
  ...[301, 302, 307, 308].map(
    (status): Scenario => ({
      title: `a stream is not sent again behind a ${status}`,
      policy: 'app',
      steps: [
        {
          ...STREAM,
          path: `redirect?status=${status}&to=method`,
          expected: blocked('redirect.stream', ['OPTIONS', 'POST']),
        },
      ],
    }),
  ),
  {
    title: 'a stream is not sent again behind a 307 within the own origin',
    policy: 'nobody',
    from: '{self}',
    steps: [
      {
        ...STREAM,
        path: 'redirect?status=307&to=method',
        expected: blocked('redirect.stream', ['POST']),
      },
    ],
  },
  {
    title: 'a stream is left behind by a 303, and what follows is asked for',
    policy: 'app',
    steps: [
      {
        ...STREAM,
        path: 'redirect?status=303&to=method',
        expected: reads('GET', ['OPTIONS', 'POST', 'OPTIONS', 'GET']),
      },
    ],
  },
  {
    title: 'a stream needs a method that has a body',
    policy: 'app',
    steps: ['GET', 'HEAD'].map((method) => ({
      ...STREAM,
      method,
      expected: blocked('body.forbidden', []),
    })),
  },
  {
    title: 'a stream is not sent without CORS',
    policy: 'app',
    steps: [{ ...STREAM, mode: 'no-cors', expected: blocked('body.stream', []) }],
  },
]

export const STREAMS: readonly Scenario[] = BOTH.map((scenario) => ({
  ...scenario,
  only: 'http/2' as const,
}))
