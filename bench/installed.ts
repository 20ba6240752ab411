/** crossgate as it would be installed: its own `package.json`, and files as the build makes them. */

import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'

/**
 * Builds adapters into a `node_modules` of their own. What the peers need is found above.
 *
 * @param folder Where to; it is below the project.
 */
export async function install(folder: string, adapters: readonly string[]): Promise<void> {
  const home = join(folder, 'node_modules/crossgate')
  mkdirSync(home, { recursive: true })
  copyFileSync('package.json', join(home, 'package.json'))
  await build({
    entryPoints: ['src/index.ts', ...adapters.map((name) => `adapters/${name}.ts`)],
    entryNames: '[name]',
    outdir: join(home, 'dist'),
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'node20',
    external: ['node:*'],
    plugins: [coreStaysExternal],
    logLevel: 'warning',
  })
}

const coreStaysExternal: Plugin = {
  name: 'core-stays-external',
  setup({ onResolve }) {
    onResolve({ filter: /^(\.\.\/)+src\/index\.ts$/ }, () => ({
      path: './index.js',
      external: true,
    }))
  },
}
