/** Instructions of a spot, counted by callgrind: they hardly depend on the machine or on its other work. */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Spot } from './limits.ts'

const run = promisify(execFile)

/** Until V8 has optimised what it will. */
const WARM_UP = 6_000
const OPERATIONS = 500

/** Everything on one thread, and nothing collected while it is counted. */
const NODE = [
  '--expose-gc',
  '--single-threaded',
  '--min-semi-space-size=64',
  '--max-semi-space-size=64',
]

/** The native function that runs a script: the child runs nothing else in one. */
const COUNTED = '*ContextifyScript*EvalMachine*'

const VALGRIND = [
  '--tool=callgrind',
  '--collect-atstart=no',
  `--toggle-collect=${COUNTED}`,
  '--callgrind-out-file=/dev/null',
  // V8 writes code while it runs.
  '--smc-check=all-non-file',
]

/** @throws where valgrind is missing. */
export async function needValgrind(): Promise<void> {
  try {
    await run('valgrind', ['--version'])
  } catch (error) {
    throw new Error('valgrind is missing: apt-get install valgrind', { cause: error })
  }
}

/**
 * The instructions of one operation.
 *
 * @param program The path of the benchmark's `child`, bundled.
 */
export async function countInstructions(
  program: string,
  { kind, subject, scenario }: Spot,
): Promise<number> {
  const counts = [WARM_UP, OPERATIONS].map(String)
  const child = [program, kind, subject, scenario, ...counts]
  const { stderr } = await run('valgrind', [...VALGRIND, process.execPath, ...NODE, ...child])
  const collected = Number(/Collected : (\d+)/.exec(stderr)?.[1])
  if (!(collected > OPERATIONS)) throw new Error(`callgrind counted nothing:\n${stderr}`)
  return collected / OPERATIONS
}
