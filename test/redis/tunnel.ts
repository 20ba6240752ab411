/** A wire between clients and Redis that can be slow, silent, or cut. */

import { connect, createServer, type Socket } from 'node:net'
import { close, HOST, listen } from '../adapters/wire.ts'

export interface Tunnel {
  readonly port: number
  /** Lets nothing of Redis through. What it says is delivered later on. */
  readonly hold: () => void
  readonly release: () => void
  /** Ends all connections. */
  readonly cut: () => void
  readonly stop: () => Promise<void>
}

export async function startTunnel(target: number): Promise<Tunnel> {
  const pairs = new Set<{ readonly near: Socket; readonly far: Socket }>()
  let isHeld = false

  const server = createServer((near) => {
    const far = connect(target, HOST)
    const pair = { near, far }
    pairs.add(pair)
    near.pipe(far)
    far.on('data', (chunk) => near.write(chunk))
    if (isHeld) far.pause()
    for (const socket of [near, far]) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        pairs.delete(pair)
        near.destroy()
        far.destroy()
      })
    }
  })
  const port = await listen(server)
  const each = (act: (pair: { readonly near: Socket; readonly far: Socket }) => void): void => {
    for (const pair of pairs) act(pair)
  }
  const cut = (): void => each(({ near }) => near.destroy())

  return {
    port,
    hold: () => {
      isHeld = true
      each(({ far }) => far.pause())
    },
    release: () => {
      isHeld = false
      each(({ far }) => far.resume())
    },
    cut,
    stop: async () => {
      const closed = close(server)
      cut()
      await closed
    },
  }
}
