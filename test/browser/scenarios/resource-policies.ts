/** Cross-Origin-Resource-Policy, which is for requests without CORS. */

import { blocked, hides, reads, type Scenario } from '../scenario.ts'

const OPAQUE = hides('opaque', 'mode.no-cors-opaque', ['GET'])
const KEPT_OUT = blocked('resource-policy', ['GET'])
const OTHER_SITE = 'http://app.other.test'

const policies = (...values: readonly string[]) =>
  values.map((value) => ['Cross-Origin-Resource-Policy', value] as const)

const row = (
  title: string,
  values: readonly string[],
  expected: typeof OPAQUE,
  from?: string,
): Scenario => ({
  title: `Cross-Origin-Resource-Policy: ${title}`,
  raw: { response: { lines: policies(...values) } },
  ...(from === undefined ? {} : { from }),
  steps: [{ mode: 'no-cors', expected }],
})

export const RESOURCE_POLICIES: readonly Scenario[] = [
  row('cross-origin is for all', ['cross-origin'], OPAQUE, OTHER_SITE),
  row('same-origin keeps a page of the same site out', ['same-origin'], KEPT_OUT),
  row('same-origin keeps a page of another site out', ['same-origin'], KEPT_OUT, OTHER_SITE),
  row('same-origin keeps a sandboxed page out', ['same-origin'], KEPT_OUT, 'null'),
  row('same-site is for pages of the same site', ['same-site'], OPAQUE),
  row('same-site keeps a page of another site out', ['same-site'], KEPT_OUT, OTHER_SITE),
  row('same-site keeps a sandboxed page out', ['same-site'], KEPT_OUT, 'null'),
  row('Same-Origin is no policy', ['Same-Origin'], OPAQUE, OTHER_SITE),
  row('a list is no policy', ['same-origin, same-site'], OPAQUE, OTHER_SITE),
  row('two lines are no policy', ['same-origin', 'same-origin'], OPAQUE, OTHER_SITE),
  {
    title: 'Cross-Origin-Resource-Policy: same-origin says nothing to a request with CORS',
    raw: {
      response: { lines: [...policies('same-origin'), ['Access-Control-Allow-Origin', '*']] },
    },
    steps: [{ expected: reads('raw', ['GET']) }],
  },
  {
    title: 'Cross-Origin-Resource-Policy: same-origin on a redirect keeps the page out',
    raw: {
      response: { status: 302, lines: [...policies('same-origin'), ['Location', '{self}/target']] },
      target: {},
    },
    steps: [{ mode: 'no-cors', expected: KEPT_OUT }],
  },
]
