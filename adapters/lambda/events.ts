/**
 * The events of requests, as AWS sends them: which dialect one speaks, and what it says of CORS.
 *
 * Everything else that a function can be called with (a schedule, a queue, an authorizer, a direct
 * call) is no request, has no response, and is none of our business.
 */

import { REQUEST_FIELDS, type RequestFacts } from '../../src/index.ts'

/**
 * The parts of requests that handlers and delegates can ask for, of every dialect. Annotate them to see
 * the rest: `(event: APIGatewayProxyEventV2) => options`.
 */
export interface LambdaEvent {
  readonly httpMethod?: string | undefined
  readonly path?: string | undefined
  readonly rawPath?: string | undefined
  readonly headers?: Readonly<Record<string, string | undefined>> | null | undefined
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>> | null | undefined
  readonly body?: string | null | undefined
  readonly isBase64Encoded?: boolean | undefined
  readonly multiValueHeaders?:
    | Readonly<Record<string, readonly string[] | undefined>>
    | null
    | undefined
  readonly requestContext?:
    | {
        readonly domainName?: string | undefined
        readonly stage?: string | undefined
        readonly http?: { readonly method: string; readonly path: string } | undefined
        readonly elb?: { readonly targetGroupArn: string } | undefined
      }
    | null
    | undefined
}

/**
 * `v1`: REST APIs, and HTTP APIs with payload format 1.0. `v2`: HTTP APIs with format 2.0, and function
 * URLs. `alb`: load balancers, and `alb-multi` those whose target group has multi-value headers.
 */
export type Dialect = 'v1' | 'v2' | 'alb' | 'alb-multi'

type Fields = Readonly<Record<string, unknown>>

/** @returns `undefined` where the event is no request. */
export function dialectOf(event: unknown): Dialect | undefined {
  if (!isObject(event)) return undefined
  // Authorizers are asked about requests, but what they answer with is no response.
  if (own(event, 'methodArn') !== undefined || own(event, 'routeArn') !== undefined) {
    return undefined
  }
  const context = objectOf(own(event, 'requestContext'))
  if (typeof own(objectOf(own(context, 'http')), 'method') === 'string') return 'v2'
  if (typeof own(event, 'httpMethod') !== 'string') return undefined
  if (isObject(own(context, 'elb'))) {
    return isObject(own(event, 'multiValueHeaders')) ? 'alb-multi' : 'alb'
  }
  // An agent's call has a method, too, and nothing else of a request.
  return MARKS_OF_V1.some((name) => Object.hasOwn(event, name)) ? 'v1' : undefined
}

const MARKS_OF_V1 = ['headers', 'multiValueHeaders', 'requestContext']

/** @param event One that has a dialect. */
export function factsOf(event: unknown): RequestFacts {
  const request = event as Fields
  const method = methodOf(request)
  const origin = field(request, REQUEST_FIELDS.origin)
  // Nothing else is looked at without an Origin.
  if (origin === undefined) return { method, origin }
  const fetchSite = field(request, REQUEST_FIELDS.fetchSite)
  return {
    method,
    origin,
    requestMethod: field(request, REQUEST_FIELDS.requestMethod),
    requestHeaders: field(request, REQUEST_FIELDS.requestHeaders),
    fetchSite,
    selfOrigin: fetchSite === undefined ? selfOrigin(request) : undefined,
  }
}

function methodOf(event: Fields): string {
  const http = objectOf(own(objectOf(own(event, 'requestContext')), 'http'))
  return String(own(http, 'method') ?? own(event, 'httpMethod'))
}

/** Scheme, `://`, and the raw host: compared by bytes only, never parsed. */
function selfOrigin(event: Fields): string | undefined {
  const host = field(event, 'host')
  // API Gateway speaks https alone; what stands in front of the function says so in this field.
  return host === undefined
    ? undefined
    : `${field(event, 'x-forwarded-proto') ?? 'https'}://${host}`
}

/** All lines of a field of the request, in whatever letter case they came. */
function field(event: Fields, name: string): string | undefined {
  // Where there are both, this one has every line, and the other has the last of them.
  return lines(own(event, 'multiValueHeaders'), name) ?? lines(own(event, 'headers'), name)
}

function lines(fields: unknown, name: string): string | undefined {
  if (!isObject(fields)) return undefined
  const found: string[] = []
  for (const key of Object.keys(fields)) {
    if (key.length !== name.length || key.toLowerCase() !== name) continue
    for (const value of [fields[key]].flat()) if (typeof value === 'string') found.push(value)
  }
  return found.length === 0 ? undefined : found.join(', ')
}

/** What somebody put on `Object.prototype` is no part of an event. */
function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

function objectOf(value: unknown): Fields {
  return isObject(value) ? value : {}
}

/** Whether a value is an object with fields. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
