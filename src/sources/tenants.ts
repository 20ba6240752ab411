/** One policy for each tenant: loaded when it is asked for, kept for a while, bounded, failing closed. */

import { VARY_ORIGIN } from '../answers.ts'
import { ORIGIN } from '../http/names.ts'
import { type CompiledPolicy, toPolicy } from '../policy.ts'
import { quote } from '../quote.ts'
import { createKeptTenants } from './kept-tenants.ts'
import { createLoads } from './loads.ts'
import { type Clock, isThenable, type Lookup, type LookupAnswer, lookUp } from './lookup.ts'
import { dependsOnOrigin } from './origin-dependence.ts'
import { answerOf } from './reloadable.ts'
import { LIVE_SOURCE, type LiveSource } from './source.ts'
import { readTenantOptions, type TenantOptions } from './tenant-options.ts'
import { compileTenant } from './tenant-policy.ts'

/** A source with one policy for each tenant. */
export interface TenantSource<Request = unknown> extends LiveSource<Request> {
  /**
   * Has the policy of a tenant, or of all, loaded anew for the next request. A load that is under way
   * is not kept, and answers only the requests that came before. Where the new load fails, the old
   * policy stays in force, for as long as `staleIfError` says.
   */
  invalidate(id?: string): void
  /** What is kept, what is under way, and what has been, as plain data. */
  stats(): TenantStats
}

/** The state of a tenant source. */
export interface TenantStats {
  /** Policies that are kept. */
  readonly policies: number
  /** Unknown tenants and failures that are remembered. */
  readonly misses: number
  /** Loads that run. */
  readonly loading: number
  /** Loads that wait for their turn. */
  readonly waiting: number
  /** Requests that were answered at once with what is kept and not old. */
  readonly hits: number
  /** Loads that were started. */
  readonly loads: number
  /** Loads that failed, or were never started. */
  readonly failures: number
  /** Requests that were answered with a policy that is older than `ttl`. */
  readonly stale: number
  /** Entries that had to make room for others. */
  readonly evicted: number
}

type Answer = LookupAnswer<CompiledPolicy>
type Loaded = LookupAnswer<CompiledPolicy | null>

/** A load that is under way, and how many requests wait for it. */
interface Load {
  readonly answer: Promise<Answer>
  readonly end: (answer: Answer) => void
  waiters: number
}

const LONGEST_ID = 256

/**
 * A policy for each tenant.
 *
 * A policy is loaded when a request first needs it, and kept: while it is, requests are decided at
 * once. However many requests wait, there is one load for a tenant at a time. An unknown tenant, and a
 * load that throws, rejects, hangs or yields wrong options, never allow anything.
 *
 * Choose the tenant by host or by path: a preflight has no cookies and no headers of the application,
 * so that by anything else it would find another tenant than the request that follows it, or none.
 *
 * @throws {CorsConfigError} with every issue, where the options are wrong.
 * @example
 * const source = tenants({
 *   tenant: (request: Request) => request.hostname,
 *   load: async (id) => (await database.findTenant(id))?.cors ?? null,
 * })
 * app.use(cors(source))
 */
export function tenants<Request>(options: TenantOptions<Request>): TenantSource<Request> {
  const settings = readTenantOptions(options)
  const { tenant, load, timeout, vary, onDecision, onReplaced, onError } = settings
  const kept = createKeptTenants(settings)
  const loads = createLoads(settings.concurrency)
  const underWay = new Map<string, Load>()
  const nobody = answerOf(toPolicy(vary.length === 0 ? { origin: false } : { origin: false, vary }))
  const counts = { hits: 0, loads: 0, failures: 0, stale: 0 }
  /** Loads that the store has answered. */
  let answered = 0
  /** Whether `onError` knows that loads are not started. */
  let isCrowdTold = false

  const idOf = (request: Request): string | undefined => readId(tenant(request))

  function ask(request: Request, clock: Clock): Answer | Promise<Answer> {
    let id: string | undefined
    try {
      id = idOf(request)
    } catch (error) {
      return failure(error, clock)
    }
    if (id === undefined) return nobody
    const now = clock.now()
    const fresh = kept.fresh(id, now)
    if (fresh === undefined) return askStore(id, now, request, clock)
    counts.hits += 1
    return fresh
  }

  /** No policy is kept that is in force as it is. */
  function askStore(
    id: string,
    now: number,
    request: Request,
    clock: Clock,
  ): Answer | Promise<Answer> {
    const miss = kept.miss(id, now)
    if (miss !== undefined) {
      const old = kept.ifError(id, now)
      counts[old === undefined ? 'hits' : 'stale'] += 1
      return old ?? miss
    }
    const load = underWay.get(id) ?? startLoad(id, request, clock)
    if (!('waiters' in load)) return load
    const old = kept.whileRevalidating(id, now)
    if (old !== undefined) {
      counts.stale += 1
      return old
    }
    load.waiters += 1
    return load.answer
  }

  function startLoad(id: string, request: Request, clock: Clock): Answer | Load {
    // At once, since frameworks change a request while it is handled.
    const isByOrigin =
      settings.dangerouslyAllow.length === 0 &&
      (vary.includes(ORIGIN) || dependsOnOrigin(idOf, request, id))
    const isKnown = kept.isKnown(id)
    const answeredBefore = answered
    let since: number | undefined
    const lookup: Lookup<CompiledPolicy | null> = {
      name: `the load of tenant ${quote(id)}`,
      ask: () => {
        counts.loads += 1
        isCrowdTold = false
        // From here on a change in the store may be missed.
        since = clock.now()
        return load(id)
      },
      callsBack: false,
      read: (loaded) => compileTenant(loaded, { vary, isByOrigin }),
      timeout,
    }
    const started = createLoad()
    const end = (loaded: Loaded, waiters: number): Answer => {
      if (loaded.error === undefined) answered += 1
      // A store that answered others was not away: the load was crowded out.
      const isCrowdedOut = since === undefined && !(isKnown && answered === answeredBefore)
      const isCurrent = underWay.get(id) === started
      if (isCurrent) underWay.delete(id)
      if (isCrowdedOut) return concludeCrowdedOut(id, loaded)
      const now = clock.now()
      if (isCurrent) keep(id, loaded, since ?? now, now)
      return conclude(id, loaded, now, waiters)
    }
    // Before the load is called, which may invalidate its tenant, or ask for it.
    underWay.set(id, started)
    const loaded = loads.run(lookup, clock, isKnown)
    if (!(loaded instanceof Promise)) {
      const answer = end(loaded, started.waiters + 1)
      started.end(answer)
      return answer
    }
    loaded.then((settled) => started.end(end(settled, started.waiters)))
    return started
  }

  function keep(id: string, loaded: Loaded, since: number, now: number): void {
    if (loaded.error !== undefined) kept.keepFailure(id, loaded, now)
    else if (loaded.value === null) kept.keepUnknown(id, nobody, since)
    else kept.keepPolicy(id, loaded as Answer, since)
  }

  /** The answer for those who waited: what was loaded, or, if that failed, what is still in force. */
  function conclude(id: string, loaded: Loaded, now: number, waiters: number): Answer {
    if (loaded.error === undefined) return loaded.value === null ? nobody : (loaded as Answer)
    counts.failures += 1
    tellError(onError, loaded.error, id)
    const old = kept.ifError(id, now)
    if (old === undefined) return loaded
    counts.stale += waiters
    return old
  }

  /** No failure of the store, so that no old policy stays in force, and nothing is remembered. */
  function concludeCrowdedOut(id: string, loaded: Loaded): Answer {
    counts.failures += 1
    if (!isCrowdTold && loaded.error !== undefined) tellError(onError, loaded.error, id)
    isCrowdTold = true
    return loaded as Answer
  }

  return Object.freeze({
    invalidate: (id?: string) => {
      if (id === undefined) underWay.clear()
      else underWay.delete(id)
      kept.expire(id)
    },
    stats: () =>
      Object.freeze({
        ...kept.sizes(),
        loading: loads.running(),
        waiting: loads.waiting(),
        ...counts,
        evicted: kept.evicted(),
      }),
    [LIVE_SOURCE]: Object.freeze({
      format: 1,
      ask,
      isImmediate: () => false,
      vary: Object.freeze([VARY_ORIGIN, ...vary.filter((name) => name !== ORIGIN)]),
      onDecision,
      onReplaced,
    }),
  } as const)
}

function createLoad(): Load {
  let end: Load['end'] = () => undefined
  const answer = new Promise<Answer>((resolve) => {
    end = resolve
  })
  return { answer, end, waiters: 0 }
}

/** The id of a tenant; `undefined` where there is none, and for what is too long to be one. */
function readId(id: unknown): string | undefined {
  if (typeof id === 'string') return id !== '' && id.length <= LONGEST_ID ? id : undefined
  if (id === undefined || id === null) return undefined
  // A rejection would otherwise go unhandled.
  if (isThenable(id)) Promise.resolve(id).catch(() => undefined)
  throw new TypeError(`tenant answered ${quote(id)}; it must answer an id or undefined, at once`)
}

/** Why a request has no tenant, as look-ups tell it. */
function failure(error: unknown, clock: Clock): Answer | Promise<Answer> {
  const ask = (): never => {
    throw error
  }
  return lookUp({ name: 'tenant', ask, callsBack: false, read: ask, timeout: 1 }, clock)
}

/** What an observer throws or rejects with stays here. */
function tellError(onError: TenantOptions<never>['onError'], error: Error, id: string): void {
  try {
    const returned: unknown = onError?.(error, id)
    if (isThenable(returned)) Promise.resolve(returned).catch(() => undefined)
  } catch {
    // The answer must not depend on who watches.
  }
}
