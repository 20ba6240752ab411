/** Pure decisions: nothing is written. */

import { type CorsPolicy, decide, definePolicy, type RequestFacts } from 'crossgate'
import { lookUpOf, optionsOf } from '../rule.ts'
import type { Scenario } from '../scenarios.ts'
import { ALLOW_CREDENTIALS, ALLOW_ORIGIN, EXPOSE_HEADERS, EXPOSED_LIST } from './fields.ts'
import type { Subjects } from './subjects.ts'

/** What the floor and crossgate have in common. */
export interface Decided {
  readonly headers: Readonly<Record<string, string>>
  readonly vary: readonly string[]
}

export type DecideSubject = (facts: RequestFacts) => Decided | undefined

const VARY = ['Origin']
const REFUSED: Decided = { headers: {}, vary: VARY }

export const DECIDE_SUBJECTS: Subjects<DecideSubject> = {
  bare: () => () => undefined,
  floor: lookUpOnly,
  crossgate: ({ rule }) => {
    const policy = definePolicy(optionsOf(rule) as never) as CorsPolicy
    return (facts) => decide(policy, facts)
  },
}

/** A look-up, and an answer that was made beforehand. */
function lookUpOnly({ rule, request }: Scenario): DecideSubject {
  const allows = lookUpOf(rule)
  const any = rule.origins.kind === 'any'
  const headers: Record<string, string> = {
    [ALLOW_ORIGIN]: any ? '*' : (request.origin ?? ''),
    [EXPOSE_HEADERS]: EXPOSED_LIST,
  }
  if (rule.credentials) headers[ALLOW_CREDENTIALS] = 'true'
  const granted: Decided = { headers, vary: any ? [] : VARY }
  return ({ origin }) => (origin !== undefined && allows(origin) ? granted : REFUSED)
}
