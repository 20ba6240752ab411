/**
 * The explicit shape of a result: the object whose `headers` the gateway reads. Only that shape can
 * take a field.
 */

import { type Dialect, isObject } from './events.ts'

/** A result that the gateway reads as a response. */
export interface Explicit {
  readonly statusCode?: unknown
  readonly headers?: unknown
  readonly multiValueHeaders?: unknown
  readonly [member: string]: unknown
}

const INFERRED_STATUS = 200
const INFERRED_TYPE = 'application/json'

/**
 * A result in its explicit shape, with nothing added to what is sent. With payload format 2.0 the
 * gateway takes any JSON without a `statusCode` for the body; this is the response that it makes of it.
 *
 * @returns `undefined` where the gateway refuses the result, and where it is a stream, which has no
 * fields.
 * @throws {TypeError} where JSON cannot hold it, so that Lambda could not send it either.
 */
export function explicitOf(result: unknown, dialect: Dialect): Explicit | undefined {
  if (isStream(result)) return undefined
  const sent = isConverted(result) ? result.toJSON() : result
  const response = isObject(sent) ? ownMembers(sent) : undefined
  if (response !== undefined && (dialect !== 'v2' || response.statusCode !== undefined)) {
    return isReadable(response) ? response : undefined
  }
  return dialect === 'v2' ? inferred(sent) : undefined
}

/** What is inherited is not sent: neither from a class nor from a polluted `Object.prototype`. */
function ownMembers(sent: object): Explicit {
  return Object.assign(Object.create(null), sent)
}

function isReadable({ headers, multiValueHeaders }: Explicit): boolean {
  return [headers, multiValueHeaders].every(
    (container) => container === undefined || container === null || isObject(container),
  )
}

function inferred(sent: unknown): Explicit {
  return {
    statusCode: INFERRED_STATUS,
    headers: { 'content-type': INFERRED_TYPE },
    // A string is the body as it is. A handler that returns nothing answers with null.
    body: typeof sent === 'string' ? sent : (JSON.stringify(sent) ?? 'null'),
  }
}

/** Results are sent as JSON, in which some objects have a form of their own. */
function isConverted(result: unknown): result is { toJSON(): unknown } {
  return isObject(result) && typeof (result as { toJSON?: unknown }).toJSON === 'function'
}

/** Of Node, or of the web: what middy writes to a response that is streamed. */
function isStream(result: unknown): boolean {
  if (!isObject(result)) return false
  const { pipe, getReader } = result as { pipe?: unknown; getReader?: unknown }
  return typeof pipe === 'function' || typeof getReader === 'function'
}
