/** What `crossgate/redis` does without a Redis: it knows clients by their shape, and lays out keys. */

import { setImmediate } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../adapters/node.ts'
import {
  type RedisClient,
  type RedisPoliciesSettings,
  redisPolicies,
} from '../../adapters/redis.ts'
import { createDecider } from '../../src/index.ts'

const APP = 'https://app.example.com'
const NEW = 'https://new.example.com'

type Call = readonly [command: string, ...parameters: unknown[]]

interface FakeRedis {
  readonly client: RedisClient
  /** The commands that the client was given, and that its duplicate was given. */
  readonly calls: Call[]
  readonly subscriberCalls: Call[]
  readonly values: Map<string, unknown>
  /** What the duplicate's listeners are told. */
  readonly emit: (event: string, ...told: unknown[]) => void
  readonly publish: (message: string) => void
}

/** A client with one method that its kind is known by, over values in memory. */
function createFake(kind: 'redis' | 'ioredis'): FakeRedis {
  const calls: Call[] = []
  const subscriberCalls: Call[] = []
  const values = new Map<string, unknown>()
  const listeners: [event: string, listener: (...told: unknown[]) => void][] = []
  const emit = (event: string, ...told: unknown[]): void => {
    for (const [name, listener] of [...listeners]) if (name === event) listener(...told)
  }
  let subscribed: ((message: string) => void) | undefined

  function create(log: Call[]): RedisClient {
    const record =
      (name: string, act: (...parameters: never[]) => unknown = () => undefined) =>
      async (...parameters: unknown[]) => {
        log.push([name, ...parameters])
        return act(...(parameters as never[]))
      }
    const read = (key: string) => values.get(key) ?? ''
    const common = {
      connect: record('connect', () => emit('ready')),
      disconnect: record('disconnect'),
      duplicate: () => create(subscriberCalls),
      on: (event: string, listener: (...told: unknown[]) => void) =>
        listeners.push([event, listener]),
      off: (event: string, listener: unknown) => {
        const index = listeners.findIndex((entry) => entry[0] === event && entry[1] === listener)
        if (index >= 0) listeners.splice(index, 1)
      },
      set: record('set', (key: string, text: string) => values.set(key, text)),
      del: record('del', (key: string) => values.delete(key)),
      publish: record('publish'),
      subscribe: record('subscribe', (_channel, listener) => {
        subscribed = listener
      }),
      unsubscribe: record('unsubscribe'),
    }
    const own =
      kind === 'redis'
        ? { isOpen: false, isReady: false, getRange: record('getRange', read) }
        : { status: 'wait', getrange: record('getrange', read) }
    return { ...common, ...own } as unknown as RedisClient
  }

  return {
    client: create(calls),
    calls,
    subscriberCalls,
    values,
    emit,
    publish: (message) => {
      if (kind === 'redis') subscribed?.(message)
      else emit('message', 'crossgate:changed', message)
    },
  }
}

const KINDS = [
  ['redis', 'getRange'],
  ['ioredis', 'getrange'],
] as const

describe.each(KINDS)('a client of %s', (kind, get) => {
  test('keeps a policy as JSON under its name, and tells of it', async () => {
    const { client, calls } = createFake(kind)
    const store = redisPolicies({ client })
    await store.setPolicy('main', { origin: APP })
    await store.setTenant('acme', { origin: '*', maxAge: 5 })
    await store.setTenant('acme', null)
    const [, , main] = calls[0] ?? []
    expect(JSON.parse(String(main))).toMatchObject({ origin: [APP] })
    expect(calls).toEqual([
      ['set', 'crossgate:policy:main', main],
      ['publish', 'crossgate:changed', 'policy:main'],
      ['set', 'crossgate:tenant:acme', expect.stringContaining('"maxAge":5')],
      ['publish', 'crossgate:changed', 'tenant:acme'],
      ['del', 'crossgate:tenant:acme'],
      ['publish', 'crossgate:changed', 'tenant:acme'],
    ])
  })

  test('reads a bounded part of a key, subscribes on a connection of its own, and closes that', async () => {
    const { client, calls, subscriberCalls, values } = createFake(kind)
    values.set('app:policy:main', `{"origin":"${APP}"}`)
    const store = redisPolicies({ client, prefix: 'app:' })
    const source = await store.policy('main')
    expect(source.policy.options.origin).toEqual([APP])
    expect(calls).toContainEqual([get, 'app:policy:main', 0, 1_048_576])
    expect(subscriberCalls.map(([name, channel]) => [name, channel])).toEqual([
      ['connect', undefined],
      ['subscribe', 'app:changed'],
    ])
    store.close()
    store.close()
    expect(subscriberCalls.slice(2).map(([name]) => name)).toEqual(
      kind === 'redis' ? ['unsubscribe', 'disconnect'] : ['disconnect'],
    )
    expect(calls.map(([name]) => name)).not.toContain('disconnect')
  })

  test('has a policy read again at its notification, and at no other', async () => {
    const { client, values, publish, calls } = createFake(kind)
    values.set('crossgate:policy:main', `{"origin":"${APP}"}`)
    const store = redisPolicies({ client })
    const source = await store.policy('main')
    const reads = (): number => calls.filter(([name]) => name === get).length
    // At the start, and once notifications come.
    await vi.waitFor(() => expect(reads()).toBe(2))
    values.set('crossgate:policy:main', `{"origin":"${NEW}"}`)
    publish('policy:other')
    publish('tenant:main')
    expect(reads()).toBe(2)
    publish('policy:main')
    await vi.waitFor(() => expect(source.policy.options.origin).toEqual([NEW]))
    store.close()
  })

  test('has a policy read again that changed while it was being read', async () => {
    const { client, values, publish, calls } = createFake(kind)
    values.set('crossgate:policy:main', `{"origin":"${APP}"}`)
    const store = redisPolicies({ client })
    const source = await store.policy('main')
    await vi.waitFor(() => expect(calls).toHaveLength(2))
    // The second reading ends.
    await setImmediate()
    publish('policy:main')
    values.set('crossgate:policy:main', `{"origin":"${NEW}"}`)
    publish('policy:main')
    publish('policy:main')
    await vi.waitFor(() => expect(source.policy.options.origin).toEqual([NEW]))
    expect(calls).toHaveLength(4)
    store.close()
  })

  test('has tenants loaded anew at their notifications, and at no other', async () => {
    const { client, values, publish } = createFake(kind)
    values.set('crossgate:tenant:acme', `{"origin":"${APP}"}`)
    const store = redisPolicies({ client })
    const source = store.tenants({ tenant: () => 'acme' })
    const { decide } = createDecider(source, systemClock)
    const outcome = async (): Promise<string> =>
      (await decide({ method: 'GET', origin: APP }, {})).outcome
    // Notifications come from now on.
    await setImmediate()
    expect(await outcome()).toBe('allowed')
    values.delete('crossgate:tenant:acme')
    for (const other of ['policy:acme', 'tenant:other', 'acme', '']) publish(other)
    expect(await outcome()).toBe('allowed')
    expect(source.stats()).toMatchObject({ loads: 1, hits: 1 })
    publish('tenant:acme')
    expect(await outcome()).toBe('origin-refused')
    store.close()
  })

  test('hears nothing of other channels on a connection that it was given', async () => {
    const { client, values, emit, calls } = createFake(kind)
    values.set('crossgate:policy:main', `{"origin":"${APP}"}`)
    const store = redisPolicies({ client, subscriber: client })
    await store.policy('main')
    await setImmediate()
    const before = calls.length
    emit('message', 'other:changed', 'policy:main')
    expect(calls).toHaveLength(before)
    store.close()
  })

  test('never ends the subscription of a connection that it was given', async () => {
    const { client, values, emit, calls } = createFake(kind)
    values.set('crossgate:policy:main', `{"origin":"${APP}"}`)
    const store = redisPolicies({ client, subscriber: client })
    await store.policy('main')
    await setImmediate()
    const before = calls.length
    store.close()
    emit('message', 'crossgate:changed', 'policy:main')
    await setImmediate()
    // With a listener, redis ends the subscription for that alone.
    const own = ['unsubscribe', 'crossgate:changed', expect.any(Function)]
    expect(calls.slice(before)).toEqual(kind === 'redis' ? [own] : [])
  })

  test('that fails for every tenant is told of once for each reason, until it answers', async () => {
    const { client, values } = createFake(kind)
    const answer = (client as unknown as Record<string, unknown>)[get]
    const fail = (message: string): void => {
      Object.assign(client, { [get]: () => Promise.reject(new Error(message)) })
    }
    const onError = vi.fn<(error: Error, key: string) => void>()
    const store = redisPolicies({ client, onError })
    const { decide } = createDecider(store.tenants({ tenant: (id: string) => id }), systemClock)
    const ask = (id: string) => decide({ method: 'GET', origin: APP }, id)
    const reasons = ['refused', 'reset', 'refused', 'reset']
    for (const [index, reason] of reasons.entries()) {
      fail(reason)
      for (const letter of 'abc') await ask(`${letter}${index}`)
    }
    expect(onError.mock.calls.map(([, key]) => key)).toEqual([
      'crossgate:tenant:a0',
      'crossgate:tenant:a1',
    ])
    Object.assign(client, { [get]: answer })
    await ask('known')
    fail('reset')
    await ask('later')
    expect(onError.mock.calls.map(([, key]) => key).slice(2)).toEqual(['crossgate:tenant:later'])
    Object.assign(client, { [get]: answer })
    for (const id of ['one', 'two']) {
      values.set(`crossgate:tenant:${id}`, 'garbage')
      await ask(id)
    }
    expect(onError.mock.calls.map(([, key]) => key).slice(3)).toEqual([
      'crossgate:tenant:one',
      'crossgate:tenant:two',
    ])
    store.close()
  })

  test.each<[string, (index: number) => unknown, number]>([
    ['does not answer in time', () => new Promise(() => undefined), 1],
    ['rejects with no error', () => Promise.reject('refused'), 1],
    // Only so many are remembered.
    ['says something else each time', (index) => Promise.reject(new Error(`${index % 101}`)), 102],
  ])('that %s is told of by its reason, and not by the tenant', async (_title, answer, told) => {
    const { client } = createFake(kind)
    let asked = 0
    Object.assign(client, { [get]: () => answer(asked++) })
    const onError = vi.fn<(error: Error, key: string) => void>()
    const store = redisPolicies({ client, onError })
    const source = store.tenants({ tenant: (id: string) => id, timeout: 5 })
    const { decide } = createDecider(source, systemClock)
    for (let index = 0; index < 102; index += 1) {
      await decide({ method: 'GET', origin: APP }, `invented-${index}`)
    }
    expect(onError).toHaveBeenCalledTimes(told)
    store.close()
  })

  test('that goes on giving one wrong text has it compiled and told of once', async () => {
    const { client, values, publish, calls } = createFake(kind)
    const parse = vi.spyOn(JSON, 'parse')
    const onError = vi.fn<(error: Error, key: string) => void>()
    const store = redisPolicies({ client, onError })
    values.set('crossgate:policy:main', '{"origin":["x"]}')
    const source = await store.policy('main', { fallback: { origin: APP } })
    const read = async (): Promise<void> => {
      const before = calls.length
      publish('policy:main')
      await vi.waitFor(() => expect(calls.length).toBeGreaterThan(before))
      await setImmediate()
    }
    for (let again = 0; again < 3; again += 1) await read()
    const parsed = (): number => parse.mock.calls.filter(([text]) => text.includes('["x"]')).length
    expect([parsed(), onError.mock.calls.length]).toEqual([1, 1])
    values.set('crossgate:policy:main', `{"origin":"${NEW}"}`)
    await read()
    expect(source.policy.options.origin).toEqual([NEW])
    values.set('crossgate:policy:main', '{"origin":["x"]}')
    await read()
    expect(source.policy.options.origin).toEqual([NEW])
    expect([parsed(), onError.mock.calls.length]).toEqual([1, 2])
    parse.mockRestore()
    store.close()
  })

  test('ends with nothing under way when the store is closed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const { client, values, publish } = createFake(kind)
      values.set('crossgate:policy:main', `{"origin":"${APP}"}`)
      const store = redisPolicies({ client })
      const source = await store.policy('main')
      await setImmediate()
      expect(vi.getTimerCount()).toBe(1)
      values.set('crossgate:policy:main', `{"origin":"${NEW}"}`)
      publish('policy:main')
      store.close()
      await setImmediate()
      expect(source.policy.options.origin).toEqual([APP])
      const resting = redisPolicies({ client })
      await resting.policy('main')
      await setImmediate()
      resting.close()
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  test('that brings no notifications still has its own edits followed', async () => {
    const { client } = createFake(kind)
    const store = redisPolicies({ client, onError: () => undefined })
    const source = await store.policy('main', { fallback: { origin: APP } })
    await store.setPolicy('main', { origin: NEW })
    await vi.waitFor(() => expect(source.policy.options.origin).toEqual([NEW]))
    store.close()
  })

  test('whose duplicate loses its connection is told of once for each reason', async () => {
    const { client, values, emit } = createFake(kind)
    values.set('crossgate:policy:main', `{"origin":"${APP}"}`)
    const onError = vi.fn()
    const store = redisPolicies({ client, onError })
    await store.policy('main')
    const failures = ['reset', 'refused', 'refused', 'refused']
    for (const failure of failures) emit('error', new Error(failure))
    const told = onError.mock.calls.map(([error, key]) => [error.message, key])
    expect(told).toEqual([
      ['crossgate:changed in Redis: reset', 'crossgate:changed'],
      ['crossgate:changed in Redis: refused', 'crossgate:changed'],
    ])
    store.close()
    emit('error', new Error('at the end'))
    expect(onError).toHaveBeenCalledTimes(2)
  })

  test('that throws, or answers with what is no text, fails with the key in the message', async () => {
    const { client, values } = createFake(kind)
    const store = redisPolicies({ client })
    values.set('crossgate:policy:main', Buffer.from('{}'))
    await expect(store.policy('main')).rejects.toThrow(
      'crossgate:policy:main in Redis: the client did not answer with text',
    )
    Object.assign(client, {
      set: () => {
        throw new Error('the client is closed')
      },
    })
    await expect(store.setPolicy('a\nb', { origin: APP })).rejects.toThrow(
      'crossgate:policy:a\\u000ab in Redis: the client is closed',
    )
    store.close()
  })
})

test('an observer that throws or rejects is printed, and changes nothing', async () => {
  const { client } = createFake('redis')
  const print = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  for (const onError of [
    () => {
      throw new Error('the log is full')
    },
    () => Promise.reject(new Error('the log is full')) as never,
  ]) {
    const store = redisPolicies({ client, onError })
    const source = await store.policy('main', { fallback: { origin: APP } })
    expect(source.policy.options.origin).toEqual([APP])
    store.close()
  }
  await vi.waitFor(() => expect(print).toHaveBeenCalledTimes(2))
  print.mockRestore()
})

test.each([
  undefined,
  null,
  'redis://127.0.0.1',
  {},
  () => undefined,
  // node-redis 3, with callbacks
  { connected: true, get: () => undefined, set: () => undefined, duplicate: () => undefined },
  // a pool of node-redis, which cannot subscribe
  { ...createFake('redis').client, subscribe: undefined },
  // neither, although it has all methods
  { ...createFake('redis').client, isOpen: undefined },
  { ...createFake('ioredis').client, status: undefined },
])('what is no client is refused: %o', (client) => {
  const settings = { client: client as never }
  expect(() => redisPolicies(settings)).toThrow(TypeError)
  expect(() => redisPolicies(settings)).toThrow(/^client is a client of redis/)
  const valid = createFake('redis').client
  if (client === undefined) return
  expect(() => redisPolicies({ client: valid, subscriber: client as never })).toThrow(
    /^subscriber is a client of redis/,
  )
})

const WRONG: readonly (readonly [string, Record<string, unknown>])[] = [
  ['there is a prefx', { prefx: 'a:' }],
  ['prefix is text', { prefix: 1 }],
  ['prefix is text', { prefix: 'x'.repeat(257) }],
  ['prefix ends in tenant:', { prefix: 'crossgate:tenant:' }],
  ['prefix ends in policy:', { prefix: 'policy:' }],
  ['ttl is a whole number of milliseconds from 1 to 86400000', { ttl: 0 }],
  ['ttl is a whole number', { ttl: 86_400_001 }],
  ['ttl is a whole number', { ttl: '60s' }],
  ['timeout is a whole number of milliseconds from 1 to 60000', { timeout: 1.5 }],
  ['timeout is a whole number', { timeout: Number.POSITIVE_INFINITY }],
  ['onError is a function', { onError: 'print' }],
]

test.each(WRONG)('wrong settings are refused: %s', (message, settings) => {
  const { client } = createFake('redis')
  const wrong = { client, ...settings } as RedisPoliciesSettings
  expect(() => redisPolicies(wrong)).toThrow(TypeError)
  expect(() => redisPolicies(wrong)).toThrow(message)
})

test.each([undefined, null, 'redis://127.0.0.1'])('%j is no settings', (settings) => {
  const make = (): unknown => redisPolicies(settings as never)
  expect(make).toThrow(TypeError)
  expect(make).toThrow('redisPolicies takes an object with settings: redisPolicies({ client })')
})

test.each([undefined, null, 'acme'])('%j is no options of tenants', (options) => {
  const store = redisPolicies({ client: createFake('redis').client })
  const make = (): unknown => store.tenants(options as never)
  expect(make).toThrow(TypeError)
  expect(make).toThrow('tenants of a store takes an object with options: tenants({ tenant })')
})

test('options of tenants that are undefined count as absent, and leave what the store has', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] })
  try {
    const { client, calls } = createFake('redis')
    const store = redisPolicies({ client, ttl: 200 })
    const absent = { ttl: undefined, load: undefined, onError: undefined }
    const { decide } = createDecider(
      store.tenants({ tenant: () => 'acme', negativeTtl: 1, ...absent }),
      systemClock,
    )
    await setImmediate()
    await store.setTenant('acme', { origin: APP })
    const ask = () => decide({ method: 'GET', origin: APP }, {})
    const reads = (): number => calls.filter(([name]) => name === 'getRange').length
    await ask()
    vi.advanceTimersByTime(199)
    await ask()
    expect(reads()).toBe(1)
    vi.advanceTimersByTime(2)
    await ask()
    expect(reads()).toBe(2)
    store.close()
  } finally {
    vi.useRealTimers()
  }
})

test('a setting that is undefined counts as absent', async () => {
  const { client, calls } = createFake('redis')
  const absent = { prefix: undefined, ttl: undefined, timeout: undefined, onError: undefined }
  await redisPolicies({ client, subscriber: undefined, ...absent }).setTenant('acme', null)
  expect(calls[0]).toEqual(['del', 'crossgate:tenant:acme'])
})

test.each(['', 'x'.repeat(257), '\ud800', 7, undefined])(
  'the name %j has no key of its own',
  async (name) => {
    const { client, calls } = createFake('redis')
    const store = redisPolicies({ client })
    await expect(store.policy(name as string)).rejects.toThrow(TypeError)
    await expect(store.setPolicy(name as string, { origin: APP })).rejects.toThrow(TypeError)
    await expect(store.setTenant(name as string, null)).rejects.toThrow(TypeError)
    expect(calls).toEqual([])
  },
)

test('a wrong fallback shows before the first outage', async () => {
  const { client, values } = createFake('redis')
  values.set('crossgate:policy:main', `{"origin":"${APP}"}`)
  const store = redisPolicies({ client })
  const fallback = { origin: 'app.example.com' }
  await expect(store.policy('main', { fallback: fallback as never })).rejects.toThrow(
    'https://app.example.com',
  )
})

test('the options of tenants are checked at once', () => {
  const { client } = createFake('redis')
  const store = redisPolicies({ client })
  expect(() => store.tenants({ tenant: 'acme' } as never)).toThrow('tenant is a function')
  for (const own of ['load', 'onError']) {
    const options = { tenant: () => 'acme', [own]: () => null }
    expect(() => store.tenants(options)).toThrow(`tenants of a store has no ${own}`)
  }
})
