/** What the demo knows of a server. */

import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface DemoServer {
  /** The framework, with its major version. */
  readonly name: string
  readonly start: () => Promise<RunningServer>
}

export interface RunningServer {
  readonly port: number
  readonly stop: () => Promise<void>
}

/** Starts a server of Node on a free port of the loopback interface. */
export async function listen(server: Server): Promise<RunningServer> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
