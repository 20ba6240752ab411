/** Real Chromium, the browser model, and what the policy declares: one answer from all three. */

import { isDeepStrictEqual } from 'node:util'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CASES, type Case, PLACES, rawAnswers } from './cases.ts'
import { launchChromium } from './chromium.ts'
import { DISAGREEMENTS, type Disagreement, type Pair } from './disagreements.ts'
import { type Network, openNetwork, TRUSTED } from './network.ts'
import { openPages } from './page.ts'
import { type Observed, type Outcome, runCase } from './run.ts'
import type { Expected } from './scenario.ts'
import { SCENARIOS } from './scenarios/index.ts'

/** Cases that run at once. */
const AT_ONCE = 12

const outcomes = new Map<Case, readonly Outcome[]>()
let network: Network
let browser: Browser

beforeAll(async () => {
  network = await openNetwork(rawAnswers)
  browser = await launchChromium(network.rules, `http://${TRUSTED}`)
  const pages = await openPages(browser)
  const waiting = CASES.values()
  const work = async (): Promise<void> => {
    for (const one of waiting) outcomes.set(one, await runCase(one, network, pages))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
})

afterAll(async () => {
  await browser?.close()
  await network?.close()
  if (outcomes.size < CASES.length) return
  console.log([...PLACES.map(({ name }) => summary(name)), ...DISAGREEMENTS.map(told)].join('\n'))
})

describe.each(PLACES)('$name: the declared policy, Chromium and the model agree', ({ name }) => {
  const cases = CASES.filter(({ on }) => on === name)

  it.each(cases.map((one) => ({ title: one.scenario.title, one })))('$title', ({ title, one }) => {
    for (const { pair, left, right } of comparisons(one)) {
      const message = `${pair}, by steps`
      if (isListed(title, pair)) expect(left, `${message}: no longer differs`).not.toEqual(right)
      else expect(left, message).toEqual(right)
    }
  })
})

describe('the scenarios', () => {
  it('have a title each', () => {
    const titles = SCENARIOS.map(({ title }) => title)
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([])
  })

  it('include every one with a known disagreement', () => {
    const titles = new Set(SCENARIOS.map(({ title }) => title))
    expect(DISAGREEMENTS.filter(({ title }) => !titles.has(title))).toEqual([])
  })
})

interface Comparison {
  readonly pair: Pair
  readonly left: readonly object[]
  readonly right: readonly object[]
}

/** Chromium does not say which rule it goes by, and policies do not say what is sent. */
function comparisons(one: Case): readonly Comparison[] {
  const found = outcomes.get(one)
  if (found === undefined) throw new Error('the scenario was not run')
  const expected = found.map((outcome) => outcome.expected)
  const chromium = found.map((outcome) => outcome.chromium)
  const standard = found.map((outcome) => outcome.standard)
  const model = found.map((outcome) => outcome.model)
  return [
    { pair: 'expected/chromium', left: chromium.map(unsent), right: expected.map(unruled) },
    { pair: 'expected/standard', left: standard.map(unsent), right: expected },
    { pair: 'chromium/model', left: model.map(unruled), right: chromium },
  ]
}

function unruled<Seen extends Expected>({ rule, ...seen }: Seen): object {
  return seen
}

function unsent({ sent, ...seen }: Observed): object {
  return seen
}

function isListed(title: string, pair: Pair): boolean {
  return DISAGREEMENTS.some((known) => known.title === title && known.pairs.includes(pair))
}

function summary(name: string): string {
  const cases = CASES.filter(({ on }) => on === name)
  const compared = cases.flatMap(comparisons)
  const differing = compared.filter(({ left, right }) => !isDeepStrictEqual(left, right))
  const agreements = compared.length - differing.length
  return `${name}: ${cases.length} scenarios, ${agreements} agreements, ${differing.length} disagreements`
}

function told({ title, pairs, reason, source }: Disagreement): string {
  return `known: ${title} (${pairs.join(', ')}): ${reason} (${source})`
}
