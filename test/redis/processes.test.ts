/** Several processes share one store: an edit reaches all, and an outage fails none of their requests. */

import { type RedisPolicies, redisPolicies } from 'crossgate/redis'
import { Redis as Ioredis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { HOST } from '../adapters/wire.ts'
import { CLIENTS, type OpenClient } from './clients.ts'
import { type RedisServer, startRedis } from './server.ts'
import { type Service, startService } from './services.ts'
import { ALLOWED, APP, ask, NEW, REFUSED, type Seen } from './serving.ts'

const DAY = 86_400_000
const NAMES = ['redis 6', 'redis 6', 'ioredis 6', 'ioredis 6']
const PATHS = ['/', '/acme']

let redis: RedisServer
let writer: OpenClient
let store: RedisPolicies

beforeAll(async () => {
  redis = await startRedis()
  writer = (await CLIENTS['ioredis 6']?.(redis.port)) as OpenClient
  store = redisPolicies({ client: writer.client })
  await write(APP)
})
afterAll(async () => {
  await writer.close()
  await redis.stop()
})

async function write(origin: string): Promise<void> {
  await store.setPolicy('main', { origin })
  await store.setTenant('acme', { origin })
}

/** Waits until every process lets `origin` in, on every path. */
async function seen(services: readonly Service[], origin: string): Promise<void> {
  await Promise.all(
    services.flatMap(({ port }) =>
      PATHS.map((path) =>
        vi.waitFor(async () => expect(await ask(port, origin, path)).toEqual(ALLOWED(origin)), {
          timeout: 10_000,
          interval: 2,
        }),
      ),
    ),
  )
}

describe('four processes', () => {
  let services: readonly Service[]

  beforeAll(async () => {
    services = await Promise.all(NAMES.map((name) => startService(name, redis.port, DAY)))
    await seen(services, APP)
    await vi.waitFor(async () => {
      const count = await redis.cli('PUBSUB', 'NUMSUB', 'crossgate:changed')
      expect(count).toBe(`crossgate:changed\n${services.length}`)
    })
  })
  afterAll(async () => {
    const printed = await Promise.all(services.map(({ stop }) => stop()))
    expect(printed.join('')).toBe('')
  })

  test('all change within a second of an edit', async () => {
    const times: number[] = []
    for (let edit = 1; edit <= 20; edit += 1) {
      const origin = `https://edit-${edit}.example.com`
      const start = performance.now()
      await write(origin)
      await seen(services, origin)
      times.push(Math.round(performance.now() - start))
    }
    times.sort((a, b) => a - b)
    console.log(
      `20 edits, 4 processes: all had changed after ${times[10]} ms (median), ${times[19]} ms (most)`,
    )
    expect(times.at(-1)).toBeLessThan(1000)
  })
})

describe('a Redis that is killed and started again under load', () => {
  const OUTAGES = 3
  const REQUESTS = 200

  test('fails no request, lets nobody in wrongly, and is followed again', async () => {
    await write(APP)
    const services = await Promise.all(
      ['redis 6', 'ioredis 6'].map((name) => startService(name, redis.port, 50)),
    )
    await seen(services, APP)
    const load = startLoad(services)

    for (let outage = 1; outage <= OUTAGES; outage += 1) {
      await load.answered(REQUESTS)
      await redis.cli('SAVE')
      await redis.kill()
      await load.answered(REQUESTS)
      await redis.start()
      await load.answered(REQUESTS)
    }
    const answers = await load.stop()
    console.log(`${OUTAGES} outages, ${answers.count} requests: ${answers.wrong.length} wrong`)
    expect(answers.wrong).toEqual([])

    await vi.waitFor(() => write(NEW), { timeout: 10_000 })
    await seen(services, NEW)
    for (const { port } of services) {
      for (const path of PATHS) expect(await ask(port, APP, path)).toEqual(REFUSED)
    }
    for (const { stop } of services) {
      const printed = await stop()
      for (const key of ['crossgate:policy:main', 'crossgate:tenant:acme', 'crossgate:changed']) {
        expect(printed).toContain(`Error: ${key} in Redis: `)
      }
    }
  })
})

describe('a service that starts before Redis', () => {
  const STARTING: Record<string, (port: number) => OpenClient> = {
    redis: (port) => {
      const client = createClient({ socket: { host: HOST, port } }).on('error', () => undefined)
      const connecting = client.connect()
      return { client, close: () => Promise.all([client.destroy(), connecting]) }
    },
    ioredis: (port) => {
      const client = new Ioredis(port, HOST).on('error', () => undefined)
      return { client, close: () => client.disconnect() }
    },
  }

  test.each(Object.entries(STARTING))('has its fallback with %s, and follows', async (_, open) => {
    await write(APP)
    await redis.cli('SAVE')
    await redis.kill()
    const { client, close } = open(redis.port)
    const onError = vi.fn<(error: Error, key: string) => void>()
    const late = redisPolicies({ client, ttl: DAY, timeout: 100, onError })
    await expect(late.policy('main')).rejects.toThrow('crossgate:policy:main in Redis: ')
    const source = await late.policy('main', { fallback: { origin: NEW } })
    expect(source.policy.options.origin).toEqual([NEW])
    expect(onError.mock.calls.map(([, key]) => key)).toContain('crossgate:policy:main')
    await redis.start()
    await vi.waitFor(() => expect(source.policy.options.origin).toEqual([APP]), 10_000)
    late.close()
    await close()
  })
})

interface Load {
  /** Waits until each path of each service has been asked so many further times. */
  readonly answered: (count: number) => Promise<void>
  readonly stop: () => Promise<{ readonly count: number; readonly wrong: readonly unknown[] }>
}

/** Asks every service, on every path, with an origin that is allowed and with one that is not. */
function startLoad(services: readonly Service[]): Load {
  const wrong: unknown[] = []
  const targets = services.flatMap(({ port }) => PATHS.map((path) => ({ port, path })))
  const counts = targets.map(() => 0)
  let isOver = false

  async function askOn(index: number): Promise<void> {
    const { port, path } = targets[index] as { readonly port: number; readonly path: string }
    while (!isOver) {
      const [origin, right]: [string, Seen] =
        (counts[index] ?? 0) % 3 === 0 ? [NEW, REFUSED] : [APP, ALLOWED(APP)]
      const answer = await ask(port, origin, path).catch((error: unknown) => error)
      counts[index] = (counts[index] ?? 0) + 1
      if (JSON.stringify(answer) !== JSON.stringify(right)) wrong.push({ path, origin, answer })
    }
  }

  const clients = [...targets.keys(), ...targets.keys()].map(askOn)
  return {
    answered: (further) => {
      const goals = counts.map((count) => count + further)
      return vi.waitFor(
        () => expect(counts.every((count, index) => count >= (goals[index] ?? 0))).toBe(true),
        { timeout: 20_000 },
      )
    },
    stop: async () => {
      isOver = true
      await Promise.all(clients)
      return { count: counts.reduce((sum, count) => sum + count), wrong }
    },
  }
}
