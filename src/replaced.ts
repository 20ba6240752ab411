/**
 * What a second CORS layer had put on a response, for logs: a handler, a proxied service, another
 * library. In a browser it would have been "multiple values" or a policy that nobody declared.
 */

import type { CorsDecision } from './decision.ts'
import { listElements } from './http/lists.ts'
import { ALLOW_HEADERS, EXPOSE_HEADERS } from './http/names.ts'
import { printable, shorten } from './quote.ts'

/** A CORS field that was on a response, and that the policy does not say. */
export interface ReplacedField {
  /** In lower case. */
  readonly name: string
  /** What was there, a value for each line; escaped and shortened, so that it can be logged. */
  readonly values: readonly string[]
  /** What is sent in its place; `undefined` where the field is removed. */
  readonly sent: string | undefined
}

/** @param found The CORS fields that were there, with their values as servers keep them. */
export function replacedFields(
  found: readonly (readonly [name: string, value: unknown])[],
  { headers }: CorsDecision,
): readonly ReplacedField[] {
  const byName = new Map<string, string[]>()
  for (const [label, value] of found) {
    const name = label.toLowerCase()
    const values = [value].flat().map(String)
    byName.set(name, [...(byName.get(name) ?? []), ...values])
  }
  return Object.freeze(
    [...byName]
      .map(([name, values]) => ({ name, values, sent: headers[name] }))
      .filter(({ name, values, sent }) => values.length !== 1 || !isSame(name, values[0], sent))
      .map(({ name, values, sent }) =>
        Object.freeze({ name, values: Object.freeze(values.map(loggable)), sent }),
      ),
  )
}

/** Lists mean the same with and without white space, and lists of headers in any letter case. */
function isSame(name: string, value = '', sent: string | undefined): boolean {
  if (sent === undefined) return false
  const spelt = (list: string): string => listElements(list).join(',')
  const isOfHeaders = name === ALLOW_HEADERS || name === EXPOSE_HEADERS
  return isOfHeaders
    ? spelt(value).toLowerCase() === spelt(sent).toLowerCase()
    : spelt(value) === spelt(sent)
}

function loggable(value: string): string {
  return printable(shorten(value))
}
