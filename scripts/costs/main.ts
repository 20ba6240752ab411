/** Counts every spot of the table once, and compares. */

import { bundle } from '../../bench/bundle.ts'
import { countInstructions, needValgrind } from './count.ts'
import { LIMITS, type Spot } from './limits.ts'

const AT_ONCE = 2

const keyOf = ({ kind, scenario, subject }: Spot): string => `${kind}, ${scenario}, ${subject}`
const bareOf = (spot: Spot): Spot => ({ ...spot, subject: 'bare' })

/** Answers the exit status. */
export async function main(print: (text: string) => void, only?: string): Promise<0 | 1> {
  await needValgrind()
  const limits = LIMITS.filter(({ name }) => name.includes(only ?? ''))
  const spots = new Map(
    limits
      .flatMap(({ spot, against }) => [spot, against, bareOf(spot), bareOf(against)])
      .map((spot) => [keyOf(spot), spot]),
  )
  const made = await bundle(['child'])
  const counts = new Map<string, number>()
  try {
    const waiting = [...spots]
    const work = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const [key, spot] = next
        counts.set(key, await countInstructions(made.program('child'), spot))
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  } finally {
    made.remove()
  }
  const added = (spot: Spot): number =>
    (counts.get(keyOf(spot)) ?? Number.NaN) - (counts.get(keyOf(bareOf(spot))) ?? Number.NaN)
  let over = 0
  for (const { name, spot, against, instructions } of limits) {
    const ratio = added(spot) / added(against)
    const isOver = instructions !== undefined && !(ratio <= instructions)
    if (isOver) over += 1
    print(
      `${name.padEnd(40)} ${added(spot).toFixed(0).padStart(8)} instructions, ${ratio.toFixed(3)} (limit ${instructions})${isOver ? '  TOO MUCH' : ''}`,
    )
  }
  return over === 0 ? 0 : 1
}
