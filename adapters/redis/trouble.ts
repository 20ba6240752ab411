/** What goes wrong with a key or with the channel, told to whoever watches. */

import { isCorsConfigError } from '../../src/index.ts'
import { printError } from '../shared/failure.ts'

/** Sees why a key could not be read or used, or why the channel is lost. */
export type ErrorObserver = (error: Error, key: string) => void

/** Tells why something failed; `undefined` says that it works again. */
export type TroubleTeller = (reason: unknown) => void

/** The message of the error names the key. */
export function printTrouble(error: Error): void {
  printError(error)
}

/** Tells a trouble when it begins and when it changes, and not again at each attempt. */
export function troubleWith(key: string, onError: ErrorObserver): TroubleTeller {
  let known: string | undefined
  return (reason) => {
    const error = reason === undefined ? undefined : about(key, reason)
    const isNews = error?.message !== known
    known = error?.message
    if (error !== undefined && isNews) tell(onError, error, key)
  }
}

/** What goes wrong with entries of which there are as many as requests invent. */
export interface SharedTrouble {
  /** Whether a failure is to be told: not where it is a reading's, and that reason is known. */
  readonly isNews: (error: Error) => boolean
  /** Reads an entry. Once that works, all reasons are news again. */
  readonly watch: <Value>(read: () => Promise<Value>) => Promise<Value>
}

/** Reasons that are remembered. Some clients may put into each what differs. */
const MOST_REASONS = 100

export function createSharedTrouble(): SharedTrouble {
  const known = new Set<string>()
  const ofReadings = new WeakSet<Error>()
  return {
    isNews: (error) => {
      if (isCorsConfigError(error)) return true
      // The core's own, as that there is no answer, name the id.
      const reason = ofReadings.has(error) ? error.message : ''
      if (known.has(reason)) return false
      if (known.size >= MOST_REASONS) known.clear()
      known.add(reason)
      return true
    },
    watch: async (read) => {
      try {
        const value = await read()
        known.clear()
        return value
      } catch (error) {
        if (error instanceof Error) ofReadings.add(error)
        throw error
      }
    },
  }
}

/** What an observer throws or rejects with must not end the process. */
export function tell(onError: ErrorObserver, error: Error, key: string): void {
  new Promise<void>((resolve) => resolve(onError(error, key))).catch(printError)
}

/** Redis names no keys in its errors, and options never know where they were kept. */
export function about(key: string, reason: unknown): Error {
  const message = reason instanceof Error ? reason.message : String(reason)
  return new Error(`${printable(key)} in Redis: ${message}`, { cause: reason })
}

/** Ids come from requests, and logs are read in terminals. */
function printable(text: string): string {
  return text.replace(
    /[^ -~]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
