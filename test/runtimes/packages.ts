/**
 * The runtimes and the frameworks, from their packages: `package.json` and its lock beside this file.
 * They are no dependencies of this repository, because they are large and few need them.
 */

import { readFileSync } from 'node:fs'
import { cp, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './commands.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Where they are installed: `npm ci` of the repository removes it. */
export const FOLDER = join(ROOT, 'node_modules/.cache/runtimes')

const HERE = fileURLToPath(new URL('.', import.meta.url))
const LOCK = 'package-lock.json'
const FILES = ['package.json', LOCK]
const INSTALLED = 'installed.json'

/** What of npm's lock is read. */
interface Lock {
  readonly packages: Readonly<Record<string, { readonly version: string }>>
}

/** Installs what the lock says, unless just that is installed. */
export async function installPackages(tell: (text: string) => void): Promise<void> {
  if (await isInstalled()) return
  tell('installing runtimes and frameworks')
  await rm(FOLDER, { recursive: true, force: true })
  await mkdir(FOLDER, { recursive: true })
  for (const file of FILES) await cp(join(HERE, file), join(FOLDER, file))
  await run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], FOLDER)
  // At last: an installation that was broken off does not count.
  await cp(join(HERE, LOCK), join(FOLDER, INSTALLED))
}

async function isInstalled(): Promise<boolean> {
  const wanted = await readFile(join(HERE, LOCK), 'utf8')
  const found = await readFile(join(FOLDER, INSTALLED), 'utf8').catch(() => undefined)
  return wanted === found
}

let lock: Lock | undefined

/** The locked major of a package, by the name under which it is installed. */
export function majorOf(name: string): string {
  lock ??= JSON.parse(readFileSync(join(HERE, LOCK), 'utf8')) as Lock
  const found = lock.packages[`node_modules/${name}`]
  if (found === undefined) throw new Error(`test/runtimes/package-lock.json has no ${name}`)
  return found.version.split('.')[0] as string
}
