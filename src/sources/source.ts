/** What adapters take: options, a policy, a delegate that yields one of them for a request, or a live source. */

import type {
  CheckedOptions,
  CorsOptions,
  DecisionObserver,
  ReplacementObserver,
} from '../options.ts'
import type { AnyCorsPolicy, CompiledPolicy } from '../policy.ts'
import type { Clock, LookupAnswer } from './lookup.ts'

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
  /** Sees what was replaced on a response where the policy that the delegate yielded has no observer. */
  readonly onReplaced?: ReplacementObserver | undefined
}

/**
 * A source whose policy can change while a server runs: made by `reloadable`, `tenants` and others. One
 * source can serve any number of adapters.
 */
export interface LiveSource<Request = unknown> {
  readonly [LIVE_SOURCE]: LiveParts<Request>
}

// Known to other copies of crossgate in the same process.
export const LIVE_SOURCE: unique symbol = Symbol.for('crossgate.source') as never

/** What a live source keeps for deciders. */
export interface LiveParts<Request> {
  readonly format: 1
  /**
   * Answers with the policy for a request, or why there is none. It never throws, its promises never
   * reject, and it never hangs.
   *
   * @param clock The time of the adapter that asks.
   */
  ask(
    request: Request,
    clock: Clock,
  ): LookupAnswer<CompiledPolicy> | Promise<LookupAnswer<CompiledPolicy>>
  /** Whether every answer comes at once, as things are. */
  isImmediate(): boolean
  /** What answers vary on where no policy is known. */
  readonly vary: readonly string[]
  readonly onDecision?: DecisionObserver | undefined
  readonly onReplaced?: ReplacementObserver | undefined
}

/** Everything that adapters take. */
export type PolicySource<Request> =
  | CorsOptions
  | AnyCorsPolicy
  | PolicyDelegate<Request>
  | DelegateSettings<Request>
  | LiveSource<Request>

/** {@link CheckedOptions} where the source is options, and no demands where it is not. */
export type CheckedSource<Source> = Source extends
  | AnyCorsPolicy
  | ((...parameters: never[]) => unknown)
  | { readonly delegator: unknown }
  | LiveSource<never>
  ? unknown
  : CheckedOptions<Source>

/** Whether a source is a delegate with settings. */
export function hasDelegator<Request>(
  source: Exclude<PolicySource<Request>, (...parameters: never[]) => unknown>,
): source is DelegateSettings<Request> {
  // What is no object at all, as `undefined`, is for the validation of options to report.
  return typeof source === 'object' && source !== null && Object.hasOwn(source, 'delegator')
}

/** The parts of a live source; `undefined` where it is none. */
export function livePartsOf<Request>(
  source: PolicySource<Request>,
): LiveParts<Request> | undefined {
  if (typeof source !== 'object' || source === null) return undefined
  if (!Object.hasOwn(source, LIVE_SOURCE)) return undefined
  const parts = (source as LiveSource<Request>)[LIVE_SOURCE]
  if (parts.format === 1) return parts
  throw new TypeError('this source was made by another release of crossgate; install one release')
}

/** Whether a source is one whose policy can change while a server runs. */
export function isLiveSource(source: unknown): source is LiveSource {
  return livePartsOf(source as PolicySource<unknown>) !== undefined
}
