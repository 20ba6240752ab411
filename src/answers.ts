/**
 * The decisions that a policy can give, each made once: those that are the same for everybody with the
 * policy, those for allowed origins when they are first needed.
 *
 * Which of them a request gets is `decide.ts`; what is in them is here.
 */

import type { CorsDecision, CorsKind, CorsOutcome } from './decision.ts'
import { isOptions, kindOf, type RequestFacts } from './facts.ts'
import {
  echoedFields,
  echoesHeaders,
  echoesMethod,
  exposingFields,
  fixedPreflightFields,
  noHeaders,
  readable,
  sharing,
  type TextField,
} from './fields.ts'
import { generations } from './generations.ts'
import { ORIGIN } from './http/names.ts'
import { ECHOING_ORIGINS, findEcho, type KeptEcho, keepEcho } from './kept-echoes.ts'
import type { NormalizedOptions } from './options.ts'
import { share, shareable } from './slot.ts'

/** Spelt as in the standards, since these are values, not names of our own fields. */
export const VARY_ORIGIN = 'Origin'
const VARY_METHOD = 'Access-Control-Request-Method'
const VARY_HEADERS = 'Access-Control-Request-Headers'

const FORBIDDEN = 403

/** What an allowed origin may be told about its preflight. */
type AllowedOutcome = 'allowed' | 'method-refused' | 'header-refused'

/** An allowed origin, with the answers that it got so far. */
export interface AllowedOrigin {
  /** The value of `Access-Control-Allow-Origin`: the matched origin, or `*`. */
  readonly allowOrigin: string
  /** Whether the answers are given again. */
  isKept: boolean
  actual: CorsDecision | undefined
  actualOptions: CorsDecision | undefined
  readonly preflights: Record<AllowedOutcome, CorsDecision | undefined>
}

export function allowedOrigin(allowOrigin: string): AllowedOrigin {
  return {
    allowOrigin,
    isKept: false,
    actual: undefined,
    actualOptions: undefined,
    preflights: { allowed: undefined, 'method-refused': undefined, 'header-refused': undefined },
  }
}

/** The answers to requests from an allowed origin, each made when it is first needed. */
export interface AllowedAnswers {
  readonly actual: (origin: AllowedOrigin) => CorsDecision
  readonly actualOptions: (origin: AllowedOrigin) => CorsDecision
  /** The answer to a preflight, whether or not it grants all that was asked for. */
  readonly preflight: (
    origin: AllowedOrigin,
    outcome: AllowedOutcome,
    requestMethod: string,
    requestHeaders: string | undefined,
  ) => CorsDecision
}

/** The answers to requests from nobody in particular, and from refused origins. */
export interface CommonAnswers {
  readonly plain: CorsDecision
  readonly plainOptions: CorsDecision
  readonly refused: CorsDecision
  readonly refusedOptions: CorsDecision
  readonly rejected: CorsDecision
  readonly rejectedOptions: CorsDecision
  readonly refusedPreflight: CorsDecision
}

/** What the answers of a policy vary on: all of them, those to OPTIONS, those to allowed preflights. */
export interface Variance {
  readonly all: readonly string[]
  readonly options: readonly string[]
  readonly preflight: readonly string[]
}

/**
 * @param behindSource Whether another request may meet another policy, so that even a constant
 * answer depends on who asks.
 */
export function varianceOf(options: NormalizedOptions, behindSource: boolean): Variance {
  const { origin, onDisallowed, vary = [], cacheControl } = options
  // `false` refuses everybody alike, except that it rejects only requests that carry an Origin.
  const constant = origin === '*' || (origin === false && onDisallowed === 'omit')
  const sourced = behindSource && options.vary?.length !== 0
  const all = [
    ...(constant && !sourced && !vary.includes(ORIGIN) ? [] : [VARY_ORIGIN]),
    ...vary.filter((name) => name !== ORIGIN),
  ]
  const cached = cacheControl !== undefined
  const echoed = [
    ...(cached || echoesMethod(options) ? [VARY_METHOD] : []),
    ...(cached || echoesHeaders(options) ? [VARY_HEADERS] : []),
  ].filter((name) => !vary.includes(name.toLowerCase()))
  return {
    all: Object.freeze(all),
    options: Object.freeze(cached ? [...all, ...echoed] : all),
    preflight: Object.freeze([...all, ...echoed]),
  }
}

export function commonAnswers(options: NormalizedOptions, variance: Variance): CommonAnswers {
  const none = Object.freeze(noHeaders())
  const anyOrigin = options.origin === '*'
  const plainHeaders = anyOrigin ? sharing(options, '*', exposingFields(options)) : none
  const plainOutcome = anyOrigin ? 'allowed' : 'no-origin'
  const { all, options: onOptions } = variance
  const plain = (vary: readonly string[]): CorsDecision =>
    share(decision('plain', plainOutcome, undefined, plainHeaders, vary))
  const refused = (
    kind: CorsKind,
    status: number | undefined,
    vary: readonly string[],
  ): CorsDecision => share(decision(kind, 'origin-refused', status, none, vary))
  return {
    plain: plain(all),
    plainOptions: plain(onOptions),
    refused: refused('actual', undefined, all),
    refusedOptions: refused('actual', undefined, onOptions),
    rejected: refused('actual', FORBIDDEN, all),
    rejectedOptions: refused('actual', FORBIDDEN, onOptions),
    refusedPreflight: refused(
      'preflight',
      options.preflightContinue ? undefined : FORBIDDEN,
      onOptions,
    ),
  }
}

export function allowedAnswers(options: NormalizedOptions, variance: Variance): AllowedAnswers {
  const actualFields = exposingFields(options)
  const preflightFields = fixedPreflightFields(options)
  const isEchoing = echoesMethod(options) || echoesHeaders(options)
  const echoes = generations<AllowedOrigin, KeptEcho[]>(ECHOING_ORIGINS)
  const status = options.preflightContinue ? undefined : options.optionsSuccessStatus

  const actual = (origin: AllowedOrigin, vary: readonly string[]): CorsDecision =>
    madeFor(
      origin,
      decision(
        'actual',
        'allowed',
        undefined,
        sharing(options, origin.allowOrigin, actualFields),
        vary,
      ),
    )
  const preflight = (
    origin: AllowedOrigin,
    outcome: AllowedOutcome,
    fields: readonly TextField[],
  ): CorsDecision =>
    decision(
      'preflight',
      outcome,
      status,
      sharing(options, origin.allowOrigin, fields),
      variance.preflight,
    )

  const echo = (
    origin: AllowedOrigin,
    outcome: AllowedOutcome,
    method: string,
    headers: string,
  ): CorsDecision => {
    const kept = echoes.find(origin)
    const found = kept && findEcho(kept, outcome, method, headers)
    if (found !== undefined) return share(found)
    const decision = preflight(origin, outcome, [
      ...preflightFields,
      ...echoedFields(method, headers),
    ])
    const keeping = kept ?? []
    keepEcho(keeping, { outcome, method, headers, decision })
    if (kept === undefined && keeping.length > 0) echoes.put(origin, keeping)
    return decision
  }

  return {
    actual: (origin) => {
      origin.actual ??= actual(origin, variance.all)
      return origin.actual
    },
    actualOptions: (origin) => {
      origin.actualOptions ??= actual(origin, variance.options)
      return origin.actualOptions
    },
    preflight: (origin, outcome, requestMethod, requestHeaders) => {
      if (isEchoing) {
        const method = echoesMethod(options) ? requestMethod : ''
        const headers = echoesHeaders(options) ? readable(requestHeaders) : ''
        return echo(origin, outcome, method, headers)
      }
      const { preflights } = origin
      preflights[outcome] ??= madeFor(origin, preflight(origin, outcome, preflightFields))
      return preflights[outcome]
    },
  }
}

/** The answer where the look-up of a policy or of an origin failed: that of a refused origin. */
export function failedAnswer(kind: CorsKind, vary: readonly string[], error: Error): CorsDecision {
  const status = kind === 'preflight' ? FORBIDDEN : undefined
  const headers = Object.freeze(noHeaders())
  return shareable({ kind, outcome: 'source-failed', status, headers, vary, error })
}

/** The same while a look-up takes time, for each kind of request. */
export function pendingAnswers(
  { all, options }: Pick<Variance, 'all' | 'options'>,
  error: Error,
): (facts: RequestFacts) => CorsDecision {
  const answer = (kind: CorsKind, vary: readonly string[]): CorsDecision =>
    share(failedAnswer(kind, vary, error))
  const others = { plain: answer('plain', all), actual: answer('actual', all) }
  const toOptions = {
    plain: answer('plain', options),
    actual: answer('actual', options),
    preflight: answer('preflight', options),
  }
  return (facts) => {
    const kind = kindOf(facts)
    return kind === 'preflight' || isOptions(facts) ? toOptions[kind] : others[kind]
  }
}

/** Keeps the answers to an origin that has come again. Most that come once do so to fill caches. */
export function keepAnswers(origin: AllowedOrigin): void {
  origin.isKept = true
  const { actual, actualOptions, preflights } = origin
  for (const made of [actual, actualOptions, ...Object.values(preflights)]) {
    if (made !== undefined) share(made)
  }
}

function madeFor(origin: AllowedOrigin, made: CorsDecision): CorsDecision {
  return origin.isKept ? share(made) : made
}

function decision(
  kind: CorsKind,
  outcome: CorsOutcome,
  status: number | undefined,
  headers: Readonly<Record<string, string>>,
  vary: readonly string[],
): CorsDecision {
  return shareable({ kind, outcome, status, headers, vary })
}
