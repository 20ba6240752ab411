import { describe, expect, it } from 'vitest'
import {
  type Channel,
  type Channels,
  type CorsDecision,
  createDecider,
  type Decider,
  type DecisionMessage,
  decide,
  definePolicy,
  type FoundFields,
  type PolicySource,
  type ReplacementMessage,
  type RequestFacts,
  reloadable,
} from '../../../src/index.ts'
import { createFakeClock } from '../fake-clock.ts'

const ORIGIN = 'https://a.test'
const GET = { method: 'GET', origin: ORIGIN }
const ASKS_TOO_MUCH = { method: 'OPTIONS', origin: ORIGIN, requestMethod: 'PURGE' }
const REQUEST = { path: '/' }
const FOUND: FoundFields = [
  ['Access-Control-Allow-Origin', '*'],
  ['access-control-allow-origin', ORIGIN],
]
const REPLACED = [{ name: 'access-control-allow-origin', values: ['*', ORIGIN], sent: ORIGIN }]

type Request = typeof REQUEST

/** A channel that keeps what is published, like that of a runtime whose subscribers come and go. */
interface KeptChannel<Message> extends Channel<Message> {
  hasSubscribers: boolean
  readonly messages: Message[]
}

function keptChannel<Message>(hasSubscribers: boolean): KeptChannel<Message> {
  const messages: Message[] = []
  return { hasSubscribers, messages, publish: (message) => messages.push(message) }
}

function channels(decision: boolean, replaced = false) {
  return {
    decision: keptChannel<DecisionMessage>(decision),
    replaced: keptChannel<ReplacementMessage>(replaced),
  }
}

function deciderOf(source: PolicySource<Request>, kept?: Channels): Decider<Request> {
  return createDecider(source, createFakeClock(), kept)
}

/** Every kind of source, with the same policy. */
const SOURCES: readonly (readonly [string, () => PolicySource<Request>])[] = [
  ['options', () => ({ origin: ORIGIN })],
  ['a policy', () => definePolicy({ origin: ORIGIN })],
  ['a predicate', () => ({ origin: (origin) => origin === ORIGIN })],
  ['a predicate that takes time', () => ({ origin: async (origin) => origin === ORIGIN })],
  ['a delegate', () => () => ({ origin: ORIGIN })],
  ['a delegate that takes time', () => async () => ({ origin: ORIGIN })],
  ['a delegator', () => ({ delegator: () => ({ origin: ORIGIN }) })],
  ['a reloadable policy', () => reloadable({ origin: ORIGIN })],
]

describe.each(SOURCES)('the channel of decisions, with %s', (_title, source) => {
  const requests: readonly (readonly [RequestFacts, CorsDecision['outcome']])[] = [
    [GET, 'allowed'],
    [{ ...GET, origin: 'https://b.test' }, 'origin-refused'],
    [{ method: 'GET' }, 'no-origin'],
    [{ ...ASKS_TOO_MUCH, requestMethod: 'PUT' }, 'allowed'],
    [ASKS_TOO_MUCH, 'method-refused'],
  ]

  it.each(requests)('gets %j once, as %s, with the request', async (facts, outcome) => {
    const kept = channels(true)
    const decision = await deciderOf(source(), kept).decide(facts, REQUEST)
    expect(decision.outcome).toBe(outcome)
    expect(kept.decision.messages).toStrictEqual([{ decision, request: REQUEST }])
    expect(kept.decision.messages[0]?.decision).toBe(decision)
    expect(kept.decision.messages[0]?.request).toBe(REQUEST)
    expect(kept.replaced.messages).toEqual([])
  })

  it('gets nothing without subscribers', async () => {
    const kept = channels(false, true)
    await deciderOf(source(), kept).decide(GET, REQUEST)
    expect(kept.decision.messages).toEqual([])
  })

  it('gets what is decided from a subscription on, until its end', async () => {
    const kept = channels(false)
    const decider = deciderOf(source(), kept)
    await decider.decide(GET, REQUEST)
    kept.decision.hasSubscribers = true
    const decision = await decider.decide(GET, REQUEST)
    kept.decision.hasSubscribers = false
    await decider.decide(GET, REQUEST)
    expect(kept.decision.messages).toStrictEqual([{ decision, request: REQUEST }])
  })
})

describe('the channel of decisions', () => {
  const failure = new Error('the store is away')
  const failing: readonly (readonly [string, PolicySource<Request>])[] = [
    ['a predicate', { origin: () => Promise.reject(failure) }],
    [
      'a delegate',
      () => {
        throw failure
      },
    ],
  ]

  it.each(failing)('gets the failure of %s, with its error', async (_title, source) => {
    const kept = channels(true)
    await deciderOf(source, kept).decide(GET, REQUEST)
    const [told, ...others] = kept.decision.messages
    expect(told?.decision).toMatchObject({ kind: 'actual', outcome: 'source-failed' })
    expect(told?.decision.error).toBe(failure)
    expect(others).toEqual([])
  })

  it('gets what the observer is told, once each', async () => {
    const seen: unknown[] = []
    const onDecision = (...told: unknown[]): void => void seen.push(told)
    const kept = channels(true)
    const decision = await deciderOf({ origin: ORIGIN, onDecision }, kept).decide(GET, REQUEST)
    expect(seen).toStrictEqual([[decision, REQUEST]])
    expect(kept.decision.messages).toStrictEqual([{ decision, request: REQUEST }])
  })

  it('gets it also where the observer throws', async () => {
    const onDecision = (): void => {
      throw failure
    }
    const kept = channels(true)
    await deciderOf({ origin: ORIGIN, onDecision }, kept).decide(GET, REQUEST)
    expect(kept.decision.messages).toHaveLength(1)
  })

  it('gets the explanation of a policy with debug', async () => {
    const kept = channels(true)
    await deciderOf({ origin: 'https://b.test', debug: true }, kept).decide(ASKS_TOO_MUCH, REQUEST)
    expect(kept.decision.messages[0]?.decision.explanation).toContain('FAIL origin')
  })

  it('changes nothing of an answer', async () => {
    const policy = definePolicy({ origin: ORIGIN })
    for (const subscribed of [true, false]) {
      const { outcome: _, ...answer } = await deciderOf(policy, channels(subscribed)).decide(
        ASKS_TOO_MUCH,
        REQUEST,
      )
      const { outcome, ...expected } = decide(policy, ASKS_TOO_MUCH)
      expect(outcome).toBe('method-refused')
      expect(answer).toEqual(expected)
    }
  })
})

describe.each(SOURCES)('the channel of replaced fields, with %s', (_title, source) => {
  it('gets what was there, once, with the decision and the request', async () => {
    const kept = channels(false, true)
    const decider = deciderOf(source(), kept)
    const decision = await decider.decide(GET, REQUEST)
    decider.replaced(decision, FOUND, REQUEST)
    expect(kept.replaced.messages).toStrictEqual([
      { replaced: REPLACED, decision, request: REQUEST },
    ])
    expect(kept.decision.messages).toEqual([])
  })

  it('gets nothing without subscribers', async () => {
    const kept = channels(true, false)
    const decider = deciderOf(source(), kept)
    decider.replaced(await decider.decide(GET, REQUEST), FOUND, REQUEST)
    expect(kept.replaced.messages).toEqual([])
  })

  it('gets nothing where what was there is what is sent', async () => {
    const kept = channels(false, true)
    const decider = deciderOf(source(), kept)
    const same: FoundFields = [['Access-Control-Allow-Origin', ORIGIN]]
    decider.replaced(await decider.decide(GET, REQUEST), same, REQUEST)
    expect(kept.replaced.messages).toEqual([])
  })
})

describe('the channel of replaced fields', () => {
  it('gets what the observer is told, once each, also where that throws', async () => {
    const seen: unknown[] = []
    const onReplaced = (...told: unknown[]): void => {
      seen.push(told)
      throw new Error('an observer that fails')
    }
    const kept = channels(false, true)
    const decider = deciderOf({ origin: ORIGIN, onReplaced }, kept)
    const decision = await decider.decide(GET, REQUEST)
    decider.replaced(decision, FOUND, REQUEST)
    expect(seen).toStrictEqual([[REPLACED, REQUEST]])
    expect(kept.replaced.messages).toStrictEqual([
      { replaced: REPLACED, decision, request: REQUEST },
    ])
  })
})
