/** The handlers of functions, and how they are called. */

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
/** The parameters of a handler that calls back. Lambda, too, tells them by their number. */
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
 * The result of a handler, however it answers. What calls back is waited for, so that the wrapper need
 * not call back: the runtime of Node 24 refuses handlers that do.
 */
export async function call<Event, Context>(
  handler: LambdaHandler<Event, Context, unknown>,
  event: Event,
  context: Context,
): Promise<unknown> {
  if (handler.length < PARAMETERS_WITH_CALLBACK) {
    return (handler as (event: Event, context: Context) => unknown)(event, context)
  }
  return new Promise((resolve, reject) => {
    const returned = handler(event, context, (error, result) => {
      if (error === undefined || error === null) resolve(result)
      else reject(error)
    })
    // As in Lambda, what is returned counts where it is a promise.
    if (isThenable(returned)) resolve(returned)
  })
}

/** Promises of libraries are not all instances of the language's. */
function isThenable(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
