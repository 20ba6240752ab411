/** What a Worker would have to load with `crossgate/fetch` and `crossgate/hono`, and how large it is. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { bundleForWorkers } from './bundle.ts'

const MODULES = ['crossgate/fetch', 'crossgate/hono']

export interface BundledModule {
  readonly name: string
  readonly bytes: number
  readonly gzip: number
  /** Modules that a Worker does not have without flags: there must be none. */
  readonly imports: readonly string[]
}

export async function bundleModules(folder: string): Promise<readonly BundledModule[]> {
  const bundled: BundledModule[] = []
  for (const name of MODULES) {
    const entry = `${name.replace('/', '-')}-entry.mjs`
    await writeFile(join(folder, entry), `export * from '${name}'\n`)
    const { code, imports } = await bundleForWorkers(folder, entry)
    bundled.push({ name, bytes: Buffer.byteLength(code), gzip: gzipSync(code).length, imports })
  }
  return bundled
}
