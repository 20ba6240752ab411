/** The columns of the matrix: where each runtime comes from, and how it runs a program. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './commands.ts'
import { FOLDER, majorOf } from './packages.ts'

/** Who answers to sockets: Node's servers, or whatever the runtime has for `Request` and `Response`. */
export type Host = 'servers of Node' | 'fetch handlers' | 'Lambda'

export interface Runtime {
  /** As in the README's table. */
  readonly name: string
  /** The program, as an absolute path. */
  readonly binary: string
  readonly hosts: readonly Host[]
  /** What runs fetch handlers there: `programs/serve-<server>.mjs`. */
  readonly server: 'hono-node' | 'bun' | 'deno' | 'workerd'
  /** What stands between the program's name and its file. */
  readonly parameters: readonly string[]
}

const MACHINE = `${process.platform}-${process.arch}`

/** The packages, as npm names them, and the programs in them. */
const BUN = { 'linux-x64': 'linux-x64', 'linux-arm64': 'linux-aarch64' }[MACHINE] ?? MACHINE
const WORKERD = { 'linux-x64': 'linux-64' }[MACHINE] ?? MACHINE

export const RUNTIMES: readonly Runtime[] = [
  ...['20', '22', '24', '26'].map(nodeRuntime),
  {
    name: `Bun ${majorOf('@oven/bun-linux-x64')}`,
    binary: inPackage(`@oven/bun-${BUN}`, 'bin/bun'),
    hosts: ['servers of Node', 'fetch handlers'],
    server: 'bun',
    parameters: ['run', '--no-install'],
  },
  {
    name: `Deno ${majorOf('@deno/linux-x64-glibc')}`,
    binary: inPackage(`@deno/${MACHINE}-glibc`, 'deno'),
    hosts: ['servers of Node', 'fetch handlers'],
    server: 'deno',
    parameters: ['run', '--allow-all', '--no-remote', '--node-modules-dir=manual', '--quiet'],
  },
  {
    name: `workerd ${majorOf('@cloudflare/workerd-linux-64')}`,
    binary: inPackage(`@cloudflare/workerd-${WORKERD}`, 'bin/workerd'),
    hosts: ['fetch handlers'],
    server: 'workerd',
    parameters: [],
  },
]

function nodeRuntime(major: string): Runtime {
  return {
    name: `Node ${major}`,
    binary: inPackage(`node${major}-${MACHINE}`, 'bin/node'),
    hosts: ['servers of Node', 'fetch handlers', 'Lambda'],
    server: 'hono-node',
    parameters: [],
  }
}

function inPackage(name: string, path: string): string {
  return join(FOLDER, 'node_modules', name, path)
}

/** Why a runtime cannot be had; `undefined` where it runs. */
export async function absenceOf({ name, binary }: Runtime): Promise<string | undefined> {
  if (!existsSync(binary)) {
    return `no package of it was installed for ${MACHINE}; remove ${FOLDER} to try again`
  }
  try {
    await run(binary, ['--version'])
    return undefined
  } catch (error) {
    return `${name} does not start: ${error}`
  }
}

/** What the program of a runtime says of its version, in one line. */
export async function versionOf({ binary }: Runtime): Promise<string> {
  const [line = ''] = (await run(binary, ['--version'])).split('\n')
  return line
}
