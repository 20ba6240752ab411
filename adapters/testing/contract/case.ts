/** One case of the contract, for any test runner. */

import { AssertionError } from 'node:assert'
import { reasonOf } from '../failure.ts'
import { isMistake } from '../mistake.ts'
import type { ContractRule } from './rules.ts'
import { broken, type Trial } from './verdict.ts'

/** A test of the contract: `test(title, run)`. */
export interface ContractCase {
  /** The rule, and what is tried. No two cases have the same. */
  readonly title: string
  /**
   * Runs the case, in a service of its own, so that cases can run in any order and at the same time.
   * Rejects with what was expected and received, the rule, and where it is documented.
   */
  readonly run: () => Promise<void>
}

export function contractCase(
  rule: ContractRule,
  title: string,
  run: (trial: Trial) => Promise<void>,
): ContractCase {
  const trial: Trial = { rule, title }
  return Object.freeze({
    title: `${rule}: ${title}`,
    run: () => run(trial).catch((error: unknown) => Promise.reject(named(trial, error))),
  })
}

/** What was in the way of an answer says nothing of the case. */
function named(trial: Trial, error: unknown): unknown {
  if (error instanceof AssertionError || isMistake(error)) return error
  return Object.assign(broken(trial, [reasonOf(error)]), { cause: error })
}
