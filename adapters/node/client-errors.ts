/**
 * Node's replies to requests that it cannot read, written to the socket without a response object.
 *
 * With a listener for `clientError` Node leaves the reply to it. This one writes the same bytes as
 * Node, and the policy's fields besides.
 */

import type { EventEmitter } from 'node:events'
import { REQUEST_FIELDS } from '../../src/index.ts'
import { linesOf } from '../shared/fields.ts'
import { guardedDecision } from '../shared/guard.ts'
import type { Settled } from '../shared/record.ts'
import type { NodeRequest, NodeResponse } from '../shared/response.ts'

interface ClientError extends Error {
  readonly code?: string
  /** What the parser was given when it failed. */
  readonly rawPacket?: Uint8Array
}

interface ClientSocket {
  readonly writable: boolean
  write(text: string): unknown
  destroy(error: Error): unknown
  /** The response that is due on the connection. Node's own reply depends on it in the same way. */
  readonly _httpMessage?: (NodeResponse & { readonly _headerSent?: boolean }) | null
}

const EVENT = 'clientError'
const BAD_REQUEST = '400 Bad Request'

const REPLIES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** @param decide Decides about the response to a request, as far as it could be read. */
export function answerClientErrors(
  server: EventEmitter,
  decide: (request: NodeRequest) => Settled | undefined,
): void {
  const answer = (error: ClientError, socket: ClientSocket): void => {
    // Another listener answers, as it would without this one.
    if (server.listenerCount(EVENT) > 1) return
    const due = socket._httpMessage ?? undefined
    if (socket.writable && due?._headerSent !== true) {
      const reply = (error.code !== undefined && REPLIES[error.code]) || BAD_REQUEST
      const decision =
        due === undefined ? decide(requestOf(error))?.decision : guardedDecision(due, undefined)
      const fields = decision === undefined ? '' : linesOf(decision)
      socket.write(`HTTP/1.1 ${reply}\r\nConnection: close\r\n${fields}\r\n`)
    }
    socket.destroy(error)
  }
  // First, so that a listener for one error only is still there to be counted.
  server.prependListener(EVENT, answer)
}

function requestOf({ rawPacket }: ClientError): NodeRequest {
  return rawPacket === undefined ? NOTHING_READ : readHead(rawPacket)
}

const NOTHING_READ: NodeRequest = { method: '', headers: {} }

/** Twice of what Node reads of a head, unless told otherwise. */
const MOST_BYTES = 32_768

/** The method and the CORS fields of a request whose head starts with `packet`. */
function readHead(packet: Uint8Array): NodeRequest {
  const [requestLine = '', ...lines] = latin1(packet.subarray(0, MOST_BYTES)).split('\r\n')
  if (!requestLine.includes(' HTTP/1.')) return NOTHING_READ
  const headers: Record<string, string> = {}
  // What follows the last line break is a part of a line.
  for (const line of lines.slice(0, -1)) {
    if (line === '') break
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    if (!READ_NAMES.has(name)) continue
    const value = line.slice(colon + 1).trim()
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  return { method: requestLine.slice(0, requestLine.indexOf(' ')), headers }
}

const READ_NAMES: ReadonlySet<string> = new Set([
  REQUEST_FIELDS.origin,
  REQUEST_FIELDS.requestMethod,
])

/** A byte is a character, as in Node's own heads. */
function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes)
}
