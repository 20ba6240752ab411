/** An observer never changes the answer, also where it freezes all that it gets. */

import { type CorsDecision, type CorsOptions, decide, definePolicy } from 'crossgate'
import { withCors } from 'crossgate/node'
import { expect, it } from 'vitest'
import { APP } from '../tables/exchanges.ts'
import { failOnUnhandledRejections } from './harness.ts'
import { allowed, from, preflight, seen, serve } from './serving.ts'

failOnUnhandledRejections()

/** As it is found in many code bases: with symbols, and with functions. */
function freezeDeeply(value: object): void {
  Object.freeze(value)
  for (const key of Reflect.ownKeys(value)) {
    const inner: unknown = Reflect.get(value, key)
    const isDeep = (typeof inner === 'object' && inner !== null) || typeof inner === 'function'
    if (isDeep && !Object.isFrozen(inner)) freezeDeeply(inner as object)
  }
}

const policies: readonly [string, CorsOptions][] = [
  ['exact origins', { origin: APP }],
  ['wildcards', { origin: 'https://*.example.com' }],
  ['a predicate', { origin: (origin: string) => origin === APP }],
  ['any origin', { origin: '*' }],
  ['echoes', { origin: 'https://*.example.com', credentials: true, methods: '*' }],
]

it.each(policies)('%s, observed', async (_title, options) => {
  const told: string[] = []
  const observed = {
    ...options,
    onDecision: (decision: CorsDecision) => {
      freezeDeeply(decision)
      told.push(decision.outcome)
    },
  } as never
  const send = await serve(withCors(observed, (_request, response) => response.end('ok')))
  const plain = await serve(withCors(options as never, (_request, response) => response.end('ok')))
  for (const request of [from(APP), preflight(APP), from(APP), preflight(APP), from(APP)]) {
    const answer = seen(await send(request))
    expect(answer).toEqual(seen(await plain(request)))
    expect(answer[1]?.[0]).toMatch(/^access-control-/)
  }
  expect(told).toEqual(Array(5).fill('allowed'))
})

it('a policy whose decisions were frozen decides as before', async () => {
  const policy = definePolicy({ origin: 'https://*.example.com', credentials: true })
  const facts = { method: 'OPTIONS', origin: APP, requestMethod: 'PUT', requestHeaders: 'x-total' }
  const decisions = [1, 2, 3].map(() => {
    const decision = decide(policy, facts)
    freezeDeeply(decision)
    return decision
  })
  expect(new Set(decisions).size).toBe(1)
  const send = await serve(withCors({ origin: APP }, (_request, response) => response.end('ok')))
  expect(seen(await send(from(APP)))).toEqual(allowed(200))
})
