/** What a framework has to do to be tested: serve an application, with or without crossgate. */

import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, expect } from 'vitest'
import type { PolicySource } from '../../src/index.ts'
import type { WireAnswer, WireRequest } from './wire.ts'

// The look-ups of the tests read what every framework's request has.
export type Source = PolicySource<Subject>

/** What the frameworks' requests, and Koa's context, have in common. */
export interface Subject {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** How a handler answers, by the framework's own means. */
export interface Reply {
  readonly set: (name: string, value: string | string[]) => void
  readonly send: (status: number, body: string) => void
  readonly redirect: (location: string) => void
  readonly stream: (body: Readable) => void
  /** Node's response, taken out of the framework's hands. */
  readonly raw: () => ServerResponse
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'OPTIONS'
  readonly path: string
  readonly run: (reply: Reply) => unknown
}

export interface Harness {
  readonly name: string
  readonly protocol: 'http/1' | 'http/2'
  /** Whether the framework reads JSON bodies, with a limit of 1,000 bytes. */
  readonly parsesBodies: boolean
  /**
   * Whether nothing is stored on a response before the handler runs. Otherwise Node 20 refuses
   * `writeHead` with pairs, and keeps one of several equal names of a flat list.
   */
  readonly takesLists: boolean
  /** Whether several lines of a name reach observers as one, as `Headers` has them. @default false */
  readonly joinsLines?: boolean
  /** Whether the framework itself answers for handlers that fail. */
  readonly answersErrors: boolean
  /** Whether a look-up gets this as the request. */
  readonly isOwnSubject: (subject: unknown) => boolean
  /** @param source `undefined` leaves crossgate out. */
  readonly serve: (source: Source | undefined, app: readonly Route[]) => Promise<Service>
}

/** An application that listens. */
export interface Service {
  readonly origin: string
  readonly send: (request: WireRequest) => Promise<Answer>
  /** The messages of what went down the framework's error path. */
  readonly errors: string[]
  readonly close: () => Promise<void>
}

export interface Answer extends WireAnswer {
  /** By lower-case name; several lines joined. */
  readonly headers: Readonly<Record<string, string>>
  readonly handlerRan: boolean
}

/** Counts the runs of an application's handlers. */
export interface Runs {
  count: number
}

/** Sends, and sees whether a handler ran meanwhile. Requests of one service go one after another. */
export async function observed(runs: Runs, sent: () => Promise<WireAnswer>): Promise<Answer> {
  const before = runs.count
  const answer = await sent()
  const headers: Record<string, string> = {}
  for (const [name, value] of answer.rawHeaders) {
    const key = name.toLowerCase()
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`
  }
  return { ...answer, headers, handlerRan: runs.count > before }
}

export { corsLines, expectedLines, otherLines } from './lines.ts'

/** A rejection that nobody handles would end a server. It fails the file in which it happens. */
export function failOnUnhandledRejections(): void {
  const seen: unknown[] = []
  const remember = (reason: unknown): void => {
    seen.push(reason)
  }
  beforeAll(() => {
    process.on('unhandledRejection', remember)
  })
  afterAll(async () => {
    // Node tells of them after the microtasks.
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', remember)
    expect(seen).toEqual([])
  })
}
