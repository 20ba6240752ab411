/** Every policy of the table of exchanges, and none. */

import { WITHOUT } from './agreement.mjs'
import { EXCHANGES } from './exchanges.mjs'
import { sourceOf } from './lookups.mjs'

const names = [...new Set(EXCHANGES.map(({ policy }) => policy))]

/** What crossgate gets, by name; `undefined` leaves crossgate out. */
export const SOURCES = [[WITHOUT, undefined], ...names.map((name) => [name, sourceOf(name)])]

/**
 * A source for a framework whose requests are not Node's: the look-ups read Node's headers.
 *
 * @param headersOf The headers, as Node has them, of what the framework hands over.
 */
export function reading(source, headersOf) {
  const delegate = typeof source === 'function' ? source : source.delegator
  if (delegate === undefined) return source
  const read = (subject) => ({ headers: headersOf(subject) })
  // What calls back is told by its parameters.
  const delegator =
    delegate.length < 2
      ? (subject) => delegate(read(subject))
      : (subject, callback) => delegate(read(subject), callback)
  return typeof source === 'function' ? delegator : { ...source, delegator }
}
