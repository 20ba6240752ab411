/** Whole servers under load, in turn: what a request takes of the server's processor, and how many go through. */

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { wrongOf } from './check.ts'
import { answerTo, has, load, pinned } from './load.ts'
import type { MacroFigures, MacroResult } from './results.ts'
import { SCENARIOS, type Scenario } from './scenarios.ts'
import type { CpuAnswer, Listening } from './server.ts'
import { median } from './statistics.ts'

const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  node: ['bare', 'floor', 'crossgate', 'cors'],
  koa: ['bare', 'floor', 'crossgate', '@koa/cors'],
  fastify: ['bare', 'floor', 'crossgate', '@fastify/cors'],
  express: ['bare', 'floor', 'crossgate', 'cors'],
  hono: ['bare', 'floor', 'crossgate', 'hono/cors'],
  fetch: ['bare', 'floor', 'crossgate'],
}

export const MACRO_KINDS = Object.keys(SUBJECTS)
const FULL = { rounds: 5, warmUp: 1, scenarios: ['get', 'preflight'], kinds: MACRO_KINDS }
const QUICK = { rounds: 1, warmUp: 0, scenarios: ['get'], kinds: ['node', 'hono'] }
const SECONDS = 1
const SERVER_CORE = 1

interface Sample {
  /** Microseconds of processor for each request. */
  readonly cpu: number
  readonly perSecond: number
}

interface Running {
  readonly subject: string
  readonly child: ChildProcess
  readonly port: number
  readonly wrong: readonly string[]
  readonly samples: Sample[]
}

/**
 * @param program The path of `server`, bundled.
 * @returns `undefined` where there is no `wrk`.
 */
export async function macro(
  program: string,
  kinds: readonly string[],
  quick: boolean,
  done: (result: MacroResult) => void,
): Promise<MacroResult[] | undefined> {
  if (!(await has('wrk'))) return undefined
  const results: MacroResult[] = []
  const { scenarios, ...effort } = quick ? QUICK : FULL
  for (const kind of kinds.filter((one) => effort.kinds.includes(one))) {
    for (const scenario of SCENARIOS.filter(({ name }) => scenarios.includes(name))) {
      const figures = await compete(program, kind, scenario, effort)
      const result = { kind, scenario: scenario.name, figures }
      results.push(result)
      done(result)
    }
  }
  return results
}

async function compete(
  program: string,
  kind: string,
  scenario: Scenario,
  { rounds, warmUp }: { readonly rounds: number; readonly warmUp: number },
): Promise<MacroFigures[]> {
  const running: Running[] = []
  try {
    for (const subject of SUBJECTS[kind] ?? []) {
      running.push(await start(program, kind, subject, scenario))
    }
    for (let index = 0; index < rounds + warmUp; index += 1) {
      const first = index % running.length
      for (const one of [...running.slice(first), ...running.slice(0, first)]) {
        one.samples.push(await sampleOf(one, scenario))
      }
    }
  } finally {
    for (const { child } of running) child.kill()
  }
  return figuresOf(running, warmUp)
}

async function start(
  program: string,
  kind: string,
  subject: string,
  scenario: Scenario,
): Promise<Running> {
  const [execPath = process.execPath, ...execArgv] = await pinned(SERVER_CORE, [process.execPath])
  const child = fork(program, [kind, subject, scenario.name], { execPath, execArgv })
  const [{ port }] = (await once(child, 'message')) as [Listening]
  const wrong =
    subject === 'bare' ? [] : wrongOf(await answerTo(port, scenario.request), scenario, subject)
  return { subject, child, port, wrong, samples: [] }
}

async function sampleOf({ child, port }: Running, { request }: Scenario): Promise<Sample> {
  const before = await cpuOf(child)
  const { requests, seconds } = await load(port, request, SECONDS)
  const after = await cpuOf(child)
  return { cpu: (after - before) / requests, perSecond: requests / seconds }
}

async function cpuOf(child: ChildProcess): Promise<number> {
  child.send('cpu')
  const [{ cpu }] = (await once(child, 'message')) as [CpuAnswer]
  return cpu
}

function figuresOf(running: readonly Running[], warmUp: number): MacroFigures[] {
  const bare = running.find(({ subject }) => subject === 'bare')?.samples.slice(warmUp) ?? []
  return running.map(({ subject, wrong, samples }) => {
    const pairs = samples.slice(warmUp).map((one, index) => [one, bare[index] ?? one] as const)
    return {
      subject,
      wrong,
      addedCpu: median(pairs.map(([one, base]) => one.cpu - base.cpu)),
      cpuRatio: median(pairs.map(([one, base]) => one.cpu / base.cpu)),
      throughputRatio: median(pairs.map(([one, base]) => one.perSecond / base.perSecond)),
    }
  })
}
