/** One named policy: read at the start, at each notification, and every now and then. */

import {
  type AnyCorsPolicy,
  type Clock,
  type CorsOptions,
  type LiveSource,
  type ReloadableSource,
  reloadable,
} from '../../src/index.ts'
import { parse } from './entries.ts'
import type { TroubleTeller } from './trouble.ts'

/** A source that holds what Redis said last. */
export interface StoredPolicy extends LiveSource {
  /** The policy in force. */
  readonly policy: AnyCorsPolicy
}

/** A named policy, and what has it read again. */
export interface FollowedPolicy {
  readonly source: StoredPolicy
  readonly refresh: () => void
  readonly stop: () => void
}

export interface Following {
  readonly key: string
  readonly read: () => Promise<string | undefined>
  /** The policy to begin with where Redis has none to give. */
  readonly fallback: CorsOptions | AnyCorsPolicy | undefined
  /** Milliseconds after which the policy is read again. */
  readonly ttl: number
  readonly clock: Clock
  readonly tell: TroubleTeller
}

/** Milliseconds after which a reading that failed is tried again, where `ttl` is longer. */
const RETRY_AFTER = 1000

/** @throws (rejects) where the first reading fails and there is no fallback. */
export async function follow(following: Following): Promise<FollowedPolicy> {
  const { key, read, fallback, ttl, clock, tell } = following
  // A wrong fallback must show at once, not in the first outage.
  const source = fallback === undefined ? undefined : reloadable(fallback as CorsOptions)
  const first = await load(read, key)
  if (first.error !== undefined && source === undefined) throw first.error

  let text: string | undefined
  const live = source ?? reloadable(parse(first.text, key))
  return keepUp(live)
}
