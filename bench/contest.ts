/** All subjects of a scenario on one kind of server, each in its own process, a round each in turn. */

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Ask, Ready, Round } from './child.ts'

/** Room for all that a round makes, so that nothing is collected while it is timed. */
const YOUNG_MEGABYTES = 64
const FLAGS = [
  '--expose-gc',
  `--min-semi-space-size=${YOUNG_MEGABYTES}`,
  `--max-semi-space-size=${YOUNG_MEGABYTES}`,
]

export interface Effort {
  readonly rounds: number
  readonly warmUp: number
  readonly batches: number
  /** Operations of a batch. */
  readonly operations: number
}

/** No round shall take much longer, in nanoseconds: what is slow is done a few times only. */
const ROUND = 30e6
const FEWEST = { batches: 3, operations: 2 }

export interface Course {
  readonly subject: string
  readonly wrong: readonly string[]
  /** Rounds after the warm-up, in order: those of the other subjects were next to them. */
  readonly rounds: readonly Round[]
}

interface Runner {
  readonly subject: string
  readonly child: ChildProcess
  readonly ready: Ready
  readonly rounds: Round[]
  /** Nanoseconds of one operation, as it was last: it becomes quicker. */
  about: number
}

/** @param program The path of `child`, bundled. */
export async function contest(
  program: string,
  kind: string,
  scenario: string,
  subjects: readonly string[],
  effort: Effort,
): Promise<Course[]> {
  const runners = await Promise.all(
    subjects.map((subject) => start(program, kind, scenario, subject)),
  )
  try {
    for (let index = 0; index < effort.warmUp + effort.rounds; index += 1) {
      const first = index % runners.length
      for (const runner of [...runners.slice(first), ...runners.slice(0, first)]) {
        runner.rounds.push(await roundOf(runner, effort))
      }
    }
  } finally {
    for (const { child } of runners) child.kill()
  }
  return runners.map(({ subject, ready, rounds }) => ({
    subject,
    wrong: ready.wrong,
    rounds: rounds.slice(effort.warmUp),
  }))
}

async function start(
  program: string,
  kind: string,
  scenario: string,
  subject: string,
): Promise<Runner> {
  const child = fork(program, [kind, subject, scenario], { execArgv: FLAGS })
  const [ready] = (await answerFrom(child)) as [Ready]
  return { subject, child, ready, rounds: [], about: ready.about }
}

async function roundOf(runner: Runner, effort: Effort): Promise<Round> {
  runner.child.send(askOf(runner.about, effort))
  const [round] = (await answerFrom(runner.child)) as [Round]
  runner.about = round.ns
  return round
}

function askOf(about: number, { batches, operations }: Effort): Ask {
  const fitting = Math.floor(ROUND / about / batches)
  if (fitting < FEWEST.operations) return FEWEST
  return { batches, operations: Math.min(operations, fitting) }
}

async function answerFrom(child: ChildProcess): Promise<unknown[]> {
  const ended = new AbortController()
  const gone = (code: number | null): void => ended.abort(new Error(`a child ended with ${code}`))
  child.once('exit', gone)
  try {
    return await once(child, 'message', { signal: ended.signal })
  } catch (error) {
    throw ended.signal.reason ?? error
  } finally {
    child.off('exit', gone)
  }
}
