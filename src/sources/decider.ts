/**
 * The one way in which adapters ask a policy source.
 *
 * Options are compiled here, once. What a delegate returns is compiled once for each object.
 */

import { failedAnswer, VARY_ORIGIN } from '../answers.ts'
import { decideAny, failedDecision } from '../decide.ts'
import type { CorsDecision } from '../decision.ts'
import { CorsConfigError } from '../errors.ts'
import { explainDecision, formatExplanation } from '../explain.ts'
import { kindOf, type RequestFacts } from '../facts.ts'
import type { DecisionObserver, ReplacementObserver } from '../options.ts'
import { type CompiledPolicy, compiledOf, toPolicy } from '../policy.ts'
import { replacedFields } from '../replaced.ts'
import { DEFAULT_TIMEOUT } from '../validation/normalize.ts'
import { validateSettings } from '../validation/settings.ts'
import { askable } from './delegate.ts'
import { type Clock, isThenable, type LookupAnswer } from './lookup.ts'
import {
  type DelegateSettings,
  hasDelegator,
  type PolicyDelegate,
  type PolicySource,
} from './source.ts'

/** A source, ready to be asked by an adapter. */
export interface Decider<Request> {
  /**
   * The decision for a request, told to the observer of its policy. It comes at once unless a
   * look-up takes time. Never throws, never rejects.
   */
  readonly decide: (facts: RequestFacts, request: Request) => CorsDecision | Promise<CorsDecision>
  /**
   * Tells the observer of the policy that made `decision` which CORS fields were on the response and
   * are not the decision's. Nothing is built where nobody asked to be told, and what an observer
   * throws stays here.
   */
  readonly replaced: (decision: CorsDecision, found: FoundFields, request: Request) => void
  /** What holds while a look-up takes time: nothing is allowed yet. */
  readonly pending: (facts: RequestFacts) => CorsDecision
  /** Whether every decision comes at once, because nothing has to be looked up. */
  readonly immediate: boolean
}

/** CORS fields that were on a response, with their values as servers keep them. */
export type FoundFields = readonly (readonly [name: string, value: unknown])[]

const PENDING = new Error('the look-up of the CORS policy has not answered yet')
const VARY_BEHIND_SOURCE: readonly string[] = Object.freeze([VARY_ORIGIN])

/**
 * Makes a source ready for requests.
 *
 * @throws {CorsConfigError} where its options are wrong.
 */
export function createDecider<Request>(
  source: PolicySource<Request>,
  clock: Clock,
): Decider<Request> {
  if (typeof source === 'function') return delegating(source, {}, clock)
  if (hasDelegator(source)) {
    const issues = validateSettings(source)
    if (issues.length > 0) throw new CorsConfigError(issues)
    return delegating(source.delegator, source, clock)
  }
  return constant(compiledOf(toPolicy(source)), clock)
}

function constant<Request>(compiled: CompiledPolicy, clock: Clock): Decider<Request> {
  return {
    decide: (facts, request) => decideAndTell(compiled, undefined, facts, request, clock),
    replaced: (decision, found, request) =>
      tellReplaced(compiled.options.onReplaced, decision, found, request),
    pending: (facts) => failedDecision(compiled, facts, PENDING),
    immediate: typeof compiled.options.origin !== 'function',
  }
}

function delegating<Request>(
  delegator: PolicyDelegate<Request>,
  settings: Omit<DelegateSettings<Request>, 'delegator'>,
  clock: Clock,
): Decider<Request> {
  // Without a prototype, so that an absent setting cannot be found on `Object.prototype`.
  const own: typeof settings = Object.assign(Object.create(null), settings)
  const { timeout = DEFAULT_TIMEOUT, onDecision, onReplaced } = own
  const ask = askable(delegator, timeout, clock)
  // Decisions belong to one policy; only those of policies that want to be told are kept apart.
  const observers = new WeakMap<CorsDecision, ReplacementObserver>()

  const decideWith = (
    { value: compiled, error }: LookupAnswer<CompiledPolicy>,
    facts: RequestFacts,
    request: Request,
  ): CorsDecision | Promise<CorsDecision> => {
    if (error !== undefined) {
      const failed = failedAnswer(kindOf(facts), VARY_BEHIND_SOURCE, error)
      if (onDecision !== undefined) tell(onDecision, failed, request)
      return failed
    }
    const made = decideAndTell(compiled, onDecision, facts, request, clock)
    const observer = compiled.options.onReplaced
    if (observer === undefined) return made
    const remember = (decision: CorsDecision): CorsDecision => {
      observers.set(decision, observer)
      return decision
    }
    return made instanceof Promise ? made.then(remember) : remember(made)
  }

  return {
    decide: (facts, request) => {
      const answer = ask(request)
      return answer instanceof Promise
        ? answer.then((settled) => decideWith(settled, facts, request))
        : decideWith(answer, facts, request)
    },
    replaced: (decision, found, request) =>
      tellReplaced(observers.get(decision) ?? onReplaced, decision, found, request),
    pending: (facts) => failedAnswer(kindOf(facts), VARY_BEHIND_SOURCE, PENDING),
    immediate: false,
  }
}

/** Decides with one policy, explains a refused preflight with `debug`, and tells the observer. */
function decideAndTell<Request>(
  compiled: CompiledPolicy,
  fallback: DecisionObserver | undefined,
  facts: RequestFacts,
  request: Request,
  clock: Clock,
): CorsDecision | Promise<CorsDecision> {
  const { debug, onDecision = fallback } = compiled.options
  const decision = decideAny(compiled, facts, clock, onDecision !== undefined)
  if (!debug && onDecision === undefined) return decision
  const finish = (made: CorsDecision): CorsDecision => {
    const finished = debug ? explained(compiled, facts, made) : made
    if (onDecision !== undefined) tell(onDecision, finished, request)
    return finished
  }
  return decision instanceof Promise ? decision.then(finish) : finish(decision)
}

/** A preflight that ends here with a refusal has room for an explanation: its body. */
function explained(
  { options }: CompiledPolicy,
  facts: RequestFacts,
  decision: CorsDecision,
): CorsDecision {
  if (decision.kind !== 'preflight' || decision.status !== 403) return decision
  const explanation = formatExplanation(explainDecision(options, facts, decision))
  return Object.freeze({ ...decision, explanation })
}

function tellReplaced(
  observer: ReplacementObserver | undefined,
  decision: CorsDecision,
  found: FoundFields,
  request: unknown,
): void {
  if (observer === undefined) return
  const replaced = replacedFields(found, decision)
  if (replaced.length > 0) tell(observer, replaced, request)
}

/** Tells an observer. Whatever it throws or rejects with stays here. */
function tell<Told>(
  observer: (told: Told, request: unknown) => void,
  told: Told,
  request: unknown,
): void {
  try {
    const returned: unknown = observer(told, request)
    if (isThenable(returned)) Promise.resolve(returned).catch(ignore)
  } catch {
    // The answer must not depend on who watches.
  }
}

function ignore(): void {}
