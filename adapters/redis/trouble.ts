/** What goes wrong with a key or with the channel, told to whoever watches. */

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
