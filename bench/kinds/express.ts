/**
 * Middleware of Express, with requests and responses that have become Express's own: other prototypes,
 * `locals`, and each other. The router is left out: on Node 20 it takes longer than all that is measured
 * here, and differs more from call to call.
 */

import type { ServerResponse } from 'node:http'
import express from 'express'
import { answerOf, exchangeMaker, handlerOf, type NodeExchange } from '../exchange.ts'
import type { Kind, Lane } from '../lane.ts'
import { turnstile } from '../later.ts'
import { isLater } from '../rule.ts'
import { EXPRESS_SUBJECTS } from '../subjects/express.ts'
import { subjectOf } from '../subjects/subjects.ts'

export const kind: Kind = {
  subjects: Object.keys(EXPRESS_SUBJECTS),
  prepare(subject, scenario): Lane<NodeExchange> {
    const middleware = subjectOf(EXPRESS_SUBJECTS, subject)(scenario)
    const handler = handlerOf(scenario.application)
    const make = exchangeMaker(scenario.request)
    const { answered, run } = turnstile()
    return {
      make: (count) => make(count).map(asExpress),
      run: isLater(scenario.rule)
        ? (exchanges) =>
            run(exchanges, ({ request, response }) =>
              middleware(request, response, () => {
                handler(request, response)
                answered()
              }),
            )
        : (exchanges) => {
            for (let index = 0; index < exchanges.length; index += 1) {
              const { request, response } = exchanges[index] as NodeExchange
              middleware(request, response, () => handler(request, response))
            }
          },
      answerOf,
    }
  },
}

const app = express()

type ExpressResponse = ServerResponse & { locals: unknown }

/** What an application does before its router. */
function asExpress(exchange: NodeExchange): NodeExchange {
  const { request, response } = exchange
  Object.assign(request, { res: response })
  Object.assign(response, { req: request })
  Object.setPrototypeOf(request, app.request)
  Object.setPrototypeOf(response, app.response)
  const own = response as ExpressResponse
  own.locals = Object.create(null)
  return exchange
}
