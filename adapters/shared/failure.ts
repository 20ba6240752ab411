/** What is done about a failure that no framework takes care of. */

import { storeAtOnce } from './guard.ts'
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
 * end would pass for the end of a complete one. Never throws.
 */
export function endWithError(response: NodeResponse & Closable): void {
  try {
    if (!response.headersSent) endEmpty(response)
    else if (response.writableEnded !== true) breakOff(response)
  } catch {
    // A layer outside fails in turn.
    breakOff(response)
  }
}

function endEmpty(response: NodeResponse & Closable): void {
  if (isOver(response)) return
  response.statusCode = INTERNAL_SERVER_ERROR
  for (const name of response.getHeaderNames?.() ?? []) response.removeHeader?.(name)
  storeAtOnce(response)
  response.end()
}

function breakOff(response: NodeResponse & Closable): void {
  if (response.stream?.close === undefined) response.destroy?.()
  else response.stream.close(STREAM_ERROR)
}

export function printError(error: unknown): void {
  console.error(error)
}
