/** What can be asked, told apart, and made ready to answer. */

import { Server as HttpServer } from 'node:http'
import { Server as HttpsServer } from 'node:https'
import type { Server } from 'node:net'
import { Server as TlsServer } from 'node:tls'
import { untilAborted } from './deadline.ts'
import { askHandler, type FetchHandler } from './fetch-handler.ts'
import { sendHttp2 } from './http2.ts'
import { listenerServer, type RequestListener } from './listener.ts'
import { listening } from './listening.ts'
import { mistake, wrongValue } from './mistake.ts'
import { sendHttp1, type Transport } from './wire.ts'

/** An application of Koa, by what is used of it. */
export interface KoaApplication {
  callback(): RequestListener
}

/** An instance of Fastify, by what is used of it. */
export interface FastifyApplication {
  readonly server: Server
  inject: unknown
  ready(): PromiseLike<unknown>
}

/** An application for the Fetch API, such as Hono's. */
export interface FetchApplication {
  fetch(request: Request): Response | Promise<Response>
}

/**
 * What a page can ask: a URL; a server of `node:http`, `node:https` or `node:http2`; a request
 * listener or an application of Express; an application of Koa, Fastify or the Fetch API; a Fetch
 * handler, which is a function of one parameter.
 *
 * What does not listen is asked as `http://target.test` (or `https://target.test`), on a free port
 * of the loopback interface that is closed afterwards. A server is not made to listen for it.
 */
export type BrowserTarget =
  | string
  | URL
  | Server
  | RequestListener
  | KoaApplication
  | FastifyApplication
  | FetchHandler
  | FetchApplication

/** A target that answers now. */
export interface OpenTarget {
  /** The URL that the page asks for. */
  readonly url: URL
  /** Whether it runs in this process, so that its scheme says nothing of how pages reach it. */
  readonly isMounted: boolean
  /** Answers requests to the URL's origin. */
  readonly ask: Transport
  readonly close: () => Promise<void>
}

/** One name, so that messages are stable; a reserved one (RFC 6761), so that no page has it. */
const HOST_NAME = 'target.test'

const TARGETS =
  'give a URL, a Node server or listener, an application of Express, Fastify or Koa, or a Fetch handler'

/** @throws {TypeError} for what is no target. */
export async function openTarget(
  target: BrowserTarget,
  path: string | undefined,
  signal: AbortSignal,
): Promise<OpenTarget> {
  if (typeof target === 'string' || isUrl(target)) return openUrl(target, path)
  const at = path ?? '/'
  if (typeof target === 'function') return openFunction(target, at)
  if (typeof target === 'object' && target !== null) {
    if (isFastify(target)) {
      await untilAborted(signal, target.ready())
      return openServer(target.server, at)
    }
    if ('callback' in target) return openListener(target.callback(), at)
    if ('address' in target) return openServer(target, at)
    if ('fetch' in target) return openHandler((request) => target.fetch(request), at)
  }
  throw wrongValue('the target', target, TARGETS)
}

function openUrl(target: string | URL, path: string | undefined): OpenTarget {
  if (path !== undefined) {
    throw wrongValue("option 'path'", path, 'write the path into the URL that is the target')
  }
  if (!URL.canParse(String(target))) {
    const fix = "write an absolute URL, as 'http://127.0.0.1:3000/items'"
    throw wrongValue('the target', target, fix)
  }
  return { url: new URL(target), isMounted: false, ask: sendHttp1, close: async () => {} }
}

function openFunction(
  target: RequestListener | FetchHandler,
  path: string,
): OpenTarget | Promise<OpenTarget> {
  if (target.length >= 2) return openListener(target as RequestListener, path)
  if (target.length === 1) return openHandler(target as FetchHandler, path)
  throw mistake(
    'the target is a function that names no parameters: a Fetch handler, or a Node listener? ' +
      'wrap it as { fetch: handler }, or as createServer(listener)',
  )
}

function openHandler(handler: FetchHandler, path: string): OpenTarget {
  const url = new URL(path, `http://${HOST_NAME}`)
  return { url, isMounted: true, ask: askHandler(handler), close: async () => {} }
}

async function openListener(listener: RequestListener, path: string): Promise<OpenTarget> {
  const { server, failure } = listenerServer(listener)
  const opened = await openServer(server, path)
  const ask: Transport = async (request, ending) => {
    try {
      return await opened.ask(request, ending)
    } catch (error) {
      throw failure() ?? error
    }
  }
  return { ...opened, ask }
}

async function openServer(server: Server, path: string): Promise<OpenTarget> {
  const { address, isTemporary, release } = await listening(server)
  const scheme = server instanceof TlsServer ? 'https' : 'http'
  const { host, port } = address
  const authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  const isHttp1 = server instanceof HttpServer || server instanceof HttpsServer
  const send = isHttp1 ? sendHttp1 : sendHttp2
  return {
    url: new URL(path, `${scheme}://${isTemporary ? HOST_NAME : authority}`),
    isMounted: true,
    ask: (request, ending) => send(request, ending, address),
    close: release,
  }
}

function isUrl(target: BrowserTarget): target is URL {
  return typeof (target as Partial<URL> | null)?.href === 'string'
}

function isFastify(target: object): target is FastifyApplication {
  return 'inject' in target && 'ready' in target && 'server' in target
}
