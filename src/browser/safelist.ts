/** Which request headers a page may send to another origin without asking. */

import type { Browser } from './browsers.ts'
import type { Field } from './exchange.ts'
import { linesOf } from './headers.ts'
import { SAFELISTED_HEADERS } from './safe-values.ts'

/** Most bytes of one safelisted header, and of all together. */
const MAX_VALUE_BYTES = 128
const MAX_TOTAL_BYTES = 1024

/** "CORS-unsafe request-header names": lower case, sorted, each once. */
export function unsafeNames(headers: readonly Field[], browser: Browser): readonly string[] {
  const measured = browser.combinesEqualHeaders ? combinedEqual(headers) : headers
  const safe = measured.filter((field) => isSafelisted(field, browser.safelistedHeaders))
  const total = safe.reduce((sum, [, value]) => sum + value.length, 0)
  const unsafe =
    total > MAX_TOTAL_BYTES ? measured : measured.filter((field) => !safe.includes(field))
  return [...new Set(unsafe.map(([name]) => name))].sort()
}

/** "No-CORS-safelisted request-header". */
export function isNoCorsSafelisted(field: Field): boolean {
  return field[0] !== 'range' && isSafelisted(field, SAFELISTED_HEADERS)
}

/** "CORS-safelisted request-header". */
function isSafelisted([name, value]: Field, listed: Browser['safelistedHeaders']): boolean {
  return value.length <= MAX_VALUE_BYTES && listed.get(name)?.(value) === true
}

function combinedEqual(headers: readonly Field[]): readonly Field[] {
  const names = [...new Set(headers.map(([name]) => name))]
  return names.map((name): Field => [name, linesOf(headers, name).join(', ')])
}
