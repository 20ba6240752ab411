/** Who is told of changed entries: by notifications, and by what this process writes itself. */

import type { Subscription } from './subscription.ts'
import type { TroubleTeller } from './trouble.ts'

/** Has what depends on an entry read again; on all entries, where none is given. */
export type ChangeListener = (entry?: string) => void

export interface Changes {
  /** @returns What ends it. */
  readonly listen: (listener: ChangeListener) => () => void
  readonly tell: ChangeListener
  readonly close: () => void
}

/**
 * @param subscribe Starts the notifications. It is called for the first listener, since processes that only
 * write have no use for them.
 */
export function createChanges(
  channel: string,
  subscribe: (subscription: Subscription) => () => void,
  tellTrouble: TroubleTeller,
): Changes {
  const listeners = new Set<ChangeListener>()
  let unsubscribe: (() => void) | undefined
  let isClosed = false

  const tell: ChangeListener = (entry) => {
    for (const listener of listeners) listener(entry)
  }

  return {
    listen: (listener) => {
      if (isClosed) throw new Error('this store of policies is closed')
      unsubscribe ??= subscribe({
        channel,
        onMessage: tell,
        // What was said before is not known.
        onSubscribed: () => tell(),
        tell: tellTrouble,
      })
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    tell,
    close: () => {
      isClosed = true
      listeners.clear()
      unsubscribe?.()
      unsubscribe = undefined
    },
  }
}
