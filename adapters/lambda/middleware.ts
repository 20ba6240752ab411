/** The parts of a middy middleware. */

import type { Decider } from '../../src/index.ts'
import { failureOf } from '../shared/exchange.ts'
import type { Fail } from './failure.ts'
import { endedResult } from './results.ts'
import { coveredBy, type Settled, settle, settledFor } from './settled.ts'

/** The parts of middy's request that are used, so that no types of middy are needed. */
export interface MiddyRequest {
  event: unknown
  response: unknown
  error: unknown
}

/** A middleware, as `middy().use()` takes it. */
export interface LambdaMiddleware {
  /** Decides, and ends preflights and refused requests here. */
  readonly before: (request: MiddyRequest) => Promise<unknown>
  /** Puts the decision into the response. */
  readonly after: (request: MiddyRequest) => Promise<void>
  /** The same for a response to an error, or makes one. */
  readonly onError: (request: MiddyRequest) => Promise<void>
}

/** For where another middleware has put a new event in the place of the one that was decided about. */
const settledRequests = new WeakMap<MiddyRequest, Settled>()

export function middlewareOf<Event>(decider: Decider<Event>, fail: Fail<Event>): LambdaMiddleware {
  async function decide(request: MiddyRequest): Promise<Settled | undefined> {
    const settled = await settle(decider, request.event as Event)
    if (settled !== undefined) settledRequests.set(request, settled)
    return settled
  }

  return {
    before: async (request) => {
      const settled = await decide(request)
      if (settled === undefined) return undefined
      const { decision, dialect } = settled
      if (decision.status !== undefined) return endedResult(decision, decision.status, dialect)
      const failure = failureOf(decision)
      if (failure !== undefined) return fail(failure, request.event as Event, settled)
      coverEarly(request)
      return undefined
    },
    after: async (request) => {
      const settled = holding(request) ?? (await decide(request))
      if (settled !== undefined) request.response = coveredBy(settled, request.response)
    },
    onError: async (request) => {
      // What failed may have been before this.
      const settled = holding(request) ?? (await decide(request))
      if (settled === undefined) return
      if (request.response !== undefined) {
        request.response = coveredBy(settled, request.response)
        return
      }
      request.response = await fail(request.error, request.event as Event, settled)
    },
  }
}

function holding(request: MiddyRequest): Settled | undefined {
  return settledFor(request.event) ?? settledRequests.get(request)
}

/**
 * A response that a middleware returns early ends everything: middy calls no `after`. It says so on the
 * request, and then sets the response, which is where it is covered.
 */
function coverEarly(request: MiddyRequest): void {
  let { response } = request
  Reflect.defineProperty(request, 'response', {
    configurable: true,
    enumerable: true,
    get: () => response,
    set: (value: unknown) => {
      const settled = 'earlyResponse' in request ? holding(request) : undefined
      response = settled === undefined ? value : coveredBy(settled, value)
    },
  })
}
