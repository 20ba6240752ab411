/** What a test got wrong itself: told apart from what a server, or a page, does. */

import { printed } from './printed.ts'

const mistakes = new WeakSet<object>()

/** What to do in an environment that plays a page, as that of jsdom. */
export const NODE_FIX =
  "run the test in the environment 'node', " +
  "as with '@jest-environment node' in a comment at the top of the file"

/** An error for a wrong call: what was given, and what to write instead. */
export function mistake(message: string): TypeError {
  const error = new TypeError(message)
  mistakes.add(error)
  return error
}

/** A {@link mistake} that is a value. */
export function wrongValue(what: string, value: unknown, fix: string): TypeError {
  return mistake(`${what} is ${shown(value)}; ${fix}`)
}

/** Whether `error` was made by {@link mistake}. */
export function isMistake(error: unknown): error is TypeError {
  return typeof error === 'object' && error !== null && mistakes.has(error)
}

/** A value as it may stand in a message. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${printed(value)}'`
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'symbol') return 'a symbol'
  if (typeof value !== 'object' || value === null) return String(value)
  return Array.isArray(value) ? 'a list' : 'an object'
}
