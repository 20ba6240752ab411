/** A verdict for people: several short lines, bounded and escaped. */

import type { Exchange, PageRequest, Verdict } from '../../src/browser/index.ts'
import { isCorsField } from '../../src/index.ts'
import { shown } from './mistake.ts'
import { printed } from './printed.ts'

/** Of many exchanges the first and the last tell most. */
const SHOWN_AT_EACH_END = 3
const MAX_FIELDS = 8

/** What was asked, why it was decided so, and what went over the wire. */
export function report(asked: PageRequest, verdict: Verdict): string {
  const outcome = verdict.readable ? 'can read' : 'cannot read'
  return [
    `the page at ${shown(asked.from)} ${outcome} ${asked.method ?? 'GET'} ${printed(asked.url)}`,
    ...reasons(verdict).map((line) => `  ${line}`),
    ...wire(verdict.exchange).map((line) => `  ${line}`),
  ].join('\n')
}

function reasons({ step, rule, message, header, expected, actual, fix }: Verdict): string[] {
  const lines = {
    step,
    rule: rule === undefined ? undefined : `${rule}: ${message}`,
    header,
    expected,
    actual,
    fix,
  }
  return Object.entries(lines).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${printed(value)}`],
  )
}

function wire(exchange: readonly Exchange[]): string[] {
  if (exchange.length === 0) return ['exchange: nothing was sent']
  const rest = exchange.length - 2 * SHOWN_AT_EACH_END
  const lines =
    rest > 0
      ? [
          ...exchange.slice(0, SHOWN_AT_EACH_END).flatMap(exchangeLines),
          `(${rest} more requests)`,
          ...exchange.slice(-SHOWN_AT_EACH_END).flatMap(exchangeLines),
        ]
      : exchange.flatMap(exchangeLines)
  return ['exchange:', ...lines.map((line) => `  ${line}`)]
}

function exchangeLines({ request, response }: Exchange): string[] {
  const asking = `${request.method} ${printed(request.url)}`
  if (response === undefined) return [`${asking} -> no response`]
  const telling = response.headers
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => isCorsField(name) || name === 'vary' || name === 'location')
  const rest = telling.length - MAX_FIELDS
  return [
    `${asking} -> ${response.status}`,
    ...telling.slice(0, MAX_FIELDS).map(([name, value]) => `  ${name}: ${printed(value)}`),
    ...(rest > 0 ? [`  and ${rest} more fields`] : []),
  ]
}
