/** What answers a `Request` with a `Response`, without a socket and on Node. */

import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import { Duplex, Readable } from 'node:stream'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { PolicySource } from 'crossgate'
import { type FetchRequest, withCors } from 'crossgate/fetch'
import { type HonoContext, cors as honoCors } from 'crossgate/hono'
import { type Context, Hono } from 'hono'
import {
  type Answer,
  type Harness,
  observed,
  type Reply,
  type Route,
  type Runs,
  type Service,
  type Source,
} from './harness.ts'
import {
  close,
  HOST,
  listen,
  parseHead,
  sendHttp1,
  type WireAnswer,
  type WireRequest,
} from './wire.ts'

/** A handler of the Fetch API. Taken before `@hono/node-server` puts its own classes in their place. */
export type FetchHandler = (request: Request) => Response | Promise<Response>

const ORIGIN = 'http://fetch.test'

/** Runs `handler` as platforms without sockets do, and tests. */
export const fetchDirect: Harness = {
  ...fetchHarness('fetch direct'),
  serve: async (source, app) => {
    const runs: Runs = { count: 0 }
    const errors: string[] = []
    const handler = fetchHandler(source, app, runs, errors)
    return directly((request) => handler(request), runs, errors)
  },
}

export const fetchOnNode: Harness = {
  ...fetchHarness('fetch on a socket'),
  serve: async (source, app) => {
    const runs: Runs = { count: 0 }
    const errors: string[] = []
    const handler = fetchHandler(source, app, runs, errors)
    return onSocket(bridge(handler), runs, errors)
  },
}

function fetchHarness(name: string): Omit<Harness, 'serve'> {
  return {
    name,
    protocol: 'http/1',
    parsesBodies: false,
    takesLists: true,
    joinsLines: true,
    answersErrors: false,
    isOwnSubject: (subject) => subject instanceof Request,
  }
}

function fetchHandler(
  source: Source | undefined,
  app: readonly Route[],
  runs: Runs,
  errors: string[],
): FetchHandler {
  const handler = async ({ method, url }: Request): Promise<Response> => {
    const route = routeFor(app, method, new URL(url).pathname)
    if (route === undefined) return new Response('not found', { status: 404 })
    runs.count += 1
    return answered(route)
  }
  if (source === undefined) return handler
  const read = readable<Request>(source, ({ headers }) => headers)
  return withCors(read, handler, {
    onError: (error) => {
      errors.push(messageOf(error))
    },
  })
}

/** Hono's own way to be tested, which is how it runs on platforms that are not Node. */
export const honoDirect: Harness = {
  ...honoHarness('hono direct'),
  serve: async (source, app) => {
    const runs: Runs = { count: 0 }
    const errors: string[] = []
    const server = honoApp(source, app, runs, errors)
    return directly((request) => server.request(request), runs, errors)
  },
}

export const honoOnNode: Harness = {
  ...honoHarness('hono on node-server'),
  serve: async (source, app) => {
    const runs: Runs = { count: 0 }
    const errors: string[] = []
    const server = honoApp(source, app, runs, errors)
    return onSocket(getRequestListener(server.fetch), runs, errors)
  },
}

function honoHarness(name: string): Omit<Harness, 'serve'> {
  return {
    name,
    protocol: 'http/1',
    parsesBodies: false,
    takesLists: true,
    joinsLines: true,
    answersErrors: true,
    isOwnSubject: (subject) => {
      const { req, newResponse } = subject as Partial<Context>
      return req !== undefined && newResponse !== undefined
    },
  }
}

function honoApp(
  source: Source | undefined,
  app: readonly Route[],
  runs: Runs,
  errors: string[],
): Hono {
  const server = new Hono()
  if (source !== undefined) {
    server.use(
      honoCors(readable<HonoContext>(source, ({ req }) => new Headers(req.raw.headers as Headers))),
    )
  }
  server.onError((error, context) => {
    errors.push(error.message)
    return context.text('Internal Server Error', 500)
  })
  for (const route of app) {
    server.on(route.method, route.path, (context) => {
      runs.count += 1
      return honoAnswer(context, route)
    })
  }
  return server
}

function honoAnswer(context: Context, route: Route): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { outgoing } = (context.env ?? {}) as Partial<HttpBindings>
    const reply: Reply = {
      set: (name, value) => {
        context.header(name, undefined)
        for (const line of [value].flat()) context.header(name, line, { append: true })
      },
      send: (status, body) => {
        resolve(status === 304 ? context.body(null, status) : context.text(body, status as 200))
      },
      redirect: (location) => resolve(context.redirect(location)),
      stream: (body) => resolve(context.body(streamOf(body))),
      raw: () => {
        if (outgoing === undefined) return recorded(resolve)
        outgoing.once('finish', () => resolve(RESPONSE_ALREADY_SENT))
        return outgoing as ServerResponse
      },
    }
    run(route, reply, reject)
  })
}

/** A response, by the means of the Fetch API. */
function answered(route: Route): Promise<Response> {
  return new Promise((resolve, reject) => {
    const headers = new Headers()
    const reply: Reply = {
      set: (name, value) => {
        headers.delete(name)
        for (const line of [value].flat()) headers.append(name, line)
      },
      send: (status, body) =>
        resolve(new Response(status === 304 ? null : body, { status, headers })),
      redirect: (location) => {
        headers.set('location', location)
        resolve(new Response(null, { status: 302, headers }))
      },
      stream: (body) => resolve(new Response(streamOf(body), { headers })),
      raw: () => recorded(resolve),
    }
    run(route, reply, reject)
  })
}

function run(route: Route, reply: Reply, reject: (error: unknown) => void): void {
  Promise.resolve()
    .then(() => route.run(reply))
    .catch(reject)
}

/** The chunks of a `Response` are bytes. */
function streamOf(body: Readable): ReadableStream {
  return Readable.toWeb(body.map((chunk) => Buffer.from(chunk))) as ReadableStream
}

/** Node's response without a server, for applications of Node that run where only `Response`s are. */
function recorded(resolve: (response: Response) => void): ServerResponse {
  const chunks: Buffer[] = []
  const socket = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(Buffer.from(chunk))
      done()
    },
  })
  const request = new IncomingMessage(socket as never)
  request.httpVersionMajor = 1
  request.httpVersionMinor = 1
  const response = new ServerResponse(request)
  // What concerns a connection is no part of a `Response`.
  response.sendDate = false
  response.useChunkedEncodingByDefault = false
  response.assignSocket(socket as never)
  response.on('finish', () => {
    const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n')
    const lines = parseHead(head).filter(([name]) => !/^(connection|keep-alive)$/i.test(name))
    const headers = new Headers(lines.map(([name, value]): [string, string] => [name, value]))
    resolve(new Response(body, { status: response.statusCode, headers }))
  })
  return response
}

/**
 * The look-ups of the tests read a record of fields. What they get is the framework's request, with
 * such a record laid over it.
 */
function readable<Subject extends FetchRequest | HonoContext>(
  source: Source,
  headersOf: (subject: Subject) => Headers,
): PolicySource<Subject> {
  const asked = 'delegator' in source ? source.delegator : source
  if (typeof asked !== 'function') return source as PolicySource<Subject>
  const read = (subject: Subject): never => {
    const headers = Object.fromEntries(headersOf(subject))
    return new Proxy(subject, {
      get: (target, name) => (name === 'headers' ? headers : Reflect.get(target, name, target)),
    }) as never
  }
  // What calls back is told by its parameters.
  const delegator =
    asked.length < 2
      ? (subject: Subject) => (asked as (subject: never) => never)(read(subject))
      : (subject: Subject, callback: never) => asked(read(subject), callback)
  return (typeof source === 'function' ? delegator : { ...source, delegator }) as never
}

function routeFor(app: readonly Route[], method: string, path: string): Route | undefined {
  const asked = method === 'HEAD' ? 'GET' : method
  return app.find((route) => route.method === asked && route.path === path)
}

function directly(handler: FetchHandler, runs: Runs, errors: string[]): Service {
  return {
    origin: ORIGIN,
    errors,
    send: (request): Promise<Answer> => observed(runs, () => sendDirectly(handler, request)),
    close: async () => {},
  }
}

/** Asks a handler without a socket. */
export async function sendDirectly(
  handler: FetchHandler,
  { method = 'GET', path = '/', headers = [], body }: WireRequest,
): Promise<WireAnswer> {
  const request = new Request(`${ORIGIN}${path}`, {
    method,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
    ...(body === undefined ? {} : { body }),
  })
  const response = await handler(request)
  return {
    status: response.status,
    rawHeaders: [...response.headers],
    body: method === 'HEAD' ? '' : await response.text(),
  }
}

/** A server of the Fetch API on Node, without anything clever. */
export function bridge(handler: FetchHandler) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    try {
      const { status, headers, body } = await handler(requestOf(incoming))
      outgoing.writeHead(status, [...headers].flat())
      const chunks = incoming.method === 'HEAD' ? [] : (body ?? [])
      for await (const chunk of chunks) outgoing.write(chunk)
      outgoing.end()
    } catch {
      // As platforms do, without any headers.
      if (outgoing.headersSent) outgoing.destroy()
      else outgoing.writeHead(500).end()
    }
  }
}

function requestOf(incoming: IncomingMessage): Request {
  const { method = 'GET', url = '/', rawHeaders } = incoming
  const headers = new Headers()
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '')
  }
  const content = { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' } as const
  return new Request(`http://${incoming.headers.host}${url}`, {
    method,
    headers,
    ...(method === 'GET' || method === 'HEAD' ? {} : content),
  })
}

async function onSocket(
  listener: (incoming: IncomingMessage, outgoing: ServerResponse) => unknown,
  runs: Runs,
  errors: string[],
): Promise<Service> {
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing))
  const port = await listen(server)
  return {
    origin: `http://${HOST}:${port}`,
    errors,
    send: (request): Promise<Answer> => observed(runs, () => sendHttp1(port, request)),
    close: () => close(server),
  }
}

/** What a harness cannot be asked, and why. */
export function exclusionOf({ needs }: { readonly needs?: string }): string | undefined {
  return needs === 'bodies' ? 'whoever answers a Request reads its body himself' : undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
