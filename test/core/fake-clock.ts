/** A clock that tests move. */

import type { Clock } from '../../src/index.ts'

export interface FakeClock extends Clock {
  /** Moves time on, and calls what is due. */
  readonly pass: (milliseconds: number) => void
  /** How many actions are waiting. */
  readonly waiting: () => number
}

export function createFakeClock(): FakeClock {
  let time = 0
  const timers = new Map<number, { readonly due: number; readonly action: () => void }>()
  let next = 0
  return {
    now: () => time,
    after: (milliseconds, action) => {
      next += 1
      const id = next
      timers.set(id, { due: time + milliseconds, action })
      return () => {
        timers.delete(id)
      }
    },
    pass: (milliseconds) => {
      time += milliseconds
      for (const [id, { due, action }] of [...timers]) {
        if (due <= time && timers.delete(id)) action()
      }
    },
    waiting: () => timers.size,
  }
}
