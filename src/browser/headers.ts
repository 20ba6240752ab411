/** Look-ups in header lists (Fetch standard, section "Headers"). */

import { listElements } from '../http/lists.ts'
import { isToken } from '../http/token.ts'
import type { Field } from './exchange.ts'

/** "Get": the values of all lines called `name` (lower case), joined; `undefined` where there is none. */
export function combinedValue(headers: readonly Field[], name: string): string | undefined {
  const lines = linesOf(headers, name)
  return lines.length === 0 ? undefined : lines.join(', ')
}

/** The values of all lines called `name` (lower case), in order. */
export function linesOf(headers: readonly Field[], name: string): readonly string[] {
  return headers
    .filter(([other]) => other.toLowerCase() === name)
    .map(([, value]) => normalized(value))
}

/** A list of tokens in a response. */
export interface TokenList {
  /** Whether there is a line of it, be it an empty one. */
  readonly present: boolean
  /** None where one of them is malformed. */
  readonly tokens: readonly string[]
  /** The first element that is no token. */
  readonly malformed: string | undefined
}

/** "Extract header list values" for a field whose grammar is a list of tokens. */
export function tokenList(headers: readonly Field[], name: string): TokenList {
  const value = combinedValue(headers, name)
  const tokens = listElements(value ?? '')
  const malformed = tokens.find((token) => !isToken(token))
  const present = value !== undefined
  return { present, tokens: malformed === undefined ? tokens : [], malformed }
}

/** "Normalize": without white space at both ends. */
export function normalized(value: string): string {
  let start = 0
  let end = value.length
  while (start < end && isWhitespace(value.charAt(start))) start += 1
  while (end > start && isWhitespace(value.charAt(end - 1))) end -= 1
  return value.slice(start, end)
}

/** Whether a value may be sent: bytes only, without NUL, CR and LF ("header value"). */
export function isHeaderValue(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    if (code === 0x00 || code === 0x0a || code === 0x0d || code > 0xff) return false
  }
  return true
}

/** The field as people write it. */
export function titleOf(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('-')
}

/** "HTTP whitespace" is CR, LF, tab and space. */
function isWhitespace(character: string): boolean {
  return character !== '' && '\r\n\t '.includes(character)
}
