/** Who may read: origins as browsers send them, against the policy's patterns. */

import type { PolicyName } from '../policies.ts'
import { blocked, reads, readsOwn, type Scenario } from '../scenario.ts'

type Row = readonly [policy: PolicyName, from: string]

const ALLOWED: readonly Row[] = [
  ['app', '//app.example.test'],
  ['app', '//APP.Example.TEST'],
  ['any', '//whoever.example.test'],
  ['any', '//elsewhere.test'],
  ['subdomains', '//app.example.test'],
  ['subdomains', '//a.b.example.test'],
  ['subdomains', '//xn--bcher-kva.example.test'],
  ['previews', '//pr-17.example.test'],
  ['previews', '//pr-17-feature.example.test'],
  ['hosts', '//b\u00fccher.example.test'],
  ['hosts', '//B\u00dcCHER.example.test'],
  ['hosts', '//my_app.example.test'],
  ['hosts', '//dotted.example.test.'],
  ['expression', '//app.example.test'],
  ['expression', '//admin.example.test'],
  ['predicate', '//app.example.test'],
  ['reject', '//app.example.test'],
]

/** Pages with a port, or with a host that is only there by http. */
const ALLOWED_HTTP: readonly Row[] = [
  ['app', 'http://app.example.test:80'],
  ['ports', 'http://localhost'],
  ['ports', 'http://localhost:5173'],
  ['ports', 'http://localhost:8080'],
  ['ports', 'http://app.example.test:8080'],
  ['hosts', 'http://127.0.0.1:8080'],
  ['hosts', 'http://127.1:8080'],
  ['hosts', 'http://0x7f000001:8080'],
  ['hosts', 'http://[::1]:8080'],
  ['hosts', 'http://[0:0:0:0:0:0:0:1]:8080'],
]

const ALLOWED_HTTPS: readonly Row[] = [
  ['app', 'http://app.example.test'],
  ['app', 'https://app.example.test:443'],
  ['ports', 'https://app.example.test:8443'],
  ['ports', 'https://localhost:8443'],
]

const REFUSED: readonly Row[] = [
  ['app', '//evil.example.test'],
  ['app', '//app.example.test.'],
  ['app', '//app.example.test.evil.test'],
  ['app', '//example.test'],
  ['subdomains', '//example.test'],
  ['subdomains', '//evilexample.test'],
  ['subdomains', '//app.example.test.evil.test'],
  ['subdomains', '//app.example.test.'],
  ['previews', '//pr-17.x.example.test'],
  ['previews', '//xpr-17.example.test'],
  ['previews', '//app.example.test'],
  ['hosts', '//bucher.example.test'],
  ['hosts', '//my-app.example.test'],
  ['hosts', '//dotted.example.test'],
  ['expression', '//other.example.test'],
  ['expression', '//app.example.test.evil.test'],
  ['predicate', '//admin.example.test'],
  ['failing', '//app.example.test'],
  ['nobody', '//app.example.test'],
  ['reject', '//evil.example.test'],
]

const REFUSED_HTTP: readonly Row[] = [
  ['app', 'http://app.example.test:8080'],
  ['subdomains', 'http://app.example.test:8080'],
  ['ports', 'http://app.example.test'],
  ['ports', 'http://app.example.test:5173'],
  ['ports', 'http://localhost.evil.test:8080'],
  ['ports', 'http://127.0.0.1:8080'],
  ['hosts', 'http://127.0.0.1:5173'],
  ['hosts', 'http://[::1]:5173'],
]

const REFUSED_HTTPS: readonly Row[] = [['app', 'https://app.example.test:8443']]

/** Whose frames without an origin of their own may read. */
const FRAMES = ['null', 'data:'] as const

export const ORIGINS: readonly Scenario[] = [
  ...ALLOWED.map((row) => allowed(row)),
  ...ALLOWED_HTTP.map((row) => allowed(row, 'http')),
  ...ALLOWED_HTTPS.map((row) => allowed(row, 'https')),
  ...REFUSED.map((row) => refused(row)),
  ...REFUSED_HTTP.map((row) => refused(row, 'http')),
  ...REFUSED_HTTPS.map((row) => refused(row, 'https')),
  ...FRAMES.flatMap((from): readonly Scenario[] => [
    {
      title: `a page of ${from} may read where any origin may`,
      policy: 'any',
      from,
      steps: [{ path: 'origin', method: 'PUT', expected: reads('null', ['OPTIONS', 'PUT']) }],
    },
    {
      title: `a page of ${from} may read where 'null' is listed`,
      policy: 'null-origin',
      from,
      steps: [{ path: 'origin', method: 'PUT', expected: reads('null', ['OPTIONS', 'PUT']) }],
    },
    ...(['app', 'subdomains', 'expression', 'predicate', 'nobody'] as const).map(
      (policy): Scenario => ({
        title: `a page of ${from} may not read by ${policy}`,
        policy,
        from,
        steps: [
          { expected: blocked('allow-origin.missing', ['GET']) },
          { method: 'PUT', expected: blocked('allow-origin.missing', ['OPTIONS']) },
        ],
      }),
    ),
    {
      title: `a page of ${from} never reads with credentials`,
      policy: 'null-origin',
      from,
      steps: [{ credentials: 'include', expected: blocked('allow-credentials.missing', ['GET']) }],
    },
  ]),
  {
    title: "pages with an origin may not read where only 'null' is listed",
    policy: 'null-origin',
    steps: [{ expected: blocked('allow-origin.missing', ['GET']) }],
  },
  {
    title: "'reject' stops a POST from a refused origin before the handler",
    policy: 'reject',
    from: '//evil.example.test',
    steps: [{ method: 'POST', expected: blocked('allow-origin.missing', ['POST']) }],
  },
  ...['GET', 'POST', 'PUT'].map(
    (method): Scenario => ({
      title: `'reject' lets ${method} of the own page through`,
      policy: 'reject',
      from: '{self}',
      steps: [{ path: 'method', method, expected: readsOwn(method, [method]) }],
    }),
  ),
]

function allowed([policy, from]: Row, only?: 'http' | 'https'): Scenario {
  return {
    title: `${policy} allows ${from}`,
    policy,
    from,
    ...(only === undefined ? {} : { only }),
    steps: [
      { path: 'origin', expected: reads('{from}', ['GET']) },
      { path: 'method', method: 'PUT', expected: reads('PUT', ['OPTIONS', 'PUT']) },
    ],
  }
}

function refused([policy, from]: Row, only?: 'http' | 'https'): Scenario {
  return {
    title: `${policy} refuses ${from}`,
    policy,
    from,
    ...(only === undefined ? {} : { only }),
    steps: [
      { expected: blocked('allow-origin.missing', ['GET']) },
      { method: 'PUT', expected: blocked('allow-origin.missing', ['OPTIONS']) },
    ],
  }
}
