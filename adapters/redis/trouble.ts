/** What goes wrong with one key or with the channel, told to whoever watches. */

import { printError } from '../shared/failure.ts'

/** Sees why a key could not be read or used, or why the channel is lost. */
export type ErrorObserver = (error: Error, key: string) => void

/** Tells why something failed; `undefined` ends the trouble. */
export type TroubleTeller = (reason: unknown) => void

export const printTrouble: ErrorObserver = (error) => printError(error)

/** Tells a trouble when it begins and when it changes, and not again at each attempt. */
export function troubleOf(key: string, onError: ErrorObserver): TroubleTeller {
  let known: string | undefined
  return (reason) => {
    if (reason === undefined) {
      known = undefined
      return
    }
    const error = about(key, reason)
    if (error.message === known) return
    known = error.message
    tell(onError, error, key)
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
  return text.replace(/[^ -~]/g, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
