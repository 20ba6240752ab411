/** Which values of a request header a page may send to another origin without asking. */

import { normalized } from './headers.ts'
import { isDigits } from './numbers.ts'

/** Whether a value of at most 128 bytes is safe. */
export type SafeValue = (value: string) => boolean

const UNSAFE_CHARACTERS = '"():<>?@[\\]{}\u007f'
const LANGUAGE_CHARACTERS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ *,-.;='

const SAFELISTED_ESSENCES: ReadonlySet<string> = new Set([
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
])

/** "CORS-safelisted request-header": by lower-case name. */
export const SAFELISTED_HEADERS: ReadonlyMap<string, SafeValue> = new Map<string, SafeValue>([
  ['accept', hasNoUnsafeByte],
  ['accept-language', isLanguageValue],
  ['content-language', isLanguageValue],
  ['content-type', (value) => hasNoUnsafeByte(value) && isSafelistedType(value)],
  ['range', (value) => isSimpleRange(value)],
])

/** "Parse a single range header value", without white space, with a start, up to `most`. */
export function isSimpleRange(
  value: string,
  most: bigint | number = Number.POSITIVE_INFINITY,
): boolean {
  const dash = value.indexOf('-')
  if (!value.startsWith('bytes=') || dash === -1) return false
  const start = value.slice('bytes='.length, dash)
  const end = value.slice(dash + 1)
  if (!isDigits(start) || !(end === '' || isDigits(end))) return false
  const first = BigInt(start)
  const last = end === '' ? first : BigInt(end)
  return first <= last && last <= most
}

/** "CORS-unsafe request-header byte". */
function hasNoUnsafeByte(value: string): boolean {
  return every(value, (character) => {
    if (character < ' ') return character === '\t'
    return !UNSAFE_CHARACTERS.includes(character)
  })
}

function isLanguageValue(value: string): boolean {
  return every(value, (character) => LANGUAGE_CHARACTERS.includes(character))
}

/** Whether the essence of "parse a MIME type" is on the safelist. Parameters do not matter. */
function isSafelistedType(value: string): boolean {
  const semicolon = value.indexOf(';')
  const essence = normalized(semicolon === -1 ? value : value.slice(0, semicolon))
  return SAFELISTED_ESSENCES.has(essence.toLowerCase())
}

function every(text: string, holds: (character: string) => boolean): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (!holds(text.charAt(index))) return false
  }
  return true
}
