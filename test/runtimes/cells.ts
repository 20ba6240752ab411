/** One cell of the matrix: a framework in a runtime. */

import type { Exchange } from '../tables/exchanges.ts'
import { observe, problemsOf, type Seen } from './conformance.ts'
import { type Deviation, deviationOf } from './deviations.ts'
import { exchangesOf } from './exchanges.ts'
import type { Framework } from './frameworks.ts'
import { startProgram } from './programs.ts'
import type { Runtime } from './runtimes.ts'
import { startWorker } from './workerd.ts'

export interface Cell {
  readonly framework: Framework
  readonly runtime: Runtime
  readonly passed: number
  readonly total: number
  /** What is wrong, in full. */
  readonly failures: readonly string[]
  /** What the runtime does in its own way, as it is known to. Such exchanges count as passed. */
  readonly deviations: readonly Deviation[]
}

/** Whether a runtime has what serves the framework's applications. */
export function isPossible({ host }: Framework, { hosts }: Runtime): boolean {
  return hosts.includes(host)
}

/** Never rejects: a program that does not start has passed nothing. */
export async function runCell(
  framework: Framework,
  runtime: Runtime,
  folder: string,
): Promise<Cell> {
  const exchanges = exchangesOf(framework)
  const cell = { framework, runtime, total: exchanges.length }
  try {
    const start = runtime.server === 'workerd' ? startWorker : startProgram
    const program = await start(runtime, framework, folder)
    try {
      const { seen, unhandled } = await observe(program, framework, exchanges)
      return { ...cell, ...judged(exchanges, seen, unhandled, framework, runtime) }
    } finally {
      await program.stop()
    }
  } catch (error) {
    return { ...cell, passed: 0, failures: [String(error)], deviations: [] }
  }
}

function judged(
  exchanges: readonly Exchange[],
  seen: readonly (Seen | Error)[],
  unhandled: readonly string[],
  framework: Framework,
  { name }: Runtime,
): Pick<Cell, 'passed' | 'failures' | 'deviations'> {
  const failures = unhandled.map((reason) => `a rejection that nobody handled: ${reason}`)
  const deviations = new Set<Deviation>()
  let passed = 0
  exchanges.forEach((exchange, index) => {
    const known = deviationOf(exchange, framework, name)
    const problems = problemsWith(known, seen[index] as Seen | Error, exchange, framework)
    if (known !== undefined) deviations.add(known.deviation)
    if (problems.length === 0) passed += 1
    else failures.push([`${exchange.policy}: ${exchange.title}`, ...problems].join('\n    '))
  })
  return { passed, failures, deviations: [...deviations] }
}

function problemsWith(
  known: ReturnType<typeof deviationOf>,
  seen: Seen | Error,
  { answer }: Exchange,
  framework: Framework,
): readonly string[] {
  const problems = problemsOf(seen, answer, framework)
  if (known === undefined) return problems
  if (problems.length === 0) return [`this is no deviation any more: ${known.deviation.text}`]
  return problemsOf(seen, known.answer, framework)
}
