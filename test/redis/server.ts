/** A Redis of its own for each test file: on a free port of the loopback interface, in a folder that goes. */

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { close, HOST, listen } from '../adapters/wire.ts'

export interface RedisServer {
  readonly port: number
  /** What `redis-cli` prints for a command. */
  readonly cli: (...command: string[]) => Promise<string>
  /** Ends it as a crash would. What was not saved is lost. */
  readonly kill: () => Promise<void>
  /** Starts it again on the same port, with what was saved. */
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
}

export async function startRedis(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'crossgate-redis-'))
  const port = await freePort()
  const settings = { port, bind: HOST, dir: folder, save: '', 'enable-debug-command': 'yes' }
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    child = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'] })
    for await (const line of createInterface({ input: child.stdout as never })) {
      if (line.includes('Ready to accept connections')) break
    }
    child.stdout?.resume()
    if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`)
  }

  async function kill(): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }

  await start()
  return {
    port,
    cli: async (...command) => {
      const { stdout } = await promisify(execFile)('redis-cli', ['-p', String(port), ...command])
      return stdout.trimEnd()
    },
    kill,
    start,
    stop: async () => {
      await kill()
      await rm(folder, { recursive: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await close(server)
  return port
}
