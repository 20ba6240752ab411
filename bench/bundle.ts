/** The programs of the children as plain JavaScript, so that they start fast and nothing stands between. */

import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'

/** Below the project, where the peers are found. */
const CACHE = 'node_modules/.cache'

export interface Bundle {
  readonly folder: string
  /** The path of a program: `child`, `server`. */
  readonly program: (name: string) => string
  readonly remove: () => void
}

/** crossgate comes from the sources; everything else from its package. */
export async function bundle(programs: readonly string[]): Promise<Bundle> {
  await mkdir(CACHE, { recursive: true })
  const outdir = mkdtempSync(join(CACHE, 'bench-'))
  await build({
    entryPoints: programs.map((name) => `bench/${name}.ts`),
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    outExtension: { '.js': '.mjs' },
    logLevel: 'warning',
    plugins: [crossgateFromSources],
  })
  return {
    folder: outdir,
    program: (name) => join(outdir, `${name}.mjs`),
    remove: () => rmSync(outdir, { recursive: true, force: true }),
  }
}

export const crossgateFromSources: Plugin = {
  name: 'crossgate-from-sources',
  setup({ onResolve }) {
    onResolve({ filter: /^crossgate(\/\w+)?$/ }, ({ path }) => {
      const [, adapter] = path.split('/')
      return { path: resolve(adapter === undefined ? 'src/index.ts' : `adapters/${adapter}.ts`) }
    })
  },
}
