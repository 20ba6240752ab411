/**
 * The decisions that a policy can give, built once.
 *
 * Which of them a request gets is `decide.ts`; what is in them is here. Only answers that echo what
 * was asked for ("any method" and "any header" with credentials) are built for one request.
 */

import type { CorsDecision, CorsKind, CorsOutcome } from './decision.ts'
import { requestedNames } from './http/lists.ts'
import {
  ALLOW_CREDENTIALS,
  ALLOW_HEADERS,
  ALLOW_METHODS,
  ALLOW_ORIGIN,
  CACHE_CONTROL,
  CONTENT_LENGTH,
  EXPOSE_HEADERS,
  MAX_AGE,
  ORIGIN,
} from './http/names.ts'
import { SAFELISTED_METHODS } from './http/safelists.ts'
import { isToken } from './http/token.ts'
import type { NormalizedOptions } from './options.ts'

/** Spelt as in the standards, since these are values, not names of our own fields. */
export const VARY_ORIGIN = 'Origin'
const VARY_METHOD = 'Access-Control-Request-Method'
const VARY_HEADERS = 'Access-Control-Request-Headers'

const FORBIDDEN = 403
const NO_CONTENT = 204
/** The longest registered method has 17 letters. */
const LONGEST_ECHOED_METHOD = 64
const ALWAYS_ALLOWED = [...SAFELISTED_METHODS].join(',')

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
  const plainHeaders = anyOrigin
    ? sharing(options, allowedOrigin('*'), exposingFields(options))
    : none
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
  const echoes = echoesMethod(options) || echoesHeaders(options)
  const status = options.preflightContinue ? undefined : options.optionsSuccessStatus

  const actual = (origin: AllowedOrigin, vary: readonly string[]): CorsDecision =>
    madeFor(
      origin,
      decision('actual', 'allowed', undefined, sharing(options, origin, actualFields), vary),
    )
  const preflight = (
    origin: AllowedOrigin,
    outcome: AllowedOutcome,
    fields: readonly TextField[],
  ): CorsDecision =>
    decision('preflight', outcome, status, sharing(options, origin, fields), variance.preflight)

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
      if (echoes) {
        const echoed = echoedFields(options, requestMethod, requestHeaders)
        return preflight(origin, outcome, [...preflightFields, ...echoed])
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
  const failed = {
    kind,
    outcome: 'source-failed',
    status,
    headers: Object.freeze(noHeaders()),
    vary,
    error,
  } as const
  return Object.freeze(failed)
}

/** "Any method" cannot be said with `*` once there are credentials, so the method is echoed. */
function echoesMethod({ credentials, methods }: NormalizedOptions): boolean {
  return credentials && methods === '*'
}

/** The same for "any header". */
export function echoesHeaders({ credentials, allowedHeaders }: NormalizedOptions): boolean {
  return credentials && allowedHeaders === '*'
}

/** Whether a method may be echoed: what is no token never reaches a response. */
export function isEchoableMethod(method: string): boolean {
  return method.length <= LONGEST_ECHOED_METHOD && isToken(method)
}

/** A field of a response. Of two with the same name the later one counts. */
type TextField = readonly [name: string, value: string]

/** What a response from an allowed origin shows to its page. */
function exposingFields({ exposedHeaders }: NormalizedOptions): readonly TextField[] {
  return exposedHeaders.length === 0 ? [] : [[EXPOSE_HEADERS, joined(exposedHeaders)]]
}

/** Everything of a preflight's answer that names neither the origin nor what was asked for. */
function fixedPreflightFields(options: NormalizedOptions): readonly TextField[] {
  const { maxAge, cacheControl, optionsSuccessStatus, preflightContinue } = options
  const allowHeaders = fixedAllowHeaders(options)
  const answers = !preflightContinue
  const fields: TextField[] = [[ALLOW_METHODS, fixedAllowMethods(options)]]
  if (allowHeaders !== '') fields.push([ALLOW_HEADERS, allowHeaders])
  if (maxAge !== undefined) fields.push([MAX_AGE, String(maxAge)])
  if (answers && cacheControl !== undefined) fields.push([CACHE_CONTROL, cacheControl])
  // RFC 9110, 8.6: a 204 has no Content-Length.
  if (answers && optionsSuccessStatus !== NO_CONTENT) fields.push([CONTENT_LENGTH, '0'])
  return fields
}

/**
 * The field is always there: to a browser that asks in any case, for a body that is a stream, an absent
 * one grants whatever it asked for (CORS-preflight fetch, "methods is null").
 */
function fixedAllowMethods(options: NormalizedOptions): string {
  const { methods } = options
  return methods.length === 0 || echoesMethod(options) ? ALWAYS_ALLOWED : joined(methods)
}

function fixedAllowHeaders(options: NormalizedOptions): string {
  if (options.allowedHeaders !== '*') return joined(options.allowedHeaders)
  // The Fetch standard's `*` does not cover Authorization.
  return options.credentials ? '' : '*,authorization'
}

function echoedFields(
  options: NormalizedOptions,
  requestMethod: string,
  requestHeaders: string | undefined,
): readonly TextField[] {
  const fields: TextField[] = []
  if (echoesMethod(options) && isEchoableMethod(requestMethod)) {
    fields.push([ALLOW_METHODS, requestMethod])
  }
  const names = echoesHeaders(options) ? (requestedNames(requestHeaders ?? '') ?? []) : []
  if (names.length > 0) fields.push([ALLOW_HEADERS, joined(names)])
  return fields
}

function joined(names: '*' | readonly string[]): string {
  return names === '*' ? names : names.join(',')
}

/** The fields with which a response is shared with an origin. */
function sharing(
  { credentials }: NormalizedOptions,
  { allowOrigin }: AllowedOrigin,
  fields: readonly TextField[],
): Readonly<Record<string, string>> {
  const headers = noHeaders()
  headers[ALLOW_ORIGIN] = allowOrigin
  if (credentials) headers[ALLOW_CREDENTIALS] = 'true'
  for (const [name, value] of fields) headers[name] = value
  return Object.freeze(headers)
}

/** Without a prototype, so that nothing but the policy's own fields can ever be read from it. */
function noHeaders(): Record<string, string> {
  return Object.create(null) as Record<string, string>
}

/**
 * Decisions that are shared between requests, so that it pays to keep something beside them. Only a
 * hint: a copy of crossgate does not know the decisions of another.
 */
const shared = new WeakSet<CorsDecision>()

/**
 * Whether a decision is given to more than one request, so that an adapter may keep precomputed forms
 * of it, in a `WeakMap`. Others are made for one request.
 */
export function isSharedDecision(decision: CorsDecision): boolean {
  return shared.has(decision)
}

function share(made: CorsDecision): CorsDecision {
  shared.add(made)
  return made
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
  return Object.freeze({ kind, outcome, status, headers, vary })
}
