/** One store through every client: edits, lost notifications, garbage, slow and silent connections. */

import type { TenantSource } from 'crossgate'
import { type RedisPolicies, type RedisPoliciesSettings, redisPolicies } from 'crossgate/redis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { CLIENTS, type OpenClient } from './clients.ts'
import { type RedisServer, startRedis } from './server.ts'
import { ALLOWED, APP, FAILED, NEW, REFUSED, type Served, serve, tenantOf } from './serving.ts'
import { startTunnel, type Tunnel } from './tunnel.ts'

const DAY = 86_400_000
const KEY = 'crossgate:policy:main'
const CHANNEL = 'crossgate:changed'

const json = (...origin: string[]): string => JSON.stringify({ origin })

let redis: RedisServer
let tunnel: Tunnel

beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  tunnel = await startTunnel(redis.port)
})
afterEach(async () => {
  await redis.cli('FLUSHALL')
  await tunnel.stop()
})

describe.each(Object.entries(CLIENTS))('with %s', (name, open) => {
  const opened: OpenClient[] = []
  const stores: RedisPolicies[] = []
  const servers: Served[] = []
  const onError = vi.fn<(error: Error, key: string) => void>()

  /** Through the tunnel, and never read again for no reason, so that every change is seen for its reason. */
  async function openStore(settings: Partial<RedisPoliciesSettings> = {}): Promise<RedisPolicies> {
    const client = await open(tunnel.port)
    opened.push(client)
    const store = redisPolicies({ client: client.client, ttl: DAY, onError, ...settings })
    stores.push(store)
    return store
  }

  async function served(...parameters: Parameters<typeof serve>): Promise<Served> {
    const server = await serve(...parameters)
    servers.push(server)
    return server
  }

  const subscribed = (count = 1): Promise<void> =>
    vi.waitFor(async () => {
      expect(await redis.cli('PUBSUB', 'NUMSUB', CHANNEL)).toBe(`${CHANNEL}\n${count}`)
    })

  afterEach(async () => {
    for (const store of stores.splice(0)) store.close()
    for (const { close } of opened.splice(0)) await close()
    await Promise.all(servers.splice(0).map(({ stop }) => stop()))
    onError.mockReset()
  })

  describe('a named policy', () => {
    test('is the one that is in Redis at the start', async () => {
      await redis.cli('SET', KEY, json(APP))
      const store = await openStore()
      const { ask } = await served(await store.policy('main'))
      expect(await ask(APP)).toEqual(ALLOWED(APP))
      expect(await ask(NEW)).toEqual(REFUSED)
    })

    test('follows what another process writes', async () => {
      await redis.cli('SET', KEY, json(APP))
      const store = await openStore()
      const { ask } = await served(await store.policy('main'))
      await subscribed()
      const writer = await openStore()
      await writer.setPolicy('main', { origin: NEW })
      await vi.waitFor(async () => expect(await ask(NEW)).toEqual(ALLOWED(NEW)))
      expect(await ask(APP)).toEqual(REFUSED)
    })

    test('follows an edit by hand', async () => {
      await redis.cli('SET', KEY, json(APP))
      const store = await openStore()
      const { ask } = await served(await store.policy('main'))
      await subscribed()
      await redis.cli('SET', KEY, json(NEW))
      await redis.cli('PUBLISH', CHANNEL, 'policy:main')
      await vi.waitFor(async () => expect(await ask(NEW)).toEqual(ALLOWED(NEW)))
    })

    test('is read again after ttl where no notification came', async () => {
      await redis.cli('SET', KEY, json(APP))
      const store = await openStore({ ttl: 50 })
      const { ask } = await served(await store.policy('main'))
      await redis.cli('SET', KEY, json(NEW))
      await vi.waitFor(async () => expect(await ask(NEW)).toEqual(ALLOWED(NEW)))
    })

    test('is read again when the subscriber is back, since notifications were lost', async () => {
      await redis.cli('SET', KEY, json(APP))
      const store = await openStore()
      const { ask } = await served(await store.policy('main'))
      await subscribed()
      tunnel.hold()
      await redis.cli('CLIENT', 'KILL', 'TYPE', 'pubsub')
      await redis.cli('SET', KEY, json(NEW))
      await redis.cli('PUBLISH', CHANNEL, 'policy:main')
      tunnel.release()
      await vi.waitFor(async () => expect(await ask(NEW)).toEqual(ALLOWED(NEW)), 5000)
      await subscribed()
    })

    test.each([
      ['no JSON', 'garbage', 'no JSON'],
      ['wrong options', '{"origin":"https://app.example.com/"}', 'trailing-slash'],
      ['an option that nobody knows', '{"origin":"*","orgin":"*"}', 'optionunknown'],
      ['a list', '[]', 'options'],
      ['null', 'null', 'options'],
      ['nothing', '', 'there is no policy'],
      ['a megabyte and one byte', '"'.padEnd(1_048_577, 'x'), 'more than 1048576 bytes'],
    ])('stays where its key holds %s', async (_what, text, problem) => {
      await redis.cli('SET', KEY, json(APP))
      const store = await openStore()
      const { ask } = await served(await store.policy('main'))
      await subscribed()
      await set(redis, KEY, text)
      await redis.cli('PUBLISH', CHANNEL, 'policy:main')
      await vi.waitFor(() => expect(onError).toHaveBeenCalledTimes(1))
      const [error, key] = onError.mock.calls[0] ?? []
      expect(error?.message).toContain(`${KEY} in Redis: `)
      expect(`${error?.message} ${error?.cause}`).toContain(problem)
      expect(key).toBe(KEY)
      expect(await ask(APP)).toEqual(ALLOWED(APP))
      await expect(store.policy('main')).rejects.toThrow(`${KEY} in Redis: `)
    })

    test('is tried again after garbage, without a notification', async () => {
      await redis.cli('SET', KEY, json(APP))
      const store = await openStore()
      const { ask } = await served(await store.policy('main'))
      await subscribed()
      await redis.cli('SET', KEY, 'garbage')
      await redis.cli('PUBLISH', CHANNEL, 'policy:main')
      await vi.waitFor(() => expect(onError).toHaveBeenCalledTimes(1))
      await redis.cli('SET', KEY, json(NEW))
      await vi.waitFor(async () => expect(await ask(NEW)).toEqual(ALLOWED(NEW)), 5000)
    })

    test('stays where its key holds another kind of value', async () => {
      await redis.cli('SET', KEY, json(APP))
      const store = await openStore()
      const { ask } = await served(await store.policy('main'))
      await subscribed()
      await redis.cli('DEL', KEY)
      await redis.cli('LPUSH', KEY, json(NEW))
      await redis.cli('PUBLISH', CHANNEL, 'policy:main')
      await vi.waitFor(() => expect(onError).toHaveBeenCalled())
      expect(onError.mock.calls[0]?.[0].message).toContain('WRONGTYPE')
      expect(await ask(APP)).toEqual(ALLOWED(APP))
    })

    test('stays when everything is flushed, and is replaced by the next one', async () => {
      const store = await openStore()
      await store.setPolicy('main', { origin: APP })
      const { ask } = await served(await store.policy('main'))
      await subscribed()
      await redis.cli('FLUSHALL')
      await redis.cli('PUBLISH', CHANNEL, 'policy:main')
      await vi.waitFor(() => expect(onError).toHaveBeenCalledTimes(1))
      expect(onError.mock.calls[0]?.[0].message).toBe(`${KEY} in Redis: there is no policy`)
      expect(await ask(APP)).toEqual(ALLOWED(APP))
      await store.setPolicy('main', { origin: NEW })
      await vi.waitFor(async () => expect(await ask(NEW)).toEqual(ALLOWED(NEW)))
    })

    test('stays while Redis is silent, and follows when it speaks again', async () => {
      await redis.cli('SET', KEY, json(APP))
      const store = await openStore({ timeout: 100, ttl: 50 })
      const { ask } = await served(await store.policy('main'))
      tunnel.hold()
      await redis.cli('SET', KEY, json(NEW))
      await vi.waitFor(() => expect(onError).toHaveBeenCalled())
      expect(onError.mock.calls[0]?.[0].message).toContain('not answered within 100 ms')
      expect(await ask(APP)).toEqual(ALLOWED(APP))
      tunnel.release()
      await vi.waitFor(async () => expect(await ask(NEW)).toEqual(ALLOWED(NEW)))
    })

    test('rejects at the start where Redis is silent', async () => {
      const store = await openStore({ timeout: 100 })
      tunnel.hold()
      await expect(store.policy('main')).rejects.toThrow('not answered within 100 ms')
    })

    test('begins with its fallback where Redis has none, and is replaced as soon as it has', async () => {
      const store = await openStore()
      const { ask } = await served(await store.policy('main', { fallback: { origin: APP } }))
      expect(await ask(APP)).toEqual(ALLOWED(APP))
      expect(onError.mock.calls.map(([, key]) => key)).toEqual([KEY])
      await store.setPolicy('main', { origin: NEW })
      await vi.waitFor(async () => expect(await ask(NEW)).toEqual(ALLOWED(NEW)))
    })
  })

  describe('tenants', () => {
    const ID = 'acme.example'
    const TENANT = `crossgate:tenant:${ID}`

    /** What is loaded at the moment when notifications begin to come is not kept. */
    const kept = (source: TenantSource, ask: Served['ask']): Promise<void> =>
      vi.waitFor(async () => {
        expect(await ask(APP, `/${ID}`)).toEqual(ALLOWED(APP))
        expect(source.stats().policies).toBe(1)
      })

    test('have policies of their own, and unknown ones have none', async () => {
      const store = await openStore()
      await store.setTenant(ID, { origin: APP })
      const { ask } = await served(store.tenants({ tenant: tenantOf }))
      expect(await ask(APP, `/${ID}`)).toEqual(ALLOWED(APP))
      expect(await ask(NEW, `/${ID}`)).toEqual(REFUSED)
      expect(await ask(APP, '/nobody')).toEqual(REFUSED)
      expect(onError).not.toHaveBeenCalled()
    })

    test('follow what another process writes and removes', async () => {
      const store = await openStore()
      const { ask } = await served(store.tenants({ tenant: tenantOf, negativeTtl: DAY }))
      await subscribed()
      expect(await ask(APP, `/${ID}`)).toEqual(REFUSED)
      const writer = await openStore()
      await writer.setTenant(ID, { origin: APP })
      await vi.waitFor(async () => expect(await ask(APP, `/${ID}`)).toEqual(ALLOWED(APP)))
      await writer.setTenant(ID, null)
      await vi.waitFor(async () => expect(await ask(APP, `/${ID}`)).toEqual(REFUSED))
      expect(await redis.cli('EXISTS', TENANT)).toBe('0')
    })

    test('are read again after ttl where no notification came', async () => {
      await redis.cli('SET', TENANT, json(APP))
      const store = await openStore({ ttl: 50 })
      const { ask } = await served(store.tenants({ tenant: tenantOf }))
      expect(await ask(APP, `/${ID}`)).toEqual(ALLOWED(APP))
      await redis.cli('SET', TENANT, json(NEW))
      await vi.waitFor(async () => expect(await ask(NEW, `/${ID}`)).toEqual(ALLOWED(NEW)))
    })

    test('are read again when the subscriber is back', async () => {
      await redis.cli('SET', TENANT, json(APP))
      const store = await openStore()
      const { ask } = await served(store.tenants({ tenant: tenantOf }))
      await subscribed()
      expect(await ask(APP, `/${ID}`)).toEqual(ALLOWED(APP))
      tunnel.hold()
      await redis.cli('CLIENT', 'KILL', 'TYPE', 'pubsub')
      await redis.cli('SET', TENANT, json(NEW))
      tunnel.release()
      await vi.waitFor(async () => expect(await ask(NEW, `/${ID}`)).toEqual(ALLOWED(NEW)), 5000)
    })

    test('whose first policy is garbage fail, and allow nobody', async () => {
      await redis.cli('SET', TENANT, 'garbage')
      const store = await openStore()
      const { ask } = await served(store.tenants({ tenant: tenantOf }))
      expect(await ask(APP, `/${ID}`)).toEqual(FAILED)
      expect(onError.mock.calls.map(([, key]) => key)).toEqual([TENANT])
    })

    test('keep their last good policy where garbage follows', async () => {
      await redis.cli('SET', TENANT, json(APP))
      const store = await openStore()
      const source = store.tenants({ tenant: tenantOf })
      const { ask } = await served(source)
      await subscribed()
      await kept(source, ask)
      await redis.cli('SET', TENANT, 'garbage')
      await redis.cli('PUBLISH', CHANNEL, `tenant:${ID}`)
      await vi.waitFor(async () => {
        expect(await ask(APP, `/${ID}`)).toEqual(ALLOWED(APP))
        expect(onError.mock.calls.map(([, key]) => key)).toEqual([TENANT])
      })
    })

    test('keep their last good policy while Redis is silent; cold ones fail', async () => {
      await redis.cli('SET', TENANT, json(APP))
      const store = await openStore({ timeout: 100, ttl: 50 })
      const source = store.tenants({ tenant: tenantOf })
      const { ask } = await served(source)
      await kept(source, ask)
      tunnel.hold()
      await vi.waitFor(async () => {
        expect(await ask(APP, `/${ID}`)).toEqual(ALLOWED(APP))
        expect(onError).toHaveBeenCalled()
      })
      expect(await ask(APP, '/cold')).toEqual(FAILED)
      tunnel.release()
      await redis.cli('SET', TENANT, json(NEW))
      await vi.waitFor(async () => expect(await ask(NEW, `/${ID}`)).toEqual(ALLOWED(NEW)), 5000)
    })

    test.each([
      '*',
      '[a-z]*',
      '../policy:main',
      '__proto__',
      'a b\r\nSET x y',
      'DEL *',
      '\u0000',
      '\u{1f600}',
      'x'.repeat(256),
    ])('with the id %j are ordinary', async (id) => {
      await redis.cli('SET', KEY, json('https://other.example.com'))
      await redis.cli('SET', 'x', '1')
      const store = await openStore()
      const { ask } = await served(store.tenants({ tenant: tenantOf, negativeTtl: DAY }))
      await subscribed()
      const path = `/${encodeURIComponent(id)}`
      expect(await ask(APP, path)).toEqual(REFUSED)
      await store.setTenant(id, { origin: APP })
      await vi.waitFor(async () => expect(await ask(APP, path)).toEqual(ALLOWED(APP)))
      expect(await ask(APP, '/other')).toEqual(REFUSED)
      expect(await redis.cli('DBSIZE')).toBe('3')
      expect(await redis.cli('GET', 'x')).toBe('1')
      expect(onError).not.toHaveBeenCalled()
    })

    test.each(['x'.repeat(257), '\ud800', 'a\udfff'])(
      'with the id %j are unknown, without a look-up, and cannot be written',
      async (id) => {
        const store = await openStore()
        const { ask } = await served(store.tenants({ tenant: () => id }))
        await redis.cli('CONFIG', 'RESETSTAT')
        expect(await ask(APP)).toEqual(REFUSED)
        expect(await redis.cli('INFO', 'commandstats')).not.toContain('getrange')
        await expect(store.setTenant(id, { origin: APP })).rejects.toThrow(TypeError)
        expect(await redis.cli('DBSIZE')).toBe('0')
      },
    )
  })

  describe('a policy that is written', () => {
    test('is checked before', async () => {
      const store = await openStore()
      const wrong = { origin: 'https://app.example.com/' as never }
      await expect(store.setPolicy('main', wrong)).rejects.toThrow('trailing-slash')
      await expect(store.setTenant('acme', wrong)).rejects.toThrow('trailing-slash')
      await expect(store.setPolicy('main', { origin: () => true })).rejects.toThrow(
        'origin is a function',
      )
      await expect(store.setPolicy('main', { origin: /^https:\/\/a$/ })).rejects.toThrow(
        'a regular expression',
      )
      expect(await redis.cli('DBSIZE')).toBe('0')
    })

    test('rejects where Redis is silent', async () => {
      const store = await openStore({ timeout: 100 })
      tunnel.hold()
      await expect(store.setPolicy('main', { origin: APP })).rejects.toThrow(
        `${KEY} in Redis: Redis has not answered within 100 ms`,
      )
    })
  })

  test('a long silence does not fill the memory with commands', async () => {
    const store = await openStore({ timeout: 10 })
    tunnel.hold()
    const writes = Array.from({ length: 1001 }, () => store.setTenant('acme', null))
    const reasons = await Promise.allSettled(writes)
    const last = reasons.at(-1) as PromiseRejectedResult
    expect(last.reason.message).toContain('Redis has not answered 1000 commands yet')
    tunnel.release()
    await vi.waitFor(() => store.setTenant('acme', { origin: APP }))
  })

  test('notifications that say nothing known change nothing', async () => {
    await redis.cli('SET', KEY, json(APP))
    const store = await openStore()
    const { ask } = await served(await store.policy('main'))
    await subscribed()
    await redis.cli('SET', KEY, json(NEW))
    await redis.cli('CONFIG', 'RESETSTAT')
    const others = ['', 'policy:', 'policy:other', 'policy', 'main', 'tenant:main', '*']
    for (const message of [...others, 'policy:main']) await redis.cli('PUBLISH', CHANNEL, message)
    await vi.waitFor(async () => expect(await ask(NEW)).toEqual(ALLOWED(NEW)))
    // Messages come in order, so the others are behind it.
    expect(await redis.cli('INFO', 'commandstats')).toContain('cmdstat_getrange:calls=1,')
  })

  test('a given subscriber is used, and stays open', async () => {
    const subscriber = await open(tunnel.port)
    opened.push(subscriber)
    await redis.cli('SET', KEY, json(APP))
    const store = await openStore({ subscriber: subscriber.client })
    const { ask } = await served(await store.policy('main'))
    await subscribed()
    await redis.cli('SET', KEY, json(NEW))
    await redis.cli('PUBLISH', CHANNEL, 'policy:main')
    await vi.waitFor(async () => expect(await ask(NEW)).toEqual(ALLOWED(NEW)))
    store.close()
    if (name.startsWith('redis')) {
      await subscribed(0)
      await subscriber.client.publish('any', 'thing')
    } else await subscribed(1)
  })

  test('a given subscriber serves another store when the first is closed', async () => {
    const subscriber = await open(tunnel.port)
    opened.push(subscriber)
    await redis.cli('SET', KEY, json(APP))
    const first = await openStore({ subscriber: subscriber.client })
    await first.policy('main')
    const second = await openStore({ subscriber: subscriber.client })
    const { ask } = await served(await second.policy('main'))
    await subscribed()
    first.close()
    // Nothing else can be seen of what an UNSUBSCRIBE would do, but that it is behind this one.
    await subscriber.client.subscribe('other', () => undefined)
    await redis.cli('SET', KEY, json(NEW))
    await redis.cli('PUBLISH', CHANNEL, 'policy:main')
    await vi.waitFor(async () => expect(await ask(NEW)).toEqual(ALLOWED(NEW)))
  })

  test('close ends the connection of the store, and nothing else', async () => {
    const connections = async (): Promise<number> =>
      (await redis.cli('CLIENT', 'LIST')).split('\n').length
    await redis.cli('SET', KEY, json(APP))
    const store = await openStore()
    const source = await store.policy('main')
    await subscribed()
    const before = await connections()
    store.close()
    await vi.waitFor(async () => expect(await connections()).toBe(before - 1))
    await store.setPolicy('main', { origin: NEW })
    expect(source.policy.options.origin).toEqual([APP])
    await expect(store.policy('main')).rejects.toThrow('closed')
    expect(onError).not.toHaveBeenCalled()
  })

  test('a store that only writes has no subscriber', async () => {
    const store = await openStore()
    await store.setPolicy('main', { origin: APP })
    await subscribed(0)
    expect(await redis.cli('GET', KEY)).toContain(APP)
  })
})

/** Also what is too long for a command line. */
async function set({ cli }: RedisServer, key: string, text: string): Promise<void> {
  if (text.length < 100_000) await cli('SET', key, text)
  else {
    await cli('DEL', key)
    await cli('SETRANGE', key, String(text.length - 1), 'x')
  }
}
