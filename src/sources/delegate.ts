/** Asks a delegate for the policy of a request, and compiles what it returns, once for each object. */

import { type CompiledPolicy, compiledOf, toPolicy } from '../policy.ts'
import { quote } from '../quote.ts'
import { type Clock, type LookupAnswer, lookUp } from './lookup.ts'
import type { PolicyDelegate } from './source.ts'

const NAME = 'the CORS delegate'

/** The delegate as a function that never throws and never rejects. */
export function askable<Request>(
  delegator: PolicyDelegate<Request>,
  timeout: number,
  clock: Clock,
): (request: Request) => LookupAnswer<CompiledPolicy> | Promise<LookupAnswer<CompiledPolicy>> {
  const read = compilingOnce()
  const callsBack = delegator.length >= 2
  return (request) =>
    lookUp(
      { name: NAME, ask: (callback) => delegator(request, callback), callsBack, read, timeout },
      clock,
    )
}

/** Compiles each object that a delegate returns once, and remembers also that it is wrong. */
function compilingOnce(): (value: unknown) => CompiledPolicy {
  const known = new WeakMap<object, CompiledPolicy | Error>()
  // Most delegates return one object most of the time.
  let lastValue: unknown
  let lastPolicy: CompiledPolicy | undefined
  return (value) => {
    if (lastPolicy !== undefined && value === lastValue) return lastPolicy
    if (typeof value !== 'object' || value === null) {
      throw new TypeError(`${NAME} answered ${quote(value)}; it must answer options`)
    }
    const compiled = known.get(value) ?? compileOrError(value)
    known.set(value, compiled)
    if (compiled instanceof Error) throw compiled
    lastValue = value
    lastPolicy = compiled
    return compiled
  }
}

function compileOrError(value: object): CompiledPolicy | Error {
  try {
    return compiledOf(toPolicy(value)).behindSource()
  } catch (error) {
    return error instanceof Error ? error : new Error('the options could not be read')
  }
}
