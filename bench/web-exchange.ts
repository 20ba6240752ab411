/** Requests and responses of the Fetch API. */

import { headerPairs } from './exchange.ts'
import type { Answer, Lane } from './lane.ts'
import type { BenchRequest } from './scenarios.ts'

export interface FetchExchange {
  readonly request: Request
  response: Response | undefined
}

export function requestMaker(request: BenchRequest): (count: number) => FetchExchange[] {
  const { method, host } = request
  const headers = headerPairs(request)
  return (count) =>
    Array.from({ length: count }, () => ({
      request: new Request(`https://${host}/`, { method, headers }),
      response: undefined,
    }))
}

export function fetchRun(
  handle: (request: Request) => Response | Promise<Response>,
): Lane<FetchExchange>['run'] {
  return async (exchanges) => {
    for (const exchange of exchanges) {
      const answered = handle(exchange.request)
      exchange.response = answered instanceof Promise ? await answered : answered
    }
  }
}

export function fetchAnswerOf({ response }: FetchExchange): Answer {
  if (response === undefined) throw new Error('nothing was answered')
  return { status: response.status, fields: [...response.headers] }
}
