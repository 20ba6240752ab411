/** Events as AWS documents them, made from requests as they come over the wire. */

import type { Fields, WireRequest } from './wire.ts'

export const DIALECTS = ['v1', 'v2', 'alb', 'alb-multi'] as const
export type Dialect = (typeof DIALECTS)[number]

export type LambdaRequestEvent = Record<string, unknown> & {
  readonly requestContext: Record<string, unknown>
}

export const HOST = 'api.example.test'

const REQUEST_ID = 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef'
const TIME = '09/Apr/2026:12:34:56 +0000'
const TIME_EPOCH = 1_775_738_096_000
const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/api/50dc6c495c0c9188'

/** What every gateway adds to what the client sent. */
const ADDED: Fields = [
  ['X-Amzn-Trace-Id', 'Root=1-5bdb40ca-556d8b0c50dc66f0511bf520'],
  ['X-Forwarded-For', '203.0.113.7'],
  ['X-Forwarded-Port', '443'],
  ['X-Forwarded-Proto', 'https'],
]

export function eventOf(dialect: Dialect, request: WireRequest = {}): LambdaRequestEvent {
  const lines = linesOf(request)
  if (dialect === 'v1') return restEvent(request, lines)
  if (dialect === 'v2') return httpEvent(request, lines)
  return balancerEvent(request, lines, dialect === 'alb-multi')
}

function linesOf({ headers = [] }: WireRequest): Fields {
  const named = headers.some(([name]) => name.toLowerCase() === 'host')
  const host: Fields = named ? [] : [['Host', HOST]]
  // White space around a value is no part of it.
  const sent = headers.map(([name, value]) => [name, value.trim()] as const)
  return [...host, ...sent, ...ADDED]
}

/** REST APIs keep the letter case, and hand every line on as well as the last one. */
function restEvent(
  { method = 'GET', path = '/', body }: WireRequest,
  lines: Fields,
): LambdaRequestEvent {
  return {
    resource: '/{proxy+}',
    path,
    httpMethod: method,
    headers: Object.fromEntries(lines),
    multiValueHeaders: listed(lines),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: {
      accountId: '123456789012',
      apiId: 'gy415nuibc',
      domainName: HOST,
      domainPrefix: 'api',
      httpMethod: method,
      identity: { sourceIp: '203.0.113.7', userAgent: 'Mozilla/5.0', accessKey: null },
      path: `/prod${path}`,
      protocol: 'HTTP/1.1',
      requestId: REQUEST_ID,
      requestTime: TIME,
      requestTimeEpoch: TIME_EPOCH,
      resourceId: 'roq9wj',
      resourcePath: '/{proxy+}',
      stage: 'prod',
    },
    body: body ?? null,
    isBase64Encoded: false,
  }
}

/** HTTP APIs, and function URLs: lower case, lines joined, cookies apart. */
function httpEvent(
  { method = 'GET', path = '/', body }: WireRequest,
  lines: Fields,
): LambdaRequestEvent {
  const { cookie, ...others } = listed(lowerCase(lines))
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    ...(cookie === undefined ? {} : { cookies: cookie }),
    headers: Object.fromEntries(
      Object.entries(others).map(([name, values]) => [name, values.join(',')]),
    ),
    requestContext: {
      accountId: '123456789012',
      apiId: 'r3pmxmplak',
      domainName: HOST,
      domainPrefix: 'api',
      http: {
        method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '203.0.113.7',
        userAgent: 'Mozilla/5.0',
      },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: '$default',
      stage: '$default',
      time: TIME,
      timeEpoch: TIME_EPOCH,
    },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: false,
  }
}

/** Load balancers: one of the two, and where it is `headers`, the last line of each name. */
function balancerEvent(
  { method = 'GET', path = '/', body = '' }: WireRequest,
  lines: Fields,
  isMulti: boolean,
): LambdaRequestEvent {
  const named = lowerCase(lines)
  return {
    requestContext: { elb: { targetGroupArn: ARN } },
    httpMethod: method,
    path,
    ...(isMulti
      ? { multiValueQueryStringParameters: {}, multiValueHeaders: listed(named) }
      : { queryStringParameters: {}, headers: Object.fromEntries(named) }),
    body,
    isBase64Encoded: false,
  }
}

function lowerCase(lines: Fields): Fields {
  return lines.map(([name, value]) => [name.toLowerCase(), value])
}

function listed(lines: Fields): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const [name, value] of lines) found[name] = [...(found[name] ?? []), value]
  return found
}

/** What functions are called with that is no request. */
export const OTHER_EVENTS: readonly (readonly [title: string, event: unknown])[] = [
  [
    'a schedule',
    {
      version: '0',
      id: REQUEST_ID,
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      resources: [],
      detail: {},
    },
  ],
  ['a queue', { Records: [{ messageId: REQUEST_ID, body: 'origin: *', eventSource: 'aws:sqs' }] }],
  [
    'a WebSocket message',
    {
      requestContext: { routeKey: 'hello', eventType: 'MESSAGE', connectionId: 'JKJaXmPL' },
      body: '{}',
      isBase64Encoded: false,
    },
  ],
  [
    'an authorizer of a REST API',
    {
      ...eventOf('v1', { headers: [['Origin', 'https://app.example.com']] }),
      type: 'REQUEST',
      methodArn: 'arn:aws:execute-api:eu-west-1:123456789012:gy415nuibc/prod/GET/request',
    },
  ],
  [
    'an authorizer of an HTTP API',
    {
      ...eventOf('v2', { headers: [['Origin', 'https://app.example.com']] }),
      type: 'REQUEST',
      routeArn: 'arn:aws:execute-api:eu-west-1:123456789012:r3pmxmplak/$default/GET/request',
    },
  ],
  [
    'a service network',
    {
      version: '2.0',
      path: '/',
      method: 'GET',
      headers: { origin: ['https://app.example.com'] },
      requestContext: { serviceArn: 'arn:aws:vpc-lattice:eu-west-1:123456789012:service/svc-1' },
    },
  ],
  ['an agent', { messageVersion: '1.0', actionGroup: 'api', apiPath: '/', httpMethod: 'GET' }],
  ['a warm-up', { source: 'serverless-plugin-warmup' }],
  ['a direct call', { question: 42 }],
  ['a string', 'hello'],
  ['a list', [1, 2]],
  ['null', null],
  ['nothing', undefined],
]
