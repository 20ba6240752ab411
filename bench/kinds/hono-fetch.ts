/** Middleware of Hono where it is no server of Node's: from a `Request` to a `Response`. */

import { HONO_APPLICATIONS, honoApp } from '../hono-app.ts'
import type { Kind, Lane } from '../lane.ts'
import { HONO_SUBJECTS } from '../subjects/hono.ts'
import { type FetchExchange, fetchAnswerOf, fetchRun, requestMaker } from '../web-exchange.ts'

export const kind: Kind = {
  subjects: Object.keys(HONO_SUBJECTS),
  applications: HONO_APPLICATIONS,
  prepare(subject, scenario): Lane<FetchExchange> {
    const app = honoApp(subject, scenario)
    return {
      make: requestMaker(scenario.request),
      run: fetchRun((request) => app.fetch(request)),
      answerOf: fetchAnswerOf,
    }
  },
}
