/** What a wrapper of a handler is made with: checked when it is made, and named for messages. */

/** @throws {TypeError} where `handler` is no function; `shape` says what it should be. */
export function checkHandler(handler: unknown, shape: string): void {
  if (typeof handler === 'function') return
  throw new TypeError(`the handler is ${shown(handler)}; it must be a function ${shape}`)
}

/** @throws {TypeError} where the settings are no object, such as a function meant for `onError`. */
export function checkSettings(settings: unknown): void {
  if (typeof settings === 'object' && settings !== null) return
  throw new TypeError(
    `the settings are ${shown(settings)}; they must be an object, such as { onError: 'rethrow' }`,
  )
}

/** @throws {TypeError} where `onError` is neither a function nor `'rethrow'`. */
export function checkOnError(onError: unknown): void {
  if (typeof onError === 'function' || onError === 'rethrow') return
  throw new TypeError(`onError is ${shown(onError)}; it must be a function or 'rethrow'`)
}

/** What somebody returned, named without its content, which may be a secret. */
export function nameOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    return `an object of ${value.constructor?.name ?? 'no class'}`
  }
  return value === undefined || value === null ? String(value) : `a ${typeof value}`
}

/** What somebody wrote into the program. */
function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : nameOf(value)
}
