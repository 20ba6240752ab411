/** The parts of Node's requests and responses that adapters touch: HTTP/1, HTTP/2, test doubles. */

export type HeaderValue = number | string | readonly string[]

export interface NodeRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly socket?: unknown
}

export interface NodeResponse {
  statusCode: number
  readonly headersSent: boolean
  /** What is answered; Node's own responses have it. */
  readonly req?: NodeRequest | undefined
  readonly writableEnded?: boolean
  readonly destroyed?: boolean
  /** HTTP/2's, whose responses do not say that they are destroyed. */
  readonly stream?: NodeStream | undefined
  getHeader(name: string): HeaderValue | undefined
  getHeaderNames?(): string[]
  setHeader(name: string, value: HeaderValue): unknown
  removeHeader?(name: string): unknown
  end(): unknown
  end(body: string): unknown
}

/** A stream of HTTP/2. */
export interface NodeStream {
  readonly destroyed?: boolean
  readonly respond?: unknown
}

export type WriteHead = (this: unknown, ...parameters: unknown[]) => unknown

/** Whether nothing can be answered any more: somebody else has, or the client is gone. */
export function isOver(response: NodeResponse): boolean {
  return (
    response.headersSent ||
    response.writableEnded === true ||
    response.destroyed === true ||
    response.stream?.destroyed === true
  )
}
