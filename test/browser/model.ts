/** The browser model, asked about the same servers over real sockets. */

import {
  createPreflightCache,
  type Field,
  type PageRequest,
  type ReceivedResponse,
  type SentRequest,
  simulate,
  type Verdict,
} from '../../src/browser/index.ts'
import type { Network } from './network.ts'
import { comparedNames } from './page.ts'
import type { Seen, Step } from './scenario.ts'

/** One browser, which remembers preflights. */
export interface Model {
  readonly fetch: (request: PageRequest, stored: Step['stored']) => Promise<Verdict>
}

/** A SameSite cookie: a frame without an origin is of no site. */
const SESSION: Field = ['cookie', 'session=1']

/** The model has no HTTP cache: what it keeps is played here, where a scenario says that it is asked. */
export function openModel(network: Network, browser: 'standard' | 'chromium'): Model {
  const cache = createPreflightCache()
  let last: ReceivedResponse | undefined
  const ask = async (
    sent: SentRequest,
    { from }: PageRequest,
    more: readonly Field[] = [],
  ): Promise<ReceivedResponse> => {
    const cookies = sent.credentials && from !== 'null' ? [SESSION] : []
    const { method, url, body } = sent
    const headers = [...sent.headers, ...cookies, ...more]
    const { status, rawHeaders, body: text } = await network.send(url, { method, headers, body })
    return { status, headers: rawHeaders, body: text }
  }
  const respond = async (
    sent: SentRequest,
    page: PageRequest,
    stored: Step['stored'],
  ): Promise<ReceivedResponse> => {
    if (stored !== undefined && last !== undefined) {
      return stored === 'fresh' ? last : revalidated(last, (more) => ask(sent, page, more))
    }
    const answer = await ask(sent, page)
    if (!sent.preflight) last = answer
    return answer
  }
  return {
    fetch: (request, stored) =>
      simulate(request, (sent: SentRequest) => respond(sent, request, stored), { browser, cache }),
  }
}

/** What a page sees of a response, by the model. */
export function seenBy({ type, status, body, headers }: Verdict): Seen {
  if (type !== 'basic' && type !== 'cors') return { type }
  return { type, status: status ?? 0, body: body ?? '', headers: comparedNames(headers) }
}

/** "Freshening stored responses" (RFC 9111, 4.3.4): each field of the 304 replaces the stored one. */
async function revalidated(
  stored: ReceivedResponse,
  ask: (more: readonly Field[]) => Promise<ReceivedResponse>,
): Promise<ReceivedResponse> {
  const tag = stored.headers.find(([name]) => name.toLowerCase() === 'etag')?.[1] ?? ''
  const answer = await ask([['if-none-match', tag]])
  if (answer.status !== 304) throw new Error(`the server answered with ${answer.status}, not 304`)
  const replaced = new Set(answer.headers.map(([name]) => name.toLowerCase()))
  const kept = stored.headers.filter(([name]) => !replaced.has(name.toLowerCase()))
  return { ...stored, headers: [...kept, ...answer.headers] }
}
