/** Where things are kept in Redis, and what the notifications of changes say. */

/** As the core: longer ids are unknown tenants, without a look-up. */
const MOST_LETTERS = 256

/** What is kept: one named policy, or the policy of one tenant. */
export type Kind = 'policy' | 'tenant'

/** The keys of one store. What stands behind the prefix is also the message that says that it changed. */
export interface KeyLayout {
  /** Where changes are announced. */
  readonly channel: string
  /** The key of an entry, as `crossgate:tenant:acme`. */
  readonly key: (entry: string) => string
}

export function layOut(prefix: string): KeyLayout {
  return { channel: `${prefix}changed`, key: (entry) => `${prefix}${entry}` }
}

/**
 * The name of an entry in keys and notifications. Ids are taken as they are: nothing is a pattern to the
 * commands that are used, and clients send lengths, not delimiters.
 */
export function entryOf(kind: Kind, id: string): string {
  return `${kind}:${id}`
}

/** The id in a notification about an entry of `kind`; `undefined` where it is about something else. */
export function idIn(message: string, kind: Kind): string | undefined {
  const start = `${kind}:`
  return message.startsWith(start) ? message.slice(start.length) : undefined
}

/**
 * Whether an id has a key of its own. Half of a surrogate pair has no UTF-8: clients send the same
 * replacement for all of them, so that one tenant would get the policy of another.
 */
export function isStorable(id: unknown): id is string {
  return (
    typeof id === 'string' && id !== '' && id.length <= MOST_LETTERS && !/\p{Surrogate}/u.test(id)
  )
}

/** @throws {TypeError} where `id` has no key of its own. */
export function assertStorable(id: unknown, name: string): asserts id is string {
  if (isStorable(id)) return
  throw new TypeError(`${name} is well-formed text of 1 to ${MOST_LETTERS} characters`)
}
