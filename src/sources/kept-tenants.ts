/** What is kept of tenants: policies, and, apart from them, what is known to be missing or to fail. */

import type { CompiledPolicy } from '../policy.ts'
import { createCache } from './cache.ts'
import type { LookupAnswer } from './lookup.ts'

type Answer = LookupAnswer<CompiledPolicy>

/** Bounds, and times in milliseconds. */
export interface KeepingSettings {
  readonly ttl: number
  readonly staleWhileRevalidate: number
  readonly staleIfError: number
  readonly negativeTtl: number
  readonly max: number
  readonly maxMisses: number
}

/** Moments are the clock's. One before the moment since which something is kept counts as too late. */
export interface KeptTenants {
  /** The policy that is in force without another load. */
  readonly fresh: (id: string, now: number) => Answer | undefined
  /** Whether there is a policy, however old. */
  readonly isKnown: (id: string) => boolean
  /** That there is no such tenant, or why the last load failed. */
  readonly miss: (id: string, now: number) => Answer | undefined
  /** The old policy that is in force while another is loaded. */
  readonly whileRevalidating: (id: string, now: number) => Answer | undefined
  /** The old policy that is in force where no other can be loaded. */
  readonly ifError: (id: string, now: number) => Answer | undefined
  readonly keepPolicy: (id: string, answer: Answer, since: number) => void
  readonly keepUnknown: (id: string, answer: Answer, since: number) => void
  readonly keepFailure: (id: string, answer: Answer, since: number) => void
  /** Has one tenant, or all, loaded anew. Old policies are left for where that fails, if they may be. */
  readonly expire: (id: string | undefined) => void
  readonly sizes: () => { readonly policies: number; readonly misses: number }
  readonly evicted: () => number
}

/** From when to when an answer is in force, and for what. */
interface Kept {
  readonly answer: Answer
  readonly since: number
  freshUntil: number
  revalidatingUntil: number
  usableUntil: number
}

/** Milliseconds for which a load that failed is not tried again. */
const RETRY_AFTER = 1000

export function createKeptTenants(settings: KeepingSettings): KeptTenants {
  const { ttl, staleWhileRevalidate, staleIfError, negativeTtl } = settings
  const policies = createCache<Kept>(settings.max)
  const misses = createCache<Kept>(settings.maxMisses)

  function keepMiss(id: string, answer: Answer, since: number, until: number): void {
    if (until <= since) return
    misses.set(id, { answer, since, freshUntil: until, revalidatingUntil: 0, usableUntil: 0 })
  }

  return Object.freeze({
    fresh: (id: string, now: number) => {
      const kept = policies.get(id)
      return kept !== undefined && kept.since <= now && now < kept.freshUntil
        ? kept.answer
        : undefined
    },
    isKnown: (id: string) => policies.get(id) !== undefined,
    miss: (id: string, now: number) => inForce(misses.get(id), now, 'freshUntil'),
    whileRevalidating: (id: string, now: number) =>
      inForce(policies.get(id), now, 'revalidatingUntil'),
    ifError: (id: string, now: number) => inForce(policies.get(id), now, 'usableUntil'),
    keepPolicy: (id: string, answer: Answer, since: number) => {
      const freshUntil = since + ttl
      const revalidatingUntil = freshUntil + staleWhileRevalidate
      const usableUntil = freshUntil + Math.max(staleWhileRevalidate, staleIfError)
      misses.delete(id)
      policies.set(id, { answer, since, freshUntil, revalidatingUntil, usableUntil })
    },
    keepUnknown: (id: string, answer: Answer, since: number) => {
      policies.delete(id)
      misses.delete(id)
      keepMiss(id, answer, since, since + negativeTtl)
    },
    keepFailure: (id: string, answer: Answer, since: number) => {
      keepMiss(id, answer, since, since + RETRY_AFTER)
    },
    expire: (id: string | undefined) => {
      if (id === undefined) misses.clear()
      else misses.delete(id)
      for (const kept of id === undefined ? policies.values() : [policies.get(id)]) {
        if (kept === undefined) continue
        kept.freshUntil = Number.NEGATIVE_INFINITY
        kept.revalidatingUntil = Number.NEGATIVE_INFINITY
        if (staleIfError === 0) kept.usableUntil = Number.NEGATIVE_INFINITY
      }
    },
    sizes: () => ({ policies: policies.size(), misses: misses.size() }),
    evicted: () => policies.evicted() + misses.evicted(),
  })
}

function inForce(
  kept: Kept | undefined,
  now: number,
  until: 'freshUntil' | 'revalidatingUntil' | 'usableUntil',
): Answer | undefined {
  return kept !== undefined && kept.since <= now && now < kept[until] ? kept.answer : undefined
}
