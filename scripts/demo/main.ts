/** Asks every server everything, and shows what came back. */

import { type Answer, type Conclusion, conclude } from './browser.ts'
import { type DemoRequest, REQUESTS } from './requests.ts'
import { type Colour, painter, type Screen } from './screen.ts'
import { send } from './send.ts'
import type { DemoServer } from './servers/server.ts'
import { type Cell, table } from './table.ts'

/** One request to one server, and what came of it. */
export interface Exchange {
  readonly server: string
  readonly request: DemoRequest
  readonly answer: Answer
}

/** Answers the exit status: 0 only if every answer is the expected one. */
export async function main(servers: readonly DemoServer[], screen: Screen): Promise<0 | 1> {
  const groups: Exchange[][] = []
  for (const server of servers) groups.push(await askAll(server))
  const exchanges = groups.flat()
  const differing = exchanges.filter((exchange) => !isExpected(exchange))
  const summary =
    differing.length === 0
      ? `All ${exchanges.length} answers are as expected.`
      : `${differing.length} of ${exchanges.length} answers DIFFER from what is expected.`
  screen.write(`${sentTable(screen)}\n\n${answersTable(groups, screen)}\n\n${summary}\n`)
  return exchanges.length > 0 && differing.length === 0 ? 0 : 1
}

async function askAll({ name, start }: DemoServer): Promise<Exchange[]> {
  const { port, stop } = await start()
  try {
    const exchanges: Exchange[] = []
    for (const request of REQUESTS) {
      exchanges.push({ server: name, request, answer: await send(port, request) })
    }
    return exchanges
  } finally {
    await stop()
  }
}

/** Whether the status and what a browser concludes are what the request declares. */
export function isExpected({ request, answer }: Exchange): boolean {
  const { status, conclusion } = request.expected
  const { verdict, reason } = conclude(request, answer)
  return answer.status === status && verdict === conclusion.verdict && reason === conclusion.reason
}

function sentTable({ columns }: Screen): string {
  const heads = [
    { head: 'request', least: 18 },
    { head: 'what is sent', least: 17 },
    { head: 'from a page of', least: 33 },
  ]
  const rows = REQUESTS.map(({ label, method, path, origin, asks }) => {
    const wanted = asks === undefined ? '' : `\nfor ${[asks.method, ...asks.headers].join(', ')}`
    return [{ text: label }, { text: `${method} ${path}${wanted}` }, { text: origin }]
  })
  return table(heads, [rows], columns)
}

function answersTable(groups: readonly (readonly Exchange[])[], screen: Screen): string {
  const heads = [
    { head: 'framework', least: 9 },
    { head: 'request', least: 10 },
    { head: 'status', least: 6 },
    { head: 'CORS lines', least: 33 },
    { head: 'a browser concludes', least: 14 },
  ]
  const rows = groups.map((exchanges) => exchanges.map((exchange) => answerRow(exchange, screen)))
  return table(heads, rows, screen.columns)
}

function answerRow(exchange: Exchange, screen: Screen): Cell[] {
  const { server, request, answer } = exchange
  const conclusion = conclude(request, answer)
  const { expected } = request
  const asExpected = isExpected(exchange)
  const verdict = inWords(conclusion)
  const texts = [
    server,
    request.label,
    String(answer.status),
    corsLines(answer).join('\n'),
    asExpected
      ? verdict
      : `DIFFERS\n${verdict}\nexpected: ${expected.status}, ${inWords(expected.conclusion)}`,
  ]
  const red = painter(screen, 'red')
  if (!asExpected) return texts.map((text) => ({ text, paint: red }))
  const paint = painter(screen, COLOURS[conclusion.verdict])
  return texts.map((text, index) => (index === texts.length - 1 ? { text, paint } : { text }))
}

const COLOURS: Readonly<Record<Conclusion['verdict'], Colour>> = {
  'readable by the page': 'green',
  'preflight passes': 'green',
  'kept from the page': 'yellow',
  'preflight fails': 'yellow',
}

/** The lines as received, so that one that came twice is there twice. */
function corsLines({ fields }: Answer): string[] {
  return fields
    .filter(([name]) => /^(access-control-.*|vary)$/i.test(name))
    .map(([name, value]) => `${name}: ${value}`)
}

function inWords({ verdict, reason }: Conclusion): string {
  return reason === undefined ? verdict : `${verdict}:\n${reason}`
}
