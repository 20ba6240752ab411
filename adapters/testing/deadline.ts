/** One deadline for all that a call waits for. */

import * as timers from 'node:timers'

// Kept at once: tests replace the global functions, and those of the module, too.
const { clearTimeout, setTimeout } = timers

/**
 * Runs `run`, which has to settle once the signal is aborted, and to wait for nothing after that;
 * `late` makes the error for it.
 */
export async function withDeadline<Value>(
  milliseconds: number,
  late: () => Error,
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const controller = new AbortController()
  const { signal } = controller
  const timer = setTimeout(() => controller.abort(), milliseconds)
  try {
    return await run(signal)
  } catch (error) {
    // Made here, and not by the timer, so that its stack leads to the test.
    throw signal.aborted ? late() : error
  } finally {
    clearTimeout(timer)
  }
}

/** The promise, or the signal's reason where that comes first. */
export function untilAborted<Value>(
  signal: AbortSignal,
  promise: PromiseLike<Value>,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).then(() => signal.removeEventListener('abort', abort))
  })
}
