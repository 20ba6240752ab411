/** Copies of the sources, in which one thing at a time is broken. */

import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Mutation } from './mutations.ts'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const NEEDED = ['src', 'test', 'scripts/mutations', 'package.json', 'tsconfig.json']

export interface Workspace {
  readonly folder: string
  /** Runs `use` while the mutation is in place. */
  readonly during: <Result>(mutation: Mutation, use: () => Promise<Result>) => Promise<Result>
  readonly remove: () => Promise<void>
}

export async function createWorkspace(): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'crossgate-mutations-'))
  for (const name of NEEDED)
    await cp(join(REPOSITORY, name), join(folder, name), { recursive: true })
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'), 'dir')
  return {
    folder,
    during: async (mutation, use) => {
      const path = join(folder, mutation.file)
      const source = await readFile(path, 'utf8')
      await writeFile(path, mutated(source, mutation))
      try {
        return await use()
      } finally {
        await writeFile(path, source)
      }
    },
    remove: () => rm(folder, { recursive: true }),
  }
}

/** @throws {Error} where the text to replace is not there exactly once. */
function mutated(source: string, { file, find, replace }: Mutation): string {
  const pieces = source.split(find)
  if (pieces.length === 2) return pieces.join(replace)
  throw new Error(`${file} has ${pieces.length - 1} times, not once: ${find}`)
}
