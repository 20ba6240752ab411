/** Methods (Fetch standard, section "Methods"). */

import { FORBIDDEN_METHODS, NORMALIZED_METHODS } from '../http/safelists.ts'

/** "Normalize": six methods are upper-cased, all others stay as the page writes them. */
export function normalizeMethod(method: string): string {
  const upper = method.toUpperCase()
  return NORMALIZED_METHODS.has(upper) ? upper : method
}

/** "Forbidden method", in any letter case. */
export function isForbiddenMethod(method: string): boolean {
  return FORBIDDEN_METHODS.has(method.toUpperCase())
}
