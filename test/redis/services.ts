/** Starts services as processes of their own. */

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { CLIENTS } from './clients.ts'

const FILE = fileURLToPath(new URL('service.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Service {
  readonly client: string
  readonly port: number
  /** Ends it, and hands back all that it printed. */
  readonly stop: () => Promise<string>
}

export async function startService(
  client: keyof typeof CLIENTS,
  redisPort: number,
  ttl: number,
): Promise<Service> {
  const child = fork(FILE, [client, String(redisPort), String(ttl)], {
    cwd: ROOT,
    execArgv: ['--import', 'tsx'],
    silent: true,
  })
  const printed = Promise.all([text(child.stdout as never), text(child.stderr as never)])
  const port = await Promise.race([message(child), early(child, printed)])
  return {
    client,
    port,
    stop: async () => {
      if (child.exitCode !== null) throw new Error(`the service ended: ${await printed}`)
      child.disconnect()
      return (await printed).join('')
    },
  }
}

async function message(child: ChildProcess): Promise<number> {
  const [port] = await once(child, 'message')
  return port as number
}

async function early(child: ChildProcess, printed: Promise<unknown>): Promise<never> {
  const [code] = await once(child, 'exit')
  throw new Error(`the service ended with ${code}: ${await printed}`)
}
