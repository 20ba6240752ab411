/** Compares what was counted with the limits. */

import type { Limit, Spot } from './limits.ts'

/** For one operation, over the same without a layer. */
export interface Cost {
  readonly instructions: number
  readonly bytes: number
}

export interface Verdict {
  readonly name: string
  readonly unit: keyof Cost
  readonly ratio: number
  readonly limit: number
  /** Also where nothing could be compared. */
  readonly isOver: boolean
}

const UNITS = ['instructions', 'bytes'] as const

export function judge(limits: readonly Limit[], costOf: (spot: Spot) => Cost): Verdict[] {
  return limits.flatMap((limit) => {
    const [cost, base] = [costOf(limit.spot), costOf(limit.against)]
    return UNITS.map((unit) => {
      const ratio = cost[unit] / base[unit]
      const isOver = !(base[unit] > 0 && ratio <= limit[unit])
      return { name: limit.name, unit, ratio, limit: limit[unit], isOver }
    })
  })
}
