/** Which request headers a page may send to another origin without asking. */

import type { Browser } from './browsers.ts'
import type { Field } from './exchange.ts'
import { linesOf, normalized } from './headers.ts'

/** Most bytes of one safelisted header, and of all together. */
const MAX_VALUE_BYTES = 128
const MAX_TOTAL_BYTES = 1024

const UNSAFE_CHARACTERS = '"():<>?@[\\]{}\u007f'
const LANGUAGE_CHARACTERS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ *,-.;='
const DIGITS = '0123456789'

const SAFELISTED_ESSENCES: ReadonlySet<string> = new Set([
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
])

/** By name: which values are safe. */
const SAFE_VALUES: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ['accept', hasNoUnsafeByte],
  ['accept-language', isLanguageValue],
  ['content-language', isLanguageValue],
  ['content-type', (value) => hasNoUnsafeByte(value) && isSafelistedType(value)],
  ['range', isSimpleRange],
])

/** "CORS-unsafe request-header names": lower case, sorted, each once. */
export function unsafeNames(headers: readonly Field[], browser: Browser): readonly string[] {
  const measured = browser.combinesEqualHeaders ? combinedEqual(headers) : headers
  const safe = measured.filter((field) => isSafelisted(field, browser))
  const total = safe.reduce((sum, [, value]) => sum + value.length, 0)
  const unsafe =
    total > MAX_TOTAL_BYTES ? measured : measured.filter((field) => !safe.includes(field))
  return [...new Set(unsafe.map(([name]) => name))].sort()
}

/** "No-CORS-safelisted request-header". */
export function isNoCorsSafelisted([name, value]: Field): boolean {
  return name !== 'range' && isSafelistedByStandard(name, value)
}

/** "CORS-safelisted request-header", and what the browser adds to it. */
function isSafelisted([name, value]: Field, { safelistedHeaders }: Browser): boolean {
  if (safelistedHeaders.has(name)) return value.length <= MAX_VALUE_BYTES
  return isSafelistedByStandard(name, value)
}

function isSafelistedByStandard(name: string, value: string): boolean {
  return value.length <= MAX_VALUE_BYTES && SAFE_VALUES.get(name)?.(value) === true
}

function combinedEqual(headers: readonly Field[]): readonly Field[] {
  const names = [...new Set(headers.map(([name]) => name))]
  return names.map((name): Field => [name, linesOf(headers, name).join(', ')])
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

/** "Parse a single range header value", without white space, and with a start. */
function isSimpleRange(value: string): boolean {
  if (!value.startsWith('bytes=')) return false
  const dash = value.indexOf('-')
  if (dash === -1) return false
  const start = value.slice('bytes='.length, dash)
  const end = value.slice(dash + 1)
  if (start === '' || !isDigits(start) || !isDigits(end)) return false
  return end === '' || BigInt(start) <= BigInt(end)
}

function isDigits(text: string): boolean {
  return every(text, (character) => DIGITS.includes(character))
}

function every(text: string, holds: (character: string) => boolean): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (!holds(text.charAt(index))) return false
  }
  return true
}
