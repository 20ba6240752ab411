/** Every client that `crossgate/redis` knows, made and connected as its users do. */

import type { RedisClient } from 'crossgate/redis'
import { Redis as Ioredis } from 'ioredis'
import { Redis as Ioredis5 } from 'ioredis5'
import { createClient } from 'redis'
import { createClient as createClient4 } from 'redis4'
import { createClient as createClient5 } from 'redis5'
import { HOST } from '../adapters/wire.ts'

export interface OpenClient {
  readonly client: RedisClient
  readonly close: () => unknown
}

/** Opens a client; what it says of lost connections is expected here. */
export type Opener = (port: number) => Promise<OpenClient>

export const CLIENTS: Readonly<Record<string, Opener>> = {
  'redis 4': async (port) => {
    const client = createClient4({ socket: { host: HOST, port } }).on('error', ignore)
    await client.connect()
    return { client, close: () => client.disconnect() }
  },
  'redis 5': async (port) => {
    const client = createClient5({ socket: { host: HOST, port } }).on('error', ignore)
    await client.connect()
    return { client, close: () => client.destroy() }
  },
  'redis 6': async (port) => {
    const client = createClient({ socket: { host: HOST, port } }).on('error', ignore)
    await client.connect()
    return { client, close: () => client.destroy() }
  },
  'ioredis 5': async (port) => {
    const client = new Ioredis5(port, HOST).on('error', ignore)
    return { client, close: () => client.disconnect() }
  },
  'ioredis 6': async (port) => {
    const client = new Ioredis(port, HOST).on('error', ignore)
    return { client, close: () => client.disconnect() }
  },
}

function ignore(): void {}
