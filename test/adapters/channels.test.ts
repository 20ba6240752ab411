/** What is published on Node's diagnostics channels, by every adapter. */

import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createServer, IncomingMessage } from 'node:http'
import type { CorsDecision, DecisionMessage, ReplacementMessage } from 'crossgate'
import { cors as fastifyCors } from 'crossgate/fastify'
import { installGuard, withCors } from 'crossgate/node'
import Fastify from 'fastify'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { APP, EVIL } from '../tables/exchanges.ts'
import { APPLICATION } from './application.ts'
import { failOnUnhandledRejections, type Harness, type Service, type Source } from './harness.ts'
import * as harnesses from './harnesses.ts'
import { from, preflight, serve } from './serving.ts'
import { close, listen, sendBytes, sendHttp1, type WireRequest } from './wire.ts'

failOnUnhandledRejections()

const DECISION = 'crossgate:decision'
const REPLACED = 'crossgate:replaced'
const OTHER = 'https://other.example'

/** What is published on a channel, until the subscription or the test ends. */
function published<Message>(name: string): { messages: Message[]; end: () => void } {
  const messages: Message[] = []
  const take = (message: unknown): void => void messages.push(message as Message)
  const end = (): void => void unsubscribe(name, take)
  subscribe(name, take)
  onTestFinished(end)
  return { messages, end }
}

const decisions = () => published<DecisionMessage>(DECISION)
const replacements = () => published<ReplacementMessage>(REPLACED)

/** An adapter that serves the application until the test is over. */
async function serving(harness: Harness, source: Source): Promise<Service> {
  const service = await harness.serve(source, APPLICATION)
  onTestFinished(() => service.close())
  return service
}

function brief({ decision: { kind, outcome, error } }: DecisionMessage): string[] {
  return [kind, outcome, ...(error === undefined ? [] : [error.message])]
}

const POLICY = { origin: APP, methods: ['PUT'], allowedHeaders: ['X-A'] }
const asksFor = (header: string): WireRequest => {
  const { headers = [], ...request } = preflight(APP)
  return { ...request, headers: [...headers, ['Access-Control-Request-Headers', header]] }
}
const failing = (): never => {
  throw new Error('the store is away')
}
const rejecting = async (): Promise<never> => failing()

const CASES: readonly (readonly [string, Source, WireRequest, readonly string[]])[] = [
  ['an allowed GET', POLICY, from(APP), ['actual', 'allowed']],
  ['a refused GET', POLICY, from(EVIL), ['actual', 'origin-refused']],
  ['a GET without Origin', POLICY, {}, ['plain', 'no-origin']],
  ['a 404', POLICY, { ...from(APP), path: '/missing' }, ['actual', 'allowed']],
  ['a handler that throws', POLICY, { ...from(APP), path: '/throw' }, ['actual', 'allowed']],
  ['a preflight that is granted', POLICY, asksFor('x-a'), ['preflight', 'allowed']],
  ['a refused preflight', POLICY, preflight(EVIL), ['preflight', 'origin-refused']],
  [
    'a preflight for another method',
    POLICY,
    preflight(APP, 'PURGE'),
    ['preflight', 'method-refused'],
  ],
  ['a preflight for another header', POLICY, asksFor('x-b'), ['preflight', 'header-refused']],
  [
    'a request that is rejected',
    { ...POLICY, onDisallowed: 'reject' },
    { ...from(EVIL), method: 'POST', path: '/echo' },
    ['actual', 'origin-refused'],
  ],
  [
    'a predicate that throws',
    { origin: failing },
    from(APP),
    ['actual', 'source-failed', 'the store is away'],
  ],
  [
    'a predicate that rejects, in a preflight',
    { origin: rejecting },
    preflight(APP),
    ['preflight', 'source-failed', 'the store is away'],
  ],
  ['a delegate that throws', failing, from(APP), ['actual', 'source-failed', 'the store is away']],
  [
    'a delegator that rejects, in a preflight',
    { delegator: rejecting },
    preflight(APP),
    ['preflight', 'source-failed', 'the store is away'],
  ],
  [
    "a delegate's policy",
    async () => POLICY,
    preflight(APP, 'PURGE'),
    ['preflight', 'method-refused'],
  ],
]

describe.each(Object.values(harnesses))('the channel of decisions, with $name', (harness) => {
  it.each(CASES)('gets %s once', async (_title, source, request, expected) => {
    const service = await serving(harness, source)
    const { messages } = decisions()
    await service.send(request)
    expect(messages.map(brief)).toEqual([expected])
    expect(messages.map((message) => Object.keys(message))).toEqual([['decision', 'request']])
    expect(messages.map(({ request: subject }) => harness.isOwnSubject(subject))).toEqual([true])
  })

  it('gets the decision that onDecision sees, and leaves it to that, too', async () => {
    const told: [CorsDecision, unknown][] = []
    const onDecision = (...seen: [CorsDecision, unknown]): void => void told.push(seen)
    const service = await serving(harness, { ...POLICY, onDecision })
    const { messages } = decisions()
    await service.send(preflight(APP, 'PURGE'))
    expect(messages.map(brief)).toEqual([['preflight', 'method-refused']])
    expect(told).toHaveLength(1)
    expect(told[0]?.[0]).toBe(messages[0]?.decision)
    expect(told[0]?.[1]).toBe(messages[0]?.request)
  })

  it('is told nothing but from a subscription until its end', async () => {
    const service = await serving(harness, POLICY)
    await service.send(from(APP))
    const { messages, end } = decisions()
    expect(messages).toEqual([])
    await service.send(preflight(APP, 'PURGE'))
    end()
    await service.send(from(EVIL))
    expect(messages.map(brief)).toEqual([['preflight', 'method-refused']])
  })

  it('has nothing published without subscribers', async () => {
    const service = await serving(harness, POLICY)
    const publish = [DECISION, REPLACED].map((name) => vi.spyOn(channel(name), 'publish'))
    onTestFinished(() => {
      vi.restoreAllMocks()
    })
    await service.send({ ...from(APP), path: '/append' })
    for (const spy of publish) expect(spy).not.toHaveBeenCalled()
    decisions()
    replacements()
    await service.send({ ...from(APP), path: '/append' })
    for (const spy of publish) expect(spy).toHaveBeenCalledTimes(1)
  })

  it('changes nothing of an answer', async () => {
    const service = await serving(harness, POLICY)
    const ask = async () => {
      const { rawHeaders, ...answer } = await service.send(preflight(APP, 'PURGE'))
      const isDate = ([name]: readonly string[]) => name?.toLowerCase() === 'date'
      return {
        status: answer.status,
        body: answer.body,
        fields: rawHeaders.filter((f) => !isDate(f)),
      }
    }
    const before = await ask()
    decisions()
    replacements()
    expect(await ask()).toEqual(before)
  })
})

/** Paths of the application, and what of a second layer's has to give way. */
const LAYERS: readonly (readonly [string, ReplacementMessage['replaced']])[] = [
  ['/', []],
  ['/vary-lower', []],
  ['/append', [{ name: 'access-control-allow-origin', values: [OTHER, '*'], sent: APP }]],
  ['/write-upstream', [{ name: 'access-control-allow-origin', values: ['*', OTHER], sent: APP }]],
  [
    '/write-object',
    [
      { name: 'access-control-allow-origin', values: [OTHER], sent: APP },
      { name: 'access-control-allow-credentials', values: ['true'], sent: undefined },
      { name: 'access-control-allow-methods', values: ['DELETE'], sent: undefined },
      { name: 'access-control-expose-headers', values: ['x-secret'], sent: undefined },
      { name: 'access-control-max-age', values: ['1'], sent: undefined },
      { name: 'access-control-allow-private-network', values: ['true'], sent: undefined },
    ],
  ],
]

const SOURCES: readonly (readonly [string, Source])[] = [
  ['options', POLICY],
  ['a predicate', { origin: async (origin) => origin === APP }],
  ['a delegate', async () => POLICY],
]

describe.each(Object.values(harnesses))('the channel of replaced fields, with $name', (harness) => {
  describe.each(SOURCES)('and %s', (_title, source) => {
    it.each(LAYERS)('gets what %s has to give up, once', async (path, replaced) => {
      const service = await serving(harness, source)
      const { messages } = replacements()
      await service.send({ ...from(APP), path })
      const once = replaced.length === 0 ? [] : [replaced]
      expect(messages.map((message) => message.replaced)).toEqual(once)
      const rest = messages.map((message) => [
        ...brief(message),
        harness.isOwnSubject(message.request),
      ])
      expect(rest).toEqual(once.map(() => ['actual', 'allowed', true]))
    })
  })

  it('gets what is removed for a refused origin', async () => {
    const service = await serving(harness, POLICY)
    const { messages } = replacements()
    await service.send({ ...from(EVIL), path: '/append' })
    expect(messages.map(({ replaced }) => replaced)).toEqual([
      [{ name: 'access-control-allow-origin', values: [OTHER, '*'], sent: undefined }],
    ])
  })

  it('gets what onReplaced sees, and leaves it to that, too', async () => {
    const told: unknown[][] = []
    const onReplaced = (...seen: unknown[]): void => void told.push(seen)
    const service = await serving(harness, { ...POLICY, onReplaced })
    const { messages } = replacements()
    await service.send({ ...from(APP), path: '/append' })
    expect(told).toHaveLength(1)
    expect(messages.map(({ replaced, request }) => [replaced, request])).toEqual(told)
  })

  it('is told nothing but from a subscription until its end', async () => {
    const service = await serving(harness, POLICY)
    await service.send({ ...from(APP), path: '/append' })
    const { messages, end } = replacements()
    await service.send({ ...from(EVIL), path: '/append' })
    end()
    await service.send({ ...from(APP), path: '/append' })
    expect(messages.map(brief)).toEqual([['actual', 'origin-refused']])
  })
})

describe('what is answered beside all middleware', () => {
  const sources: readonly (readonly [string, typeof POLICY | (() => Promise<typeof POLICY>)])[] = [
    ['options', POLICY],
    ['a delegate', async () => POLICY],
  ]

  it.each(sources)('is published once by a guard with %s', async (_title, source) => {
    // Later than any look-up of the table.
    const server = createServer((_request, response) => {
      setImmediate(() => response.end('ok'))
    })
    installGuard(server, source)
    const send = await serve(server)
    const { messages } = decisions()
    await send(from(APP))
    await send(from(EVIL))
    expect(messages.map(brief)).toEqual([
      ['actual', 'allowed'],
      ['actual', 'origin-refused'],
    ])
    expect(messages.every(({ request }) => request instanceof IncomingMessage)).toBe(true)
  })

  it('is published by a guard where Node asks no listener', async () => {
    const server = createServer((_request, response) => response.end('ok'))
    installGuard(server, POLICY)
    const send = await serve(server)
    const { messages } = decisions()
    const answer = await send({ ...from(APP, ['Expect', 'nothing']) })
    expect(answer.status).toBe(417)
    expect(messages.map(brief)).toEqual([['actual', 'allowed']])
  })

  it("is published by a guard for Node's replies to broken requests", async () => {
    const server = createServer((_request, response) => response.end('ok'))
    installGuard(server, POLICY)
    const send = await serve(server)
    const { messages } = decisions()
    const reply = await sendBytes(send.port, `GET / HTTP/1.1\r\nOrigin: ${APP}\r\nbroken\r\n\r\n`)
    expect(reply).toMatch(/^HTTP\/1\.1 400 /)
    expect(messages.map(brief)).toEqual([['actual', 'allowed']])
  })

  it.each(sources)(
    'is not published again where middleware has decided, with %s',
    async (_title, source) => {
      const server = createServer(
        withCors({ origin: '*' }, (_request, response) => {
          setImmediate(() => response.end('ok'))
        }),
      )
      installGuard(server, source)
      const send = await serve(server)
      const { messages } = decisions()
      await send(from(EVIL))
      expect(messages.map(brief)).toEqual([['actual', 'allowed']])
    },
  )

  it('tells what a second layer had set', async () => {
    const server = createServer((_request, response) => {
      response.setHeader('Access-Control-Allow-Origin', OTHER)
      response.end('ok')
    })
    installGuard(server, POLICY)
    const send = await serve(server)
    const { messages } = replacements()
    await send(from(APP))
    expect(messages.map(({ replaced }) => replaced)).toEqual([
      [{ name: 'access-control-allow-origin', values: [OTHER], sent: APP }],
    ])
  })

  it("is published once for a bad URL, which no hook of Fastify's sees", async () => {
    const app = Fastify()
    await app.register(fastifyCors, POLICY)
    await app.ready()
    const port = await listen(app.server)
    onTestFinished(() => close(app.server))
    const { messages } = decisions()
    const answer = await sendHttp1(port, { ...from(APP), path: '/%' })
    expect(answer.status).toBe(400)
    expect(messages.map(brief)).toEqual([['actual', 'allowed']])
    // There is no request of the framework yet.
    expect(messages[0]?.request).toBeInstanceOf(IncomingMessage)
  })
})
