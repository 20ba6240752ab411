/** `decide` alone, with facts that are there already. */

import type { RequestFacts } from 'crossgate'
import { freshMaker } from '../exchange.ts'
import type { Answer, Kind, Lane } from '../lane.ts'
import { isLater } from '../rule.ts'
import { DECIDE_SUBJECTS, type Decided } from '../subjects/decide.ts'
import { subjectOf } from '../subjects/subjects.ts'

interface DecideExchange {
  readonly facts: RequestFacts
  decided: Decided | undefined
}

export const kind: Kind = {
  subjects: Object.keys(DECIDE_SUBJECTS),
  applications: ['sets'],
  takes: ({ rule }) => !isLater(rule) && rule.origins.kind !== 'tenants',
  prepare(subject, scenario): Lane<DecideExchange> {
    const { method, origin } = scenario.request
    const decideOn = subjectOf(DECIDE_SUBJECTS, subject)(scenario)
    const makeOrigin = origin === undefined ? () => undefined : freshMaker(origin)
    return {
      make: (count) =>
        Array.from({ length: count }, () => ({
          facts: { method, origin: makeOrigin() },
          decided: undefined,
        })),
      run(exchanges) {
        for (let index = 0; index < exchanges.length; index += 1) {
          const exchange = exchanges[index] as DecideExchange
          exchange.decided = decideOn(exchange.facts)
        }
      },
      answerOf: ({ decided }) => answerOf(decided),
    }
  },
}

/** As the answer of an application would be. */
function answerOf(decided: Decided | undefined): Answer {
  return {
    status: 200,
    fields: [
      ['content-type', 'text/plain'],
      ['x-total', '7'],
      ...Object.entries(decided?.headers ?? {}),
      ['vary', decided?.vary.join(', ') ?? ''],
    ],
  }
}
