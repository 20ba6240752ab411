/** The body of a page's request (Fetch standard, "extract a body"). */

import type { Field } from '../../src/browser/index.ts'
import { untilAborted } from './deadline.ts'
import { wrongValue } from './mistake.ts'
import type { PageBody } from './options.ts'

/** A body as it goes out. */
export interface ExtractedBody {
  readonly bytes: Uint8Array
  /** The `Content-Type` that it has of itself. */
  readonly type: string | undefined
  readonly isStream: boolean
}

/** @throws {TypeError} for what is no body. */
export async function extractBody(body: PageBody, signal: AbortSignal): Promise<ExtractedBody> {
  const extracted = responseOf(body)
  const bytes = new Uint8Array(await untilAborted(signal, extracted.arrayBuffer()))
  const type = extracted.headers.get('content-type') ?? undefined
  return { bytes, type, isStream: Symbol.asyncIterator in Object(body) }
}

/** The page's own `Content-Type` goes first. */
export function withContentType(
  headers: readonly Field[],
  type: string | undefined,
): readonly Field[] {
  const isNamed = headers.some(([name]) => name.toLowerCase() === 'content-type')
  return type === undefined || isNamed ? headers : [...headers, ['content-type', type]]
}

/** `Response` has the algorithm, but makes a string of what is no body. */
function responseOf(body: PageBody): Response {
  const fix = 'write a string (JSON.stringify makes one), bytes, a form, a blob or a stream'
  if (!isBody(body)) throw wrongValue("option 'body'", body, fix)
  try {
    return new Response(body)
  } catch {
    throw wrongValue("option 'body'", body, `it was read already; ${fix}`)
  }
}

function isBody(body: PageBody): boolean {
  const kind = Object.prototype.toString.call(body)
  const isPlain = kind === '[object Object]' || kind === '[object Array]'
  return typeof body === 'string' || (typeof body === 'object' && !isPlain)
}
