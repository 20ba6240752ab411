/** Comma-separated lists (RFC 9110, section 5.6.1), read with bounds and without regular expressions. */

import { isToken } from './token.ts'

const TAB = 0x09
const SPACE = 0x20

/** Most bytes of a list of names in a request that is looked at. */
export const MAX_LIST_BYTES = 4096
/** Most names of a list in a request that are looked at. */
export const MAX_LIST_NAMES = 100

const STRANGERS_LIMITS = { bytes: MAX_LIST_BYTES, names: MAX_LIST_NAMES }

/**
 * The elements of a comma-separated list, without the optional white space (space, tab) around
 * them and without empty ones, which a recipient has to ignore.
 */
export function listElements(value: string): string[] {
  const elements: string[] = []
  let start = 0
  while (start <= value.length) {
    const comma = value.indexOf(',', start)
    const end = comma === -1 ? value.length : comma
    const element = trimmed(value, start, end)
    if (element !== '') elements.push(element)
    start = end + 1
  }
  return elements
}

/**
 * The field names in the value of `Access-Control-Request-Headers`: lower case, sorted, each once.
 * Names may come in any case and order, with white space and empty elements, and over several
 * lines joined by commas, since intermediaries rewrite them.
 *
 * `undefined` when the list is too long (4,096 bytes, 100 names) or holds what is no token: then
 * nothing of it may be echoed.
 */
export function requestedNames(
  value: string,
  most: { readonly bytes: number; readonly names: number } = STRANGERS_LIMITS,
): readonly string[] | undefined {
  if (value.length > most.bytes) return undefined
  const elements = listElements(value)
  if (elements.length > most.names) return undefined
  const names = new Set<string>()
  for (const element of elements) {
    if (!isToken(element)) return undefined
    names.add(element.toLowerCase())
  }
  return [...names].sort()
}

function trimmed(text: string, from: number, to: number): string {
  let start = from
  let end = to
  while (start < end && isBlank(text.charCodeAt(start))) start += 1
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB
}
