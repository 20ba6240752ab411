/**
 * The policy-source contract: what adapters take, and the one way in which they ask it.
 *
 * A source is options, a policy, or a delegate that yields one of them for a request. Options are
 * compiled here, once; what a delegate returns is compiled once for each object it returns.
 */

import { failedAnswer, VARY_ORIGIN } from '../answers.ts'
import { decideAny, failedDecision } from '../decide.ts'
import type { CorsDecision } from '../decision.ts'
import { CorsConfigError } from '../errors.ts'
import { explainDecision, formatExplanation } from '../explain.ts'
import { kindOf, type RequestFacts } from '../facts.ts'
import type { CheckedOptions, CorsOptions, DecisionObserver } from '../options.ts'
import { type AnyCorsPolicy, type CompiledPolicy, compiledOf, toPolicy } from '../policy.ts'
import { quote } from '../quote.ts'
import { DEFAULT_TIMEOUT } from '../validation/normalize.ts'
import { validateSettings } from '../validation/settings.ts'
import { type Clock, isThenable, type LookupAnswer, lookUp } from './lookup.ts'

/** How a callback-style delegate answers. */
export type DelegateCallback = (error: unknown, options?: CorsOptions | AnyCorsPolicy) => void

/**
 * Yields the options or the policy for a request: by answer, by promise, or by calling back; the
 * first answer wins. Return the same object for the same policy, since objects are compiled once.
 *
 * @example (request) => (request.url.startsWith('/public') ? publicOptions : privateOptions)
 */
export type PolicyDelegate<Request> = {
  // A method's parameters are bivariant, so that delegates can declare the request they expect.
  delegate(request: Request, callback: DelegateCallback): DelegateReturn
}['delegate']

type DelegateReturn =
  | CorsOptions
  | AnyCorsPolicy
  // biome-ignore lint/suspicious/noConfusingVoidType: what calls back need not return anything
  | PromiseLike<CorsOptions | AnyCorsPolicy | undefined | void>
  | undefined
  | void

/** A delegate with what applies before it has yielded anything. */
export interface DelegateSettings<Request> {
  readonly delegator: PolicyDelegate<Request>
  /** Whole milliseconds from 1 to 60000 for one look-up. @default 5000 */
  readonly timeout?: number | undefined
  /** Sees decisions where the delegate failed, so that there is no policy to ask. */
  readonly onDecision?: DecisionObserver | undefined
}

/** Everything that adapters take. */
export type PolicySource<Request> =
  | CorsOptions
  | AnyCorsPolicy
  | PolicyDelegate<Request>
  | DelegateSettings<Request>

/** {@link CheckedOptions} where the source is options, and no demands where it is not. */
export type CheckedSource<Source> = Source extends
  | AnyCorsPolicy
  | ((...parameters: never[]) => unknown)
  | { readonly delegator: unknown }
  ? unknown
  : CheckedOptions<Source>

/** A source, ready to be asked by an adapter. */
export interface Decider<Request> {
  /**
   * The decision for a request, told to the observer of its policy. It comes at once unless a
   * look-up takes time. Never throws, never rejects.
   */
  readonly decide: (facts: RequestFacts, request: Request) => CorsDecision | Promise<CorsDecision>
  /** What holds while a look-up takes time: nothing is allowed yet. */
  readonly pending: (facts: RequestFacts) => CorsDecision
  /** Whether every decision comes at once, because nothing has to be looked up. */
  readonly immediate: boolean
}

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
  const { timeout = DEFAULT_TIMEOUT, onDecision } = own
  const read = compilingOnce()

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
    return decideAndTell(compiled, onDecision, facts, request, clock)
  }

  return {
    decide: (facts, request) => {
      const answer = lookUp(
        {
          name: 'the CORS delegate',
          ask: (callback) => delegator(request, callback),
          callsBack: delegator.length >= 2,
          read,
          timeout,
        },
        clock,
      )
      return answer instanceof Promise
        ? answer.then((settled) => decideWith(settled, facts, request))
        : decideWith(answer, facts, request)
    },
    pending: (facts) => failedAnswer(kindOf(facts), VARY_BEHIND_SOURCE, PENDING),
    immediate: false,
  }
}

/** Compiles each object that a delegate returns once, and remembers also that it is wrong. */
function compilingOnce(): (value: unknown) => CompiledPolicy {
  const known = new WeakMap<object, CompiledPolicy | Error>()
  // Most delegates return one object most of the time.
  let lastValue: unknown
  let lastPolicy: CompiledPolicy | undefined
  return (value) => {
    if (lastPolicy !== undefined && value === lastValue) return lastPolicy
    if (typeof value !== 'object' || value === null) {
      throw new TypeError(`the CORS delegate answered ${quote(value)}; it must answer options`)
    }
    const compiled = known.get(value) ?? compileOrError(value)
    known.set(value, compiled)
    if (compiled instanceof Error) throw compiled
    lastValue = value
    lastPolicy = compiled
    return compiled
  }
}

function compileOrError(value: object): CompiledPolicy | Error {
  try {
    return compiledOf(toPolicy(value)).behindSource()
  } catch (error) {
    return error instanceof Error ? error : new Error('the options could not be read')
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

/** Tells the observer. Whatever it throws or rejects with stays here. */
function tell(observer: DecisionObserver, decision: CorsDecision, request: unknown): void {
  try {
    const returned: unknown = observer(decision, request)
    if (isThenable(returned)) Promise.resolve(returned).catch(ignore)
  } catch {
    // The answer must not depend on who watches.
  }
}

function ignore(): void {}

function hasDelegator<Request>(
  source: Exclude<PolicySource<Request>, (...parameters: never[]) => unknown>,
): source is DelegateSettings<Request> {
  // What is no object at all, as `undefined`, is for the validation of options to report.
  return typeof source === 'object' && source !== null && Object.hasOwn(source, 'delegator')
}
