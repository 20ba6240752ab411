/** Notifications of changes, as long as the connection holds, and again when it is back. */

import type { Connection } from './client.ts'
import { attempt } from './commands.ts'
import type { TroubleTeller } from './trouble.ts'

/** What is listened to, and who is told. */
export interface Subscription {
  readonly channel: string
  readonly onMessage: (message: string) => void
  /** From now on messages come. Those that were sent before are lost. */
  readonly onSubscribed: () => void
  readonly tell: TroubleTeller
}

/**
 * Keeps a channel subscribed to over all reconnections.
 *
 * @returns What ends it.
 */
export function subscribe(
  connection: Connection,
  { channel, onMessage, onSubscribed, tell }: Subscription,
): () => void {
  let isOver = false

  const establish = (): void => {
    attempt(() => connection.subscribe(channel, onMessage)).then(() => {
      if (isOver) return
      tell(undefined)
      onSubscribed()
    }, fail)
  }
  const fail = (error: unknown): void => {
    if (!isOver) tell(error)
  }

  // Not all clients subscribe again by themselves in all settings; to do it twice changes nothing.
  const stopEstablishing = connection.on('ready', establish)
  if (connection.isReady()) establish()
  else attempt(connection.open).catch(fail)

  return () => {
    isOver = true
    stopEstablishing()
    attempt(() => connection.unsubscribe(channel, onMessage)).catch(ignore)
  }
}

/** A connection that belongs to the subscription alone, and ends with it. */
export function subscribeAlone(connection: Connection, subscription: Subscription): () => void {
  let isOver = false
  // For good: a client without a listener for its errors ends the process, also after the end.
  connection.on('error', (error) => {
    if (!isOver) subscription.tell(error)
  })
  const end = subscribe(connection, subscription)
  return () => {
    isOver = true
    end()
    attempt(async () => connection.disconnect()).catch(ignore)
  }
}

function ignore(): void {}
