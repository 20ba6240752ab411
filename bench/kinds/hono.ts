/** Middleware of Hono on Node, behind `@hono/node-server`, to the head that it writes. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { answerOf, exchangeMaker, type NodeExchange } from '../exchange.ts'
import { HONO_APPLICATIONS, honoApp } from '../hono-app.ts'
import type { Kind, Lane } from '../lane.ts'
import { HONO_SUBJECTS } from '../subjects/hono.ts'

type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export const kind: Kind = {
  subjects: Object.keys(HONO_SUBJECTS),
  applications: HONO_APPLICATIONS,
  prepare(subject, scenario): Lane<NodeExchange> {
    const app = honoApp(subject, scenario)
    const listener = getRequestListener(app.fetch) as unknown as Listener
    return {
      make: exchangeMaker(scenario.request),
      async run(exchanges) {
        for (const { request, response } of exchanges) await listener(request, response)
      },
      answerOf,
    }
  },
}
