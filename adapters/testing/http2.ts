/** Requests to HTTP/2 servers of the test, which may have a certificate of their own making. */

import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2'
import { buffer } from 'node:stream/consumers'
import { closedError } from './failure.ts'
import {
  fieldsOf,
  type IncomingResponse,
  type ListenAddress,
  type OutgoingRequest,
} from './wire.ts'

/** One request in a session of its own. */
export async function sendHttp2(
  outgoing: OutgoingRequest,
  signal: AbortSignal,
  { host, port }: ListenAddress,
): Promise<IncomingResponse> {
  const session = connect(outgoing.url.origin, { host, port, rejectUnauthorized: false })
  const abort = (): void => session.destroy(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await responseIn(session, outgoing)
  } finally {
    signal.removeEventListener('abort', abort)
    session.destroy()
  }
}

function responseIn(
  session: ClientHttp2Session,
  { method, url, headers, body, readsBody }: OutgoingRequest,
): Promise<IncomingResponse> {
  return new Promise((resolve, reject) => {
    session.on('error', reject)
    const stream = session.request({
      ':method': method,
      ':path': `${url.pathname}${url.search}`,
      ':scheme': url.protocol.slice(0, -1),
      ':authority': url.host,
      ...grouped(headers),
    })
    const closed = (): void => reject(closedError('the stream was closed without a response'))
    stream.on('error', reject)
    stream.on('close', closed)
    stream.on('response', (fields, _flags, ...rest) => {
      stream.off('close', closed)
      // The lines as they came are there, but not in the declared types.
      const [raw] = rest as unknown as [string[]]
      const lines = fieldsOf(raw).filter(([name]) => !name.startsWith(':'))
      const status = Number(fields[':status'])
      received(stream, readsBody).then(
        (bytes) => resolve({ status, statusText: '', headers: lines, bytes }),
        reject,
      )
    })
    stream.end(body)
  })
}

async function received(
  stream: ClientHttp2Stream,
  readsBody: boolean,
): Promise<Uint8Array | undefined> {
  if (!readsBody) return undefined
  const bytes = await buffer(stream)
  if (stream.rstCode !== 0) {
    throw closedError(`the stream was reset with code ${stream.rstCode}`)
  }
  return bytes
}

/** Equal names as lists of values. */
function grouped(headers: OutgoingRequest['headers']): Record<string, string[]> {
  const values = new Map<string, string[]>()
  for (const [name, value] of headers) values.set(name, [...(values.get(name) ?? []), value])
  return Object.fromEntries(values)
}
