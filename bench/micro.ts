/** Every scenario on every kind of server. */

import { contest, type Effort } from './contest.ts'
import { figuresOf } from './figures.ts'
import { KINDS } from './kinds.ts'
import type { Kind } from './lane.ts'
import type { MicroResult } from './results.ts'
import { SCENARIOS, type Scenario } from './scenarios.ts'

const FULL: Effort = { rounds: 15, warmUp: 10, batches: 12, operations: 100 }
const QUICK: Effort = { rounds: 7, warmUp: 9, batches: 10, operations: 100 }

export interface Choice {
  readonly quick: boolean
  readonly kinds: readonly string[]
  /** All, where it is empty. */
  readonly scenarios: readonly string[]
}

/** @param program The path of `child`, bundled. */
export async function micro(
  program: string,
  choice: Choice,
  done: (result: MicroResult) => void,
): Promise<MicroResult[]> {
  const results: MicroResult[] = []
  for (const name of choice.kinds) {
    const { kind } = await (KINDS[name] ?? unknown(name))()
    for (const scenario of scenariosOf(kind, choice)) {
      const effort = choice.quick ? QUICK : FULL
      const courses = await contest(program, name, scenario.name, kind.subjects, effort)
      const result = { kind: name, scenario: scenario.name, figures: figuresOf(courses) }
      results.push(result)
      done(result)
    }
  }
  return results
}

export function scenariosOf(kind: Kind, { quick, scenarios }: Choice): Scenario[] {
  return SCENARIOS.filter(
    (one) =>
      (kind.applications?.includes(one.application) ?? true) &&
      (kind.takes?.(one) ?? true) &&
      (scenarios.length === 0 ? one.quick || !quick : scenarios.includes(one.name)),
  )
}

function unknown(name: string): never {
  throw new Error(`there is no ${name}; there are ${Object.keys(KINDS).join(', ')}`)
}
