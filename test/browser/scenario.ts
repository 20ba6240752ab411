/** What a page asks for, and what has to come of it: plain data. */

import type { Field, PageRequest, RuleCode } from '../../src/browser/index.ts'
import type { PolicyName } from './policies.ts'

/** The page of scenarios that do not name another. */
export const APP = '//app.example.test'

/** Who answers: an adapter with a policy of crossgate, or lines without crossgate. */
export type Server = { readonly policy: PolicyName } | { readonly raw: Raw }

export type Scenario = Server & {
  readonly title: string
  /**
   * The page's origin; without a scheme it has that of the server. `'{self}'` is the server's own,
   * `'null'` a sandboxed frame, `'data:'` a frame that is a `data:` URL.
   *
   * @default APP
   */
  readonly from?: string
  /** @default by both schemes, and all versions of HTTP */
  readonly only?: 'http' | 'https' | 'http/2'
  /** In order, in one browser. */
  readonly steps: readonly Step[]
}

/** One `fetch()`, and what comes of it. */
export interface Step extends Omit<PageRequest, 'from' | 'url'> {
  /** The page, where it is not that of the scenario. */
  readonly from?: string
  /**
   * Which answer of the application. Elsewhere: `{self}`, or the name of another policy in braces;
   * `{page}` is a server of pages that knows nothing of CORS.
   *
   * @default 'ok'
   */
  readonly path?: string
  /** Under which origin a server is asked, where it is not its own. */
  readonly at?: string
  readonly expected: Expected
  /**
   * Whether the browser answers from its HTTP cache, by what the step before got: unasked, or after
   * the server said that nothing changed.
   *
   * @default not from its cache
   */
  readonly stored?: 'fresh' | 'revalidated'
}

/** What the page sees, and what went over the wire. */
export type Expected = Seen & {
  /** The methods of the requests that reached a server, in order. */
  readonly wire: readonly string[]
  /** The rule by which the page sees nothing. */
  readonly rule?: RuleCode
}

/** What a page sees of a response. */
export type Seen =
  | {
      readonly type: 'basic' | 'cors'
      readonly status: number
      readonly body: string
      /** The names that it sees among those of {@link TEST_FIELDS}, sorted. */
      readonly headers: readonly string[]
    }
  | { readonly type: 'opaque' | 'opaqueredirect' | 'error' }

/** The response fields that are compared. Servers and frameworks add others of their own. */
export const TEST_FIELDS: ReadonlySet<string> = new Set([
  '*',
  'content-language',
  'expires',
  'last-modified',
  'pragma',
  'server-timing',
  'set-cookie',
  'x-one',
  'x-total',
  'x-two',
])

/** Lines of a server without crossgate. `{origin}` stands for the Origin of the request. */
export interface Lines {
  /** @default 200 */
  readonly status?: number
  readonly lines?: readonly Field[]
  /** @default 'raw' */
  readonly body?: string
}

/** What a server without crossgate answers. */
export interface Raw {
  /** To OPTIONS. @default as to others */
  readonly preflight?: Lines
  /** To everything else. */
  readonly response: Lines
  /** To everything on the path `target`, where redirects lead. @default as `response` */
  readonly target?: Lines
}

/** The page reads the response of another origin. */
export function reads(
  body: string,
  wire: readonly string[],
  headers: readonly string[] = [],
  status = 200,
): Expected {
  return { type: 'cors', status, body, headers, wire }
}

/** The page reads the response of its own origin. */
export function readsOwn(
  body: string,
  wire: readonly string[],
  headers: readonly string[] = [],
  status = 200,
): Expected {
  return { type: 'basic', status, body, headers, wire }
}

/** The page sees a network error. */
export function blocked(rule: RuleCode, wire: readonly string[]): Expected {
  return { type: 'error', wire, rule }
}

/** The page sees that there was a response, and nothing of it. */
export function hides(
  type: 'opaque' | 'opaqueredirect',
  rule: RuleCode,
  wire: readonly string[],
): Expected {
  return { type, wire, rule }
}
