/** Look-ups of which only so many run at once. */

import { type Clock, type Lookup, type LookupAnswer, lookUp } from './lookup.ts'

/** Look-ups of unknown ids that may wait for their turn. */
const MOST_WAITING = 1000

export interface Loads {
  /**
   * Runs a look-up, or lets it wait for its turn; what it waits counts into its timeout. What is known
   * goes first. Where too many that are unknown wait, the one that has waited longest fails.
   */
  readonly run: <Value>(
    lookup: Lookup<Value>,
    clock: Clock,
    isKnown: boolean,
  ) => LookupAnswer<Value> | Promise<LookupAnswer<Value>>
  readonly running: () => number
  readonly waiting: () => number
}

interface Lane {
  /** How many of it run at once. */
  readonly most: number
  running: number
  /** In order of arrival. */
  readonly waiting: Set<Place>
}

interface Place {
  hasTurn: boolean
  readonly start: () => void
  readonly drop: () => void
}

/**
 * @param concurrency How many run at once, a fifth of them kept free for what is known. One whose time
 * is over does not count any more.
 */
export function createLoads(concurrency: number): Loads {
  const known = createLane(concurrency)
  const unknown = createLane(concurrency - Math.floor(concurrency / 5))
  const running = (): number => known.running + unknown.running
  const hasRoom = (lane: Lane): boolean => running() < concurrency && lane.running < lane.most

  function release(lane: Lane): void {
    lane.running -= 1
    const next = [known, unknown].find(({ waiting }) => waiting.size > 0)
    // The known can always run now. The unknown may have to leave room for them.
    if (next === undefined || !hasRoom(next)) return
    const [place] = next.waiting
    if (place === undefined) return
    next.waiting.delete(place)
    next.running += 1
    place.hasTurn = true
    place.start()
  }

  function runNow<Value>(lookup: Lookup<Value>, clock: Clock, lane: Lane) {
    lane.running += 1
    const answer = lookUp(lookup, clock)
    if (!(answer instanceof Promise)) {
      release(lane)
      return answer
    }
    return answer.then((settled) => {
      release(lane)
      return settled
    })
  }

  function runLater<Value>(lookup: Lookup<Value>, clock: Clock, lane: Lane) {
    const place = createPlace(lookup.name)
    lane.waiting.add(place)
    const { name, timeout } = lookup
    const deadline = clock.now() + timeout
    const ask: Lookup<Value>['ask'] = async (callback) => {
      await place.turn
      if (clock.now() >= deadline) throw new Error(`${name} was not started within ${timeout} ms`)
      return lookup.ask(callback)
    }
    return Promise.resolve(lookUp({ ...lookup, ask }, clock)).then((settled) => {
      lane.waiting.delete(place)
      if (place.hasTurn) release(lane)
      return settled
    })
  }

  function makeRoom(): void {
    if (unknown.waiting.size < MOST_WAITING) return
    const [oldest] = unknown.waiting
    if (oldest === undefined) return
    unknown.waiting.delete(oldest)
    oldest.drop()
  }

  return Object.freeze({
    run: <Value>(lookup: Lookup<Value>, clock: Clock, isKnown: boolean) => {
      const lane = isKnown ? known : unknown
      if (hasRoom(lane)) return runNow(lookup, clock, lane)
      // The known are as many as are kept.
      if (!isKnown) makeRoom()
      return runLater(lookup, clock, lane)
    },
    running,
    waiting: () => known.waiting.size + unknown.waiting.size,
  })
}

function createLane(most: number): Lane {
  return { most, running: 0, waiting: new Set() }
}

function createPlace(name: string): Place & { readonly turn: Promise<void> } {
  let start = (): void => undefined
  let drop = start
  const turn = new Promise<void>((resolve, reject) => {
    start = resolve
    drop = () => reject(new Error(`${name} was not started, since too many are waiting`))
  })
  return { hasTurn: false, start, drop, turn }
}
