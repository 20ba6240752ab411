/** What is done about a failure that no framework takes care of. */

import { storeWithoutHead } from './guard.ts'
import { isOver, type NodeResponse } from './response.ts'

const INTERNAL_SERVER_ERROR = 500

/** HTTP/2's INTERNAL_ERROR: a stream that is closed without an error passes for complete. */
const STREAM_ERROR = 2

interface Closable {
  destroy?(): unknown
  /** HTTP/2's; closing the connection would end other answers, too. */
  readonly stream?: { close?(code: number): unknown } | undefined
}

/**
 * Answers with an empty 500 where nobody else can. Cuts an answer that has begun short, since its
 * end would pass for the end of a complete one.
 */
export function endWithError(response: NodeResponse & Closable): void {
  if (response.headersSent) {
    if (response.writableEnded === true) return
    if (response.stream?.close === undefined) response.destroy?.()
    else response.stream.close(STREAM_ERROR)
  } else if (!isOver(response)) {
    response.statusCode = INTERNAL_SERVER_ERROR
    for (const name of response.getHeaderNames?.() ?? []) response.removeHeader?.(name)
    storeWithoutHead(response)
    response.end()
  }
}

export function printError(error: unknown): void {
  console.error(error)
}
