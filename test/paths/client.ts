/** Sends one request over a socket, and hands back all that came: hints, head, body, trailers, and how it ended. */

import { type Agent, type IncomingMessage, request as requestHttp } from 'node:http'
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2'
import { request as requestHttps } from 'node:https'
import { type Fields, HOST } from '../adapters/wire.ts'

export interface Asked {
  /** @default 'GET' */
  readonly method?: string
  /** @default '/' */
  readonly path?: string
  readonly headers?: Fields
  readonly body?: string
  /** Whether the body goes without its length. */
  readonly chunked?: boolean
}

/** What came. `status` is `undefined` where the connection ended without an answer. */
export interface Seen {
  readonly status: number | undefined
  /** The reason phrase; empty in HTTP/2. */
  readonly reason: string
  /** Every line of the head, as it came, in order. */
  readonly lines: Fields
  readonly body: string
  /** Whether the answer came to its end. */
  readonly complete: boolean
  /** Statuses before the answer, with their lines. */
  readonly informational: readonly { readonly status: number; readonly lines: Fields }[]
  readonly trailers: Fields
}

const NOTHING: Seen = {
  status: undefined,
  reason: '',
  lines: [],
  body: '',
  complete: false,
  informational: [],
  trailers: [],
}

/** Longer than any path takes, so that a hang is an error with a name. */
const DEADLINE = 5_000

interface Connection {
  readonly port: number
  readonly secure?: boolean
  /** @default a connection of its own */
  readonly agent?: Agent
}

export function askHttp1({ port, secure = false, agent }: Connection, asked: Asked): Promise<Seen> {
  const { method = 'GET', path = '/', headers = [], body, chunked = false } = asked
  const length = body === undefined || chunked ? [] : ['Content-Length', String(body.length)]
  const encoding = chunked ? ['Transfer-Encoding', 'chunked'] : []
  return new Promise((resolve, reject) => {
    const informational: { status: number; lines: Fields }[] = []
    const request = (secure ? requestHttps : requestHttp)({
      host: HOST,
      port,
      method,
      path,
      agent: agent ?? false,
      rejectUnauthorized: false,
      timeout: DEADLINE,
      // A flat list keeps duplicates apart.
      headers: ['Host', `${HOST}:${port}`, ...headers.flat(), ...length, ...encoding] as never,
    })
    request.on('timeout', () => request.destroy(new Error(`no answer to ${method} ${path}`)))
    request.on('information', ({ statusCode, rawHeaders }) =>
      informational.push({ status: statusCode, lines: pairs(rawHeaders) }),
    )
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET') resolve({ ...NOTHING, informational })
      else reject(error)
    })
    request.on('response', (response) => {
      readAll(response).then((seen) => resolve({ ...seen, informational }), reject)
    })
    request.end(body)
  })
}

function readAll(response: IncomingMessage): Promise<Omit<Seen, 'informational'>> {
  return new Promise((resolve) => {
    let body = ''
    response.setEncoding('latin1')
    response.on('data', (chunk: string) => {
      body += chunk
    })
    // An answer that breaks off is what some cells are about.
    response.on('error', () => {})
    response.on('close', () =>
      resolve({
        status: response.statusCode,
        reason: response.statusMessage ?? '',
        lines: pairs(response.rawHeaders),
        body,
        complete: response.complete,
        trailers: pairs(response.rawTrailers),
      }),
    )
  })
}

export function askHttp2(session: ClientHttp2Session, asked: Asked): Promise<Seen> {
  const { method = 'GET', path = '/', headers = [], body } = asked
  const fields: Record<string, string> = { ':method': method, ':path': path }
  for (const [name, value] of headers) fields[name] = value
  return new Promise((resolve) => {
    const stream = session.request(fields)
    const informational: { status: number; lines: Fields }[] = []
    let seen = NOTHING
    let ended = false
    stream.setTimeout(DEADLINE, () => stream.destroy(new Error(`no answer to ${method} ${path}`)))
    stream.setEncoding('latin1')
    stream.on('headers', (head, _flags, ...rest) => {
      informational.push({ status: statusOf(head), lines: linesOf(rest) })
    })
    stream.on('response', (head, _flags, ...rest) => {
      seen = { ...seen, status: statusOf(head), lines: linesOf(rest) }
    })
    stream.on('trailers', (_trailers, _flags, ...rest) => {
      seen = { ...seen, trailers: linesOf(rest) }
    })
    stream.on('data', (chunk: string) => {
      seen = { ...seen, body: seen.body + chunk }
    })
    stream.on('end', () => {
      ended = true
    })
    stream.on('error', () => {
      ended = false
    })
    stream.on('close', () => {
      const complete = seen.status !== undefined && ended && stream.rstCode === 0
      resolve({ ...seen, complete, informational })
    })
    stream.end(body)
  })
}

function statusOf(head: IncomingHttpHeaders & { ':status'?: number | undefined }): number {
  return Number(head[':status'])
}

/** The lines as they came are there, but not in the declared types. */
function linesOf([raw]: readonly unknown[]): Fields {
  return pairs(raw as string[]).filter(([name]) => !name.startsWith(':'))
}

export function openSession(port: number): Promise<ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    const session = connect(`https://${HOST}:${port}`, { rejectUnauthorized: false })
    session.once('connect', () => resolve(session))
    session.once('error', reject)
  })
}

function pairs(flat: readonly string[]): [string, string][] {
  const found: [string, string][] = []
  for (let index = 0; index < flat.length; index += 2) {
    found.push([flat[index] ?? '', flat[index + 1] ?? ''])
  }
  return found
}
