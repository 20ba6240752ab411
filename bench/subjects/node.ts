/** Layers around a handler of Node's own server. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import corsPackage from 'cors'
import { withCors } from 'crossgate/node'
import { isLater } from '../rule.ts'
import type { Scenario } from '../scenarios.ts'
import { corsOptions, expertOptions } from './cors-package.ts'
import { sourceOf } from './crossgate.ts'
import { floorOf, promisedFloorOf } from './floor.ts'
import type { Subjects } from './subjects.ts'

export type Handler = (request: IncomingMessage, response: ServerResponse) => void
/** Puts itself in front of a handler. A promise is awaited before the next exchange. */
export type Layer = (
  handler: Handler,
) => (request: IncomingMessage, response: ServerResponse) => unknown

type CorsPackage = ReturnType<typeof corsPackage>

const behind =
  (middleware: CorsPackage): Layer =>
  (handler) =>
  (request, response) =>
    middleware(request, response, () => handler(request, response))

export const NODE_SUBJECTS: Subjects<Layer> = {
  bare: () => (handler) => handler,
  floor: layeredFloor,
  crossgate:
    ({ rule }) =>
    (handler) =>
      withCors(sourceOf(rule) as never, handler),
  cors: ({ rule }) => behind(corsPackage(corsOptions(rule) as never)),
  'cors, expert': ({ rule }) => behind(corsPackage(expertOptions(rule) as never)),
}

function layeredFloor(scenario: Scenario): Layer {
  if (isLater(scenario.rule)) {
    const floor = promisedFloorOf(scenario.rule)
    return (handler) => async (request, response) => {
      await floor(request, response)
      handler(request, response)
    }
  }
  const floor = floorOf(scenario)
  return (handler) => (request, response) => {
    if (floor(request, response)) handler(request, response)
  }
}
