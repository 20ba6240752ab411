/**
 * The clients of users, told apart by their shape: `redis` (node-redis from 4 on) and `ioredis`.
 *
 * Nothing is imported from either, so that neither is a dependency.
 */

/** What is used of a client of `redis`. */
export interface NodeRedisClient extends Emitter {
  readonly isOpen: boolean
  readonly isReady: boolean
  connect(): Promise<unknown>
  disconnect(): unknown
  duplicate(): NodeRedisClient
  getRange(key: string, start: number, end: number): Promise<unknown>
  set(key: string, value: string): Promise<unknown>
  del(key: string): Promise<unknown>
  publish(channel: string, message: string): Promise<unknown>
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>
  unsubscribe(channel: string, listener: (message: string) => void): Promise<unknown>
}

/** What is used of a client of `ioredis`. */
export interface IoredisClient extends Emitter {
  readonly status: string
  connect(): Promise<unknown>
  disconnect(): unknown
  duplicate(): IoredisClient
  getrange(key: string, start: number, end: number): Promise<unknown>
  set(key: string, value: string): Promise<unknown>
  del(key: string): Promise<unknown>
  publish(channel: string, message: string): Promise<unknown>
  subscribe(channel: string): Promise<unknown>
}

/** A client that users have: connected, and with a listener for its errors, as the client demands. */
export type RedisClient = NodeRedisClient | IoredisClient

interface Emitter {
  on(event: string, listener: Listener): unknown
  off(event: string, listener: Listener): unknown
}

type Listener = (...parameters: unknown[]) => void

/** The two clients as one. All but `isReady`, `on` and `disconnect` may throw as well as reject. */
export interface Connection {
  readonly isReady: () => boolean
  /** Connects what does not connect by itself. */
  readonly open: () => Promise<unknown>
  readonly disconnect: () => unknown
  readonly duplicate: () => Connection
  readonly on: (event: 'ready' | 'error', listener: (error: unknown) => void) => () => void
  /** The first `most` bytes of a value; an empty text where there is none. */
  readonly read: (key: string, most: number) => Promise<unknown>
  readonly write: (key: string, text: string) => Promise<unknown>
  readonly remove: (key: string) => Promise<unknown>
  readonly publish: (channel: string, message: string) => Promise<unknown>
  /** Can be repeated: each message comes once. */
  readonly subscribe: (channel: string, listener: (message: string) => void) => Promise<unknown>
  /** Ends the messages to `listener`, and nobody else's on the same client. */
  readonly unsubscribe: (channel: string, listener: (message: string) => void) => Promise<unknown>
}

const COMMANDS = ['set', 'del', 'publish', 'subscribe']
const COMMON = ['connect', 'disconnect', 'duplicate', 'on', 'off', ...COMMANDS]
const NODE_REDIS = [...COMMON, 'unsubscribe', 'getRange']
const IOREDIS = [...COMMON, 'getrange']

/** @throws {TypeError} where `client` is neither a client of `redis` nor one of `ioredis`. */
export function connectionOf(client: unknown, name: string): Connection {
  if (isNodeRedis(client)) return nodeRedisConnection(client)
  if (isIoredis(client)) return ioredisConnection(client)
  throw new TypeError(
    `${name} is a client of redis (version 4 or later, from createClient) or of ioredis`,
  )
}

function isNodeRedis(client: unknown): client is NodeRedisClient {
  return has(client, NODE_REDIS) && typeof (client as NodeRedisClient).isOpen === 'boolean'
}

function isIoredis(client: unknown): client is IoredisClient {
  return has(client, IOREDIS) && typeof (client as IoredisClient).status === 'string'
}

function has(client: unknown, methods: readonly string[]): boolean {
  if (typeof client !== 'object' || client === null) return false
  return methods.every((name) => typeof (client as Record<string, unknown>)[name] === 'function')
}

function nodeRedisConnection(client: NodeRedisClient): Connection {
  return {
    isReady: () => client.isReady,
    open: async () => (client.isOpen ? undefined : client.connect()),
    disconnect: () => client.disconnect(),
    duplicate: () => nodeRedisConnection(client.duplicate()),
    on: (event, listener) => listen(client, event, listener),
    read: (key, most) => client.getRange(key, 0, most - 1),
    write: (key, text) => client.set(key, text),
    remove: (key) => client.del(key),
    publish: (channel, message) => client.publish(channel, message),
    subscribe: (channel, listener) => client.subscribe(channel, listener),
    unsubscribe: (channel, listener) => client.unsubscribe(channel, listener),
  }
}

function ioredisConnection(client: IoredisClient): Connection {
  let stop: (() => void) | undefined
  return {
    isReady: () => client.status === 'ready',
    // Any other status connects, or reconnects, by itself.
    open: async () => (client.status === 'wait' ? client.connect() : undefined),
    disconnect: () => client.disconnect(),
    duplicate: () => ioredisConnection(client.duplicate()),
    on: (event, listener) => listen(client, event, listener),
    read: (key, most) => client.getrange(key, 0, most - 1),
    write: (key, text) => client.set(key, text),
    remove: (key) => client.del(key),
    publish: (channel, message) => client.publish(channel, message),
    subscribe: (channel, listener) => {
      stop ??= listen(client, 'message', (from, message) => {
        if (from === channel) listener(String(message))
      })
      return client.subscribe(channel)
    },
    // The channel stays subscribed to: the client does not count who else listens.
    unsubscribe: async () => {
      stop?.()
      stop = undefined
    },
  }
}

function listen(client: Emitter, event: string, listener: Listener): () => void {
  client.on(event, listener)
  return () => {
    client.off(event, listener)
  }
}
