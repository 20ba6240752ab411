/** Checks that are data: options that crossgate refuses, and requests with the whole of their answers. */

import type { CorsIssueCode, OriginCallback } from 'crossgate'
import type { Source } from '../../adapters/harness.ts'
import { from, preflight } from '../../adapters/serving.ts'
import type { WireRequest } from '../../adapters/wire.ts'
import { APP, EVIL, PARTNER } from '../../tables/exchanges.ts'
import type { CorsLines } from '../path.ts'

interface Refusal {
  /** As somebody wrote it: wrong. */
  readonly options: unknown
  readonly issues: readonly (readonly [code: CorsIssueCode, ...path: (string | number)[]])[]
}

/** No server starts with these options. */
export const REFUSALS = {
  'any origin with credentials': {
    options: { origin: '*', credentials: true },
    issues: [['credentials.any-origin', 'origin']],
  },
  'any origin in a list, with credentials': {
    options: { origin: ['*', APP], credentials: true },
    issues: [['credentials.any-origin', 'origin', 0]],
  },
  'origin: true with credentials': {
    options: { origin: true, credentials: true },
    issues: [['origin.reflect-any', 'origin']],
  },
  'the origin null with credentials': {
    options: { origin: 'null', credentials: true, dangerouslyAllow: ['null-origin'] },
    issues: [['credentials.null-origin', 'origin']],
  },
  'an expression without anchors': {
    options: { origin: /example\.com/ },
    issues: [['origin.regexp-unanchored', 'origin']],
  },
  'junk in a list of origins': {
    options: { origin: [APP, {}, () => false, true, 7] },
    issues: [
      ['origin.type', 'origin', 1],
      ['origin.type', 'origin', 2],
      ['origin.type', 'origin', 3],
      ['origin.type', 'origin', 4],
    ],
  },
  'a misspelt option': {
    options: { orgin: APP, credentials: true },
    issues: [
      ['option.unknown', 'orgin'],
      ['origin.missing', 'origin'],
    ],
  },
  'no origin': {
    options: {},
    issues: [['origin.missing', 'origin']],
  },
  'an undefined origin': {
    options: { origin: undefined },
    issues: [['origin.missing', 'origin']],
  },
  'an empty origin': {
    options: { origin: '' },
    issues: [['origin.empty', 'origin']],
  },
  'origins that no browser sends': {
    options: {
      origin: [`${APP}/`, 'https://APP.example.com', `${APP}:443`, 'https://t\u00fcv.example'],
    },
    issues: [
      ['origin.trailing-slash', 'origin', 0],
      ['origin.uppercase', 'origin', 1],
      ['origin.default-port', 'origin', 2],
      ['origin.not-ascii', 'origin', 3],
    ],
  },
  'an origin that is no header value': {
    options: { origin: `${APP}\r\n` },
    issues: [['origin.whitespace', 'origin']],
  },
  'a host without a scheme': {
    options: { origin: 'app.example.com' },
    issues: [['origin.scheme-missing', 'origin']],
  },
  'a maxAge that is no number': {
    options: { origin: APP, maxAge: Number.NaN },
    issues: [['option.range', 'maxAge']],
  },
} as const satisfies Record<string, Refusal>

/** Sent in order to one server, which answers GET / and OPTIONS /own, and GET /slow after a while. */
interface Step {
  readonly ask: WireRequest
  readonly status: number
  /** All CORS fields and `Vary`: these, each once, and nothing more. */
  readonly lines: CorsLines
  readonly ran: boolean
}

interface Exchange {
  readonly source: Source
  readonly steps: readonly Step[]
}

const ANYBODY = { 'access-control-allow-origin': '*' }
const VARY = { vary: 'Origin' }
const ALLOWED = { 'access-control-allow-origin': APP, vary: 'Origin' }
const METHODS = { 'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE' }
const GRANTED = { ...ALLOWED, ...METHODS, 'access-control-allow-headers': '*,authorization' }
const WITH_CREDENTIALS = { ...ALLOWED, 'access-control-allow-credentials': 'true' }
/** With credentials, what is asked for is echoed, or nothing is. */
const ECHOED = {
  ...WITH_CREDENTIALS,
  ...METHODS,
  vary: 'Origin, Access-Control-Request-Headers',
}

const allowed: Step = { ask: from(APP), status: 200, lines: ALLOWED, ran: true }
const refused: Step = { ask: from(EVIL), status: 200, lines: VARY, ran: true }
const withoutOrigin: Step = { ask: {}, status: 200, lines: VARY, ran: true }
const failed: Step = { ask: from(APP), status: 500, lines: VARY, ran: false }
const granted: Step = { ask: preflight(APP), status: 204, lines: GRANTED, ran: false }
const denied: Step = { ask: preflight(EVIL), status: 403, lines: VARY, ran: false }
/** A preflight whose look-up failed: the error goes the framework's own way. */
const notDecided: Step = { ask: preflight(APP), status: 403, lines: VARY, ran: false }

/** Says yes in both ways, since some libraries wait for the one or the other. */
function anybody(_origin: string, callback: OriginCallback): boolean {
  callback(null, true)
  return true
}

function asking(names: string): WireRequest {
  const { headers = [], ...rest } = preflight(APP)
  return { ...rest, headers: [...headers, ['Access-Control-Request-Headers', names]] }
}

export const EXCHANGES = {
  "'*'": {
    source: { origin: '*' },
    steps: [
      { ...allowed, lines: ANYBODY },
      { ...withoutOrigin, lines: ANYBODY },
    ],
  },
  'two origins in a list': {
    source: { origin: [APP, PARTNER], credentials: true },
    steps: [
      { ...allowed, lines: WITH_CREDENTIALS },
      {
        ...allowed,
        ask: from(PARTNER),
        lines: { ...WITH_CREDENTIALS, 'access-control-allow-origin': PARTNER },
      },
      refused,
      withoutOrigin,
    ],
  },
  'a list of one origin': {
    source: { origin: [APP] },
    steps: [allowed, refused, withoutOrigin, granted, denied],
  },
  'origin: false': {
    source: { origin: false, credentials: true },
    steps: [
      { ...refused, lines: {} },
      { ...withoutOrigin, lines: {} },
      { ...denied, lines: {} },
    ],
  },
  'an OPTIONS that asks for a method, without Origin': {
    source: { origin: '*' },
    steps: [
      {
        ask: {
          method: 'OPTIONS',
          path: '/own',
          headers: [['Access-Control-Request-Method', 'PUT']],
        },
        status: 200,
        lines: ANYBODY,
        ran: true,
      },
    ],
  },
  'the origin null': {
    source: { origin: anybody, credentials: true },
    steps: [
      { ...refused, ask: from('null') },
      { ...allowed, lines: WITH_CREDENTIALS },
    ],
  },
  'names of Object.prototype as an origin': {
    source: { origin: [APP, PARTNER] },
    steps: ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((name) => ({
      ...refused,
      ask: from(name),
    })),
  },
  'two Origin headers': {
    source: { origin: anybody },
    steps: [
      { ...refused, ask: from(APP, ['Origin', APP]) },
      { ...refused, ask: from(`${APP}, ${APP}`) },
    ],
  },
  'an expression with g': {
    source: { origin: /^https:\/\/app\.example\.com$/g },
    steps: [allowed, allowed, refused, allowed, allowed],
  },

  'requested headers of 12 kB': {
    source: { origin: APP, credentials: true },
    steps: [
      {
        ...granted,
        ask: asking(Array.from({ length: 1_500 }, (_, index) => `x-${index}`).join(',')),
        lines: ECHOED,
      },
    ],
  },
  'requested headers that are no tokens': {
    source: { origin: APP, credentials: true },
    steps: ['x-a;b', 'x-a, <script>', 'x a'].map((names) => ({
      ...granted,
      ask: asking(names),
      lines: ECHOED,
    })),
  },
  'requested headers that are granted': {
    source: { origin: APP, credentials: true },
    steps: [
      {
        ...granted,
        ask: asking('x-b, X-A'),
        lines: { ...ECHOED, 'access-control-allow-headers': 'x-a,x-b' },
      },
    ],
  },
  'no allowed headers': {
    source: { origin: APP, allowedHeaders: '' },
    steps: [{ ...granted, ask: asking('x-a'), lines: { ...ALLOWED, ...METHODS } }],
  },
  'options that are undefined': {
    source: { origin: APP, methods: undefined, allowedHeaders: undefined, maxAge: undefined },
    steps: [granted],
  },
  'maxAge: 0': {
    source: { origin: APP, maxAge: 0 },
    steps: [{ ...granted, lines: { ...GRANTED, 'access-control-max-age': '0' } }],
  },

  'an origin function that throws': {
    source: {
      origin: () => {
        throw new Error('thrown')
      },
    },
    steps: [failed, notDecided],
  },
  'an origin function that rejects': {
    source: {
      origin: async () => {
        throw new Error('rejected')
      },
    },
    steps: [failed, notDecided],
  },
  'an origin function that resolves': {
    source: { origin: async (origin) => origin === APP },
    steps: [allowed, refused, withoutOrigin, granted, denied],
  },
  'an origin function that returns true': {
    source: { origin: () => true },
    steps: [allowed, withoutOrigin, granted],
  },
  'an origin function that resolves and calls back': {
    source: {
      origin: async (origin, callback) => {
        callback(null, origin === APP)
      },
    },
    steps: [
      { ...allowed, ask: { ...from(APP), path: '/slow' } },
      { ...refused, ask: { ...from(EVIL), path: '/slow' } },
    ],
  },
  'an origin function that calls back an error': {
    source: { origin: (_origin, callback) => callback(new Error('Not allowed by CORS')) },
    steps: [failed, notDecided],
  },
  'an origin function that calls back false': {
    source: { origin: (origin, callback) => callback(null, origin === APP) },
    steps: [refused, denied, allowed, granted],
  },
  'an origin function that keeps silent': {
    source: { origin: () => new Promise<boolean>(() => {}), timeout: 20 },
    steps: [failed, notDecided],
  },
  'an origin function that fails without an Origin': {
    source: { origin: (origin) => new URL(origin).hostname === 'app.example.com' },
    steps: [withoutOrigin, allowed, refused],
  },
  'an asynchronous delegate of one parameter': {
    source: async () => ({ origin: APP }),
    steps: [allowed, refused, withoutOrigin, granted, denied],
  },
  'a delegate that yields nobody': {
    source: (_request, callback) => callback(null, { origin: false }),
    steps: [refused, withoutOrigin, denied],
  },
} as const satisfies Record<string, Exchange>

export type RefusalName = keyof typeof REFUSALS
export type ExchangeName = keyof typeof EXCHANGES
