/** Counts every spot of the table, and compares. */

import { bundle } from '../../bench/bundle.ts'
import { SCENARIOS } from '../../bench/scenarios.ts'
import { countInstructions, needValgrind } from './count.ts'
import { heapBytes } from './heap.ts'
import { type Cost, judge } from './judge.ts'
import { LIMITS, type Limit, type Spot } from './limits.ts'

export interface Choice {
  /** Part of the limits' names. */
  readonly only: string
  /** Who stands in for crossgate: a slow one shows that the check can fail. */
  readonly subject: string
}

/** As many as there are cores: counts do not suffer. */
const AT_ONCE = 2
const NOTHING: Cost = { instructions: 0, bytes: 0 }

/** Answers the exit status: 0 only if everything was counted, and nothing costs too much. */
export async function main(print: (text: string) => void, choice: Choice): Promise<0 | 1> {
  await needValgrind()
  const limits = chosen(choice)
  const spots = limits.flatMap(({ spot, against }) => [spot, against])
  const costs = await countAll([...spots, ...spots.flatMap((spot) => bareOf(spot) ?? [])])
  const of = (spot: Spot): Cost => costs.get(keyOf(spot)) ?? NOTHING
  const added = (spot: Spot): Cost => {
    const bare = bareOf(spot)
    const [all, without] = [of(spot), bare === undefined ? NOTHING : of(bare)]
    return {
      instructions: all.instructions - without.instructions,
      bytes: all.bytes - without.bytes,
    }
  }
  const verdicts = judge(limits, added)
  for (const { name, unit, ratio, limit, isOver } of verdicts) {
    const figures = `${ratio.toFixed(3).padStart(7)}, limit ${limit}`
    print(`${name.padEnd(40)} ${unit.padEnd(12)} ${figures}${isOver ? '  TOO MUCH' : ''}`)
  }
  return verdicts.length > 0 && !verdicts.some(({ isOver }) => isOver) ? 0 : 1
}

function chosen({ only, subject }: Choice): Limit[] {
  const standIn = (spot: Spot): Spot => (spot.subject === 'crossgate' ? { ...spot, subject } : spot)
  return LIMITS.filter(({ name }) => name.includes(only)).map((limit) => ({
    ...limit,
    spot: standIn(limit.spot),
    against: standIn(limit.against),
  }))
}

const keyOf = ({ kind, scenario, subject }: Spot): string => `${kind}, ${scenario}, ${subject}`

/** Without a layer all plain GETs are the same; preflights have no answer, so all of theirs is the layer's. */
function bareOf({ kind, scenario }: Spot): Spot | undefined {
  const application = SCENARIOS.find(({ name }) => name === scenario)?.application
  if (application === 'none') return undefined
  return { kind, scenario: application === 'sets' ? 'get' : scenario, subject: 'bare' }
}

async function countAll(spots: readonly Spot[]): Promise<ReadonlyMap<string, Cost>> {
  const made = await bundle(['child'])
  const program = made.program('child')
  const waiting = [...new Map(spots.map((spot) => [keyOf(spot), spot]))]
  const costs = new Map<string, Cost>()
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [key, spot] = next
      const bytes = await heapBytes(program, spot)
      costs.set(key, { instructions: await countInstructions(program, spot), bytes })
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  } finally {
    made.remove()
  }
  return costs
}
