/**
 * The one way in which adapters ask a policy source.
 *
 * Options are compiled here, once. What a delegate returns is compiled once for each object.
 */

import { failedAnswer, pendingAnswers, VARY_ORIGIN } from '../answers.ts'
import { decideAny } from '../decide.ts'
import type { CorsDecision } from '../decision.ts'
import { CorsConfigError } from '../errors.ts'
import { explainDecision, formatExplanation } from '../explain.ts'
import { kindOf, type RequestFacts } from '../facts.ts'
import { REFUSAL } from '../http/names.ts'
import type { CorsOptions, DecisionObserver, ReplacementObserver } from '../options.ts'
import { type AnyCorsPolicy, type CompiledPolicy, compiledOf, toPolicy } from '../policy.ts'
import { shorten } from '../quote.ts'
import { DEFAULT_TIMEOUT } from '../validation/normalize.ts'
import { validateSettings } from '../validation/settings.ts'
import { OPTION_NAMES } from '../validation/validate.ts'
import { askable } from './delegate.ts'
import type { Clock, LookupAnswer } from './lookup.ts'
import {
  type DelegateSettings,
  hasDelegator,
  type LiveParts,
  livePartsOf,
  type PolicyDelegate,
  type PolicySource,
} from './source.ts'
import { type Channels, type FoundFields, tellDecision, tellReplaced } from './telling.ts'

/** A source, ready to be asked by an adapter. */
export interface Decider<Request> {
  /**
   * The decision for a request, told to the observer of its policy. It comes at once unless a
   * look-up takes time. Never throws, never rejects.
   */
  readonly decide: (facts: RequestFacts, request: Request) => CorsDecision | Promise<CorsDecision>
  /** The same without telling anybody, for who does not know yet whether the decision will hold. */
  readonly look: (facts: RequestFacts, request: Request) => CorsDecision | Promise<CorsDecision>
  /** Tells the observer of the policy that made `decision`. What an observer throws stays here. */
  readonly tell: (decision: CorsDecision, request: Request) => void
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
  /** Whether a decision may depend on `fetchSite` and `selfOrigin`. Nobody else needs to read them. */
  readonly looksAtSite: boolean
  /** Whether another request may meet another policy, so that each has to keep the one it came with. */
  readonly isSourced: boolean
}

const FORBIDDEN = 403
/** Letters of a field that a policy with long lists could make longer than servers and browsers take. */
const MOST_OF_REFUSAL = 500
const PENDING = new Error('the look-up of the CORS policy has not answered yet')
const VARY_BEHIND_SOURCE: readonly string[] = Object.freeze([VARY_ORIGIN])

/** What a decider needs of its runtime. */
interface Surroundings {
  readonly clock: Clock
  readonly channels: Channels | undefined
}

/**
 * Makes a source ready for requests.
 *
 * @param channels Where everything is published that observers are told. @default nowhere
 * @throws {CorsConfigError} where its options are wrong.
 */
export function createDecider<Request>(
  source: PolicySource<Request>,
  clock: Clock,
  channels?: Channels,
): Decider<Request> {
  const surroundings = { clock, channels }
  if (typeof source === 'function') return delegating(source, {}, surroundings)
  const live = livePartsOf(source)
  if (live !== undefined) {
    refuseOptionsBeside(source)
    return sourced((request) => live.ask(request, clock), live, surroundings)
  }
  if (hasDelegator(source)) {
    const issues = validateSettings(source)
    if (issues.length > 0) throw new CorsConfigError(issues)
    return delegating(source.delegator, source, surroundings)
  }
  return constant(compiledOf(toPolicy(source as CorsOptions | AnyCorsPolicy)), surroundings)
}

/** They would be ignored. */
function refuseOptionsBeside(source: object): void {
  const beside = Object.keys(source).filter((name) => OPTION_NAMES.includes(name))
  if (beside.length === 0) return
  throw new TypeError(`a source has its own policies; take away ${beside.join(', ')} beside it`)
}

function constant<Request>(
  compiled: CompiledPolicy,
  { clock, channels }: Surroundings,
): Decider<Request> {
  const { onDecision, onReplaced, origin, onDisallowed } = compiled.options
  return telling({
    look: (facts) => decideAndExplain(compiled, facts, clock, isWatched(onDecision, channels)),
    tell: (decision, request) => tellDecision(onDecision, channels?.decision, decision, request),
    replaced: (decision, found, request) =>
      tellReplaced(onReplaced, channels?.replaced, decision, found, request),
    pending: pendingAnswers(compiled.variance, PENDING),
    isImmediate: () => typeof origin !== 'function',
    looksAtSite: onDisallowed === 'reject',
    isSourced: false,
  })
}

type DeciderParts<Request> = Omit<Decider<Request>, 'decide' | 'immediate'> & {
  readonly isImmediate: () => boolean
}

function telling<Request>({ isImmediate, ...parts }: DeciderParts<Request>): Decider<Request> {
  const { look, tell } = parts

  async function tellLater(
    pending: Promise<CorsDecision>,
    request: Request,
  ): Promise<CorsDecision> {
    const decision = await pending
    tell(decision, request)
    return decision
  }

  return {
    ...parts,
    decide: (facts, request) => {
      const decision = look(facts, request)
      if (decision instanceof Promise) return tellLater(decision, request)
      tell(decision, request)
      return decision
    },
    get immediate() {
      return isImmediate()
    },
  }
}

/** Whether somebody wants to know precisely why a decision is what it is. */
function isWatched(
  observer: DecisionObserver | undefined,
  channels: Channels | undefined,
): boolean {
  return observer !== undefined || channels?.decision.hasSubscribers === true
}

function delegating<Request>(
  delegator: PolicyDelegate<Request>,
  settings: Omit<DelegateSettings<Request>, 'delegator'>,
  surroundings: Surroundings,
): Decider<Request> {
  // Without a prototype, so that an absent setting cannot be found on `Object.prototype`.
  const own: typeof settings = Object.assign(Object.create(null), settings)
  const { timeout = DEFAULT_TIMEOUT, onDecision, onReplaced } = own
  const ask = askable(delegator, timeout, surroundings.clock)
  const observers = { onDecision, onReplaced, vary: VARY_BEHIND_SOURCE, isImmediate: () => false }
  return sourced(ask, observers, surroundings)
}

/** Decides with the policy that a source yields for a request. */
function sourced<Request>(
  ask: (request: Request) => LookupAnswer<CompiledPolicy> | Promise<LookupAnswer<CompiledPolicy>>,
  { vary, isImmediate, ...fallback }: Omit<LiveParts<Request>, 'ask' | 'format'>,
  { clock, channels }: Surroundings,
): Decider<Request> {
  // Decisions belong to one policy; only those of policies with observers of their own are kept apart.
  const observers = new WeakMap<CorsDecision, Observers>()
  const observersOf = (decision: CorsDecision): Observers => observers.get(decision) ?? fallback

  const decideWith = (
    { value: compiled, error }: LookupAnswer<CompiledPolicy>,
    facts: RequestFacts,
  ): CorsDecision | Promise<CorsDecision> => {
    if (error !== undefined) return failedAnswer(kindOf(facts), vary, error)
    const { onDecision = fallback.onDecision, onReplaced = fallback.onReplaced } = compiled.options
    const watched = isWatched(onDecision, channels)
    const made = decideAndExplain(compiled, facts, clock, watched)
    if (onDecision === fallback.onDecision && onReplaced === fallback.onReplaced) return made
    const remember = (decision: CorsDecision): CorsDecision => {
      observers.set(decision, { onDecision, onReplaced })
      return decision
    }
    return made instanceof Promise ? made.then(remember) : remember(made)
  }

  return telling({
    look: (facts, request) => {
      const answer = ask(request)
      return answer instanceof Promise
        ? answer.then((settled) => decideWith(settled, facts))
        : decideWith(answer, facts)
    },
    tell: (decision, request) =>
      tellDecision(observersOf(decision).onDecision, channels?.decision, decision, request),
    replaced: (decision, found, request) =>
      tellReplaced(observersOf(decision).onReplaced, channels?.replaced, decision, found, request),
    pending: pendingAnswers({ all: vary, options: vary }, PENDING),
    isImmediate,
    looksAtSite: true,
    isSourced: true,
  })
}

interface Observers {
  readonly onDecision?: DecisionObserver | undefined
  readonly onReplaced?: ReplacementObserver | undefined
}

/** Decides with one policy, and with `debug` says why a preflight is not granted. */
function decideAndExplain(
  compiled: CompiledPolicy,
  facts: RequestFacts,
  clock: Clock,
  watched: boolean,
): CorsDecision | Promise<CorsDecision> {
  const { debug } = compiled.options
  const decision = decideAny(compiled, facts, clock, watched || debug)
  if (!debug) return decision
  return decision instanceof Promise
    ? explainedLater(compiled, facts, decision)
    : explained(compiled, facts, decision)
}

async function explainedLater(
  compiled: CompiledPolicy,
  facts: RequestFacts,
  pending: Promise<CorsDecision>,
): Promise<CorsDecision> {
  return explained(compiled, facts, await pending)
}

/**
 * A preflight that is not granted says why, in a field that shows in a browser's tools, and, where it
 * ends here with a refusal, in its body.
 */
function explained(
  { options }: CompiledPolicy,
  facts: RequestFacts,
  decision: CorsDecision,
): CorsDecision {
  if (decision.kind !== 'preflight' || decision.outcome === 'allowed') return decision
  const explanation = explainDecision(options, facts, decision)
  const failed = explanation.steps.find(({ passed }) => !passed)
  const headers = Object.assign(Object.create(null), decision.headers, {
    [REFUSAL]: shorten(`${decision.outcome}: ${failed?.message}`, MOST_OF_REFUSAL),
  })
  const text = decision.status === FORBIDDEN ? { explanation: formatExplanation(explanation) } : {}
  return Object.freeze({ ...decision, headers: Object.freeze(headers), ...text })
}
