/** Runs tests in a copy of the sources, until one of them fails. */

import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** A mutation must not keep the others waiting. */
const PATIENCE = 60_000

const CONFIG = 'scripts/mutations/vitest.config.ts'

/** What Vitest's JSON reporter writes, as far as it is read. */
interface Results {
  readonly success: boolean
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/**
 * The file and title of the first test that fails, `undefined` where all pass.
 *
 * @throws {Error} where it is not a test that fails, as with sources that cannot be loaded.
 */
export async function firstFailure(folder: string): Promise<string | undefined> {
  const output = join(folder, 'results.json')
  await rm(output, { force: true })
  const log = await vitest(folder, ['--reporter=json', `--outputFile=${output}`])
  const text = await readFile(output, 'utf8').catch(() => {
    throw new Error(`the tests did not end\n${log}`)
  })
  const { success, testResults } = JSON.parse(text) as Results
  if (success) return undefined
  for (const { name, assertionResults } of testResults) {
    const failed = assertionResults.find(({ status }) => status === 'failed')
    if (failed !== undefined) return `${relative(folder, name)}: ${failed.fullName}`
  }
  throw new Error(`the tests could not be run\n${log}`)
}

/** What it printed. */
function vitest(folder: string, options: readonly string[]): Promise<string> {
  const program = join(folder, 'node_modules/vitest/vitest.mjs')
  const child = spawn(
    process.execPath,
    [program, 'run', '--root', folder, '--config', CONFIG, ...options],
    { cwd: folder, timeout: PATIENCE, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const printed: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => printed.push(text))
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => resolve(printed.join('')))
  })
}
