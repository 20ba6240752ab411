/**
 * One request against one policy: the server's half of the CORS protocol (Fetch standard, "CORS
 * protocol"). Functions are named after the steps of "CORS-preflight fetch" that they foresee.
 */

import { type AllowedOrigin, failedAnswer } from './answers.ts'
import type { CorsDecision } from './decision.ts'
import { factOf, isOptions, kindOf, type RequestFacts } from './facts.ts'
import type { OriginPredicate } from './options.ts'
import { parseOrigin } from './origin/parse.ts'
import { type AnyCorsPolicy, type CompiledPolicy, type CorsPolicy, compiledOf } from './policy.ts'
import { checkPreflight } from './preflight.ts'
import type { Clock, LookupAnswer } from './sources/lookup.ts'
import { askPredicate } from './sources/predicate.ts'

/**
 * Decides about one request.
 *
 * Synchronous and total: every request gets a decision, whatever its fields hold. Work is bounded
 * by the policy and by fixed caps (326 bytes of origin, 4,096 bytes and 100 names of headers).
 *
 * @throws {TypeError} for a policy whose origin is a predicate; see {@link decideDynamic}.
 * @example
 * const { status, headers, vary } = decide(policy, { method: 'GET', origin: 'https://app.example.com' })
 */
export function decide(policy: CorsPolicy, facts: RequestFacts): CorsDecision {
  return decideStatic(staticallyCompiled(policy), facts, true)
}

/**
 * Decides about one request, also where the policy's origin is a predicate. A promise comes back
 * only where the predicate gave one, and never rejects: a failed look-up is the outcome
 * `'source-failed'`, with its `error`.
 *
 * @param clock Measures the policy's `timeout`; `systemClock` of `crossgate/node` on Node.
 */
export function decideDynamic(
  policy: AnyCorsPolicy,
  facts: RequestFacts,
  clock: Clock,
): CorsDecision | Promise<CorsDecision> {
  return decideAny(compiledOf(policy), facts, clock, true)
}

/**
 * Whether the policy admits an origin: for WebSocket upgrades, and whatever else has an Origin.
 *
 * @throws {TypeError} for a policy whose origin is a predicate; see {@link isOriginAllowedDynamic}.
 * @example if (!isOriginAllowed(policy, request.headers.origin)) socket.destroy()
 */
export function isOriginAllowed(policy: CorsPolicy, origin: string | undefined): boolean {
  return allowsOrigin(staticallyCompiled(policy), origin)
}

/**
 * The same, also where the origin is a predicate. A promise comes back only where the predicate gave
 * one. A failed look-up is `false`; `decideDynamic` tells the error.
 */
export function isOriginAllowedDynamic(
  policy: AnyCorsPolicy,
  origin: string | undefined,
  clock: Clock,
): boolean | Promise<boolean> {
  const compiled = compiledOf(policy)
  if (typeof compiled.options.origin !== 'function') return allowsOrigin(compiled, origin)
  if (origin === undefined || parseOrigin(origin) === undefined) return false
  const answer = askPredicate(compiled.options.origin, origin, compiled.options.timeout, clock)
  return answer instanceof Promise
    ? answer.then((settled) => settled.value === true)
    : answer.value === true
}

/** @param observed Whether anybody sees `outcome`; the answer itself needs no parsing for a fixed list. */
export function decideAny(
  compiled: CompiledPolicy,
  facts: RequestFacts,
  clock: Clock,
  observed: boolean,
): CorsDecision | Promise<CorsDecision> {
  const { origin: predicate } = compiled.options
  return typeof predicate === 'function'
    ? decideByPredicate(compiled, predicate, facts, clock, observed)
    : decideStatic(compiled, facts, observed)
}

function decideByPredicate(
  compiled: CompiledPolicy,
  predicate: OriginPredicate,
  facts: RequestFacts,
  clock: Clock,
  observed: boolean,
): CorsDecision | Promise<CorsDecision> {
  const origin = factOf(facts, 'origin')
  if (origin === undefined) return plainAnswer(compiled, facts)
  // A predicate sees only what a browser can send. What it allowed lately was that.
  const kept = compiled.find(origin)
  if (kept === undefined && parseOrigin(origin) === undefined) {
    return refuse(compiled, facts, origin)
  }
  const conclude = ({ value, error }: LookupAnswer<boolean>): CorsDecision => {
    if (error !== undefined) return failedDecision(compiled, facts, error)
    if (!value) return refuse(compiled, facts, origin)
    return allow(compiled, kept ?? compiled.allow(origin), facts, observed)
  }
  const answer = askPredicate(predicate, origin, compiled.options.timeout, clock)
  return answer instanceof Promise ? answer.then(conclude) : conclude(answer)
}

export function decideStatic(
  compiled: CompiledPolicy,
  facts: RequestFacts,
  observed: boolean,
): CorsDecision {
  const origin = factOf(facts, 'origin')
  if (origin === undefined) return plainAnswer(compiled, facts)
  const allowed = compiled.admit(origin)
  if (allowed === undefined) return refuse(compiled, facts, origin)
  return allow(compiled, allowed, facts, observed)
}

/** What holds where a look-up failed or has not answered yet: nothing is allowed. */
export function failedDecision(
  { variance }: CompiledPolicy,
  facts: RequestFacts,
  error: Error,
): CorsDecision {
  return failedAnswer(kindOf(facts), isOptions(facts) ? variance.options : variance.all, error)
}

function plainAnswer({ common }: CompiledPolicy, facts: RequestFacts): CorsDecision {
  return isOptions(facts) ? common.plainOptions : common.plain
}

function allow(
  { allowed: answers, options }: CompiledPolicy,
  origin: AllowedOrigin,
  facts: RequestFacts,
  observed: boolean,
): CorsDecision {
  if (!isOptions(facts)) return answers.actual(origin)
  const requestMethod = factOf(facts, 'requestMethod')
  if (requestMethod === undefined) return answers.actualOptions(origin)
  const requestHeaders = factOf(facts, 'requestHeaders')
  const outcome = observed ? checkPreflight(options, requestMethod, requestHeaders) : 'allowed'
  return answers.preflight(origin, outcome, requestMethod, requestHeaders)
}

function refuse(
  { common, options }: CompiledPolicy,
  facts: RequestFacts,
  origin: string,
): CorsDecision {
  if (kindOf(facts) === 'preflight') return common.refusedPreflight
  if (options.onDisallowed === 'reject' && !isFromSelf(facts, origin)) {
    return isOptions(facts) ? common.rejectedOptions : common.rejected
  }
  return isOptions(facts) ? common.refusedOptions : common.refused
}

/**
 * Whether a request with a refused Origin comes from the service's own pages: as the browser says,
 * or, where it says nothing, by comparing bytes. `Host` is never parsed.
 */
function isFromSelf(facts: RequestFacts, origin: string): boolean {
  const fetchSite = factOf(facts, 'fetchSite')
  if (fetchSite !== undefined) return fetchSite === 'same-origin'
  return origin === factOf(facts, 'selfOrigin')
}

function allowsOrigin(compiled: CompiledPolicy, origin: string | undefined): boolean {
  if (compiled.options.origin === '*') return true
  return origin !== undefined && compiled.admit(origin) !== undefined
}

function staticallyCompiled(policy: CorsPolicy): CompiledPolicy {
  const compiled = compiledOf(policy)
  if (typeof compiled.options.origin === 'function') {
    throw new TypeError('the origin of this policy is a predicate; use the Dynamic form')
  }
  return compiled
}
