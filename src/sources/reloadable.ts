/** A policy that can be replaced while servers use it. */

import { VARY_ORIGIN } from '../answers.ts'
import type { CheckedOptions, CorsOptions } from '../options.ts'
import { type AnyCorsPolicy, type CompiledPolicy, compiledOf, toPolicy } from '../policy.ts'
import type { LookupAnswer } from './lookup.ts'
import { LIVE_SOURCE, type LiveSource } from './source.ts'

/** A source that holds one policy at a time. */
export interface ReloadableSource extends LiveSource {
  /** The policy in force. */
  readonly policy: AnyCorsPolicy
  /**
   * Puts another policy in force, for all requests that come in from now on. Requests that are under
   * way keep theirs. Nothing changes where the options are wrong.
   *
   * @throws {CorsConfigError} where the options are wrong; the old policy stays in force.
   */
  reload(options: CorsOptions | AnyCorsPolicy): void
}

/**
 * A policy that can be replaced while servers use it. Its answers vary on the Origin, also with
 * `origin: '*'`, since the next policy may not let everybody in.
 *
 * @throws {CorsConfigError} where the options are wrong.
 * @example
 * const source = reloadable({ origin: 'https://app.example.com' })
 * app.use(cors(source))
 * source.reload({ origin: ['https://app.example.com', 'https://new.example.com'] })
 */
export function reloadable<const Input extends CorsOptions | AnyCorsPolicy>(
  initial: Input & (Input extends AnyCorsPolicy ? unknown : CheckedOptions<Input>),
): ReloadableSource {
  let policy = toPolicy(initial)
  let answer = answerOf(policy)
  return Object.freeze({
    get policy() {
      return policy
    },
    reload(options: CorsOptions | AnyCorsPolicy) {
      const next = toPolicy(options)
      answer = answerOf(next)
      policy = next
    },
    [LIVE_SOURCE]: Object.freeze({
      format: 1,
      ask: () => answer,
      isImmediate: () => !policy.dynamic,
      vary: Object.freeze([VARY_ORIGIN]),
    }),
  } as const)
}

/** One of several policies that a source yields, as a look-up answers it. */
export function answerOf(policy: AnyCorsPolicy): LookupAnswer<CompiledPolicy> {
  return Object.freeze({ value: compiledOf(policy).behindSource(), error: undefined })
}
