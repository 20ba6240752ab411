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

/** The answers to requests from one allowed origin, or from any. */
export interface AllowedAnswers {
  readonly actual: CorsDecision
  readonly actualOptions: CorsDecision
  /** The answer to a preflight, whether or not it grants all that was asked for. */
  readonly preflight: (
    outcome: 'allowed' | 'method-refused' | 'header-refused',
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
  const anyOrigin = options.origin === '*'
  const plainHeaders = anyOrigin ? actualHeaders(options, '*') : record({})
  const plainOutcome = anyOrigin ? 'allowed' : 'no-origin'
  const none = record({})
  const { all, options: onOptions } = variance
  const refusedStatus = options.preflightContinue ? undefined : FORBIDDEN
  return {
    plain: decision('plain', plainOutcome, undefined, plainHeaders, all),
    plainOptions: decision('plain', plainOutcome, undefined, plainHeaders, onOptions),
    refused: decision('actual', 'origin-refused', undefined, none, all),
    refusedOptions: decision('actual', 'origin-refused', undefined, none, onOptions),
    rejected: decision('actual', 'origin-refused', FORBIDDEN, none, all),
    rejectedOptions: decision('actual', 'origin-refused', FORBIDDEN, none, onOptions),
    refusedPreflight: decision('preflight', 'origin-refused', refusedStatus, none, onOptions),
  }
}

/** @param allowOrigin The value of `Access-Control-Allow-Origin`: the matched origin, or `*`. */
export function allowedAnswers(
  options: NormalizedOptions,
  variance: Variance,
  allowOrigin: string,
): AllowedAnswers {
  const headers = actualHeaders(options, allowOrigin)
  const actual = decision('actual', 'allowed', undefined, headers, variance.all)
  const actualOptions = decision('actual', 'allowed', undefined, headers, variance.options)
  const preflightHeaders = fixedPreflightHeaders(options, allowOrigin)
  const status = options.preflightContinue ? undefined : options.optionsSuccessStatus
  const build = (outcome: CorsOutcome, fields: Readonly<Record<string, string>>): CorsDecision =>
    decision('preflight', outcome, status, fields, variance.preflight)
  if (echoesMethod(options) || echoesHeaders(options)) {
    return {
      actual,
      actualOptions,
      preflight: (outcome, requestMethod, requestHeaders) =>
        build(outcome, withEcho(options, preflightHeaders, requestMethod, requestHeaders)),
    }
  }
  const fixed = {
    allowed: build('allowed', preflightHeaders),
    'method-refused': build('method-refused', preflightHeaders),
    'header-refused': build('header-refused', preflightHeaders),
  }
  return { actual, actualOptions, preflight: (outcome) => fixed[outcome] }
}

/** The answer where the look-up of a policy or of an origin failed: that of a refused origin. */
export function failedAnswer(kind: CorsKind, vary: readonly string[], error: Error): CorsDecision {
  const status = kind === 'preflight' ? FORBIDDEN : undefined
  const failed = {
    kind,
    outcome: 'source-failed',
    status,
    headers: record({}),
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

function actualHeaders(
  options: NormalizedOptions,
  allowOrigin: string,
): Readonly<Record<string, string>> {
  const { exposedHeaders } = options
  return record({
    ...sharingHeaders(options, allowOrigin),
    ...(exposedHeaders.length === 0 ? {} : { [EXPOSE_HEADERS]: joined(exposedHeaders) }),
  })
}

function sharingHeaders(
  { credentials }: NormalizedOptions,
  allowOrigin: string,
): Record<string, string> {
  const allowed = { [ALLOW_ORIGIN]: allowOrigin }
  return credentials ? { ...allowed, [ALLOW_CREDENTIALS]: 'true' } : allowed
}

/** Everything of a preflight's answer that does not echo the request. */
function fixedPreflightHeaders(
  options: NormalizedOptions,
  allowOrigin: string,
): Readonly<Record<string, string>> {
  const { maxAge, cacheControl, optionsSuccessStatus, preflightContinue } = options
  const allowHeaders = fixedAllowHeaders(options)
  const answers = !preflightContinue
  return record({
    ...sharingHeaders(options, allowOrigin),
    [ALLOW_METHODS]: fixedAllowMethods(options),
    ...(allowHeaders === '' ? {} : { [ALLOW_HEADERS]: allowHeaders }),
    ...(maxAge === undefined ? {} : { [MAX_AGE]: String(maxAge) }),
    ...(answers && cacheControl !== undefined ? { [CACHE_CONTROL]: cacheControl } : {}),
    // RFC 9110, 8.6: a 204 has no Content-Length.
    ...(answers && optionsSuccessStatus !== NO_CONTENT ? { [CONTENT_LENGTH]: '0' } : {}),
  })
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

function withEcho(
  options: NormalizedOptions,
  fixed: Readonly<Record<string, string>>,
  requestMethod: string,
  requestHeaders: string | undefined,
): Readonly<Record<string, string>> {
  const method = echoesMethod(options) && isEchoableMethod(requestMethod) ? requestMethod : ''
  const names = echoesHeaders(options) ? (requestedNames(requestHeaders ?? '') ?? []) : []
  return record({
    ...fixed,
    ...(method === '' ? {} : { [ALLOW_METHODS]: method }),
    ...(names.length === 0 ? {} : { [ALLOW_HEADERS]: joined(names) }),
  })
}

function joined(names: '*' | readonly string[]): string {
  return names === '*' ? names : names.join(',')
}

/** Without a prototype, so that nothing but the policy's own fields can ever be read from it. */
function record(fields: Record<string, string>): Readonly<Record<string, string>> {
  return Object.freeze(Object.assign(Object.create(null) as Record<string, string>, fields))
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
