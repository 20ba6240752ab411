/** Results of functions, whole, before and after: every form in every dialect. */

import { Readable } from 'node:stream'
import { type CorsOptions, definePolicy } from 'crossgate'
import { withCors } from 'crossgate/lambda'
import { describe, expect, it } from 'vitest'
import { APP, EVIL } from '../tables/exchanges.ts'
import { type Dialect, eventOf } from './lambda-events.ts'

const ACAO = 'access-control-allow-origin'
const ALLOWED = { [ACAO]: APP, vary: 'Origin' }
const ALLOWED_LINES = { [ACAO]: [APP], vary: ['Origin'] }
const JSON_TYPE = { 'content-type': 'application/json' }
const COOKIES = ['a=1; Path=/', 'b=2; Path=/']

interface Case {
  readonly title: string
  readonly dialects: readonly Dialect[]
  readonly given: unknown
  readonly covered: unknown
}

const ONE_VALUE = ['v1', 'v2', 'alb'] as const
const EXPLICIT = ['v1', 'alb'] as const

const cases: readonly Case[] = [
  {
    title: 'no headers',
    dialects: ONE_VALUE,
    given: { statusCode: 200, body: 'ok' },
    covered: { statusCode: 200, body: 'ok', headers: ALLOWED },
  },
  {
    title: 'no headers',
    dialects: ['alb-multi'],
    given: { statusCode: 200, body: 'ok' },
    covered: { statusCode: 200, body: 'ok', multiValueHeaders: ALLOWED_LINES },
  },
  {
    title: 'headers that are null',
    dialects: ONE_VALUE,
    given: { statusCode: 200, headers: null, multiValueHeaders: null, body: '' },
    covered: { statusCode: 200, headers: ALLOWED, multiValueHeaders: null, body: '' },
  },
  {
    title: 'headers that are null',
    dialects: ['alb-multi'],
    given: { statusCode: 200, headers: null, multiValueHeaders: null, body: '' },
    covered: { statusCode: 200, headers: null, multiValueHeaders: ALLOWED_LINES, body: '' },
  },
  {
    title: 'a body in Base64, and members of its own',
    dialects: ONE_VALUE,
    given: {
      isBase64Encoded: true,
      statusCode: 201,
      body: 'aGk=',
      statusDescription: '201 Created',
    },
    covered: {
      isBase64Encoded: true,
      statusCode: 201,
      body: 'aGk=',
      statusDescription: '201 Created',
      headers: ALLOWED,
    },
  },
  {
    title: 'values that are no strings',
    dialects: ONE_VALUE,
    given: { statusCode: 200, headers: { 'X-Total': 7, 'X-Last': false, 'X-None': undefined } },
    covered: {
      statusCode: 200,
      headers: { 'X-Total': 7, 'X-Last': false, 'X-None': undefined, ...ALLOWED },
    },
  },
  {
    title: 'fields of its own in any letter case',
    dialects: ONE_VALUE,
    given: {
      statusCode: 200,
      headers: {
        'Access-Control-Allow-Origin': '*',
        'X-Total': '7',
        'ACCESS-CONTROL-ALLOW-CREDENTIALS': true,
        'access-control-max-age': 5,
        VARY: 'Accept',
      },
    },
    covered: { statusCode: 200, headers: { 'X-Total': '7', [ACAO]: APP, VARY: 'Accept, Origin' } },
  },
  {
    title: 'fields of its own without a value',
    dialects: ONE_VALUE,
    given: { statusCode: 200, headers: { 'Access-Control-Allow-Origin': undefined, Vary: null } },
    covered: { statusCode: 200, headers: ALLOWED },
  },
  {
    title: 'fields of its own in both',
    dialects: ['v1'],
    given: {
      statusCode: 200,
      headers: { 'Access-Control-Allow-Origin': '*', Vary: 'Accept', 'X-Total': '7' },
      multiValueHeaders: {
        'access-control-allow-origin': ['https://other.example', '*'],
        vary: ['accept', 'Accept-Encoding'],
        'Set-Cookie': COOKIES,
      },
    },
    covered: {
      statusCode: 200,
      headers: { 'X-Total': '7', [ACAO]: APP, Vary: 'Accept, Accept-Encoding, Origin' },
      multiValueHeaders: { 'Set-Cookie': COOKIES },
    },
  },
  {
    title: 'fields of its own in both',
    dialects: ['alb-multi'],
    given: {
      statusCode: 200,
      headers: { 'Access-Control-Allow-Origin': '*', 'X-Total': '7' },
      multiValueHeaders: { 'Access-Control-Allow-Origin': ['*'], 'Set-Cookie': COOKIES },
    },
    covered: {
      statusCode: 200,
      headers: { 'X-Total': '7' },
      multiValueHeaders: { 'Set-Cookie': COOKIES, ...ALLOWED_LINES },
    },
  },
  {
    title: 'lists alone',
    dialects: EXPLICIT,
    given: { statusCode: 200, multiValueHeaders: { Vary: ['Accept'], 'Set-Cookie': COOKIES } },
    covered: {
      statusCode: 200,
      multiValueHeaders: { 'Set-Cookie': COOKIES },
      headers: { [ACAO]: APP, Vary: 'Accept, Origin' },
    },
  },
  {
    title: 'single values where the load balancer reads lists',
    dialects: ['alb-multi'],
    given: {
      statusCode: 200,
      headers: { 'Content-Type': 'text/html', 'X-Total': 7, 'X-None': null },
    },
    covered: {
      statusCode: 200,
      headers: { 'Content-Type': 'text/html', 'X-Total': 7, 'X-None': null },
      multiValueHeaders: { 'Content-Type': ['text/html'], 'X-Total': ['7'], ...ALLOWED_LINES },
    },
  },
  {
    title: 'a Vary of everything',
    dialects: ONE_VALUE,
    given: { statusCode: 200, headers: { vary: 'Accept, *' } },
    covered: { statusCode: 200, headers: { [ACAO]: APP, vary: '*' } },
  },
  {
    title: 'cookies',
    dialects: ['v2'],
    given: { statusCode: 200, cookies: COOKIES, body: 'ok' },
    covered: { statusCode: 200, cookies: COOKIES, body: 'ok', headers: ALLOWED },
  },
  {
    title: 'a field that is called __proto__',
    dialects: ONE_VALUE,
    given: { statusCode: 200, headers: JSON.parse('{"__proto__":"x"}') },
    covered: {
      statusCode: 200,
      headers: JSON.parse(`{"__proto__":"x","${ACAO}":"${APP}","vary":"Origin"}`),
    },
  },
  {
    title: 'an object that has a form of its own in JSON',
    dialects: ONE_VALUE,
    given: { toJSON: () => ({ statusCode: 204 }) },
    covered: { statusCode: 204, headers: ALLOWED },
  },
  ...(
    [
      ['a string', 'hello', 'hello'],
      ['an empty string', '', ''],
      ['a string that is JSON', '{"statusCode":201}', '{"statusCode":201}'],
      ['an object', { message: 'hello' }, '{"message":"hello"}'],
      ['an object with headers', { headers: { a: 'b' } }, '{"headers":{"a":"b"}}'],
      ['an object with an undefined status', { statusCode: undefined, a: 1 }, '{"a":1}'],
      ['a list', [1, 'two'], '[1,"two"]'],
      ['a number', 42, '42'],
      ['a boolean', false, 'false'],
      ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
      ['null', null, 'null'],
      ['nothing', undefined, 'null'],
    ] as const
  ).map(
    ([title, given, body]): Case => ({
      title: `${title}, of which a response is inferred`,
      dialects: ['v2'],
      given,
      covered: { statusCode: 200, headers: { ...JSON_TYPE, ...ALLOWED }, body },
    }),
  ),
]

const all = cases.flatMap(({ dialects, ...rest }) =>
  dialects.map((dialect) => [dialect, rest.title, rest] as const),
)

describe('the result of an allowed request', () => {
  it.each(all)('%s: %s', async (dialect, _title, { given, covered }) => {
    const before = structure(given)
    const result = await resultOf(dialect, given)
    expect(result).toStrictEqual(covered)
    expect(structure(given)).toEqual(before)
    // Once more is no change.
    expect(await resultOf(dialect, result)).toBe(result)
  })

  it.each(all)('%s: %s, frozen', async (dialect, _title, { given, covered }) => {
    expect(await resultOf(dialect, frozen(given))).toStrictEqual(covered)
  })
})

describe('a result that need not be touched is the very same', () => {
  const untouched: readonly (readonly [string, Dialect, CorsOptions, unknown])[] = [
    ['without CORS', 'v1', { origin: false }, { statusCode: 200, headers: { Vary: 'Accept' } }],
    ['without CORS', 'v2', { origin: false }, 'hello'],
    ['without CORS', 'v2', { origin: false }, { message: 'hello' }],
    ['without CORS', 'v2', { origin: false }, undefined],
    ['without CORS', 'alb-multi', { origin: false }, { statusCode: 200, headers: { a: 'b' } }],
    ['with what it needs', 'v2', { origin: '*' }, { statusCode: 200, headers: { [ACAO]: '*' } }],
  ]

  it.each(untouched)('%s: %s', async (_title, dialect, options, given) => {
    expect(await resultOf(dialect, given, options)).toBe(given)
  })

  it('a Vary that says it already keeps its spelling', async () => {
    const given = { statusCode: 200, headers: { VARY: 'Accept, origin' } }
    expect(await resultOf('v1', given, { origin: APP }, EVIL)).toBe(given)
  })

  // The gateway answers with its own 502.
  it.each([
    ['v1', undefined],
    ['v1', null],
    ['v1', 'hello'],
    ['v1', [1]],
    ['alb', 'hello'],
    ['alb-multi', 42],
    ['v1', { statusCode: 200, headers: 'x: y' }],
    ['v2', { statusCode: 200, headers: [['x', 'y']] }],
    ['alb-multi', { statusCode: 200, multiValueHeaders: 7 }],
  ] as const)('%s: malformed, %j', async (dialect, given) => {
    expect(await resultOf(dialect, given)).toBe(given)
  })

  it.each([Readable.from(['one']), new ReadableStream()])('a stream, %#', async (given) => {
    expect(await resultOf('v2', given)).toBe(given)
  })
})

describe('a refused request', () => {
  it.each([
    ['v1', { headers: { 'X-Total': '7', vary: 'Origin' }, multiValueHeaders: {} }],
    ['v2', { headers: { 'X-Total': '7', vary: 'Origin' }, multiValueHeaders: {} }],
    ['alb', { headers: { 'X-Total': '7', vary: 'Origin' }, multiValueHeaders: {} }],
    ['alb-multi', { headers: { 'X-Total': '7' }, multiValueHeaders: { vary: ['Origin'] } }],
  ] as const)('%s: fields of the handler are removed', async (dialect, containers) => {
    const given = {
      statusCode: 200,
      headers: { 'Access-Control-Allow-Origin': EVIL, 'X-Total': '7' },
      multiValueHeaders: { 'Access-Control-Allow-Credentials': ['true'] },
    }
    const result = await resultOf(dialect, given, { origin: APP }, EVIL)
    expect(result).toStrictEqual({ statusCode: 200, ...containers })
  })
})

describe('a shared constant', () => {
  it('is covered for each request alone', async () => {
    const constant = { statusCode: 200, headers: { 'X-Total': '7' }, body: 'ok' }
    const handler = withCors(
      { origin: [APP, 'https://b.example'] },
      async (_event: object) => constant,
    )
    const answers = await Promise.all(
      [APP, 'https://b.example', EVIL].map((origin) => handler(from('v1', origin), {})),
    )
    expect(answers.map(({ headers }) => (headers as Record<string, string>)[ACAO])).toEqual([
      APP,
      'https://b.example',
      undefined,
    ])
    expect(constant).toEqual({ statusCode: 200, headers: { 'X-Total': '7' }, body: 'ok' })
  })
})

function from(dialect: Dialect, origin: string): object {
  return eventOf(dialect, { headers: [['Origin', origin]] })
}

async function resultOf(
  dialect: Dialect,
  given: unknown,
  options: CorsOptions = { origin: APP },
  origin = APP,
): Promise<unknown> {
  const handler = withCors(definePolicy(options), (_event: object): unknown => given)
  return handler(from(dialect, origin), {})
}

/** A copy to compare with, functions and undefined values included. */
function structure(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structure)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return Object.entries(value).map(([name, member]) => [name, structure(member)])
}

function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const member of Object.values(value)) frozen(member)
  return Object.freeze(value)
}
