/** Asks the predicate of a policy about one canonical origin. */

import type { OriginPredicate } from '../options.ts'
import { quote } from '../quote.ts'
import { type Clock, type LookupAnswer, lookUp } from './lookup.ts'

const NAME = 'the origin predicate'

export function askPredicate(
  predicate: OriginPredicate,
  origin: string,
  timeout: number,
  clock: Clock,
): LookupAnswer<boolean> | Promise<LookupAnswer<boolean>> {
  return lookUp(
    {
      name: NAME,
      ask: (callback) => predicate(origin, callback),
      callsBack: predicate.length >= 2,
      read: readBoolean,
      timeout,
    },
    clock,
  )
}

function readBoolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw new TypeError(`${NAME} answered ${quote(value)}; it must answer true or false`)
}
