/** What is done about a handler that fails. */

import { printError } from '../shared/failure.ts'
import { failedResult, type LambdaResult } from './results.ts'
import type { Settled } from './settled.ts'

/** What happens where a handler fails, or a look-up of a policy. */
export interface LambdaSettings<Event> {
  /**
   * Sees what was thrown; a promise that it returns is waited for, because Lambda stops the process
   * once it has the result. The response is then an empty 500 with the headers, and to Lambda the
   * invocation succeeded, so that its own count of errors does not know of it. What it returns or
   * resolves to is ignored; it cannot answer. Where it fails itself, both errors are printed.
   *
   * `'rethrow'` lets the invocation fail instead. The gateway then answers, without any of the headers, so
   * that to pages it is a network error.
   *
   * @default prints it to the console
   */
  readonly onError?: ((error: unknown, event: Event) => unknown) | 'rethrow' | undefined
}

/** Answers for a failure, or throws it again. */
export type Fail<Event> = (error: unknown, event: Event, settled: Settled) => Promise<LambdaResult>

/** @throws {TypeError} where `onError` is neither a function nor `'rethrow'`. */
export function failureHandler<Event>({
  onError = printError,
}: LambdaSettings<Event>): Fail<Event> {
  if (typeof onError !== 'function' && onError !== 'rethrow') {
    throw new TypeError(`onError must be a function or 'rethrow', not ${String(onError)}`)
  }
  return async (error, event, { decision, dialect }) => {
    if (onError === 'rethrow') throw error
    try {
      await onError(error, event)
    } catch (failure) {
      // Nobody else has seen why the handler failed.
      printError(error)
      printError(failure)
    }
    return failedResult(decision, dialect)
  }
}
