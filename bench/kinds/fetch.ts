/** Handlers of the Fetch API: from a `Request` to a `Response`. */

import type { Kind, Lane } from '../lane.ts'
import type { Application } from '../scenarios.ts'
import { FETCH_SUBJECTS } from '../subjects/fetch.ts'
import { subjectOf } from '../subjects/subjects.ts'
import { type FetchExchange, fetchAnswerOf, fetchRun, requestMaker } from '../web-exchange.ts'

const OWN = { 'content-type': 'text/plain', 'x-total': '7' }

const APPLICATIONS: Partial<Record<Application, () => Response>> = {
  none: () => new Response(null, { status: 204 }),
  sets: () => new Response('', { headers: OWN }),
  vary: () => new Response('', { headers: { ...OWN, vary: 'Accept-Encoding' } }),
}

export const kind: Kind = {
  subjects: Object.keys(FETCH_SUBJECTS),
  applications: Object.keys(APPLICATIONS) as Application[],
  prepare(subject, scenario): Lane<FetchExchange> {
    const handler = APPLICATIONS[scenario.application] ?? APPLICATIONS.sets
    const layer = subjectOf(FETCH_SUBJECTS, subject)(scenario)
    return {
      make: requestMaker(scenario.request),
      run: fetchRun(layer(handler as () => Response)),
      answerOf: fetchAnswerOf,
    }
  },
}
