/**
 * The contract of all adapters, for functions behind every gateway.
 *
 * Where a dialect can hold every line, the contract is met as a whole. Where it has one value for each
 * name, so that observers see other values, its exchanges are.
 */

import { describe, expect, it } from 'vitest'
import { EXCHANGES, type Exchange, SELF } from '../tables/exchanges.ts'
import { APPLICATION } from './application.ts'
import { describeAdapter } from './contract.ts'
import { type Answer, corsLines, expectedLines, otherLines, type Service } from './harness.ts'
import type { Dialect } from './lambda-events.ts'
import { hasTwoLines, lambdaHarness, type Mounting } from './lambda-harnesses.ts'
import { sourceOf } from './lookups.ts'

describeAdapter(lambdaHarness('v1', 'wrapper'))
describeAdapter(lambdaHarness('v1', 'middy'))
describeAdapter(lambdaHarness('alb-multi', 'wrapper'))

const JOINING: readonly (readonly [Dialect, Mounting])[] = [
  ['v2', 'wrapper'],
  ['v2', 'middy'],
  ['alb', 'wrapper'],
]

/** What cannot be asked there, and why. */
function exclusionOf({ needs, request, answer }: Exchange, dialect: Dialect): string | undefined {
  if (needs === 'bodies') return 'a function gets bodies as they are'
  if (dialect !== 'alb') return undefined
  if (hasTwoLines(request)) return 'of several lines of the request, the last arrives'
  const cookies = answer.others?.['set-cookie']
  return cookies === undefined ? undefined : 'a response has one line of each name'
}

describe.each(JOINING)('lambda %s, %s', (dialect, mounting) => {
  const harness = lambdaHarness(dialect, mounting)
  const exchanges = EXCHANGES.filter((exchange) => exclusionOf(exchange, dialect) === undefined)

  it('is asked everything that can be asked', () => {
    const reasons = EXCHANGES.map((exchange) => exclusionOf(exchange, dialect))
    const counts: Record<string, number> = {}
    for (const reason of reasons)
      if (reason !== undefined) counts[reason] = (counts[reason] ?? 0) + 1
    const bodies = { 'a function gets bodies as they are': 2 }
    expect(counts).toEqual(
      dialect === 'alb'
        ? {
            ...bodies,
            'of several lines of the request, the last arrives': 18,
            'a response has one line of each name': 4,
          }
        : bodies,
    )
  })

  it.each(exchanges.map((exchange) => [exchange.policy, exchange.title, exchange] as const))(
    '%s: %s',
    async (policy, _title, { request, answer: expected }) => {
      const service = await harness.serve(sourceOf(policy), APPLICATION)
      const answer = await ask(service, request)
      expect(corsLines(answer.rawHeaders)).toEqual(expectedLines(expected.fields))
      expect(answer.status).toBe(expected.status)
      expect(answer.handlerRan).toBe(expected.handlerRan)
      expect(service.errors).toEqual(expected.error === undefined ? [] : [expected.error])
      if (expected.body !== undefined) expect(answer.body).toBe(expected.body)
      if (expected.bodyPart !== undefined) expect(answer.body).toContain(expected.bodyPart)
      for (const [name, value] of Object.entries(expected.others ?? {})) {
        expect([name, answer.headers[name]]).toEqual([name, value ?? undefined])
      }
      if (expected.by !== 'app') return
      const bare = await ask(await harness.serve(undefined, APPLICATION), request)
      expect(otherLines(answer.rawHeaders)).toEqual(otherLines(bare.rawHeaders))
      expect([answer.status, answer.body]).toEqual([bare.status, bare.body])
    },
  )
})

function ask(service: Service, request: Exchange['request']): Promise<Answer> {
  const headers = request.headers?.map(
    ([name, value]) => [name, value === SELF ? service.origin : value] as const,
  )
  return service.send({ ...request, headers })
}
