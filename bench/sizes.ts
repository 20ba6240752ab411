/** What an adapter weighs with its core, where everything is bundled. */

import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { crossgateFromSources } from './bundle.ts'
import type { SizeResult } from './results.ts'

const ENTRIES = ['node', 'express', 'koa', 'fastify', 'hono', 'fetch'].map(
  (name) => `crossgate/${name}`,
)

export async function sizes(): Promise<SizeResult[]> {
  return Promise.all(ENTRIES.map(async (entry) => ({ entry, gzipped: await gzippedSize(entry) })))
}

async function gzippedSize(entry: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${entry}'`, resolveDir: '.' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    plugins: [crossgateFromSources],
  })
  return gzipSync(outputFiles[0]?.contents ?? '').length
}
