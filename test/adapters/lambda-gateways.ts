/**
 * What the gateways make of the result of a function, as AWS documents it, and as it was observed by
 * others where that says nothing.
 *
 * Lines that a gateway adds to every response alike are left out: its request id, the date, and the
 * type that it assumes for an explicit response without one.
 */

import type { Dialect } from './lambda-events.ts'
import type { Fields, WireAnswer } from './wire.ts'

interface Response {
  readonly statusCode?: number
  readonly statusDescription?: string
  readonly headers?: Record<string, unknown> | null
  readonly multiValueHeaders?: Record<string, unknown[]> | null
  readonly cookies?: string[]
  readonly body?: string | null
  readonly isBase64Encoded?: boolean
}

/** The members that each takes. REST APIs refuse others, and load balancers want theirs described. */
const MEMBERS = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded']
const BAD_GATEWAY = { status: 502, rawHeaders: [], body: '{"message": "Internal server error"}' }
const WITHOUT_BODY = [204, 304]

/** @param returned What the function returned, before Lambda makes JSON of it. */
export function answerOf(returned: unknown, dialect: Dialect, method = 'GET'): WireAnswer {
  const result: unknown = JSON.parse(JSON.stringify(returned ?? null))
  const response = dialect === 'v2' ? responseOf(result) : result
  if (!isResponse(response) || !isTaken(response, dialect)) return BAD_GATEWAY
  const { statusCode: status = 200, body, isBase64Encoded } = response
  const content = isBase64Encoded === true ? Buffer.from(String(body), 'base64') : (body ?? '')
  const hasBody = !WITHOUT_BODY.includes(status)
  const length: Fields = hasBody ? [['content-length', String(Buffer.byteLength(content))]] : []
  // The length is the gateway's to count.
  const lines = linesOf(response, dialect).filter(([name]) => !/^content-length$/i.test(name))
  return {
    status,
    rawHeaders: [...lines, ...length],
    body: hasBody && method !== 'HEAD' ? content.toString() : '',
  }
}

/** The response that payload format 2.0 infers. */
function responseOf(result: unknown): unknown {
  if (isResponse(result) && 'statusCode' in result) return result
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: typeof result === 'string' ? result : JSON.stringify(result),
  }
}

function isResponse(result: unknown): result is Response {
  return typeof result === 'object' && result !== null && !Array.isArray(result)
}

function isTaken(response: Response, dialect: Dialect): boolean {
  const { statusCode, statusDescription } = response
  if (statusCode !== undefined && !Number.isInteger(statusCode)) return false
  if (dialect === 'v1') return Object.keys(response).every((member) => MEMBERS.includes(member))
  if (dialect === 'v2' || statusDescription === undefined) return true
  return new RegExp(`^${statusCode} [A-Z][A-Za-z -]+$`).test(statusDescription)
}

function linesOf(response: Response, dialect: Dialect): Fields {
  const { headers, multiValueHeaders, cookies = [] } = response
  const single = Object.entries(headers ?? {}).map(
    ([name, value]) => [name, String(value)] as const,
  )
  const multi = Object.entries(multiValueHeaders ?? {}).flatMap(([name, values]) =>
    values.map((value) => [name, String(value)] as const),
  )
  if (dialect === 'alb') return single
  if (dialect === 'alb-multi') return multi
  if (dialect === 'v2')
    return [...single, ...cookies.map((cookie) => ['set-cookie', cookie] as const)]
  // One list; a pair that is in both is in it once.
  const isNew = ([name, value]: readonly [string, string]): boolean =>
    !multi.some(([other, listed]) => other === name && listed === value)
  return [...multi, ...single.filter(isNew)]
}
