/** Servers, reached on a port of their own where they do not listen. */

import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { wrongValue } from './mistake.ts'
import type { ListenAddress } from './wire.ts'

const LOOPBACK = '127.0.0.1'

/** Addresses that mean all interfaces, and one that is reached by them. */
const ANY_ADDRESS: Readonly<Record<string, string>> = { '0.0.0.0': LOOPBACK, '::': '::1' }

/** What Node knows of its servers, and does not declare. */
interface SocketOptions {
  readonly allowHalfOpen?: boolean
}

/** A server that can be reached, until it is released. */
export interface Listening {
  readonly address: ListenAddress
  /** Whether the port is for this call only, so that nobody knows it. */
  readonly isTemporary: boolean
  readonly release: () => Promise<void>
}

/** Where to reach the server, which is left as it is: one that does not listen is handed connections. */
export async function listening(server: Server): Promise<Listening> {
  if (!server.listening) return openGate(server)
  return { address: addressOf(server), isTemporary: false, release: async () => {} }
}

/** The server's owner may have it listen meanwhile, or close it, and notices nothing. */
async function openGate(server: Server): Promise<Listening> {
  const sockets = new Set<Socket>()
  const { allowHalfOpen } = server as SocketOptions
  const gate = createServer({ allowHalfOpen, noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // Servers of http, https and http2 take connections that others accept, by this event.
    server.emit('connection', socket)
  })
  gate.listen(0, LOOPBACK)
  await once(gate, 'listening')
  const release = (): Promise<void> =>
    new Promise((resolve) => {
      gate.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  return { address: addressOf(gate), isTemporary: true, release }
}

function addressOf(server: Server): ListenAddress {
  const address = server.address() as AddressInfo | string | null
  if (typeof address !== 'object' || address === null) {
    throw wrongValue('the address of the server', address, 'have it listen on a TCP port')
  }
  const { address: host, port } = address
  return { host: ANY_ADDRESS[host] ?? host, port }
}
