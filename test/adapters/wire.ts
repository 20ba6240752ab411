/** Sends requests over real sockets, and hands back what came over the wire, duplicates included. */

import { readFileSync } from 'node:fs'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { type ClientHttp2Session, connect } from 'node:http2'
import { request as requestHttps } from 'node:https'
import { type AddressInfo, connect as connectTcp, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'

export const HOST = '127.0.0.1'

/** A key that everybody may know; see `certificate/README.md`. */
export const CERTIFICATE = {
  key: readFileSync(new URL('./certificate/localhost.key', import.meta.url)),
  cert: readFileSync(new URL('./certificate/localhost.crt', import.meta.url)),
}

export type Fields = readonly (readonly [name: string, value: string])[]

export interface WireRequest {
  /** @default 'GET' */
  readonly method?: string | undefined
  /** @default '/' */
  readonly path?: string | undefined
  /** In order, with duplicates. `Host` and the length of the body are added. */
  readonly headers?: Fields | undefined
  readonly body?: string | undefined
}

export interface WireAnswer {
  readonly status: number
  /** Every line, as it came, in order. */
  readonly rawHeaders: Fields
  readonly body: string
}

/** Longer than any look-up of the tests takes, so that a hang is an error with a name. */
const DEADLINE = 5_000

/** Listens on a free port of the loopback interface. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, HOST, () => resolve())
  })
  return (server.address() as AddressInfo).port
}

/** Stops a server, with what is still connected to it. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    if ('closeAllConnections' in server) (server.closeAllConnections as () => void)()
  })
}

const WITHOUT_BODY = new Set(['GET', 'HEAD', 'OPTIONS'])

/** One HTTP/1.1 request on a connection of its own. */
export function sendHttp1(
  port: number,
  { method = 'GET', path = '/', headers = [], body }: WireRequest,
  secure = false,
): Promise<WireAnswer> {
  const named = headers.some(([name]) => name.toLowerCase() === 'host')
  const content = body ?? (WITHOUT_BODY.has(method) ? undefined : '')
  const lines = [
    ...(named ? [] : [['Host', `${HOST}:${port}`] as const]),
    ...headers,
    ...(content === undefined
      ? []
      : [['Content-Length', String(Buffer.byteLength(content))] as const]),
  ]
  return new Promise((resolve, reject) => {
    const request = (secure ? requestHttps : requestHttp)({
      host: HOST,
      port,
      method,
      path,
      agent: false,
      rejectUnauthorized: false,
      // A flat list keeps duplicates apart.
      headers: lines.flat() as never,
      timeout: DEADLINE,
    })
    request.on('timeout', () => request.destroy(new Error(`no answer to ${method} ${path}`)))
    request.on('error', reject)
    request.on('response', (response) => read(response).then(resolve, reject))
    request.end(content)
  })
}

async function read(response: IncomingMessage): Promise<WireAnswer> {
  return {
    status: response.statusCode ?? 0,
    rawHeaders: pairs(response.rawHeaders),
    body: await text(response),
  }
}

/** One request in an HTTP/2 session. */
export function sendHttp2(
  session: ClientHttp2Session,
  { method = 'GET', path = '/', headers = [], body }: WireRequest,
): Promise<WireAnswer> {
  const fields: Record<string, string | string[]> = { ':method': method, ':path': path }
  for (const [name, value] of headers) {
    const known = fields[name]
    fields[name] = known === undefined ? value : [known, value].flat()
  }
  return new Promise((resolve, reject) => {
    const stream = session.request(fields)
    let answer: Omit<WireAnswer, 'body'> | undefined
    let received = ''
    stream.setTimeout(DEADLINE, () => stream.destroy(new Error(`no answer to ${method} ${path}`)))
    stream.setEncoding('utf8')
    stream.on('response', (response, _flags, ...rest) => {
      // The lines as they came are there, but not in the declared types.
      const [raw] = rest as unknown as [string[]]
      answer = {
        status: Number(response[':status']),
        rawHeaders: pairs(raw).filter(([name]) => !name.startsWith(':')),
      }
    })
    stream.on('data', (chunk: string) => {
      received += chunk
    })
    stream.on('error', reject)
    stream.on('close', () => {
      if (answer === undefined) reject(new Error(`${method} ${path} was closed without an answer`))
      else resolve({ ...answer, body: received })
    })
    stream.end(body)
  })
}

export async function openHttp2(port: number): Promise<ClientHttp2Session> {
  const session = connect(`https://${HOST}:${port}`, { rejectUnauthorized: false })
  await new Promise<void>((resolve, reject) => {
    session.once('connect', () => resolve())
    session.once('error', reject)
  })
  return session
}

/**
 * Writes bytes to a socket and hands back all that comes until the server closes: for what no client
 * library sends, and to see an answer that ends too early.
 */
export function sendBytes(port: number, bytes: string, secure = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const send = (): boolean => socket.write(bytes, 'latin1')
    const socket: Socket = secure
      ? connectTls({ port, host: HOST, rejectUnauthorized: false }, send)
      : connectTcp(port, HOST, send)
    let received = ''
    socket.setEncoding('latin1')
    socket.setTimeout(DEADLINE, () => socket.destroy(new Error('the server keeps silent')))
    socket.on('data', (chunk: string) => {
      received += chunk
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET') resolve(received)
      else reject(error)
    })
    socket.on('close', () => resolve(received))
  })
}

/** The head of an answer as text, as lines. */
export function parseHead(head: string): Fields {
  return head
    .split('\r\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).trim()]
    })
}

function pairs(flat: readonly string[]): [string, string][] {
  const found: [string, string][] = []
  for (let index = 0; index < flat.length; index += 2) {
    found.push([flat[index] ?? '', flat[index + 1] ?? ''])
  }
  return found
}
