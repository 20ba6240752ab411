/** What a contest says about a subject, next to `bare` and `floor`. */

import type { Course } from './contest.ts'
import { median, spread } from './statistics.ts'

export interface Figures {
  readonly subject: string
  readonly wrong: readonly string[]
  /** Nanoseconds that the layer adds to an exchange without one. */
  readonly addedNs: number
  /** What it adds over what the floor adds: the median of the rounds' ratios. */
  readonly ratio: number
  /** The median distance of the rounds' ratios from their median. */
  readonly ratioSpread: number
  /** The whole exchange over the whole exchange with the floor. */
  readonly wholeRatio: number
  /** Bytes of heap that the layer adds. */
  readonly addedBytes: number
  /** The heap of the whole exchange over that with the floor. */
  readonly wholeBytesRatio: number
}

/** @param courses Those of `bare` and `floor` among them. */
export function figuresOf(courses: readonly Course[]): Figures[] {
  const bare = courseOf(courses, 'bare')
  const floor = courseOf(courses, 'floor')
  return courses.map(({ subject, wrong, rounds }) => {
    const each = rounds.map((round, index) => ({
      round,
      bare: bare.rounds[index] ?? round,
      floor: floor.rounds[index] ?? round,
    }))
    const ratios = each.map(({ round, bare, floor }) => (round.ns - bare.ns) / (floor.ns - bare.ns))
    return {
      subject,
      wrong,
      addedNs: median(each.map(({ round, bare }) => round.ns - bare.ns)),
      ratio: median(ratios),
      ratioSpread: spread(ratios),
      wholeRatio: median(each.map(({ round, floor }) => round.ns / floor.ns)),
      addedBytes: median(each.map(({ round, bare }) => round.bytes - bare.bytes)),
      wholeBytesRatio: median(each.map(({ round, floor }) => round.bytes / floor.bytes)),
    }
  })
}

function courseOf(courses: readonly Course[], name: string): Course {
  const course = courses.find(({ subject }) => subject === name)
  if (course === undefined) throw new Error(`no ${name}`)
  return course
}
