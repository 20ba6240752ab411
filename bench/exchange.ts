/** Node's own requests and responses, as its parser would make them. */

import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Answer } from './lane.ts'
import type { Application, BenchRequest } from './scenarios.ts'

export interface NodeExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

const USUAL = [
  ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)'],
  ['Accept', '*/*'],
  ['Accept-Encoding', 'gzip, deflate, br'],
  ['Accept-Language', 'en-US,en;q=0.9'],
  ['Connection', 'keep-alive'],
] as const

/** Makes texts that the engine has not seen yet, as a parser does. */
export function freshMaker(text: string): () => string {
  const bytes = Buffer.from(text, 'latin1')
  return () => bytes.toString('latin1')
}

export function headerPairs(request: BenchRequest): [string, string][] {
  const { host, origin, requestMethod, requestHeaders } = request
  const optional: [string, string | undefined][] = [
    ['Origin', origin],
    ['Access-Control-Request-Method', requestMethod],
    ['Access-Control-Request-Headers', requestHeaders],
  ]
  const given = optional.filter((pair): pair is [string, string] => pair[1] !== undefined)
  return [
    ['Host', host],
    ...USUAL.map(([name, value]): [string, string] => [name, value]),
    ...given,
  ]
}

/** What the parser calls. */
type Parsed = IncomingMessage & { _addHeaderLines(lines: string[], count: number): void }

export function exchangeMaker(request: BenchRequest): (count: number) => NodeExchange[] {
  const socket = new Socket()
  const texts = headerPairs(request).flat().map(freshMaker)
  return (count) =>
    Array.from({ length: count }, () => {
      const incoming = new IncomingMessage(socket) as Parsed
      incoming.httpVersionMajor = 1
      incoming.httpVersionMinor = 1
      incoming.httpVersion = '1.1'
      incoming.method = request.method
      incoming.url = '/'
      const lines = texts.map((make) => make())
      incoming._addHeaderLines(lines, lines.length)
      // Whoever reads them first has them made; that is nobody's cost here.
      void incoming.headers
      return { request: incoming, response: new ServerResponse(incoming) }
    })
}

type Headed = ServerResponse & { readonly _header: string | null }

/** Reads the head as it would go out. */
export function answerOf({ response }: NodeExchange): Answer {
  const { _header: head } = response as Headed
  if (typeof head !== 'string') throw new Error('no head was written')
  const [line = '', ...rest] = head.split('\r\n')
  const fields = rest
    .filter((one) => one !== '')
    .map((one) => {
      const colon = one.indexOf(':')
      return [one.slice(0, colon).toLowerCase(), one.slice(colon + 1).trim()] as const
    })
  return { status: Number(line.split(' ')[1]), fields }
}

/** An application in two steps, so that a floor can stand between them. */
export interface AppSteps {
  /** Sets the application's own fields. */
  readonly fields: (response: ServerResponse) => void
  /** Writes the head. */
  readonly head: (response: ServerResponse) => void
}

function nothing(): void {}

function setOwn(response: ServerResponse): void {
  response.setHeader('content-type', 'text/plain')
  response.setHeader('x-total', '7')
}

function writeStatus(response: ServerResponse): void {
  response.writeHead(200)
}

export const APPLICATIONS: Readonly<Record<Application, AppSteps>> = {
  none: { fields: nothing, head: nothing },
  sets: { fields: setOwn, head: writeStatus },
  object: {
    fields: nothing,
    head: (response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'x-total': '7' })
    },
  },
  list: {
    fields: nothing,
    head: (response) => {
      response.writeHead(200, ['content-type', 'text/plain', 'x-total', '7'])
    },
  },
  vary: {
    fields: (response) => {
      setOwn(response)
      response.setHeader('vary', 'Accept-Encoding')
    },
    head: writeStatus,
  },
  removes: {
    fields: (response) => {
      for (const name of response.getHeaderNames()) response.removeHeader(name)
      setOwn(response)
    },
    head: writeStatus,
  },
}

export function handlerOf(application: Application) {
  const { fields, head } = APPLICATIONS[application]
  return (_request: IncomingMessage, response: ServerResponse): void => {
    fields(response)
    head(response)
  }
}
