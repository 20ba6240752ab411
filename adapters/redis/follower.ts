/** One named policy: read at the start, at each notification, and every now and then. */

import {
  type AnyCorsPolicy,
  type Clock,
  type LiveSource,
  policyFromJson,
  type ReloadableSource,
  reloadable,
} from '../../src/index.ts'
import { about, type TroubleTeller } from './trouble.ts'

/** A source that holds what Redis said last. */
export interface StoredPolicy extends LiveSource {
  /** The policy in force. */
  readonly policy: AnyCorsPolicy
}

/** What follows one key. */
export interface Follower {
  /** Rejects where the first reading fails and there is no fallback. */
  readonly start: () => Promise<StoredPolicy>
  /** Reads the key again. The last good policy stays where that fails. */
  readonly refresh: () => void
  readonly stop: () => void
}

export interface FollowerParts {
  readonly key: string
  readonly read: () => Promise<string | undefined>
  /** The policy to begin with where Redis has none to give. */
  readonly fallback: AnyCorsPolicy | undefined
  /** Milliseconds after which the key is read again in any case. */
  readonly ttl: number
  readonly clock: Clock
  readonly tell: TroubleTeller
}

/** Milliseconds after which a reading that failed is tried again, where `ttl` is longer. */
const RETRY_AFTER = 1000

export function createFollower({ key, read, fallback, ttl, clock, tell }: FollowerParts): Follower {
  let source: ReloadableSource | undefined
  let text: string | undefined
  let refused: { readonly text: string; readonly error: unknown } | undefined
  let isReading = false
  let isChanged = false
  let isStopped = false
  let cancelRefresh = (): void => undefined

  async function start(): Promise<StoredPolicy> {
    isReading = true
    const failure = await readOnce()
    if (source === undefined && fallback !== undefined) source = reloadable(fallback)
    if (source === undefined) throw about(key, failure ?? new Error('the store is closed'))
    rest(failure)
    return viewOf(source)
  }

  /** Answers with what went wrong. */
  async function readOnce(): Promise<unknown> {
    try {
      const next = await read()
      if (next === undefined) throw new Error('there is no policy')
      if (!isStopped && next !== text) take(next)
      return undefined
    } catch (error) {
      return error
    }
  }

  function take(next: string): void {
    // It takes time to find all that is wrong with a long text.
    if (next === refused?.text) throw refused.error
    try {
      const policy = policyFromJson(next)
      if (source === undefined) source = reloadable(policy)
      else source.reload(policy)
      text = next
    } catch (error) {
      refused = { text: next, error }
      throw error
    }
  }

  function refresh(): void {
    if (isStopped) return
    // What is being read may be older than the change.
    isChanged = isReading
    if (isReading) return
    isReading = true
    cancelRefresh()
    readOnce().then(rest)
  }

  function rest(failure: unknown): void {
    isReading = false
    if (isStopped) return
    tell(failure)
    if (isChanged) refresh()
    else {
      const pause = failure === undefined ? ttl : Math.min(ttl, RETRY_AFTER)
      cancelRefresh = clock.after(pause, refresh)
    }
  }

  return {
    start,
    refresh,
    stop: () => {
      isStopped = true
      cancelRefresh()
    },
  }
}

/** Only Redis replaces the policy. */
function viewOf(source: ReloadableSource): StoredPolicy {
  const { reload: _, ...live } = source
  return Object.freeze({
    ...live,
    get policy() {
      return source.policy
    },
  })
}
