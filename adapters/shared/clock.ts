/** Time, as the core wants it. */

import type { Clock } from '../../src/index.ts'

/** The process's clock and timers: what `decideDynamic` needs for its timeout. */
export const systemClock: Clock = Object.freeze({
  // Not the time of day, which somebody may set.
  now: () => performance.now(),
  after: (milliseconds: number, action: () => void) => {
    const timer = setTimeout(action, milliseconds)
    return () => clearTimeout(timer)
  },
})
