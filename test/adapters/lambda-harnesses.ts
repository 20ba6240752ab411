/** Functions behind every gateway, each with the same application. */

import { IncomingMessage, ServerResponse } from 'node:http'
import { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import middy from '@middy/core'
import { cors, type LambdaSettings, withCors } from 'crossgate/lambda'
import {
  type Answer,
  type Harness,
  observed,
  type Reply,
  type Route,
  type Runs,
  type Source,
} from './harness.ts'
import { type Dialect, eventOf, HOST, type LambdaRequestEvent } from './lambda-events.ts'
import { answerOf } from './lambda-gateways.ts'
import { type Fields, parseHead, type WireRequest } from './wire.ts'

type Handler = (event: LambdaRequestEvent, context: object) => Promise<unknown>

/** How crossgate is put in front of a handler. */
export type Mounting = 'wrapper' | 'middy'

export function lambdaHarness(dialect: Dialect, mounting: Mounting): Harness {
  return {
    name: `lambda ${dialect}, ${mounting}`,
    protocol: 'http/1',
    parsesBodies: false,
    takesLists: true,
    answersErrors: false,
    isOwnSubject: (subject) => (subject as LambdaRequestEvent).requestContext !== undefined,
    serve: async (source, app) => {
      const runs: Runs = { count: 0 }
      const errors: string[] = []
      const onError = (error: unknown): void => {
        errors.push(error instanceof Error ? error.message : String(error))
      }
      const handler = functionOf(app, runs, dialect)
      const mounted = source === undefined ? handler : mount(handler, source, mounting, { onError })
      return {
        origin: `https://${HOST}`,
        errors,
        send: (request): Promise<Answer> =>
          observed(runs, async () => {
            // As the event arrives: nobody may change it.
            const event = frozen(eventOf(dialect, request))
            return answerOf(await mounted(event, {}), dialect, request.method)
          }),
        close: async () => {},
      }
    },
  }
}

function mount(
  handler: Handler,
  source: Source,
  mounting: Mounting,
  settings: LambdaSettings<never>,
): Handler {
  const asked = lowerCased(source)
  if (mounting === 'wrapper') return withCors(asked, handler, settings) as Handler
  return middy()
    .use(cors(asked, settings))
    .handler(handler as never) as unknown as Handler
}

/**
 * The look-ups of the tests read fields in lower case, of every framework. REST APIs keep the letter
 * case, and load balancers may have lists alone.
 */
function lowerCased(source: Source): never {
  const asked = 'delegator' in source ? source.delegator : source
  if (typeof asked !== 'function') return source as never
  const read = (event: LambdaRequestEvent): never =>
    ({ ...event, headers: lastLines(event) }) as never
  // What calls back is told by its parameters.
  const delegator =
    asked.length < 2
      ? (event: LambdaRequestEvent) => (asked as (event: never) => unknown)(read(event))
      : (event: LambdaRequestEvent, callback: never) => asked(read(event), callback)
  return (typeof source === 'function' ? delegator : { ...source, delegator }) as never
}

function lastLines({ headers, multiValueHeaders }: LambdaRequestEvent): Record<string, unknown> {
  const lines = Object.entries((multiValueHeaders ?? headers) as Record<string, unknown>)
  return Object.fromEntries(
    lines.map(([name, value]) => [name.toLowerCase(), [value].flat().at(-1)]),
  )
}

function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  for (const member of Object.values(value)) frozen(member)
  return Object.freeze(value)
}

/** The application as a function: with a small router, and a result made of the lines of an answer. */
function functionOf(app: readonly Route[], runs: Runs, dialect: Dialect): Handler {
  return async ({ httpMethod, path, rawPath, requestContext }) => {
    const { http } = requestContext as { http?: { method: string } }
    const method = (http?.method ?? httpMethod) as string
    const asked = method === 'HEAD' ? 'GET' : method
    const route = app.find((each) => each.method === asked && each.path === (rawPath ?? path))
    if (route === undefined) return { statusCode: 404, body: 'not found' }
    runs.count += 1
    return resultOf(await answered(route), dialect)
  }
}

interface Lines {
  readonly status: number
  readonly lines: Fields
  readonly body: string
}

function answered(route: Route): Promise<Lines> {
  return new Promise((resolve, reject) => {
    const lines: [string, string][] = []
    const send = (status: number, body: string): void => resolve({ status, lines, body })
    const reply: Reply = {
      set: (name, value) => {
        for (const line of [value].flat()) lines.push([name, line])
      },
      send,
      redirect: (location) => {
        lines.push(['location', location])
        send(302, '')
      },
      // A result is sent as a whole.
      stream: (body) => {
        text(body).then((content) => send(200, content), reject)
      },
      raw: () => bridged(resolve),
    }
    Promise.resolve()
      .then(() => route.run(reply))
      .catch(reject)
  })
}

/** Node's response without a server, as those use it who run an application of Node in a function. */
function bridged(resolve: (answer: Lines) => void): ServerResponse {
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
  // What concerns a connection is no part of a result.
  response.sendDate = false
  response.useChunkedEncodingByDefault = false
  response.assignSocket(socket as never)
  response.on('finish', () => {
    const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n')
    const lines = parseHead(head).filter(([name]) => !/^(connection|keep-alive)$/i.test(name))
    resolve({ status: response.statusCode, lines, body })
  })
  return response
}

/** A result with every line, as far as the dialect can have them. */
function resultOf({ status: statusCode, lines, body }: Lines, dialect: Dialect): unknown {
  const byName = new Map<string, [string, string][]>()
  for (const line of lines) {
    const name = line[0].toLowerCase()
    byName.set(name, [...(byName.get(name) ?? []), [...line]])
  }
  const listed = [...byName.values()].map((same) => [same[0]?.[0], same.map(([, value]) => value)])
  if (dialect === 'alb-multi') {
    return { statusCode, multiValueHeaders: Object.fromEntries(listed), body }
  }
  const { 'set-cookie': cookies, ...others } = Object.fromEntries(byName)
  const joined = (fields: Record<string, [string, string][]>): Record<string, string> =>
    Object.fromEntries(
      Object.values(fields).map((same) => [
        same[0]?.[0],
        same.map(([, value]) => value).join(', '),
      ]),
    )
  if (dialect === 'alb') return { statusCode, headers: joined(Object.fromEntries(byName)), body }
  if (dialect === 'v2') {
    const values = cookies?.map(([, value]) => value)
    return { statusCode, headers: joined(others), ...(values && { cookies: values }), body }
  }
  const one = listed.filter(([, values]) => values?.length === 1)
  const several = listed.filter(([, values]) => values?.length !== 1)
  return {
    statusCode,
    headers: Object.fromEntries(one.map(([name, values]) => [name, values?.[0]])),
    ...(several.length > 0 && { multiValueHeaders: Object.fromEntries(several) }),
    body,
  }
}

/** Whether a request has two lines of one name. */
export function hasTwoLines({ headers = [] }: WireRequest): boolean {
  return new Set(headers.map(([name]) => name.toLowerCase())).size < headers.length
}
