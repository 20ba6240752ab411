/** Whatever a function returns, a client gets the policy's fields once, and all else as without it. */

import { decide, definePolicy, mergeVary } from 'crossgate'
import { withCors } from 'crossgate/lambda'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { corsLines, expectedLines, otherLines } from '../adapters/harness.ts'
import { DIALECTS, type Dialect, eventOf } from '../adapters/lambda-events.ts'
import { answerOf } from '../adapters/lambda-gateways.ts'

const APP = 'https://app.example.com'
const POLICIES = [
  definePolicy({ origin: APP, credentials: true, exposedHeaders: ['x-total'] }),
  definePolicy({ origin: '*' }),
  definePolicy({ origin: false }),
]

const name = fc
  .tuple(
    fc.constantFrom(
      'vary',
      'access-control-allow-origin',
      'access-control-allow-credentials',
      'access-control-x-other',
      'access-control',
      'content-type',
      'x-total',
      'location',
      '__proto__',
    ),
    fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
  )
  .map(([text, upper]) =>
    [...text].map((letter, index) => (upper[index] ? letter.toUpperCase() : letter)).join(''),
  )

const value = fc.oneof(
  fc.constantFrom('Origin', 'accept, Origin', '*', 'Accept-Encoding', APP, 'null', ''),
  fc.integer(),
  fc.boolean(),
)

const fields = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Record<string, Value> | null> =>
  fc.option(
    // As parsed, so that every name is a member of its own.
    fc.array(fc.tuple(name, values), { maxLength: 6 }).map((pairs) => Object.fromEntries(pairs)),
  )

const response = fc.record(
  {
    statusCode: fc.constantFrom(200, 204, 302, 404, 500),
    headers: fields(value),
    multiValueHeaders: fields(fc.array(value, { maxLength: 3 })),
    body: fc.option(fc.string()),
    isBase64Encoded: fc.constant(false),
    cookies: fc.array(fc.string(), { maxLength: 2 }),
  },
  { requiredKeys: ['statusCode'] },
)

/** Results that a gateway takes. */
function resultsIn(dialect: Dialect): fc.Arbitrary<unknown> {
  if (dialect === 'v2') return fc.oneof(response, fc.jsonValue().filter(hasNoStatus))
  return response.map(({ cookies: _, ...rest }) => {
    // What a load balancer does not read, a client does not get.
    if (dialect === 'alb-multi') return { multiValueHeaders: null, ...rest, headers: null }
    return rest
  })
}

function hasNoStatus(json: unknown): boolean {
  return typeof json !== 'object' || json === null || !('statusCode' in json)
}

it.each(DIALECTS)('%s', async (dialect) => {
  const request = fc.record({
    policy: fc.constantFrom(...POLICIES),
    origin: fc.constantFrom(APP, 'https://evil.example', undefined),
  })
  await fc.assert(
    fc.asyncProperty(resultsIn(dialect), request, async (given, { policy, origin }) => {
      const before = JSON.stringify(given)
      const event = eventOf(dialect, { headers: origin === undefined ? [] : [['Origin', origin]] })
      const handler = withCors(policy, async (_event: object): Promise<unknown> => given)
      const result = await handler(event, {})
      expect(JSON.stringify(given)).toBe(before)

      const bare = answerOf(given, dialect)
      const answer = answerOf(result, dialect)
      const { headers, vary } = decide(policy, { method: 'GET', origin })
      const merged = mergeVary(varyOf(given, dialect), vary)
      expect(corsLines(answer.rawHeaders)).toEqual(
        expectedLines({ ...headers, ...(merged === '' ? {} : { vary: merged }) }),
      )
      expect(otherLines(answer.rawHeaders)).toEqual(otherLines(bare.rawHeaders))
      expect([answer.status, answer.body]).toEqual([bare.status, bare.body])
      // Members that are no headers stay what they are.
      if (hasNoStatus(given)) return
      expect(withoutHeaders(result)).toEqual(withoutHeaders(given))
    }),
    { numRuns: 500 },
  )
})

function withoutHeaders(result: unknown): unknown {
  const { headers: _, multiValueHeaders: __, ...rest } = result as Record<string, unknown>
  return rest
}

/** Every value of `Vary`, in the order of the members, whichever of them the gateway reads. */
function varyOf(given: unknown, dialect: Dialect): string | undefined {
  if (hasNoStatus(given)) return undefined
  const { headers, multiValueHeaders } = given as Record<string, Record<string, unknown> | null>
  const members = dialect === 'alb-multi' ? [multiValueHeaders] : [headers, multiValueHeaders]
  const values = members.flatMap((member) =>
    Object.entries(member ?? {})
      .filter(([label]) => label.toLowerCase() === 'vary')
      .flatMap(([, each]) => each),
  )
  return values.length === 0 ? undefined : values.join(', ')
}
