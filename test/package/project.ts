/** A project in a temporary folder with the packed tarball installed, as a user would. */

import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Project {
  readonly folder: string
  /** The files in the tarball. */
  readonly packed: readonly string[]
  /** Runs a program in the project; fails with all that it printed where it exits with a failure. */
  readonly run: (program: string, ...parameters: string[]) => Promise<string>
  readonly remove: () => Promise<void>
}

/** @param linked Packages of this repository that the project has installed, too. */
export async function createProject(...linked: string[]): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'crossgate-consumer-'))
  const { stdout } = await run(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    { cwd: root },
  )
  const [tarball] = parsePacked(stdout)
  if (tarball === undefined) throw new Error(`npm pack told of no tarball: ${stdout}`)
  await writeFile(join(folder, 'package.json'), '{ "name": "consumer", "private": true }\n')
  await run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--offline', join(folder, tarball.filename)],
    { cwd: folder },
  )
  for (const name of linked) {
    const target = join(folder, 'node_modules', name)
    await mkdir(dirname(target), { recursive: true })
    await symlink(join(root, 'node_modules', name), target)
  }
  await cp(join(root, 'test/package/consumers'), folder, { recursive: true })
  return {
    folder,
    packed: tarball.files.map(({ path }) => path),
    run: (program, ...parameters) => runIn(folder, program, parameters),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

interface Packed {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

/** npm 11 prints a list, npm 12 an object by package name. */
function parsePacked(printed: string): readonly Packed[] {
  const parsed: unknown = JSON.parse(printed)
  return (Array.isArray(parsed) ? parsed : Object.values(parsed as object)) as Packed[]
}

async function runIn(folder: string, program: string, parameters: string[]): Promise<string> {
  try {
    return (await run(program, parameters, { cwd: folder })).stdout
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${program} ${parameters.join(' ')} failed:\n${stdout}\n${stderr}`)
  }
}
