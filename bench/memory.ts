/** What a large policy keeps on the heap, in processes of their own. */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { MemoryResult } from './results.ts'

const run = promisify(execFile)
const MEGABYTE = 1e6

/** @param program The path of `policy-heap`, bundled. */
export async function memory(program: string): Promise<MemoryResult> {
  return { policy: await keptBy(program, 'policy'), set: await keptBy(program, 'set') }
}

async function keptBy(program: string, what: string): Promise<number> {
  const { stdout } = await run(process.execPath, ['--expose-gc', program, what])
  return Number(stdout) / MEGABYTE
}
