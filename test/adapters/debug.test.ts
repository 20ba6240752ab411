/** What a policy with `debug` sends besides, by every adapter: to preflights that are not granted. */

import { describe, expect, it, onTestFinished } from 'vitest'
import { APP, EVIL } from '../tables/exchanges.ts'
import { APPLICATION } from './application.ts'
import { failOnUnhandledRejections, type Harness, type Source } from './harness.ts'
import * as harnesses from './harnesses.ts'
import { from, preflight } from './serving.ts'
import type { WireRequest } from './wire.ts'

failOnUnhandledRejections()

const POLICY = { origin: APP, methods: ['PUT'], allowedHeaders: ['X-A'], debug: true }
const FAILING = {
  origin: async (): Promise<boolean> => {
    throw new Error('the store\r\nis away')
  },
  debug: true,
}

/** The fields of an answer from the application, by lower-case name. */
type FieldsOf = Readonly<Record<string, string>>

const ORIGIN = { 'access-control-allow-origin': APP, vary: 'Origin' }
const LISTS = {
  ...ORIGIN,
  'access-control-allow-methods': 'PUT',
  'access-control-allow-headers': 'x-a',
}
const EXPLAINED = { 'content-type': 'text/plain; charset=utf-8', vary: 'Origin' }

const asksFor = (header: string): WireRequest => {
  const { headers = [], ...request } = preflight(APP)
  return { ...request, headers: [...headers, ['Access-Control-Request-Headers', header]] }
}

interface Refusal {
  readonly title: string
  readonly source: Source
  readonly request: WireRequest
  readonly status: number
  readonly fields: FieldsOf
  /** The lines of the body. */
  readonly body: readonly string[]
}

const PREFLIGHT =
  "ok   request 'OPTIONS' OPTIONS with Origin and Access-Control-Request-Method: a preflight"
const ENDS = 'FAIL answer  ends here with 403; vary: Origin'

const REFUSALS: readonly Refusal[] = [
  {
    title: 'another origin',
    source: POLICY,
    request: preflight('https://x.app.example.com'),
    status: 403,
    fields: {
      ...EXPLAINED,
      'crossgate-refusal':
        "origin-refused: 'https://x.app.example.com' is not allowed: 'https://app.example.com' differs in the host: the origin has a label more",
    },
    body: [
      PREFLIGHT,
      "FAIL origin  'https://x.app.example.com' is not allowed: 'https://app.example.com' differs in the host: the origin has a label more",
      ENDS,
    ],
  },
  {
    title: 'another method',
    source: POLICY,
    request: preflight(APP, 'PURGE'),
    status: 204,
    fields: { ...LISTS, 'crossgate-refusal': "method-refused: 'PURGE' is not in the list: PUT" },
    body: [],
  },
  {
    title: 'another header',
    source: POLICY,
    request: asksFor('x-a,x-b'),
    status: 204,
    fields: { ...LISTS, 'crossgate-refusal': "header-refused: 'x-b' not in the list: x-a" },
    body: [],
  },
  {
    title: 'a look-up that fails',
    source: FAILING,
    request: preflight(APP),
    status: 403,
    fields: {
      ...EXPLAINED,
      'crossgate-refusal': `source-failed: '${APP}': 'the store\\u000d\\u000ais away'`,
    },
    body: [PREFLIGHT, `FAIL origin  '${APP}': 'the store\\u000d\\u000ais away'`, ENDS],
  },
  {
    title: "another method, by a delegate's policy",
    source: async () => POLICY,
    request: preflight(APP, 'PURGE'),
    status: 204,
    fields: { ...LISTS, 'crossgate-refusal': "method-refused: 'PURGE' is not in the list: PUT" },
    body: [],
  },
]

interface Silence {
  readonly title: string
  readonly source: Source
  readonly request: WireRequest
  readonly status: number
  readonly fields: FieldsOf
}

const OFF = { ...POLICY, debug: false }
const REFUSED = { vary: 'Origin' }

const SILENCES: readonly Silence[] = [
  {
    title: 'a preflight that is granted',
    source: POLICY,
    request: asksFor('x-a'),
    status: 204,
    fields: LISTS,
  },
  {
    title: 'a refused preflight without debug',
    source: OFF,
    request: preflight(EVIL),
    status: 403,
    fields: REFUSED,
  },
  {
    title: 'a preflight for another method without debug',
    source: OFF,
    request: preflight(APP, 'PURGE'),
    status: 204,
    fields: LISTS,
  },
  {
    title: 'a look-up that fails without debug',
    source: { ...FAILING, debug: false },
    request: preflight(APP),
    status: 403,
    fields: REFUSED,
  },
  {
    title: 'a delegate that fails, so that there is no policy',
    source: {
      delegator: async () => {
        throw new Error('the store is away')
      },
    },
    request: preflight(APP),
    status: 403,
    fields: REFUSED,
  },
  {
    title: 'a request that is rejected',
    source: { ...POLICY, onDisallowed: 'reject' },
    request: { ...from(EVIL), method: 'POST', path: '/echo' },
    status: 403,
    fields: REFUSED,
  },
]

/** The same for answers of the application, which have fields of their own besides. */
const APPLICATION_ANSWERS: readonly (readonly [string, Source, WireRequest, FieldsOf])[] = [
  ['a refused GET', POLICY, from(EVIL), REFUSED],
  ['an allowed GET', POLICY, from(APP), ORIGIN],
  ['a GET without Origin', POLICY, {}, REFUSED],
  [
    'a preflight that the application answers',
    { ...POLICY, preflightContinue: true },
    { ...preflight(EVIL), path: '/own' },
    REFUSED,
  ],
]

async function answerOf(harness: Harness, source: Source, request: WireRequest) {
  const service = await harness.serve(source, APPLICATION)
  onTestFinished(() => service.close())
  const { status, body, headers } = await service.send(request)
  return { status, body, headers }
}

/** Every field but those of the connection and the length, in which protocols and frameworks differ. */
function fieldsOf(headers: FieldsOf): FieldsOf {
  const { date: _, connection: __, 'content-length': ___, 'keep-alive': ____, ...fields } = headers
  return fields
}

describe.each(Object.values(harnesses))('with debug, $name', (harness) => {
  it.each(REFUSALS)('tells why for $title', async ({ source, request, ...expected }) => {
    const { status, headers, body } = await answerOf(harness, source, request)
    expect(fieldsOf(headers)).toEqual(expected.fields)
    expect(status).toBe(expected.status)
    expect(body).toBe(expected.body.map((line) => `${line}\n`).join(''))
  })

  it.each(SILENCES)('tells nothing for $title', async ({ source, request, ...expected }) => {
    const { status, headers, body } = await answerOf(harness, source, request)
    expect(fieldsOf(headers)).toEqual(expected.fields)
    expect(status).toBe(expected.status)
    expect(body).toBe('')
  })

  it.each(APPLICATION_ANSWERS)(
    'tells nothing for %s',
    async (_title, source, request, expected) => {
      const { status, headers } = await answerOf(harness, source, request)
      const isOurs = ([name]: [string, string]) => /^(access-control-|crossgate-|vary$)/.test(name)
      expect(Object.fromEntries(Object.entries(headers).filter(isOurs))).toEqual(expected)
      expect(status).toBe(200)
    },
  )

  it('cuts what is long, and escapes what no field may hold', async () => {
    // Node reads a field as latin1, so that a client can send every byte of it.
    const origin = `https://\u00fc\u0080${'x'.repeat(4_000)}.test`
    const { status, headers, body } = await answerOf(harness, POLICY, preflight(origin))
    expect(status).toBe(403)
    const refusal = headers['crossgate-refusal'] ?? ''
    expect(refusal).toMatch(/^origin-refused: 'https:\/\/\\u00[\x20-\x7e]*$/)
    expect(refusal.length).toBeLessThanOrEqual(500)
    expect(body).toMatch(/^[\n\x20-\x7e]{1,1000}$/)
  })

  it('cuts the lists of a policy', async () => {
    const methods = Array.from({ length: 200 }, (_, index) => `METHOD-${index}`)
    const { headers } = await answerOf(harness, { ...POLICY, methods }, preflight(APP, 'PURGE'))
    const [refusal, end] = [headers['crossgate-refusal'] ?? '', '...']
    expect(refusal).toMatch(/^method-refused: 'PURGE' is not in the list: METHOD-0, METHOD-1, /)
    expect(refusal.endsWith(end)).toBe(true)
    expect(refusal).toHaveLength(500 + end.length)
  })
})
