/** Bytes of heap of spots, as the benchmark measures them: they do not depend on time. */

import { contest } from '../../bench/contest.ts'
import { median } from '../../bench/statistics.ts'
import type { Spot } from './limits.ts'

const EFFORT = { rounds: 3, warmUp: 9, batches: 10, operations: 100 }

/** @param program The path of the benchmark's `child`, bundled. */
export async function heapBytes(
  program: string,
  { kind, subject, scenario }: Spot,
): Promise<number> {
  const [course] = await contest(program, kind, scenario, [subject], EFFORT)
  return median(course?.rounds.map(({ bytes }) => bytes) ?? [])
}
