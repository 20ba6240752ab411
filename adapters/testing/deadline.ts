/** One deadline for all that a call waits for. */

// Not the global ones, which tests replace.
import { clearTimeout, setTimeout } from 'node:timers'

/**
 * Runs `run`, which has to settle once the signal is aborted, and fails with the signal's reason
 * where it did not settle before.
 */
export async function withDeadline<Value>(
  milliseconds: number,
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(timeoutError(milliseconds)), milliseconds)
  try {
    return await run(controller.signal)
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
    promise.then(resolve, reject)
  })
}

function timeoutError(milliseconds: number): Error {
  const message = `not answered within ${milliseconds} ms; end every response, or give a longer 'timeout'`
  const error = new Error(message)
  error.name = 'TimeoutError'
  return Object.assign(error, { code: 'CROSSGATE_TIMEOUT' })
}
