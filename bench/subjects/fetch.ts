/** Layers around a handler of the Fetch API. */

import { withCors } from 'crossgate/fetch'
import { isLater, lookUpOf, tenantOrigins } from '../rule.ts'
import type { Rule, Scenario } from '../scenarios.ts'
import { sourceOf } from './crossgate.ts'
import {
  ALLOW_CREDENTIALS,
  ALLOW_ORIGIN,
  EXPOSE_HEADERS,
  EXPOSED_LIST,
  preflightFields,
} from './fields.ts'
import { varyOf } from './floor.ts'
import type { Subjects } from './subjects.ts'

export type FetchHandler = (request: Request) => Response | Promise<Response>
export type FetchLayer = (handler: (request: Request) => Response) => FetchHandler

export const FETCH_SUBJECTS: Subjects<FetchLayer> = {
  bare: () => (handler) => handler,
  floor: layeredFloor,
  crossgate: ({ rule }) => {
    const source = sourceOf<Request>(rule, ({ headers }) => headers.get('host') ?? undefined)
    return (handler) => withCors(source as never, handler) as FetchHandler
  },
}

/** A copy with the fields, since what a handler returns may be anybody's, and may not be changed. */
function layeredFloor({ rule, application }: Scenario): FetchLayer {
  if (rule.origins.kind === 'any') return anyFloor
  const grants = grantsOf(rule)
  const asked = async (request: Request, origin: string): Promise<boolean> =>
    grants(request, origin)
  const vary = varyOf(application)
  return (handler) => {
    function answer(request: Request, origin: string | undefined): Response {
      if (origin !== undefined && isPreflight(request)) {
        return preflightAnswer(request, rule, origin)
      }
      const response = handler(request)
      const copy = new Response(response.body, response)
      const { headers } = copy
      headers.set('vary', vary)
      if (origin === undefined) return copy
      headers.set(ALLOW_ORIGIN, origin)
      headers.set(EXPOSE_HEADERS, EXPOSED_LIST)
      headers.set(ALLOW_CREDENTIALS, 'true')
      return copy
    }
    if (isLater(rule)) {
      return async (request) => {
        const origin = request.headers.get('origin')
        const granted = origin !== null && (await asked(request, origin))
        return answer(request, granted ? origin : undefined)
      }
    }
    return (request) => {
      const origin = request.headers.get('origin')
      return answer(request, origin !== null && grants(request, origin) ? origin : undefined)
    }
  }
}

const anyFloor: FetchLayer = (handler) => (request) => {
  const response = handler(request)
  const copy = new Response(response.body, response)
  copy.headers.set(ALLOW_ORIGIN, '*')
  copy.headers.set(EXPOSE_HEADERS, EXPOSED_LIST)
  return copy
}

function grantsOf(rule: Rule): (request: Request, origin: string) => boolean {
  if (rule.origins.kind === 'tenants') {
    const origins = tenantOrigins(rule)
    return ({ headers }, origin) => origins.get(headers.get('host') ?? '') === origin
  }
  const allows = lookUpOf(rule)
  return (_request, origin) => allows(origin)
}

function isPreflight({ method, headers }: Request): boolean {
  return method === 'OPTIONS' && headers.has('access-control-request-method')
}

function preflightAnswer({ headers }: Request, rule: Rule, origin: string): Response {
  const asked = headers.get('access-control-request-headers') ?? undefined
  return new Response(null, { status: 204, headers: preflightFields(rule, origin, asked) })
}
