/** What a page asks for, what goes over the wire, and what the page gets to see: plain data. */

/** A header field. Lists of fields keep their order and their duplicates. */
export type Field = readonly [name: string, value: string]

/** A request as a page makes it with `fetch()`. */
export interface PageRequest {
  /** The origin of the page, as a browser serializes it; `'null'` for a sandboxed frame. */
  readonly from: string
  /** Absolute. */
  readonly url: string
  /** @default 'GET' */
  readonly method?: string | undefined
  /** The headers that the page sets. @default none */
  readonly headers?: readonly Field[] | undefined
  /** @default 'same-origin' */
  readonly credentials?: 'omit' | 'same-origin' | 'include' | undefined
  /** @default 'cors' */
  readonly mode?: 'cors' | 'no-cors' | 'same-origin' | undefined
  /** @default 'follow' */
  readonly redirect?: 'follow' | 'error' | 'manual' | undefined
  /** The body; its length does not matter to CORS, its `Content-Type` is a header like others. */
  readonly body?: string | undefined
  /**
   * Whether the body is a stream (`duplex: 'half'`), whatever `body` says: it is preflighted, and
   * not sent again behind a redirect. Chromium sends streams by HTTP/2 and HTTP/3 only.
   *
   * @default false
   */
  readonly streamBody?: boolean | undefined
  /**
   * The "use-CORS-preflight flag": set by an upload listener of XMLHttpRequest, and by a body that
   * is a stream.
   *
   * @default streamBody
   */
  readonly alwaysPreflight?: boolean | undefined
  /**
   * Origins of `http:` that this browser takes for secure, as by Chromium's
   * `--unsafely-treat-insecure-origin-as-secure`: to them there is no mixed content. Those on the
   * loopback interface need not be named.
   *
   * @default none
   */
  readonly trustworthy?: readonly string[] | undefined
}

/** A request as it leaves the browser. */
export interface SentRequest {
  /** Whether it is the CORS-preflight request. */
  readonly preflight: boolean
  readonly method: string
  readonly url: string
  /** The fields that matter to CORS, and the page's own, by lower-case name. */
  readonly headers: readonly Field[]
  /** Whether cookies and other credentials go with it. */
  readonly credentials: boolean
  readonly body?: string | undefined
}

/** A response as it reaches the browser. */
export interface ReceivedResponse {
  readonly status: number
  /** Every line, as it came. */
  readonly headers: readonly Field[]
  readonly body?: string | undefined
}
