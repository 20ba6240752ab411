/** What every adapter has to do, whatever the framework. */

import type { CorsDecision, ReplacedField } from 'crossgate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { APP, EVIL, EXCHANGES, type Exchange, type Framework, SELF } from '../tables/exchanges.ts'
import { APPLICATION } from './application.ts'
import {
  type Answer,
  corsLines,
  expectedLines,
  failOnUnhandledRejections,
  type Harness,
  otherLines,
  type Service,
  type Source,
} from './harness.ts'
import { sourceOf } from './lookups.ts'

const OTHER = 'https://other.example'

export function describeAdapter(harness: Harness): void {
  describe(harness.name, () => {
    failOnUnhandledRejections()
    describeExchanges(harness)
    describeObserver(harness)
    describeReplacements(harness)
    describeLookups(harness)
  })
}

function describeExchanges(harness: Harness): void {
  const without = serviceDuring(() => harness.serve(undefined, APPLICATION))
  const policies = new Set(EXCHANGES.map(({ policy }) => policy))

  describe.each([...policies])('%s', (policy) => {
    const service = serviceDuring(() => harness.serve(sourceOf(policy), APPLICATION))
    const exchanges = EXCHANGES.filter(
      (exchange) => exchange.policy === policy && isPossible(exchange, harness),
    )

    it.each(named(exchanges))('%s', async (_title, { request, answer: expected }) => {
      const { errors } = service()
      const seen = errors.length
      const answer = await ask(service(), request)

      const { fields, vary = {} } = expected
      const own = vary[harness.name.split(' ')[0] as Framework]
      expect(corsLines(answer.rawHeaders)).toEqual(
        expectedLines(own === undefined ? fields : { ...fields, vary: own }),
      )
      expect(answer.status).toBe(expected.status)
      expect(answer.handlerRan).toBe(expected.handlerRan)
      expectBodyAndOthers(answer, expected)
      if (expected.error !== undefined) expect(errors.slice(seen)).toEqual([expected.error])
      else if (expected.by === 'crossgate') expect(errors.slice(seen)).toEqual([])
    })

    const answered = exchanges.filter(({ answer }) => isAnsweredByApp(answer, harness))
    if (answered.length === 0) return
    describe('apart from CORS as without crossgate', () => {
      it.each(named(answered))('%s', async (_title, { request }) => {
        const answer = await ask(service(), request)
        const bare = await ask(without(), request)
        expect(otherLines(answer.rawHeaders)).toEqual(otherLines(bare.rawHeaders))
        expect(answer.status).toBe(bare.status)
        expect(answer.body).toBe(bare.body)
      })
    })
  })
}

function named(exchanges: readonly Exchange[]): [string, Exchange][] {
  return exchanges.map((exchange) => [exchange.title, exchange])
}

function expectBodyAndOthers(answer: Answer, expected: Exchange['answer']): void {
  const { body, bodyPart, others = {} } = expected
  if (body !== undefined) expect(answer.body).toBe(body)
  if (bodyPart !== undefined) expect(answer.body).toContain(bodyPart)
  for (const [name, value] of Object.entries(others)) {
    expect([name, answer.headers[name]]).toEqual([name, value ?? undefined])
  }
}

function describeObserver(harness: Harness): void {
  const told: [CorsDecision, unknown][] = []
  const service = serviceDuring(() =>
    harness.serve(
      {
        origin: APP,
        onDecision: (decision, request) => {
          told.push([decision, request])
          throw new Error('an observer that fails')
        },
      },
      APPLICATION,
    ),
  )

  const cases: readonly [string, Exchange['request'], string, string][] = [
    ['an allowed GET', { headers: [['Origin', APP]] }, 'actual', 'allowed'],
    ['a refused GET', { headers: [['Origin', EVIL]] }, 'actual', 'origin-refused'],
    ['a GET without Origin', {}, 'plain', 'no-origin'],
    ['a 404', { path: '/missing', headers: [['Origin', APP]] }, 'actual', 'allowed'],
    ['a failing handler', { path: '/throw', headers: [['Origin', APP]] }, 'actual', 'allowed'],
    [
      'a preflight',
      {
        method: 'OPTIONS',
        headers: [
          ['Origin', APP],
          ['Access-Control-Request-Method', 'PUT'],
        ],
      },
      'preflight',
      'allowed',
    ],
    [
      'a preflight for a method that is not listed',
      {
        method: 'OPTIONS',
        headers: [
          ['Origin', APP],
          ['Access-Control-Request-Method', 'PURGE'],
        ],
      },
      'preflight',
      'method-refused',
    ],
  ]

  it.each(cases)('onDecision sees %s once', async (_title, request, kind, outcome) => {
    told.length = 0
    await ask(service(), request)
    expect(told.map(([decision]) => [decision.kind, decision.outcome])).toEqual([[kind, outcome]])
    expect(told.map(([, subject]) => harness.isOwnSubject(subject))).toEqual([true])
  })
}

/** Paths of the application, and what of their CORS fields has to give way. */
const REPLACEMENTS: readonly [path: string, replaced: readonly ReplacedField[]][] = [
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

function describeReplacements(harness: Harness): void {
  const told: [readonly ReplacedField[], unknown][] = []
  const onReplaced = (replaced: readonly ReplacedField[], request: unknown): void => {
    told.push([replaced, request])
    throw new Error('an observer that fails')
  }
  const options = { origin: APP, onReplaced }
  const sources: readonly [string, Source][] = [
    ['options', options],
    ['a delegate', async () => options],
    ['a delegator', { delegator: () => ({ origin: APP }), onReplaced }],
  ]

  describe.each(sources)('onReplaced of %s', (_title, source) => {
    const service = serviceDuring(() => harness.serve(source, APPLICATION))

    const seenBy = (fields: readonly ReplacedField[]): readonly ReplacedField[] =>
      harness.joinsLines === true ? fields.map(joined).sort(byName) : fields
    it.each(REPLACEMENTS)('sees what %s has to give up, once', async (path, replaced) => {
      told.length = 0
      const answer = await ask(service(), { path, headers: [['Origin', APP]] })
      expect(answer.status).toBe(200)
      const once = replaced.length === 0 ? [] : [replaced]
      expect(told.map(([fields]) => seenBy(fields))).toEqual(once.map(seenBy))
      expect(told.map(([, subject]) => harness.isOwnSubject(subject))).toEqual(once.map(() => true))
    })

    it('sees what is removed for a refused origin', async () => {
      told.length = 0
      await ask(service(), { path: '/append', headers: [['Origin', EVIL]] })
      const removed = [
        { name: 'access-control-allow-origin', values: [OTHER, '*'], sent: undefined },
      ]
      expect(told.map(([fields]) => seenBy(fields))).toEqual([seenBy(removed)])
    })
  })
}

/** `Headers` sorts, too. */
function byName(left: ReplacedField, right: ReplacedField): number {
  return left.name < right.name ? -1 : 1
}

function joined(field: ReplacedField): ReplacedField {
  return { ...field, values: [field.values.join(', ')] }
}

function describeLookups(harness: Harness): void {
  it('a delegate gets the request of the framework', async () => {
    const subjects: unknown[] = []
    const answer = await once(
      harness,
      (subject) => {
        subjects.push(subject)
        return { origin: '*' }
      },
      { headers: [['Origin', APP]] },
    )
    expect(subjects.map(harness.isOwnSubject)).toEqual([true])
    expect(answer.status).toBe(200)
  })

  it('a delegate with wrong options fails with every issue', async () => {
    const service = await harness.serve(sourceOf('delegate, with wrong options'), APPLICATION)
    try {
      const answer = await ask(service, { headers: [['Origin', APP]] })
      expect(answer.status).toBe(500)
      expect(answer.handlerRan).toBe(false)
      expect(corsLines(answer.rawHeaders)).toEqual([['vary', 'Origin']])
      expect(service.errors).toEqual([expect.stringContaining('#origintrailing-slash')])
    } finally {
      await service.close()
    }
  })

  it('onDecision of a delegator sees failures, with the error', async () => {
    const told: [string, string | undefined][] = []
    const answer = await once(
      harness,
      {
        delegator: async () => {
          throw new Error('the store is away')
        },
        onDecision: ({ outcome, error }) => {
          told.push([outcome, error?.message])
        },
      },
      { headers: [['Origin', APP]] },
    )
    expect(answer.status).toBe(500)
    expect(told).toEqual([['source-failed', 'the store is away']])
  })

  it('options that are wrong are refused at once', async () => {
    const wrong = { origin: `${APP}/`, maxAge: -1 } as Source
    await expect(harness.serve(wrong, APPLICATION)).rejects.toMatchObject({
      name: 'CorsConfigError',
      issues: [{ code: 'origin.trailing-slash' }, { code: 'option.range' }],
    })
  })
}

async function once(
  harness: Harness,
  source: Source,
  request: Exchange['request'],
): Promise<Answer> {
  const service = await harness.serve(source, APPLICATION)
  try {
    return await ask(service, request)
  } finally {
    await service.close()
  }
}

function ask(service: Service, request: Exchange['request']): Promise<Answer> {
  const headers = request.headers?.map(
    ([name, value]) => [name, value === SELF ? service.origin : value] as const,
  )
  return service.send({ ...request, headers })
}

/** A service that runs during the tests of a block. */
function serviceDuring(serve: () => Promise<Service>): () => Service {
  let service: Service | undefined
  beforeAll(async () => {
    service = await serve()
  })
  afterAll(() => service?.close())
  return () => service as Service
}

function isPossible({ needs }: Exchange, harness: Harness): boolean {
  if (needs === 'bodies') return harness.parsesBodies
  if (needs === 'lists') return harness.takesLists
  return needs === undefined || needs === harness.protocol
}

/** Without crossgate nobody answers for a handler that fails, where there is no framework. */
function isAnsweredByApp({ by, error }: Exchange['answer'], harness: Harness): boolean {
  return by === 'app' || (by === 'framework' && error === 'thrown' && harness.answersErrors)
}
