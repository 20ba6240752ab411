/** Servers, listening for as long as somebody asks. */

import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import { untilAborted } from './deadline.ts'
import { wrongValue } from './mistake.ts'
import type { ListenAddress } from './wire.ts'

const LOOPBACK = '127.0.0.1'

/** Addresses that mean all interfaces, and one that is reached by them. */
const ANY_ADDRESS: Readonly<Record<string, string>> = { '0.0.0.0': LOOPBACK, '::': '::1' }

/** A server that was made to listen, by all calls that ask it at the same time. */
interface Lease {
  users: number
  readonly listening: Promise<ListenAddress>
  /** Ends all connections, and takes no more notice of new ones. */
  readonly disconnect: () => void
  /** The end of it, once the last user has gone. */
  closed: Promise<void> | undefined
}

const leases = new WeakMap<Server, Lease>()

/** A listening server. `release` leaves it as it was. */
export interface Listening {
  readonly address: ListenAddress
  /** Whether it listens for the callers only, on a port that nobody knows. */
  readonly isTemporary: boolean
  readonly release: () => Promise<void>
}

/** Has the server listen on the loopback interface, unless it listens already. */
export async function listening(server: Server, signal: AbortSignal): Promise<Listening> {
  const lease = await leaseOf(server)
  if (lease === undefined) {
    return { address: addressOf(server), isTemporary: false, release: async () => {} }
  }
  const release = (): Promise<void> => leave(server, lease)
  try {
    return { address: await untilAborted(signal, lease.listening), isTemporary: true, release }
  } catch (error) {
    await release()
    throw error
  }
}

async function leaseOf(server: Server): Promise<Lease | undefined> {
  const known = leases.get(server)
  if (known?.closed !== undefined) {
    await known.closed
    return leaseOf(server)
  }
  if (known === undefined && server.listening) return undefined
  const lease = known ?? createLease(server)
  lease.users += 1
  return lease
}

function createLease(server: Server): Lease {
  const disconnect = connectionsOf(server)
  const lease: Lease = { users: 0, listening: listen(server), disconnect, closed: undefined }
  leases.set(server, lease)
  return lease
}

function connectionsOf(server: Server): () => void {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  }
  server.on('connection', keep)
  return () => {
    server.off('connection', keep)
    for (const socket of sockets) socket.destroy()
  }
}

async function listen(server: Server): Promise<ListenAddress> {
  server.listen(0, LOOPBACK)
  await once(server, 'listening')
  return addressOf(server)
}

/** The last one closes. */
async function leave(server: Server, lease: Lease): Promise<void> {
  lease.users -= 1
  if (lease.users > 0) return
  lease.closed = new Promise((resolve) => {
    server.close(() => resolve())
    lease.disconnect()
  })
  await lease.closed
  leases.delete(server)
}

function addressOf(server: Server): ListenAddress {
  const address = server.address() as AddressInfo | string | null
  if (typeof address !== 'object' || address === null) {
    throw wrongValue('the address of the server', address, 'have it listen on a TCP port')
  }
  const { address: host, port } = address
  return { host: ANY_ADDRESS[host] ?? host, port }
}
