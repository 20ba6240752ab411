/** One policy for each tenant: loaded when it is asked for, kept for a while, bounded, failing closed. */

import { VARY_ORIGIN } from '../answers.ts'
import { CorsConfigError, createIssue } from '../errors.ts'
import { type CompiledPolicy, compiledOf, toPolicy } from '../policy.ts'
import { quote } from '../quote.ts'
import { createCache } from './cache.ts'
import { createLoads } from './loads.ts'
import { type Clock, isThenable, type LookupAnswer, lookUp } from './lookup.ts'
import { dependsOnOrigin } from './origin-dependence.ts'
import { answerOf } from './reloadable.ts'
import { LIVE_SOURCE, type LiveSource } from './source.ts'
import { readTenantOptions, type TenantOptions, type TenantSettings } from './tenant-options.ts'

/** A source with one policy for each tenant. */
export interface TenantSource<Request = unknown> extends LiveSource<Request> {
  /**
   * Has the policy of a tenant, or of all, loaded anew for the next request. Loads that are under way
   * are not kept, and answer only the requests that came before. Where the new load fails, the old
   * policy stays in force, as `staleIfError` says.
   */
  invalidate(id?: string): void
  /** What is kept, what is under way, and what has been, as plain data. */
  stats(): TenantStats
}

export interface TenantStats {
  /** Policies that are kept. */
  readonly policies: number
  /** Unknown tenants and failures that are remembered. */
  readonly misses: number
  /** Loads that run, and loads that wait for their turn. */
  readonly loading: number
  readonly waiting: number
  /** Requests that were answered at once from what is kept. */
  readonly hits: number
  /** Loads, and those of them that failed. */
  readonly loads: number
  readonly failures: number
  /** Requests that were answered with a policy older than `ttl`. */
  readonly stale: number
  /** Entries that had to make room for others. */
  readonly evicted: number
}

type Answer = LookupAnswer<CompiledPolicy>

/** A policy that is kept, and until when it serves what for. */
interface KeptPolicy {
  readonly answer: Answer
  readonly since: number
  freshUntil: number
  revalidatedUntil: number
  readonly usableUntil: number
}

/** An unknown tenant, or a failure, that is remembered. */
interface KeptMiss {
  readonly answer: Answer
  readonly since: number
  readonly until: number
}

/** A load that is under way, and how many requests wait for it. */
interface Load {
  readonly answer: Promise<Answer>
  waiters: number
}

const LONGEST_ID = 256
/** Milliseconds for which a failed load is not tried again. */
const RETRY_AFTER = 1000

/**
 * A policy for each tenant.
 *
 * A policy is loaded when a request first needs it, and kept: a request whose policy is kept is decided
 * at once. There is one load for a tenant at a time, however many requests wait for it. A tenant that
 * nobody knows, and a load that throws, rejects, hangs or yields wrong options, never allow anything.
 *
 * Choose the tenant by host or by path. A preflight has no cookies and no headers of the application,
 * so whatever else the tenant is chosen by, the preflight would find another tenant or none.
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
  const { tenant, load, timeout, vary } = settings
  const policies = createCache<KeptPolicy>(settings.max)
  const misses = createCache<KeptMiss>(settings.maxMisses)
  const loads = createLoads(settings.concurrency)
  const underWay = new Map<string, Load>()
  const nobody = answerOf(toPolicy(vary.length === 0 ? { origin: false } : { origin: false, vary }))
  const counts = { hits: 0, loads: 0, failures: 0, stale: 0 }

  function ask(request: Request, clock: Clock): Answer | Promise<Answer> {
    let id: string | undefined
    try {
      id = idOf(tenant(request))
    } catch (error) {
      return failed(error, clock)
    }
    if (id === undefined) return nobody
    const kept = policies.get(id)
    const now = clock.now()
    if (kept === undefined || now < kept.since || now >= kept.freshUntil) {
      return askStore(id, kept, request, clock)
    }
    counts.hits += 1
    return kept.answer
  }

  /** No fresh policy is kept. */
  function askStore(
    id: string,
    kept: KeptPolicy | undefined,
    request: Request,
    clock: Clock,
  ): Answer | Promise<Answer> {
    const now = clock.now()
    const miss = misses.get(id)
    if (miss !== undefined && isBetween(now, miss.since, miss.until)) {
      const stale = usable(kept, now)
      if (stale !== undefined) return servedStale(stale)
      counts.hits += 1
      return miss.answer
    }
    const load = underWay.get(id) ?? startLoad(id, request, clock)
    if (!isUnderWay(load)) return load
    if (kept !== undefined && isBetween(now, kept.since, kept.revalidatedUntil)) {
      return servedStale(kept)
    }
    load.waiters += 1
    return load.answer
  }

  function startLoad(id: string, request: Request, clock: Clock): Answer | Load {
    if (loads.areFull()) {
      const error = new Error(`the load of ${quote(id)} was not started: too many are waiting`)
      return conclude({ id, answer: { error, value: undefined }, waiters: 1, isKept: false })
    }
    // At once, because frameworks change requests later on.
    const isByOrigin =
      !settings.isByOriginAllowed &&
      (vary.includes(ORIGIN) || dependsOnOrigin(tenant, request, id))
    let since = clock.now()
    const answer = loads.run(
      {
        name: `the load of ${quote(id)}`,
        ask: () => {
          since = clock.now()
          counts.loads += 1
          return load(id)
        },
        callsBack: false,
        read: (loaded) => compileTenant(loaded, { vary, isByOrigin }),
        timeout,
      },
      clock,
    )
  }
}
