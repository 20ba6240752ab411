/** Runs programs to their end. */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const LIMIT = 64 * 1024 * 1024

/**
 * What a program prints. Rejects with all that it has printed, where it fails.
 *
 * @param cwd Its folder.
 */
export async function run(
  program: string,
  parameters: readonly string[],
  cwd?: string,
): Promise<string> {
  try {
    return (await execute(program, parameters, { cwd, maxBuffer: LIMIT })).stdout
  } catch (error) {
    const { stdout = '', stderr = '' } = error as Partial<Record<'stdout' | 'stderr', string>>
    const what = `${program} ${parameters.join(' ')} failed`
    throw new Error([what, stdout, stderr].map((text) => text.trim()).join('\n'))
  }
}
