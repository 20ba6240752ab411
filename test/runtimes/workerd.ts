/** Programs in workerd: a bundle, and a configuration with one service and one socket for each policy. */

import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { EXCHANGES } from '../tables/exchanges.ts'
import { HOST, REPORT_PATH, WITHOUT } from './agreement.ts'
import { bundleForWorkers } from './bundle.ts'
import type { Framework } from './frameworks.ts'
import { type Program, stop, whenTold } from './programs.ts'
import type { Runtime } from './runtimes.ts'

const NAMES = [WITHOUT, ...new Set(EXCHANGES.map(({ policy }) => policy))]

/** What workerd's control channel tells of each socket. */
interface Listening {
  readonly event: string
  readonly socket: string
  readonly port: number
}

const CONTROL = 3

export async function startWorker(
  { binary }: Runtime,
  { program }: Framework,
  folder: string,
): Promise<Program> {
  const bundle = `${program}-worker.js`
  const config = join(folder, `${program}-worker.capnp`)
  const { code } = await bundleForWorkers(folder, 'serve-workerd.mjs', {
    framework: `./${program}.mjs`,
    // Stand-ins for what the application and the look-ups of the tests use, and Workers have not.
    'node:stream': './chunks.mjs',
  })
  await writeFile(join(folder, bundle), code)
  await writeFile(config, configOf(bundle))
  const child = spawn(binary, ['serve', `--control-fd=${CONTROL}`, config], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const ports: Record<string, number> = {}
  await whenTold(child, child.stdio[CONTROL] as Readable, (line) => {
    const { event, socket, port } = JSON.parse(line) as Listening
    if (event === 'listen') ports[NAMES[Number(socket)] as string] = port
    return Object.keys(ports).length === NAMES.length ? true : undefined
  })
  const reports = Object.values(ports).map((port) => `http://${HOST}:${port}${REPORT_PATH}`)
  return { ports, reports, stop: () => stop(child) }
}

/** In Cap'n Proto's text format. Services and sockets have numbers for names. */
function configOf(bundle: string): string {
  const services = NAMES.map((_name, index) => `(name = "${index}", worker = .worker${index})`)
  const sockets = NAMES.map(
    (_name, index) => `(name = "${index}", address = "${HOST}:0", http = (), service = "${index}")`,
  )
  const workers = NAMES.map(
    (name, index) => `const worker${index} :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed ${JSON.stringify(bundle)})],
  compatibilityDate = "2026-01-01",
  bindings = [(name = "POLICY", text = ${JSON.stringify(name)})],
);`,
  )
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [${services.join(', ')}],
  sockets = [${sockets.join(', ')}],
);
${workers.join('\n')}
`
}
