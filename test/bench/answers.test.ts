/** What the benchmark measures answers rightly, and what answers wrongly is seen. */

import { describe, expect, it } from 'vitest'
import { wrongOf } from '../../bench/check.ts'
import { KINDS } from '../../bench/kinds.ts'
import type { Kind } from '../../bench/lane.ts'
import { scenariosOf } from '../../bench/micro.ts'
import { SCENARIOS } from '../../bench/scenarios.ts'

const EVERYTHING = { quick: false, kinds: [], scenarios: [] }
/** Large lists are the same code, and take long to compile. */
const LARGE = ['exact-100000', 'wildcards-10000', 'wildcards-10000-refused']

const LOSING = ['app-vary', 'app-removes']
const UNVARIED = ['wildcards-1000-refused', 'no-origin', 'refused', 'origin-8k']
const UNVARIED_PREFLIGHTS = ['preflight-any', 'preflight-any-8k']

/** Scenarios in which peers leave out what a cache would have needed, or lose what they had set. */
const WRONG: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  node: { cors: LOSING, 'cors, expert': [...UNVARIED, ...LOSING] },
  koa: {
    '@koa/cors': [...UNVARIED_PREFLIGHTS, ...LOSING],
    '@koa/cors, expert': [...UNVARIED_PREFLIGHTS, ...LOSING],
  },
  fastify: { '@fastify/cors': ['app-removes'], '@fastify/cors, expert': LOSING },
  express: { cors: LOSING, 'cors, expert': [...UNVARIED, ...LOSING] },
  hono: {},
  'hono-fetch': {},
  fetch: {},
  decide: {},
}

describe('every kind', () => {
  it('is in the table', () => {
    expect(Object.keys(WRONG)).toEqual(Object.keys(KINDS))
  })

  it.each(Object.entries(KINDS))(
    'has subjects that answer as expected: %s',
    { timeout: 60_000 },
    async (name, load) => {
      const { kind } = await load()
      const scenarios = scenariosOf(kind, EVERYTHING).filter(({ name }) => !LARGE.includes(name))
      const wrong: Record<string, string[]> = {}
      for (const subject of kind.subjects.filter((one) => one !== 'bare')) {
        for (const { name: scenario } of scenarios) {
          const faults = await faultsOf(kind, subject, scenario)
          if (faults.length > 0) wrong[subject] = [...(wrong[subject] ?? []), scenario]
        }
      }
      expect(wrong).toEqual(WRONG[name])
    },
  )
})

async function faultsOf(kind: Kind, subject: string, name: string): Promise<string[]> {
  const scenario = SCENARIOS.find((one) => one.name === name)
  if (scenario === undefined) throw new Error(`no ${name}`)
  const lane = await kind.prepare(subject, scenario)
  const exchanges = await lane.make(3)
  await lane.run(exchanges)
  const answer = await lane.answerOf(exchanges[2])
  return wrongOf(answer, scenario, subject)
}

describe('the check', () => {
  const origin = 'https://app-0.example.com'
  const right = [
    ['content-type', 'text/plain'],
    ['x-total', '7'],
    ['vary', 'Origin'],
    ['access-control-allow-origin', origin],
    ['access-control-allow-credentials', 'true'],
    ['access-control-expose-headers', 'x-total'],
  ] as const
  const get = SCENARIOS.find(({ name }) => name === 'get')
  const refused = SCENARIOS.find(({ name }) => name === 'refused')
  type Fields = readonly (readonly [string, string])[]
  const without = (name: string): Fields => right.filter(([one]) => one !== name)

  it.each<readonly [string, Fields, readonly string[]]>([
    ['nothing', right, []],
    ['no Vary', without('vary'), ['vary lacks origin']],
    [
      'no origin',
      without('access-control-allow-origin'),
      ['access-control-allow-origin is absent'],
    ],
    [
      'no credentials',
      without('access-control-allow-credentials'),
      ['access-control-allow-credentials is absent'],
    ],
    ['a field of the application', without('x-total'), ['x-total is absent']],
    [
      'a field twice',
      [...right, ['access-control-allow-credentials', 'true']],
      ['access-control-allow-credentials twice', 'access-control-allow-credentials is true, true'],
    ],
  ])('sees what is wrong: %s', (_name, fields, faults) => {
    expect(wrongOf({ status: 200, fields }, get as never, 'floor')).toEqual(faults)
  })

  it('sees an origin that was not to be let in', () => {
    const fields = [
      ...without('access-control-allow-origin'),
      ['access-control-allow-origin', 'https://evil.example.net'],
    ] as Fields
    expect(wrongOf({ status: 200, fields }, refused as never, 'floor')).toEqual([
      'access-control-allow-origin is https://evil.example.net',
    ])
  })
})
