/** The packed tarball in a project of its own, with the frameworks and the programs of the matrix. */

import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { run } from './commands.ts'
import { FOLDER, ROOT } from './packages.ts'

/** What of the tests the programs use, too, so that nothing is written twice. */
const SHARED = {
  agreement: 'test/runtimes/agreement.ts',
  application: 'test/adapters/application.ts',
  exchanges: 'test/tables/exchanges.ts',
  'lambda-events': 'test/adapters/lambda-events.ts',
  'lambda-gateways': 'test/adapters/lambda-gateways.ts',
  lookups: 'test/adapters/lookups.ts',
}

const LINKED = ['@hono/node-server', 'express', 'express4', 'fastify', 'hono', 'koa', 'koa2']

export interface Project {
  readonly folder: string
  readonly remove: () => Promise<void>
}

/** Packs the repository as it would be published: with its build. */
export async function createProject(): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'crossgate-runtimes-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    await fill(folder)
    return { folder, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

async function fill(folder: string): Promise<void> {
  await run('npm', ['pack', '--pack-destination', folder], ROOT)
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('npm pack has made no tarball')
  await writeFile(join(folder, 'package.json'), '{ "name": "consumer", "private": true }\n')
  const options = ['--no-audit', '--no-fund', '--offline']
  await run('npm', ['install', ...options, join(folder, tarball)], folder)
  for (const name of LINKED) await link(folder, name)
  await cp(join(ROOT, 'test/runtimes/programs'), folder, { recursive: true })
  await cp(join(ROOT, 'test/adapters/certificate'), join(folder, 'certificate'), {
    recursive: true,
  })
  await compileShared(folder)
}

async function link(folder: string, name: string): Promise<void> {
  const target = join(folder, 'node_modules', name)
  await mkdir(dirname(target), { recursive: true })
  await symlink(join(FOLDER, 'node_modules', name), target, 'dir')
}

/** As plain modules: not every runtime reads TypeScript. */
async function compileShared(folder: string): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: SHARED,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    external: ['crossgate', 'node:*'],
    // The aliases of `tsconfig.json` lead to the sources.
    tsconfigRaw: {},
    logLevel: 'error',
  })
}
