/** The application that adapters are tested with: routes as data, which count how often they run. */

import { decide, definePolicy } from '../../../src/index.ts'
import { systemClock } from '../../shared/clock.ts'

/** A body in parts. `new Response` takes it, and so does `Readable.from`. */
export type ContractStream = ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>

/** What a route answers. `new Response(answer.body, answer)` is the whole of it. */
export interface ContractAnswer {
  readonly status: number
  /** Every line, as `new Headers` takes them. */
  readonly headers: [name: string, value: string][]
  /** The same, lines of one name as a list, as `setHeader` and `writeHead` of Node take them. */
  readonly fields: Record<string, string | string[]>
  /** `null` where there is none. One route answers with a stream. */
  readonly body: string | ContractStream | null
}

/** A route of the application. */
export interface ContractRoute {
  readonly method: 'GET' | 'POST' | 'OPTIONS'
  /** Without parameters or wildcards. */
  readonly path: string
  /**
   * To be called, once, where the framework has reached the route. It counts the run, and answers with
   * what is to be sent, or with a promise of it. Two routes fail: one throws, one rejects. Leave that to
   * the framework, as for any handler.
   */
  readonly run: () => ContractAnswer | Promise<ContractAnswer>
}

/** How often routes were run. */
export interface Runs {
  count: number
}

/** What an answer is made of. */
type Parts = readonly [
  status: number,
  headers: ContractAnswer['headers'],
  body: string | readonly string[] | null,
]

interface RouteParts {
  readonly method?: ContractRoute['method']
  readonly path: string
  readonly answer: Parts | 'throws' | 'rejects'
  readonly isLate?: boolean
}

/** The origin that another CORS layer would allow. */
const OTHER = 'https://other.example'
const LATER = 10

const TEXT: [string, string] = ['Content-Type', 'text/plain; charset=utf-8']
const TOTAL: [string, string] = ['X-Total', '7']

/** The name of the field that every allowed response has. */
const [[ALLOW_ORIGIN]] = fieldsOf({ origin: OTHER }, 'GET') as [[string, string]]

/** What a second CORS layer would have set, everything that there is. */
const OTHER_FIELDS = otherFields()

const ROUTES: readonly RouteParts[] = [
  { path: '/answer', answer: [200, [TEXT, TOTAL], 'answer'] },
  { method: 'POST', path: '/answer', answer: [201, [TEXT], 'created'] },
  { method: 'OPTIONS', path: '/answer', answer: [200, [TEXT, ['Allow', 'GET, POST']], 'options'] },
  { path: '/later', answer: [200, [TEXT], 'later'], isLate: true },
  { path: '/empty', answer: [204, [TOTAL], null] },
  { path: '/unchanged', answer: [304, [['ETag', '"1"']], null] },
  { path: '/redirect', answer: [302, [['Location', '/answer']], null] },
  { path: '/missing-item', answer: [404, [TEXT], 'no such item'] },
  { path: '/stream', answer: [200, [TEXT], ['one,', 'two']] },
  { path: '/throws', answer: 'throws' },
  { path: '/rejects', answer: 'rejects' },
  { path: '/own-cors', answer: [200, [TEXT, ...OTHER_FIELDS, TOTAL], 'own'] },
  {
    path: '/own-cors-twice',
    answer: [200, [TEXT, [ALLOW_ORIGIN, OTHER], [ALLOW_ORIGIN, '*']], 'twice'],
  },
  {
    path: '/own-vary',
    answer: [200, [TEXT, ['Vary', 'Accept-Encoding'], ['Vary', 'Accept']], 'vary'],
  },
  { path: '/own-vary-origin', answer: [200, [TEXT, ['Vary', 'origin, Accept']], 'vary'] },
  { path: '/own-vary-any', answer: [200, [TEXT, ['Vary', '*']], 'vary'] },
  {
    path: '/cookies',
    answer: [200, [TEXT, ['Set-Cookie', 'a=1; Path=/'], ['Set-Cookie', 'b=2; Path=/']], 'cookies'],
  },
]

/** The message of the error with which a route fails. */
export const HANDLER_FAILED = 'the handler of the contract failed'

/** What routes are to answer with: all but those that fail. */
export function plannedAnswers(): readonly (Pick<ContractRoute, 'method' | 'path'> & {
  readonly answer: ContractAnswer
  readonly text: string
})[] {
  return ROUTES.flatMap(({ method = 'GET', path, answer }) => {
    if (typeof answer === 'string') return []
    const [, , body] = answer
    return [{ method, path, answer: answerOf(answer), text: [body ?? []].flat().join('') }]
  })
}

export function contractRoutes(runs: Runs): readonly ContractRoute[] {
  return ROUTES.map(({ method = 'GET', path, answer, isLate }) => ({
    method,
    path,
    run: () => {
      runs.count += 1
      if (answer === 'throws') throw failure()
      if (answer === 'rejects') return Promise.reject(failure())
      return isLate === true ? late(answerOf(answer)) : answerOf(answer)
    },
  }))
}

function answerOf([status, headers, body]: Parts): ContractAnswer {
  const fields: ContractAnswer['fields'] = {}
  for (const [name, value] of headers) {
    const known = fields[name]
    fields[name] = known === undefined ? value : [known, value].flat()
  }
  return {
    status,
    headers: headers.map(([name, value]) => [name, value]),
    fields,
    body: typeof body === 'string' || body === null ? body : streamOf(body),
  }
}

function streamOf(parts: readonly string[]): ContractStream {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const part of parts) controller.enqueue(encoder.encode(part))
      controller.close()
    },
  }) as ContractStream
}

function late(answer: ContractAnswer): Promise<ContractAnswer> {
  return new Promise((resolve) => systemClock.after(LATER, () => resolve(answer)))
}

/** Frameworks show the stack, which names the layers that were passed. */
function failure(): Error {
  const error = new Error(HANDLER_FAILED)
  error.stack = String(error)
  return error
}

/** The names are the core's affair, so they are taken from what it says. */
function fieldsOf(
  options: Parameters<typeof definePolicy>[0],
  method: 'GET' | 'OPTIONS',
): [string, string][] {
  const facts = { method, origin: OTHER, requestMethod: 'DELETE' }
  const { headers } = decide(definePolicy(options as { origin: string }), facts)
  return Object.entries(headers).map(([name, value]) => [capitalized(name), value])
}

function otherFields(): [string, string][] {
  const options = {
    origin: OTHER,
    credentials: true,
    methods: ['DELETE'],
    allowedHeaders: ['x-other'],
    exposedHeaders: ['x-secret'],
    maxAge: 1,
  }
  const all = [...fieldsOf(options, 'GET'), ...fieldsOf(options, 'OPTIONS')]
  return [...new Map(all)]
}

/** As most applications spell them. */
function capitalized(name: string): string {
  return name
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('-')
}
