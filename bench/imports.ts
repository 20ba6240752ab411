/** How long it takes to import an adapter, in a process that has imported nothing yet. */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { install } from './installed.ts'
import type { ImportResult } from './results.ts'
import { median } from './statistics.ts'

const run = promisify(execFile)

const BASE = 'cors'
const ADAPTERS = ['node', 'express', 'koa', 'fastify', 'hono', 'fetch']
const SPECIFIERS = [
  ...ADAPTERS.map((name) => `crossgate/${name}`),
  BASE,
  '@koa/cors',
  '@fastify/cors',
  'hono/cors',
]

/**
 * In turn, since a busy moment of the machine shall hit all.
 *
 * @param folder For a build of crossgate, below the project.
 */
export async function imports(folder: string, rounds: number): Promise<ImportResult[]> {
  await install(folder, ADAPTERS)
  const times: Record<string, number>[] = []
  for (let index = 0; index < rounds; index += 1) {
    const round: Record<string, number> = {}
    for (const specifier of SPECIFIERS) round[specifier] = await timeOf(specifier, folder)
    times.push(round)
  }
  return SPECIFIERS.map((specifier) => ({
    specifier,
    milliseconds: median(times.map((round) => round[specifier] ?? Number.NaN)),
    ratio: median(times.map((round) => (round[specifier] ?? 0) / (round[BASE] ?? 1))),
  }))
}

async function timeOf(specifier: string, cwd: string): Promise<number> {
  const code = `
    const start = performance.now()
    await import('${specifier}')
    console.log(performance.now() - start)
  `
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { cwd })
  return Number(stdout)
}
