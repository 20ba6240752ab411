/** Middleware of Koa, with contexts that the application made, in a stack that it composed. */

import type { ServerResponse } from 'node:http'
import Koa from 'koa'
import { APPLICATIONS, answerOf, exchangeMaker, type NodeExchange } from '../exchange.ts'
import type { Kind, Lane } from '../lane.ts'
import { KOA_SUBJECTS, type Middleware } from '../subjects/koa.ts'
import { subjectOf } from '../subjects/subjects.ts'

type KoaExchange = NodeExchange & { readonly context: Koa.Context }

/** Koa 3 has it; its types do not. */
type Composing = Koa & {
  compose(middleware: readonly Middleware[]): (context: Koa.Context) => Promise<void>
}

export const kind: Kind = {
  subjects: Object.keys(KOA_SUBJECTS),
  applications: ['none', 'sets', 'vary', 'removes'],
  prepare(subject, scenario): Lane<KoaExchange> {
    const app = new Koa() as Composing
    const { fields, head } = APPLICATIONS[scenario.application]
    const middleware = subjectOf(KOA_SUBJECTS, subject)(scenario)
    const handler: Middleware = async ({ res }) => fields(res)
    const stack = app.compose([middleware, handler])
    const make = exchangeMaker(scenario.request)
    // What ends in a layer is ended by Koa; without one there is no answer.
    const flush = scenario.application !== 'none' ? head : subject === 'bare' ? () => {} : end
    return {
      make: (count) =>
        make(count).map(({ request, response }) => {
          const context = app.createContext(request, response)
          return { request, response, context }
        }),
      // Koa writes the head when the stack is done.
      async run(exchanges) {
        for (const { context } of exchanges) {
          await stack(context)
          flush(context.res)
        }
      },
      answerOf,
    }
  },
}

function end(response: ServerResponse): void {
  if (!response.writableEnded) response.end()
}
