/** Whether the heap stays as large as it is, once everything is warm. */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { median } from '../../bench/statistics.ts'

const MEGABYTE = 1e6
/** Samples of one run, spread over it. */
export const SAMPLES = 12
/** What may come and go: a twentieth, and what is under way at that moment. */
const SHARE = 0.05
const SLACK = 4

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Megabytes that are in use after garbage is collected. */
export function heapInUse(): number {
  collect()
  return process.memoryUsage().heapUsed / MEGABYTE
}

export interface HeapCourse {
  /** In the middle third of the run, in megabytes. */
  readonly middle: number
  readonly last: number
  readonly isFlat: boolean
}

/** Compares the last third with the one before; in the first, code is compiled and caches fill. */
export function courseOf(samples: readonly number[]): HeapCourse {
  const third = Math.floor(samples.length / 3)
  const middle = median(samples.slice(third, 2 * third))
  const last = median(samples.slice(2 * third))
  return { middle, last, isFlat: last <= middle * (1 + SHARE) + SLACK }
}
