/** Clients in the settings that their users give them: the duplicate for notifications has them, too. */

import { redisPolicies } from 'crossgate/redis'
import { Redis as Ioredis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { HOST } from '../adapters/wire.ts'
import type { Opener } from './clients.ts'
import { type RedisServer, startRedis } from './server.ts'
import { APP, NEW } from './serving.ts'

const DAY = 86_400_000

const IOREDIS = {
  lazyConnect: { lazyConnect: true },
  keyPrefix: { keyPrefix: 'app:' },
  'autoResubscribe: false': { autoResubscribe: false },
  'enableOfflineQueue: false': { enableOfflineQueue: false },
  'enableReadyCheck: false': { enableReadyCheck: false },
  db: { db: 3 },
}
const NODE_REDIS = {
  disableOfflineQueue: { disableOfflineQueue: true },
  'RESP: 2': { RESP: 2 },
  database: { database: 3 },
} as const

const CASES: readonly (readonly [name: string, open: Opener])[] = [
  ...Object.entries(IOREDIS).map(([name, options]): [string, Opener] => [
    `ioredis with ${name}`,
    async (port) => {
      const client = new Ioredis(port, HOST, options).on('error', () => undefined)
      if (client.status !== 'wait') await new Promise((resolve) => client.once('ready', resolve))
      return { client, close: () => client.disconnect() }
    },
  ]),
  ...Object.entries(NODE_REDIS).map(([name, options]): [string, Opener] => [
    `redis with ${name}`,
    async (port) => {
      const client = createClient({ ...options, socket: { host: HOST, port } })
      await client.on('error', () => undefined).connect()
      return { client, close: () => client.destroy() }
    },
  ]),
]

let redis: RedisServer

beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())

test.each(CASES)('%s: edits are followed, also after a reconnection', async (_name, open) => {
  const { client, close } = await open(redis.port)
  const onError = vi.fn()
  const store = redisPolicies({ client, ttl: DAY, onError })
  await store.setPolicy('main', { origin: APP })
  const source = await store.policy('main')
  const writer = redisPolicies({ client })
  const follows = async (origin: string): Promise<void> => {
    await writer.setPolicy('main', { origin })
    await vi.waitFor(() => expect(source.policy.options.origin).toEqual([origin]))
  }
  const subscribed = (): Promise<void> =>
    vi.waitFor(async () => {
      const count = await redis.cli('PUBSUB', 'NUMSUB', 'crossgate:changed')
      expect(count).toBe('crossgate:changed\n1')
    })

  await subscribed()
  await follows(NEW)
  expect(onError).not.toHaveBeenCalled()
  await redis.cli('CLIENT', 'KILL', 'TYPE', 'pubsub')
  await subscribed()
  await follows(APP)
  store.close()
  await close()
})
