/** Options -> policy: validated, compiled, frozen, shareable. */

import {
  type AllowedAnswers,
  type AllowedOrigin,
  allowedAnswers,
  allowedOrigin,
  type CommonAnswers,
  commonAnswers,
  keepAnswers,
  type Variance,
  varianceOf,
} from './answers.ts'
import { CorsConfigError } from './errors.ts'
import { hide } from './hidden.ts'
import { FEW_ORIGINS, fewOrigins, type KeptOrigins, keptOrigins } from './kept-origins.ts'
import type { CheckedOptions, CorsOptions, NormalizedOptions, OriginPredicate } from './options.ts'
import type { OriginMatcher } from './origin/matcher.ts'
import { MAX_ORIGIN_LENGTH } from './origin/parse.ts'
import { validate } from './validation/validate.ts'

/** A policy whose origins are data, so that it can be decided at once. */
export interface CorsPolicy {
  readonly dynamic: false
  /** The options in their normal form: `definePolicy(policy.options)` is the same policy. */
  readonly options: NormalizedOptions
}

/** A policy that asks a predicate about each origin. */
export interface DynamicCorsPolicy {
  readonly dynamic: true
  readonly options: NormalizedOptions & { readonly origin: OriginPredicate }
}

export type AnyCorsPolicy = CorsPolicy | DynamicCorsPolicy

/** The kind of policy that options make: dynamic where `origin` is a predicate. */
export type PolicyOf<Input> = Input extends AnyCorsPolicy
  ? Input
  : Input extends { readonly origin: infer Origin }
    ? Origin extends (...parameters: never[]) => unknown
      ? DynamicCorsPolicy
      : CorsPolicy
    : AnyCorsPolicy

/** What a policy keeps for deciding. `format` tells copies of crossgate whether they understand it. */
export interface CompiledPolicy {
  readonly format: 1
  readonly options: NormalizedOptions
  readonly variance: Variance
  readonly common: CommonAnswers
  readonly allowed: AllowedAnswers
  /** An origin that a static policy admits; `undefined` for one that it refuses. */
  readonly admit: (origin: string) => AllowedOrigin | undefined
  /**
   * An origin that a predicate admitted lately, and may admit no more. Whoever is found is kept a while
   * longer.
   */
  readonly find: (origin: string) => AllowedOrigin | undefined
  /** An origin that a predicate admitted. */
  readonly allow: (origin: string) => AllowedOrigin
  /** The same policy as one of several that a source yields. */
  readonly behindSource: () => CompiledPolicy
}

const POLICY_BRAND = Symbol.for('crossgate.policy')
const FORMAT = 1

/**
 * Makes a policy of options.
 *
 * The policy is frozen, does no I/O, and can be shared by all requests and adapters. Nothing that is
 * done to the options afterwards changes it. A policy given instead of options is returned as it is.
 *
 * @throws {CorsConfigError} with every issue, where the options are wrong or insecure.
 * @example
 * const policy = definePolicy({ origin: 'https://*.example.com', credentials: true })
 */
export function definePolicy<const Input extends CorsOptions | AnyCorsPolicy>(
  options: Input & (Input extends AnyCorsPolicy ? unknown : CheckedOptions<Input>),
): PolicyOf<Input> {
  return toPolicy(options) as PolicyOf<Input>
}

/** `definePolicy` for values of unknown shape. */
export function toPolicy(input: unknown): AnyCorsPolicy {
  const compiled = brandOf(input)
  if (compiled?.format === FORMAT) return input as AnyCorsPolicy
  // A policy of another release: its options are understood, what it compiled may not be.
  const { valid, issues } = validate(compiled === undefined ? input : compiled.options)
  if (issues !== undefined) throw new CorsConfigError(issues)
  return createPolicy(compile(valid.options, valid.matcher, false))
}

/** Whether `value` is a policy, also one of another copy of crossgate in the same process. */
export function isCorsPolicy(value: unknown): value is AnyCorsPolicy {
  return brandOf(value) !== undefined
}

/** What the policy keeps for deciding. @throws {TypeError} where `policy` is none. */
export function compiledOf(policy: AnyCorsPolicy): CompiledPolicy {
  const compiled = brandOf(policy)
  if (compiled === undefined) throw new TypeError('this is no policy; make one with definePolicy')
  if (compiled.format === FORMAT) return compiled
  return compiledOf(toPolicy(policy))
}

function createPolicy(compiled: CompiledPolicy): AnyCorsPolicy {
  const { options } = compiled
  const policy = { dynamic: typeof options.origin === 'function', options }
  return Object.freeze(hide(policy, POLICY_BRAND, compiled)) as AnyCorsPolicy
}

function brandOf(value: unknown): CompiledPolicy | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, POLICY_BRAND)) {
    return undefined
  }
  return (value as { readonly [POLICY_BRAND]: CompiledPolicy })[POLICY_BRAND]
}

function compile(
  options: NormalizedOptions,
  matcher: OriginMatcher,
  behindSource: boolean,
): CompiledPolicy {
  const variance = varianceOf(options, behindSource)
  const kept = keptOrigins()
  let sourced: CompiledPolicy | undefined

  function find(origin: string): AllowedOrigin | undefined {
    // Before any look-up, which would hash the whole value.
    return origin.length > MAX_ORIGIN_LENGTH ? undefined : kept.find(origin)
  }

  const compiled: CompiledPolicy = {
    format: FORMAT,
    options,
    variance,
    common: commonAnswers(options, variance),
    allowed: allowedAnswers(options, variance),
    admit: admission(options, matcher, { find, add: kept.add }),
    find,
    allow: (origin) => find(origin) ?? kept.add(origin),
    behindSource: () => {
      sourced ??= compile(options, matcher, true)
      return sourced
    },
  }
  return Object.freeze(compiled)
}

/** How a policy that has no predicate finds the origins that it admits. */
function admission(
  { origin: option }: NormalizedOptions,
  matcher: OriginMatcher,
  kept: KeptOrigins,
): CompiledPolicy['admit'] {
  if (option === '*') {
    const any = allowedOrigin('*')
    keepAnswers(any)
    return () => any
  }
  if (matcher.isExact && matcher.patterns.length <= FEW_ORIGINS) return fewOrigins(matcher.patterns)
  return (origin) => {
    if (origin.length > MAX_ORIGIN_LENGTH) return undefined
    return kept.find(origin) ?? (matcher.matches(origin) ? kept.add(origin) : undefined)
  }
}
