/** Sends every exchange to a program in a runtime, and says what of each answer is wrong. */

import { isDeepStrictEqual } from 'node:util'
import { corsLines, expectedLines, otherLines } from '../adapters/lines.ts'
import {
  type Fields,
  openHttp2,
  sendHttp1,
  sendHttp2,
  type WireAnswer,
  type WireRequest,
} from '../adapters/wire.ts'
import { type Exchange, SELF } from '../tables/exchanges.ts'
import { EXCHANGE, HOST, WITHOUT, WRAPPED } from './agreement.ts'
import type { Framework } from './frameworks.ts'
import type { Serving } from './programs.ts'

type Answer = Exchange['answer']

/** What was seen of one exchange. */
export interface Seen {
  readonly answer: WireAnswer
  /** The same request to the application without crossgate, where it is its answer. */
  readonly bare: WireAnswer | undefined
  /** How often a handler ran. */
  readonly runs: number
  /** The messages of the errors that went down the framework's error path. */
  readonly errors: readonly string[]
}

interface Report {
  readonly ran: readonly string[]
  readonly errors: readonly (readonly [exchange: string, message: string])[]
  readonly unhandled: readonly string[]
}

/** What is sent at the same time. */
const AT_ONCE = 8

/** @returns What was seen of each exchange, in their order, and rejections that nobody handled. */
export async function observe(
  serving: Serving,
  framework: Framework,
  exchanges: readonly Exchange[],
): Promise<{ seen: readonly (Seen | Error)[]; unhandled: readonly string[] }> {
  const wire = openWire(serving, framework)
  const asked = new Map<string, Promise<WireAnswer>>()
  const bareAnswer = (request: Exchange['request']): Promise<WireAnswer> => {
    const key = keyOf(request)
    const answer = asked.get(key) ?? wire.send(WITHOUT, request, WITHOUT)
    asked.set(key, answer)
    return answer
  }
  try {
    const answers = await pooled(exchanges, async (exchange, index) => {
      try {
        const answer = await wire.send(exchange.policy, exchange.request, String(index))
        const bare = isOfApp(exchange.answer, framework) ? bareAnswer(exchange.request) : undefined
        return { answer, bare: await bare }
      } catch (error) {
        return error as Error
      }
    })
    const report = await readReports(serving)
    const seen = answers.map((answer, index) => {
      if (answer instanceof Error) return answer
      const isThis = (exchange: string): boolean => exchange === String(index)
      return {
        ...answer,
        runs: report.ran.filter(isThis).length,
        errors: report.errors
          .filter(([exchange]) => isThis(exchange))
          .map(([, message]) => message),
      }
    })
    return { seen, unhandled: report.unhandled }
  } finally {
    wire.close()
  }
}

/** Without crossgate nobody answers for a handler that fails, where there is no framework. */
function isOfApp({ by, error }: Answer, { answersErrors }: Framework): boolean {
  return by === 'app' || (by === 'framework' && error === 'thrown' && answersErrors)
}

/** What an application without crossgate looks at. */
function keyOf({ method, path, headers = [], body }: Exchange['request']): string {
  const seen = headers.filter(([name]) => name === 'Content-Type' || name === WRAPPED)
  return JSON.stringify([method, path, seen, body])
}

interface Wire {
  readonly send: (
    policy: string,
    request: Exchange['request'],
    exchange: string,
  ) => Promise<WireAnswer>
  readonly close: () => void
}

function openWire({ ports }: Serving, { protocol, host }: Framework): Wire {
  const sessions = new Map<number, ReturnType<typeof openHttp2>>()
  const sessionOf = (port: number): ReturnType<typeof openHttp2> => {
    const session = sessions.get(port) ?? openHttp2(port)
    sessions.set(port, session)
    return session
  }
  return {
    send: async (policy, request, exchange) => {
      const port = ports[policy]
      if (port === undefined) throw new Error(`the program does not serve the policy '${policy}'`)
      const scheme = protocol === 'http/1' && host !== 'Lambda' ? 'http' : 'https'
      const filled = filledIn(request, `${scheme}://${HOST}:${port}`, exchange)
      return protocol === 'http/1'
        ? sendHttp1(port, filled)
        : sendHttp2(await sessionOf(port), filled)
    },
    close: () => {
      for (const session of sessions.values())
        session.then((open) => open.destroy()).catch(() => {})
    },
  }
}

function filledIn(request: Exchange['request'], self: string, exchange: string): WireRequest {
  const headers = (request.headers ?? []).map(
    ([name, value]) => [name, value === SELF ? self : value] as const,
  )
  return { ...request, headers: [...headers, [EXCHANGE, exchange]] }
}

async function readReports({ reports }: Serving): Promise<Report> {
  const read = await Promise.all(
    reports.map(async (url) => (await (await fetch(url)).json()) as Report),
  )
  return {
    ran: read.flatMap(({ ran }) => ran),
    errors: read.flatMap(({ errors }) => errors),
    unhandled: read.flatMap(({ unhandled }) => unhandled),
  }
}

async function pooled<Item, Result>(
  items: readonly Item[],
  use: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  // The workers share what is left to do.
  const left = items.entries()
  const work = async (): Promise<void> => {
    for (const [index, item] of left) results[index] = await use(item, index)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return results
}

/** What is wrong; empty where everything is as expected. */
export function problemsOf(
  seen: Seen | Error,
  expected: Answer,
  { id, host }: Pick<Framework, 'id' | 'host'>,
): readonly string[] {
  if (seen instanceof Error) return [`no answer: ${seen.message}`]
  const { answer, bare, runs, errors } = seen
  const vary = (expected.vary as Readonly<Record<string, string>> | undefined)?.[id]
  const fields = vary === undefined ? expected.fields : { ...expected.fields, vary }
  const pairs: [what: string, seen: unknown, expected: unknown][] = [
    ['CORS fields and Vary', corsLines(answer.rawHeaders), expectedLines(fields)],
    ['status', answer.status, expected.status],
    ['runs of a handler', runs, expected.handlerRan ? 1 : 0],
  ]
  const { body, bodyPart, others = {}, error } = expected
  if (body !== undefined) pairs.push(['body', answer.body, body])
  if (bodyPart !== undefined) pairs.push(['body', answer.body.includes(bodyPart), true])
  for (const [name, value] of Object.entries(others)) {
    pairs.push([name, fieldOf(answer, name), value ?? undefined])
  }
  if (error !== undefined) pairs.push(['errors', errors, [error]])
  else if (expected.by === 'crossgate') pairs.push(['errors', errors, []])
  if (bare !== undefined) {
    const rest = ({ status, rawHeaders, body: content }: WireAnswer): unknown => [
      status,
      host === 'fetch handlers' ? normalized(otherLines(rawHeaders)) : otherLines(rawHeaders),
      content,
    ]
    pairs.push(['without crossgate the rest', rest(answer), rest(bare)])
  }
  return pairs
    .filter(([, is, should]) => !isDeepStrictEqual(is, should))
    .map(([what, is, should]) => `${what}: ${printed(is)}, not ${printed(should)}`)
}

/**
 * `Headers` has no order and no letter case, and a server may write in its own way the type that a
 * `Response` has by itself.
 */
function normalized(lines: Fields): Fields {
  return lines
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .map(
      ([name, value]) =>
        [name, name === TYPE ? value.toLowerCase().replace('; ', ';') : value] as const,
    )
    .sort(byText)
}

const TYPE = 'content-type'

function byText(left: readonly string[], right: readonly string[]): number {
  return left.join() < right.join() ? -1 : 1
}

function fieldOf({ rawHeaders }: WireAnswer, name: string): string | undefined {
  const values = rawHeaders.filter(([own]) => own.toLowerCase() === name).map(([, value]) => value)
  return values.length === 0 ? undefined : values.join(', ')
}

function printed(value: unknown): string {
  return JSON.stringify(value) ?? 'absent'
}
