/** Middleware of Express. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import corsPackage from 'cors'
import { cors } from 'crossgate/express'
import { isLater } from '../rule.ts'
import type { Scenario } from '../scenarios.ts'
import { corsOptions, expertOptions } from './cors-package.ts'
import { sourceOf } from './crossgate.ts'
import { floorOf, promisedFloorOf } from './floor.ts'
import type { Subjects } from './subjects.ts'

export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => unknown

export const EXPRESS_SUBJECTS: Subjects<Middleware> = {
  bare: () => (_request, _response, next) => next(),
  floor: middlewareFloor,
  crossgate: ({ rule }) => cors(sourceOf(rule) as never),
  cors: ({ rule }) => corsPackage(corsOptions(rule) as never),
  'cors, expert': ({ rule }) => corsPackage(expertOptions(rule) as never),
}

function middlewareFloor(scenario: Scenario): Middleware {
  if (isLater(scenario.rule)) {
    const floor = promisedFloorOf(scenario.rule)
    return (request, response, next) => floor(request, response).then(next)
  }
  const floor = floorOf(scenario)
  return (request, response, next) => {
    if (floor(request, response)) next()
  }
}
