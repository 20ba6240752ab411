/** `Vary` (RFC 9110, section 12.5.5): it belongs to several parties, so it is added to, never replaced. */

import { listElements } from './lists.ts'

/** The forms in which servers keep a header value. */
export type StoredValue = string | number | readonly string[] | undefined

/**
 * The value of `Vary` after adding `names` to what is there.
 *
 * Existing names keep their order and spelling. A name is added once, whatever its case. `*`
 * absorbs everything. Empty elements disappear. The empty string means that no `Vary` is needed.
 *
 * @example mergeVary('Accept-Encoding, origin', ['Origin']) // 'Accept-Encoding, origin'
 */
export function mergeVary(existing: StoredValue, names: readonly string[]): string {
  // The commonest case by far.
  if (existing === undefined && names.length < 2) return names[0] ?? ''
  const merged: string[] = []
  const seen = new Set<string>()
  const present = existing === undefined ? [] : listElements(String(existing))
  for (const name of [...present, ...names]) {
    if (name === '*') return '*'
    const key = name.toLowerCase()
    if (seen.has(key)) continue
    seen.add(key)
    merged.push(name)
  }
  return merged.join(', ')
}
