/** Runs a case three times: in Chromium, and by the model as each of its two browsers. */

import { type Case, expectedOf, prepared, type Runner, runOf } from './cases.ts'
import { openModel, seenBy } from './model.ts'
import type { Network, Sent } from './network.ts'
import type { Pages } from './page.ts'
import type { Expected, Seen, Step } from './scenario.ts'

/** What somebody saw of one step, and all that was sent. */
export type Observed = Expected & { readonly sent: readonly Sent[] }

/** What came of one step. */
export interface Outcome {
  readonly expected: Expected
  readonly chromium: Observed
  /** The model as the standard has it. */
  readonly standard: Observed
  /** The model as Chromium. */
  readonly model: Observed
}

/** The outcomes of the steps, in order. */
export async function runCase(
  one: Case,
  network: Network,
  pages: Pages,
): Promise<readonly Outcome[]> {
  const { steps } = one.scenario
  const [chromium, standard, model] = await Promise.all([
    inChromium(one, network, pages),
    byModel(one, network, 'standard'),
    byModel(one, network, 'model'),
  ])
  return steps.map((step, index) => {
    const expected = expectedOf(one, step)
    const bare = (all: readonly Observed[]): Observed => withoutFramework(all[index], expected)
    return {
      expected,
      chromium: bare(chromium),
      standard: bare(standard),
      model: bare(model),
    }
  })
}

function inChromium(one: Case, network: Network, pages: Pages): Promise<readonly Observed[]> {
  return inOrder(one, network, 'chromium', (step) => {
    const { page, request } = prepared(one, step, 'chromium')
    const { from, ...asked } = request
    return pages.fetch(page, asked)
  })
}

function byModel(
  one: Case,
  network: Network,
  runner: 'standard' | 'model',
): Promise<readonly Observed[]> {
  const model = openModel(network, runner === 'model' ? 'chromium' : 'standard')
  return inOrder(one, network, runner, async (step) => {
    const verdict = await model.fetch(prepared(one, step, runner).request, step.stored)
    const { rule } = verdict
    return { ...seenBy(verdict), ...(rule === undefined ? {} : { rule }) }
  })
}

/** One step after another, with what reached the servers meanwhile. */
async function inOrder(
  one: Case,
  network: Network,
  runner: Runner,
  fetched: (step: Step) => Promise<Seen>,
): Promise<readonly Observed[]> {
  const run = runOf(one, runner)
  const found: Observed[] = []
  for (const step of one.scenario.steps) {
    const before = network.sentIn(run).length
    const seen = await fetched(step)
    const text = 'body' in seen ? { ...seen, body: seen.body.replaceAll(run, '{run}') } : seen
    const sent = network.sentIn(run).slice(before)
    found.push({ ...text, wire: sent.map(({ method }) => method), sent })
  }
  return found
}

/** A body that the framework writes is its own business. */
function withoutFramework(seen: Observed | undefined, expected: Expected): Observed {
  if (seen === undefined) throw new Error('a step has no outcome')
  const isFrameworks = 'body' in expected && expected.body === FRAMEWORK
  return isFrameworks && 'body' in seen ? { ...seen, body: FRAMEWORK } : seen
}

const FRAMEWORK = '{framework}'
