/**
 * One look-up in the user's code: by answer, by promise, or by calling back.
 *
 * It always settles, once, and never throws or rejects: the first answer wins, a failure is data,
 * and a deadline ends the wait.
 */

/** Where time comes from. */
export interface Clock {
  /** Milliseconds since some fixed moment. */
  readonly now: () => number
  /** Calls `action` once, `milliseconds` from now; the answer takes that back. */
  readonly after: (milliseconds: number, action: () => void) => () => void
}

/**
 * How a look-up ended: with a value, or with what went wrong. Both fields are always there, so that
 * neither can be found on `Object.prototype`.
 */
export type LookupAnswer<Value> =
  | { readonly value: Value; readonly error: undefined }
  | { readonly error: Error; readonly value: undefined }

export interface Lookup<Value> {
  /** What is asked, for messages: `the origin predicate`. */
  readonly name: string
  /** Calls the user's function. */
  readonly ask: (callback: (error: unknown, value?: unknown) => void) => unknown
  /** Whether the user's function takes a callback, so that to return nothing is no answer yet. */
  readonly callsBack: boolean
  /** Takes the user's value, or throws an `Error` that says what is wrong with it. */
  readonly read: (value: unknown) => Value
  /** Milliseconds. */
  readonly timeout: number
}

export function lookUp<Value>(
  { name, ask, callsBack, read, timeout }: Lookup<Value>,
  clock: Clock,
): LookupAnswer<Value> | Promise<LookupAnswer<Value>> {
  let answer: LookupAnswer<Value> | undefined
  let whenAnswered: ((answer: LookupAnswer<Value>) => void) | undefined

  const settle = (next: LookupAnswer<Value>): void => {
    if (answer !== undefined) return
    answer = next
    whenAnswered?.(next)
  }
  const fail = (reason: unknown): void => settle({ error: asError(reason, name), value: undefined })
  const take = (value: unknown): void => {
    if (answer !== undefined) return
    try {
      settle({ value: read(value), error: undefined })
    } catch (error) {
      fail(error)
    }
  }

  try {
    const returned = ask((error, value) =>
      error === undefined || error === null ? take(value) : fail(error),
    )
    if (isThenable(returned)) {
      Promise.resolve(returned).then((value) => {
        if (value !== undefined || !callsBack) take(value)
      }, fail)
    } else if (returned !== undefined || !callsBack) take(returned)
  } catch (error) {
    fail(error)
  }
  if (answer !== undefined) return answer

  return new Promise((resolve) => {
    const cancel = clock.after(timeout, () =>
      fail(new Error(`${name} has not answered within ${timeout} ms`)),
    )
    whenAnswered = (settled) => {
      cancel()
      resolve(settled)
    }
  })
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  return typeof (value as { then?: unknown }).then === 'function'
}

/**
 * An `Error` that every framework can handle: to Express `null` and `'route'` are no errors, and
 * Koa writes to the error that it gets. What throws when it is looked at is not handed on, since
 * whoever logs it would fail in turn.
 */
function asError(reason: unknown, name: string): Error {
  try {
    const isError = reason instanceof Error
    const message = isError ? reason.message : 'it threw or rejected with no Error'
    if (isError && Object.isExtensible(reason)) return reason
    return new Error(`${name} failed: ${message}`, { cause: reason })
  } catch {
    return new Error(`${name} failed: what it threw cannot be read`)
  }
}
