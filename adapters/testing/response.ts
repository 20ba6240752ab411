/** What a page's `fetch()` resolves with (Fetch standard, "filtered response"). */

import type { Observation } from './observation.ts'

/** "Null body status". */
const NULL_BODY_STATUSES: ReadonlySet<number> = new Set([101, 103, 204, 205, 304])

/** The statuses that the constructor takes; servers may send others. */
const MIN_STATUS = 200
const MAX_STATUS = 599

/** What the constructor of `Response` cannot be told. */
type Facts = Readonly<Pick<Response, 'type' | 'url' | 'redirected' | 'status' | 'ok'>>

/** The response of an observation whose verdict is no network error. */
export function pageResponse({ verdict, received }: Observation): Response {
  const { readable, type, status = 0, headers, exchange } = verdict
  const sent = exchange.filter(({ request }) => !request.preflight)
  const body = readable && !NULL_BODY_STATUSES.has(status) ? received?.bytes : undefined
  const response = new Response(body ?? null, {
    status: status >= MIN_STATUS && status <= MAX_STATUS ? status : MIN_STATUS,
    statusText: readable ? reasonPhrase(received?.statusText ?? '') : '',
    headers: headers.map(([name, value]): [string, string] => [name, value]),
  })
  return withFacts(response, {
    type: type as Response['type'],
    // An opaque response tells nothing, where it led to included.
    url: type === 'opaque' ? '' : (sent.at(-1)?.request.url ?? ''),
    redirected: readable && sent.length > 1,
    status,
    ok: status >= 200 && status <= 299,
  })
}

/** Servers may send what the constructor refuses. */
function reasonPhrase(text: string): string {
  return text.replace(/[^\t -~\u0080-\u00ff]/g, '')
}

function withFacts(response: Response, facts: Facts): Response {
  const copy = response.clone.bind(response)
  const values = { ...facts, clone: () => withFacts(copy(), facts) }
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(response, name, { value, configurable: true })
  }
  return response
}
