/**
 * One subject in one scenario, in a process of its own.
 *
 * `child.js KIND SUBJECT SCENARIO` does what its parent asks for, a round at a time;
 * `child.js KIND SUBJECT SCENARIO WARM-UP OPERATIONS` runs so many and ends, for tools that count
 * instructions.
 */

import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'
import { wrongOf } from './check.ts'
import { KINDS } from './kinds.ts'
import type { Lane } from './lane.ts'
import { SCENARIOS } from './scenarios.ts'
import { median } from './statistics.ts'

/** What a parent asks for. */
export interface Ask {
  readonly batches: number
  /** In each batch. */
  readonly operations: number
}

/** What a child answers, first with `wrong`, then for each round. */
export interface Round {
  /** Nanoseconds for each operation. */
  readonly ns: number
  /** Bytes of heap for each operation. */
  readonly bytes: number
}

export interface Ready {
  /** What is wrong with the subject's answer. */
  readonly wrong: readonly string[]
  /** Nanoseconds of one operation, about, as long as it is cold. */
  readonly about: number
}

const BATCH = 100
const TRIES = 6

async function prepare(
  name: string,
  subject: string,
  scenarioName: string,
): Promise<[Lane, Ready]> {
  const scenario = SCENARIOS.find((one) => one.name === scenarioName)
  const load = KINDS[name]
  if (scenario === undefined || load === undefined) throw new Error(`no ${name}, ${scenarioName}`)
  const { kind } = await load()
  const lane = await kind.prepare(subject, scenario)
  let about = Number.POSITIVE_INFINITY
  let last: unknown
  for (let tried = 0; tried < TRIES; tried += 1) {
    const exchanges = await lane.make(3)
    const start = performance.now()
    await lane.run(exchanges)
    about = Math.min(about, ((performance.now() - start) / exchanges.length) * 1e6)
    last = exchanges[1]
  }
  const wrong = subject === 'bare' ? [] : wrongOf(await lane.answerOf(last), scenario, subject)
  return [lane, { wrong, about }]
}

/** Of the young only. With the old, hidden classes go of which nothing is left, and optimised code with them. */
const collectYoung = globalThis.gc as ((options: { readonly type: 'minor' }) => void) | undefined

/** A few batches, each short enough to be done before the core is lost, and the median of them. */
async function roundOf(lane: Lane, { batches, operations }: Ask): Promise<Round> {
  collectYoung?.({ type: 'minor' })
  const done: Round[] = []
  for (let index = 0; index < batches; index += 1) done.push(await batchOf(lane, operations))
  return { ns: median(done.map(({ ns }) => ns)), bytes: median(done.map(({ bytes }) => bytes)) }
}

async function batchOf(lane: Lane, operations: number): Promise<Round> {
  const made = lane.make(operations)
  const exchanges = made instanceof Promise ? await made : made
  const heap = process.memoryUsage().heapUsed
  const start = process.hrtime.bigint()
  const running = lane.run(exchanges)
  if (running instanceof Promise) await running
  const ns = Number(process.hrtime.bigint() - start)
  const bytes = process.memoryUsage().heapUsed - heap
  return { ns: ns / operations, bytes: bytes / operations }
}

/** Exchanges are made, run and dropped a few at a time, as servers do. */
async function warm(lane: Lane, operations: number): Promise<void> {
  for (let left = operations; left > 0; left -= BATCH) await lane.run(await lane.make(BATCH))
}

/**
 * What is run is called by a script, and nothing else is: whoever counts instructions counts those of
 * the native function that runs scripts.
 */
async function countable(lane: Lane, operations: number): Promise<void> {
  collectYoung?.({ type: 'minor' })
  const exchanges = await lane.make(operations)
  const script = new Script('globalThis.counted()')
  // Whatever is not optimised by now stays as it is: a compilation outweighs thousands of operations.
  setFlagsFromString('--no-opt')
  Object.assign(globalThis, { counted: () => lane.run(exchanges) })
  script.runInThisContext()
}

const [name = '', subject = '', scenario = '', warmUp, operations] = process.argv.slice(2)
const [lane, ready] = await prepare(name, subject, scenario)
if (warmUp === undefined) {
  process.on('message', async (ask: Ask) => process.send?.(await roundOf(lane, ask)))
  process.send?.(ready)
} else {
  await warm(lane, Number(warmUp))
  await countable(lane, Number(operations))
  process.exit(0)
}
