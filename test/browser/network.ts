/** The servers of a run, each by a host name, and what reached them. */

import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import {
  type ClientHttp2Session,
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2'
import type { Server } from 'node:net'
import {
  CERTIFICATE,
  close,
  type Fields,
  HOST,
  listen,
  openHttp2,
  sendHttp1,
  sendHttp2,
  type WireAnswer,
  type WireRequest,
} from '../adapters/wire.ts'
import { ADAPTERS, type Adapter } from './adapters.ts'
import { POLICIES } from './policies.ts'
import { createRawServer, RAW, type RawAnswers } from './raw.ts'

export interface Network {
  /** What Chromium's `--host-resolver-rules` has to say. */
  readonly rules: string
  /** What reached the servers of one run of a scenario, in order. */
  readonly sentIn: (run: string) => readonly Sent[]
  /** Sends to the server behind an absolute URL, as a client that knows nothing of CORS. */
  readonly send: (url: string, request: Omit<WireRequest, 'path'>) => Promise<WireAnswer>
  readonly close: () => Promise<void>
}

/** A request as far as it matters to CORS. */
export interface Sent {
  readonly method: string
  readonly origin: string | undefined
  readonly requestMethod: string | undefined
  readonly requestHeaders: string | undefined
  readonly cookies: boolean
}

interface Host {
  readonly protocol: Adapter['protocol']
  readonly port: number
}

/** Another name of the server without crossgate, which Chromium is told to take for secure. */
export const TRUSTED = 'trusted.example.test'

/** Where pages are, on every host that is no other server's. Nothing leaves this machine. */
const HTTP_PAGES = ['*:80', '*:8080', '*:5173']
const HTTPS_PAGES = ['*.test:443', '*.test.:443', '*:8443']

const PAGE =
  '<!doctype html><title>page</title><iframe sandbox="allow-scripts" src="/frame"></iframe>'
const FRAMES = '<iframe src="data:text/html,frame"></iframe>'

/** The host of a policy that an adapter serves. */
export function hostOf(policy: string, adapter: Pick<Adapter, 'name'>): string {
  return `${policy}.${adapter.name}.example.test`
}

type Start = (server: Server) => Promise<number>
type Hosts = ReadonlyMap<string, Host>
type PagePorts = Readonly<Record<'http' | 'https', number>>

/** Starts everything. */
export async function openNetwork(raw: RawAnswers): Promise<Network> {
  const log = new Map<string, readonly Sent[]>()
  const servers: Server[] = []
  const start: Start = (server) => {
    // Before the framework gets it.
    server.prependListener('request', (request: ServerRequest) => {
      const run = request.url?.split('/')[1] ?? ''
      log.set(run, [...(log.get(run) ?? []), sentBy(request)])
    })
    servers.push(server)
    return listen(server)
  }
  const hosts = await startHosts(start, raw)
  const pages = {
    http: await start(createHttpServer(answerPage)),
    https: await start(createSecureServer({ ...CERTIFICATE, allowHTTP1: true }, answerPage)),
  }
  const client = createClient(hosts, pages)
  return {
    rules: rulesFor(hosts, pages),
    sentIn: (run) => log.get(run) ?? [],
    send: client.send,
    close: async () => {
      await client.close()
      await Promise.all(servers.map(close))
    },
  }
}

/** A server for each policy on each adapter, and one for the lines of scenarios. */
async function startHosts(start: Start, answers: RawAnswers): Promise<Hosts> {
  const hosts = new Map<string, Host>()
  for (const adapter of ADAPTERS) {
    for (const [policy, options] of Object.entries(POLICIES)) {
      const port = await start(await adapter.create(options))
      hosts.set(hostOf(policy, adapter), { protocol: adapter.protocol, port })
    }
  }
  const port = await start(createRawServer(answers))
  const raw = { protocol: RAW.protocol, port }
  return hosts.set(hostOf(RAW.policy, RAW), raw).set(TRUSTED, raw)
}

/** The first rule that fits counts. */
function rulesFor(hosts: Hosts, pages: PagePorts): string {
  return [
    ...[...hosts].map(([host, { port }]) => `MAP ${host} ${HOST}:${port}`),
    ...HTTP_PAGES.map((pattern) => `MAP ${pattern} ${HOST}:${pages.http}`),
    ...HTTPS_PAGES.map((pattern) => `MAP ${pattern} ${HOST}:${pages.https}`),
    'MAP * ~NOTFOUND',
  ].join(',')
}

/** Sends to the hosts by their names, as Chromium does. */
function createClient(hosts: Hosts, pages: PagePorts): Pick<Network, 'send' | 'close'> {
  const sessions = new Map<number, Promise<ClientHttp2Session>>()
  const sessionTo = (port: number): Promise<ClientHttp2Session> => {
    const session = sessions.get(port) ?? openHttp2(port)
    sessions.set(port, session)
    return session
  }
  return {
    send: async (url, request) => {
      const { host, hostname, pathname, search, protocol } = new URL(url)
      const secure = protocol === 'https:'
      const known = hosts.get(hostname)
      const port = known?.port ?? pages[secure ? 'https' : 'http']
      const path = `${pathname}${search}`
      const withHost = (name: string): Fields => [[name, host], ...(request.headers ?? [])]
      return known?.protocol === 'http/2'
        ? sendHttp2(await sessionTo(port), { ...request, path, headers: withHost(':authority') })
        : sendHttp1(port, { ...request, path, headers: withHost('Host') }, secure)
    },
    close: async () => {
      for (const session of await Promise.all(sessions.values())) session.close()
    },
  }
}

type ServerRequest = IncomingMessage | Http2ServerRequest
type PageResponse = ServerResponse | Http2ServerResponse

function sentBy({ method = '', headers }: ServerRequest): Sent {
  const line = (name: string): string | undefined => headers[name]?.toString()
  return {
    method,
    origin: headers.origin,
    requestMethod: line('access-control-request-method'),
    requestHeaders: line('access-control-request-headers'),
    cookies: headers.cookie !== undefined,
  }
}

/** A page with a sandboxed frame, and below `/data` one with a frame that is a `data:` URL. */
function answerPage({ url }: ServerRequest, response: PageResponse): void {
  response.setHeader('Content-Type', 'text/html')
  const content = url === '/' ? PAGE : url === '/data' ? FRAMES : 'frame'
  ;(response as ServerResponse).end(content)
}
