/** Policies as texts under keys: read, written, removed. */

import { type AnyCorsPolicy, type CorsOptions, definePolicy } from '../../src/index.ts'
import type { Connection } from './client.ts'
import type { CommandRunner } from './commands.ts'
import type { KeyLayout } from './keys.ts'
import { about } from './trouble.ts'

/** Bytes of a text. What is longer is never fetched whole. */
const LONGEST_TEXT = 1_048_576

/** What is kept under the keys of one store. */
export interface Entries {
  /** The text of an entry; `undefined` where there is none. */
  readonly read: (entry: string) => Promise<string | undefined>
  /** Writes the text of an entry, or removes it, and tells all processes. */
  readonly write: (entry: string, text: string | undefined) => Promise<void>
}

export function createEntries(
  connection: Connection,
  run: CommandRunner,
  { key, channel }: KeyLayout,
): Entries {
  return {
    read: async (entry) => textOf(await run(() => connection.read(key(entry), LONGEST_TEXT + 1))),
    write: async (entry, text) => {
      try {
        await run(() =>
          text === undefined ? connection.remove(key(entry)) : connection.write(key(entry), text),
        )
        await run(() => connection.publish(channel, entry))
      } catch (error) {
        throw about(key(entry), error)
      }
    },
  }
}

function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') throw new TypeError('the client did not answer with text')
  if (value.length > LONGEST_TEXT) throw new RangeError(`this is more than ${LONGEST_TEXT} bytes`)
  return value === '' ? undefined : value
}

/**
 * The options of a policy as the text to keep.
 *
 * @throws {CorsConfigError} where the options are wrong.
 * @throws {TypeError} where they hold what is no data, or are too long.
 */
export function printOptions(options: CorsOptions | AnyCorsPolicy): string {
  const text = JSON.stringify(definePolicy(options as CorsOptions).options, refuseCode)
  if (text.length <= LONGEST_TEXT) return text
  throw new RangeError(`a policy in Redis has at most ${LONGEST_TEXT} bytes`)
}

function refuseCode(name: string, value: unknown): unknown {
  if (typeof value !== 'function' && !(value instanceof RegExp)) return value
  const kind = typeof value === 'function' ? 'a function' : 'a regular expression'
  throw new TypeError(`a policy in Redis is data; ${name} is ${kind}`)
}
