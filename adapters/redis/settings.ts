/** What users write for `redisPolicies`: types, validation, defaults. */

import type { RedisClient } from './client.ts'
import { type ErrorObserver, printTrouble } from './trouble.ts'

/** Where the policies are, and how long Redis may take. */
export interface RedisPoliciesSettings {
  /**
   * Reads and writes: a client of `redis` (version 4 or later) or of `ioredis`. It stays yours: it has your
   * listener for errors, is connected by you, and is closed by you.
   */
  readonly client: RedisClient
  /**
   * Hears of changes: a connection that does nothing else. It stays yours, too. A client of `ioredis` stays
   * subscribed to the channel when the store is closed, since others may listen.
   *
   * @default `client.duplicate()`, connected and closed by the store
   */
  readonly subscriber?: RedisClient | undefined
  /**
   * What all keys and the channel begin with. Of the prefixes of two stores in one Redis, none begins with
   * the other. @default 'crossgate:'
   */
  readonly prefix?: string | undefined
  /**
   * Milliseconds, up to a day, after which policies are read again in any case: how late a change is seen whose
   * notification was lost. @default 60000
   */
  readonly ttl?: number | undefined
  /** Milliseconds, up to a minute, for one command. @default 1000 */
  readonly timeout?: number | undefined
  /**
   * Sees why a policy could not be read, or be put in force, and why notifications do not come; `key` is the
   * key, or the channel. The cause of the error is the {@link CorsConfigError}, or the client's error. Told once
   * for each reason; of tenants that cannot be read only the first is told, until one can.
   *
   * @default prints it to the console
   */
  readonly onError?: ErrorObserver | undefined
}

/** Valid settings, complete. */
export interface CompleteSettings {
  readonly client: RedisClient
  readonly subscriber: RedisClient | undefined
  readonly prefix: string
  readonly ttl: number
  readonly timeout: number
  readonly onError: ErrorObserver
}

const NAMES = ['client', 'subscriber', 'prefix', 'ttl', 'timeout', 'onError']
const DAY = 86_400_000
const MINUTE = 60_000
const LONGEST_PREFIX = 256
/** As the keys of entries begin, behind the prefix of another store. */
const NESTED = /(?:policy|tenant):$/

/** @throws {TypeError} where a setting is wrong or unknown. */
export function readSettings(settings: RedisPoliciesSettings): CompleteSettings {
  if (typeof settings !== 'object' || settings === null) {
    throw new TypeError('redisPolicies takes an object with settings: redisPolicies({ client })')
  }
  for (const name of Object.keys(settings)) {
    if (!NAMES.includes(name)) {
      throw new TypeError(`redisPolicies knows only ${NAMES.join(', ')}; there is a ${name}`)
    }
  }
  const { client, subscriber, prefix = 'crossgate:', onError = printTrouble } = settings
  const { ttl = MINUTE, timeout = 1000 } = settings
  if (typeof prefix !== 'string' || prefix.length > LONGEST_PREFIX) {
    throw new TypeError(`prefix is text of at most ${LONGEST_PREFIX} characters`)
  }
  const [nested] = NESTED.exec(prefix) ?? []
  if (nested !== undefined) {
    throw new TypeError(
      `prefix ends in ${nested}, so that other stores would read its keys as theirs`,
    )
  }
  if (typeof onError !== 'function') throw new TypeError('onError is a function')
  assertMilliseconds('ttl', ttl, DAY)
  assertMilliseconds('timeout', timeout, MINUTE)
  return { client, subscriber, prefix, ttl, timeout, onError }
}

function assertMilliseconds(name: string, value: unknown, most: number): void {
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most) return
  throw new TypeError(`${name} is a whole number of milliseconds from 1 to ${most}`)
}
