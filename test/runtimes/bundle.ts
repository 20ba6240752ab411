/** Bundles for Workers, as their tools make them: for no platform, under their conditions. */

import { builtinModules } from 'node:module'
import { build } from 'esbuild'

export interface WorkerBundle {
  readonly code: string
  /** Modules that are left for the platform to have. */
  readonly imports: readonly string[]
}

/**
 * @param folder Where packages are found.
 * @param aliases Packages that others take the place of.
 */
export async function bundleForWorkers(
  folder: string,
  entry: string,
  aliases: Readonly<Record<string, string>> = {},
): Promise<WorkerBundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: folder,
    entryPoints: [entry],
    outfile: 'worker.js',
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser'],
    alias: { ...aliases },
    // Told of below, with their names.
    external: ['node:*', ...builtinModules],
    logLevel: 'silent',
  })
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
  return {
    code: outputFiles[0]?.text ?? '',
    imports: imports.map(({ path }) => path),
  }
}
