/**
 * Middleware of Express, from the server's event on: requests and responses become Express's own, with
 * other prototypes, `locals`, and each other. The router is left out: on Node 20 it takes longer than all
 * that is measured here, and differs more from call to call.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
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
    const server = createServer((request, response) => {
      asExpress(request, response)
      middleware(request, response, () => {
        handler(request, response)
        answered()
      })
    })
    return {
      make: (count) => make(count).map((exchange) => cameTo(server, exchange)),
      run: isLater(scenario.rule)
        ? (exchanges) =>
            run(exchanges, ({ request, response }) => server.emit('request', request, response))
        : (exchanges) => {
            for (let index = 0; index < exchanges.length; index += 1) {
              const { request, response } = exchanges[index] as NodeExchange
              server.emit('request', request, response)
            }
          },
      answerOf,
    }
  },
}

/** Sockets know the server that they came to. */
function cameTo(server: Server, exchange: NodeExchange): NodeExchange {
  Object.assign(exchange.request.socket, { server })
  return exchange
}

const app = express()

type ExpressResponse = ServerResponse & { locals: unknown; req: IncomingMessage }

/** What an application does before its router. */
function asExpress(request: IncomingMessage, response: ServerResponse): void {
  const its = request as IncomingMessage & { res: ServerResponse }
  const own = response as ExpressResponse
  its.res = response
  own.req = request
  Object.setPrototypeOf(request, app.request)
  Object.setPrototypeOf(response, app.response)
  own.locals = Object.create(null)
}
