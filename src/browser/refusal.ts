/** What a server that runs crossgate with `debug` says of its refusal. */

import { REFUSAL } from '../http/names.ts'
import { printable, shorten } from '../quote.ts'
import type { ReceivedResponse } from './exchange.ts'
import { combinedValue } from './headers.ts'
import type { BrokenRule } from './rules.ts'

const MAX_LENGTH = 200

/** The broken rule, with what the server says of it where it does. */
export function withRefusal(
  broken: BrokenRule | undefined,
  { headers }: ReceivedResponse,
): BrokenRule | undefined {
  const said = combinedValue(headers, REFUSAL)
  if (broken === undefined || said === undefined || said === '') return broken
  const shown = shorten(printable(shorten(said, MAX_LENGTH)), MAX_LENGTH)
  return Object.freeze({ ...broken, message: `${broken.message}; the server says: ${shown}` })
}
