/** Node's own server: a layer around a handler. */

import { answerOf, exchangeMaker, handlerOf, type NodeExchange } from '../exchange.ts'
import type { Kind, Lane } from '../lane.ts'
import { turnstile } from '../later.ts'
import { isLater } from '../rule.ts'
import { type Handler, type Layer, NODE_SUBJECTS } from '../subjects/node.ts'
import { subjectOf } from '../subjects/subjects.ts'

export const kind: Kind = {
  subjects: Object.keys(NODE_SUBJECTS),
  prepare(subject, scenario): Lane<NodeExchange> {
    const layer = subjectOf(NODE_SUBJECTS, subject)(scenario)
    const handler = handlerOf(scenario.application)
    const run = isLater(scenario.rule) ? later(layer, handler) : atOnce(layer, handler)
    return { make: exchangeMaker(scenario.request), run, answerOf }
  },
}

type Run = Lane<NodeExchange>['run']

function atOnce(layer: Layer, handler: Handler): Run {
  const listener = layer(handler)
  return (exchanges) => {
    for (let index = 0; index < exchanges.length; index += 1) {
      const { request, response } = exchanges[index] as NodeExchange
      listener(request, response)
    }
  }
}

function later(layer: Layer, handler: Handler): Run {
  const { answered, run } = turnstile()
  const listener = layer((request, response) => {
    handler(request, response)
    answered()
  })
  return (exchanges) => run(exchanges, ({ request, response }) => listener(request, response))
}
