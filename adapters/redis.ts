/**
 * One store of policies on Redis for many processes: an edit reaches all of them at once.
 *
 * @module crossgate/redis
 */

import {
  type AnyCorsPolicy,
  type CorsOptions,
  definePolicy,
  policyFromJson,
  type TenantOptions,
  type TenantSource,
  tenants,
} from '../src/index.ts'
import { createChanges } from './redis/changes.ts'
import { connectionOf } from './redis/client.ts'
import { createCommandRunner } from './redis/commands.ts'
import { createEntries, printOptions } from './redis/entries.ts'
import { createFollower, type Follower, type StoredPolicy } from './redis/follower.ts'
import { assertStorable, entryOf, idIn, isStorable, layOut } from './redis/keys.ts'
import { type RedisPoliciesSettings, readSettings } from './redis/settings.ts'
import { subscribe, subscribeAlone } from './redis/subscription.ts'
import { about, createSharedTrouble, tell, troubleWith } from './redis/trouble.ts'
import { systemClock } from './shared/clock.ts'

export type { IoredisClient, NodeRedisClient, RedisClient } from './redis/client.ts'
export type { StoredPolicy } from './redis/follower.ts'
export type { RedisPoliciesSettings } from './redis/settings.ts'
export type { ErrorObserver } from './redis/trouble.ts'

/** What applies to one named policy. */
export interface StoredPolicySettings {
  /**
   * The policy to begin with where Redis is away, or has no good policy under the name. It is replaced as
   * soon as there is one.
   *
   * @default none: the promise rejects
   */
  readonly fallback?: CorsOptions | AnyCorsPolicy | undefined
}

/** What `tenants` of the core takes; the store loads, and tells of errors. */
export type StoredTenantOptions<Request> = Omit<TenantOptions<Request>, 'load' | 'onError'> & {
  /** Milliseconds that a policy is used before it is loaded anew. @default the `ttl` of the store */
  readonly ttl?: number | undefined
}

/** Policies that all processes share. */
export interface RedisPolicies {
  /**
   * A source for the policy under `<prefix>policy:<name>`. It follows every change. The last good policy
   * stays in force while Redis is away, and where the key is removed or holds something else. Make it once, at
   * the start.
   *
   * @throws {Error} (rejects) where there is no good policy at the start, and no `fallback`.
   * @example
   * app.use(cors(await policies.policy('main')))
   */
  policy(name: string, settings?: StoredPolicySettings): Promise<StoredPolicy>
  /**
   * A source for the policies under `<prefix>tenant:<id>`, one for each tenant, kept as `tenants` of
   * `crossgate` keeps them. A tenant without a key is unknown, and nobody is allowed.
   *
   * @throws {CorsConfigError} where the options are wrong.
   * @example
   * app.use(cors(policies.tenants({ tenant: (request) => request.hostname })))
   */
  tenants<Request>(options: StoredTenantOptions<Request>): TenantSource<Request>
  /**
   * Writes a named policy, and tells all processes. Where the promise rejects because Redis does not answer,
   * the policy may have been written; to write it again does no harm.
   *
   * @throws {CorsConfigError} (rejects) where the options are wrong; then nothing is written.
   * @example
   * await policies.setPolicy('main', { origin: ['https://app.example.com'] })
   */
  setPolicy(name: string, options: CorsOptions | AnyCorsPolicy): Promise<void>
  /**
   * Writes the policy of a tenant, or removes it with `null`, and tells all processes.
   *
   * @throws {CorsConfigError} (rejects) where the options are wrong; then nothing is written.
   */
  setTenant(id: string, options: CorsOptions | AnyCorsPolicy | null): Promise<void>
  /** Ends all following. Policies in force stay. The user's clients stay open. */
  close(): void
}

/**
 * A store of policies on Redis. An edit, by {@link RedisPolicies.setPolicy} or by hand, reaches all processes by
 * a notification; where that is lost, within `ttl`. Whoever may write to Redis decides who may read your
 * responses: policies are checked as everywhere, but what they acknowledge is believed.
 *
 * @throws {TypeError} where a setting is wrong, or `client` is no client that is known.
 * @example
 * const client = createClient({ url: process.env.REDIS_URL }).on('error', log)
 * await client.connect()
 * const policies = redisPolicies({ client })
 * app.use(cors(await policies.policy('main')))
 */
export function redisPolicies(settings: RedisPoliciesSettings): RedisPolicies {
  const { client, subscriber, prefix, ttl, timeout, onError } = readSettings(settings)
  const connection = connectionOf(client, 'client')
  const given = subscriber === undefined ? undefined : connectionOf(subscriber, 'subscriber')
  const { key, channel } = layOut(prefix)
  const entries = createEntries(connection, createCommandRunner(timeout, systemClock), {
    key,
    channel,
  })
  const changes = createChanges(
    channel,
    (subscription) =>
      given === undefined
        ? subscribeAlone(connection.duplicate(), subscription)
        : subscribe(given, subscription),
    troubleWith(channel, onError),
  )
  const followers = new Set<Follower>()

  async function write(entry: string, text: string | undefined): Promise<void> {
    await entries.write(entry, text)
    // Its own notification may be lost, too.
    changes.tell(entry)
  }

  return Object.freeze({
    async policy(name: string, { fallback }: StoredPolicySettings = {}) {
      assertStorable(name, 'the name of a policy')
      const entry = entryOf('policy', name)
      const follower = createFollower({
        key: key(entry),
        read: () => entries.read(entry),
        // Made here, so that a wrong one shows before the first outage.
        fallback: fallback === undefined ? undefined : definePolicy(fallback as CorsOptions),
        ttl,
        clock: systemClock,
        tell: troubleWith(key(entry), onError),
      })
      // Before the first reading, so that no change falls between.
      const forget = changes.listen((changed = entry) => {
        if (changed === entry) follower.refresh()
      })
      followers.add(follower)
      try {
        return await follower.start()
      } catch (error) {
        forget()
        followers.delete(follower)
        throw error
      }
    },

    tenants<Request>(options: StoredTenantOptions<Request>) {
      assertTenantOptions(options)
      const trouble = createSharedTrouble()
      const source = tenants<Request>({
        ...options,
        ttl: options.ttl === undefined ? ttl : options.ttl,
        load: async (id: string) => {
          if (!isStorable(id)) return null
          const text = await trouble.watch(() => entries.read(entryOf('tenant', id)))
          return text === undefined ? null : policyFromJson(text)
        },
        onError: (error: Error, id: string) => {
          if (!trouble.isNews(error)) return
          const failed = key(entryOf('tenant', id))
          tell(onError, about(failed, error), failed)
        },
      })
      changes.listen((changed) => {
        const id = changed === undefined ? undefined : idIn(changed, 'tenant')
        if (changed === undefined || id !== undefined) source.invalidate(id)
      })
      return source
    },

    async setPolicy(name: string, options: CorsOptions | AnyCorsPolicy) {
      assertStorable(name, 'the name of a policy')
      await write(entryOf('policy', name), printOptions(options))
    },

    async setTenant(id: string, options: CorsOptions | AnyCorsPolicy | null) {
      assertStorable(id, 'the id of a tenant')
      await write(entryOf('tenant', id), options === null ? undefined : printOptions(options))
    },

    close() {
      changes.close()
      for (const follower of followers) follower.stop()
      followers.clear()
    },
  })
}

/** @throws {TypeError} where there are no options, or what the store does itself. */
function assertTenantOptions(options: object): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('tenants of a store takes an object with options: tenants({ tenant })')
  }
  for (const name of ['load', 'onError'] as const) {
    if ((options as Partial<TenantOptions<never>>)[name] === undefined) continue
    throw new TypeError(`tenants of a store has no ${name}: the store loads, and has an onError`)
  }
}
