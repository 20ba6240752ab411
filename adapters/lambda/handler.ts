/** The handlers of functions, and how they are called. */

import { type Answer, answeringContext, canAnswer } from './context.ts'

/** How a handler of Node 22 and earlier answers that neither returns nor awaits. */
export type LambdaCallback = (error?: unknown, result?: unknown) => void

/** What Lambda calls: the event, its context, and for older runtimes a callback. */
export type LambdaHandler<Event, Context, Result> = (
  event: Event,
  context: Context,
  callback: LambdaCallback,
) => Result

/** Marks a handler for Lambda that writes its response to a stream. */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming')
/** The parameters of a handler that declares a callback. Node 24's runtime refuses it by their number. */
const PARAMETERS_WITH_CALLBACK = 3

/** @throws {TypeError} where it is no handler that can be wrapped. */
export function checkHandler(handler: unknown): void {
  if (typeof handler !== 'function') {
    throw new TypeError(
      `the handler must be a function (event, context) => result, not ${String(handler)}`,
    )
  }
  if ((handler as { [STREAMING]?: unknown })[STREAMING] !== undefined) {
    throw new TypeError(
      'a handler of awslambda.streamifyResponse writes its own head, and cannot be wrapped; ' +
        'stream with middy, and use cors of crossgate/lambda as its middleware',
    )
  }
}

/**
 * The result of a handler, however it answers: with a promise, the callback, or a function of the
 * context. The first answer counts. The wrapper itself need not call back: the runtime of Node 24
 * refuses handlers that do.
 */
export function call<Event, Context>(
  handler: LambdaHandler<Event, Context, unknown>,
  event: Event,
  context: Context,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const callback: LambdaCallback = (error, result) => {
      if (error === undefined || error === null) resolve(result)
      else reject(error)
    }
    const answer: Answer = {
      succeed: resolve,
      fail: (error) =>
        reject(error ?? new Error('the handler called context.fail without an error')),
      done: callback,
    }
    const returned = handler(event, answeringContext(context, answer), callback)
    // Resolved with the promise itself, no call could answer before it.
    if (isThenable(returned)) Promise.resolve(returned).then(resolve, reject)
    else if (!mayAnswerLater(handler, context, returned)) resolve(returned)
  })
}

/**
 * Whether a handler that returned no promise is waited for. The runtimes of Node 22 and earlier wait for
 * every one, however many parameters it declares, until nothing is left to do; then they answer with
 * `null`, and do so for the wrapper, too. Elsewhere only a handler that declares a callback may call it.
 */
function mayAnswerLater(
  handler: { readonly length: number },
  context: unknown,
  returned: unknown,
): boolean {
  if (handler.length >= PARAMETERS_WITH_CALLBACK) return true
  return canAnswer(context) && !isData(returned)
}

/**
 * Whether a value can be meant as a result. What arrow functions happen to return, such as a timer or a
 * server, is an instance of a class.
 */
function isData(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value !== undefined
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** Promises of libraries are not all instances of the language's. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
