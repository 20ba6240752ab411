/** Look-ups of which only so many run at once. */

import { type Clock, type Lookup, type LookupAnswer, lookUp } from './lookup.ts'

/** Look-ups that may wait for their turn. */
const MOST_WAITING = 1000

export interface Loads {
  /**
   * Runs a look-up, or lets it wait for its turn; what it waits counts into its timeout. `undefined`
   * where too many are waiting.
   */
  readonly run: <Value>(
    lookup: Lookup<Value>,
    clock: Clock,
  ) => LookupAnswer<Value> | Promise<LookupAnswer<Value>> | undefined
  readonly running: () => number
  readonly waiting: () => number
}

/** @param concurrency How many run at once. One whose time is over does not count any more. */
export function createLoads(concurrency: number): Loads {
  // In order of arrival, with what starts each.
  const waiting = new Map<object, () => void>()
  let running = 0

  function release(): void {
    const [next] = waiting
    if (next === undefined) running -= 1
    else {
      const [place, start] = next
      waiting.delete(place)
      start()
    }
  }

  function runNow<Value>(lookup: Lookup<Value>, clock: Clock) {
    running += 1
    const answer = lookUp(lookup, clock)
    if (!(answer instanceof Promise)) {
      release()
      return answer
    }
    return answer.then((settled) => {
      release()
      return settled
    })
  }

  function runLater<Value>(lookup: Lookup<Value>, clock: Clock) {
    const place = {}
    const turn = new Promise<void>((resolve) => waiting.set(place, resolve))
    const ask: Lookup<Value>['ask'] = (callback) => turn.then(() => lookup.ask(callback))
    return Promise.resolve(lookUp({ ...lookup, ask }, clock)).then((settled) => {
      const hadNoTurn = waiting.delete(place)
      if (!hadNoTurn) release()
      return settled
    })
  }

  return Object.freeze({
    run: <Value>(lookup: Lookup<Value>, clock: Clock) => {
      if (running < concurrency) return runNow(lookup, clock)
      return waiting.size < MOST_WAITING ? runLater(lookup, clock) : undefined
    },
    running: () => running,
    waiting: () => waiting.size,
  })
}
