/** What a browser concludes from an exchange: plain data. */

import type { Field, ReceivedResponse, SentRequest } from './exchange.ts'
import type { BrokenRule, HintCode, RuleCode } from './rules.ts'

/** A request as it went out, and what came back: nothing after a network error. */
export interface Exchange {
  readonly request: SentRequest
  readonly response: ReceivedResponse | undefined
}

/** What the page gets. */
export interface Verdict {
  /** Whether the page sees status and body. */
  readonly readable: boolean
  /** The type of the response (Fetch standard); `'error'` is a network error, a rejected `fetch()`. */
  readonly type: 'basic' | 'cors' | 'opaque' | 'opaqueredirect' | 'error'
  /** Where it was decided: before anything was sent, on a preflight, on a redirect, or on the response. */
  readonly step: 'request' | 'preflight' | 'redirect' | 'response'
  /** The rule that keeps the response from the page. */
  readonly rule: RuleCode | undefined
  /** For people: one line, bounded and escaped. */
  readonly message: string
  /** The field concerned, in lower case. */
  readonly header?: string
  /** What the field has to hold. */
  readonly expected?: string
  /** What it holds, as it came. */
  readonly actual?: string
  /** What probably went wrong, where it can be told. */
  readonly hint?: HintCode
  /** For people: what the server, or the page, has to do. */
  readonly fix?: string
  /** The status, as the page sees it. */
  readonly status?: number
  /** The fields that the page sees, by lower-case name. */
  readonly headers: readonly Field[]
  /** The body, as the page sees it. */
  readonly body?: string
  /** The URL of the response, behind all redirects, as the page sees it. */
  readonly url?: string
  /** Everything that went over the wire, in order. */
  readonly exchange: readonly Exchange[]
}

/** A verdict without what went over the wire. */
export type Conclusion = Omit<Verdict, 'exchange'>

/** A response, or a network error, of which the page sees nothing. */
export function hidden(
  type: 'error' | 'opaque' | 'opaqueredirect',
  step: Verdict['step'],
  broken: BrokenRule,
): Conclusion {
  return { readable: false, type, step, ...broken, headers: Object.freeze([]) }
}

/** A response that the page can read. */
export function readable(
  type: 'basic' | 'cors',
  url: string,
  { status, body }: ReceivedResponse,
  headers: readonly Field[],
): Conclusion {
  const message =
    type === 'basic'
      ? 'the page can read the response: it is of its own origin'
      : 'the page can read the response: it passed the CORS check'
  const shown = body === undefined ? {} : { body }
  const step = 'response'
  return { readable: true, type, step, rule: undefined, message, status, headers, ...shown, url }
}
