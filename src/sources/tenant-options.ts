/** What users write for `tenants`: types, validation, defaults. */

import { CorsConfigError, type CorsIssue, createIssue } from '../errors.ts'
import type { CorsDanger, CorsOptions, DecisionObserver, ReplacementObserver } from '../options.ts'
import type { AnyCorsPolicy } from '../policy.ts'
import { readDangers } from '../validation/dangers.ts'
import { readVary } from '../validation/names.ts'
import { nearest } from '../validation/nearest.ts'
import { DEFAULT_TIMEOUT } from '../validation/normalize.ts'
import { collectInto, type Report } from '../validation/report.ts'
import { type Bounds, readFunction, readInteger, TIMEOUT } from '../validation/values.ts'

/** What `load` finds: the options or the policy of a tenant, or that there is no such tenant. */
export type LoadedTenant = CorsOptions | AnyCorsPolicy | null

/**
 * A source with one policy for each tenant.
 *
 * Only `tenant` and `load` are required. An option that is `undefined` counts as absent.
 */
export interface TenantOptions<Request> {
  /**
   * The tenant that a request is for: an id of at most 256 characters; `undefined`, `null` or `''`
   * where there is none, so that nobody is allowed. It answers at once. It is called once for each
   * request, and up to three times where a load starts, to find out whether it goes by the Origin. What
   * it throws is a failure.
   *
   * A preflight has no cookies, no `Authorization` and no headers of the application. It has to find
   * the same tenant as the request that follows it, so choose by host or by path. Ids are asked for in
   * the store as they are: check their form here where the store is not safe against any text, and
   * answer `undefined` for what cannot be a tenant: only so many loads run at once.
   *
   * Never choose by the Origin: see `'tenant-by-origin'` in {@link CorsDanger}.
   *
   * @example (request) => tenantByHost.get(request.headers.host)
   * @example (request) => request.url.split(/[/?]/, 2)[1]
   */
  // A method's parameters are bivariant, so that any type of request can be declared.
  tenant(request: Request): string | null | undefined

  /**
   * Yields the options or the policy of a tenant, at once or by promise; `null` where there is no such
   * tenant. To throw, to reject, to answer anything else (`undefined`, too), to yield wrong options, or
   * to take longer than `timeout` is a failure, and nobody is allowed.
   *
   * @example async (id) => (await database.findTenant(id))?.cors ?? null
   */
  load(id: string): LoadedTenant | PromiseLike<LoadedTenant>

  /**
   * How long a policy is in force without being loaded anew, in milliseconds from the start of its load:
   * within this time a change in the store reaches every request.
   *
   * @default 60000
   */
  readonly ttl?: number | undefined

  /**
   * For how many milliseconds after `ttl` an old policy is still served at once, while one load runs
   * in the background (RFC 5861). A change then reaches requests that much later.
   *
   * @default 0
   */
  readonly staleWhileRevalidate?: number | undefined

  /**
   * For how many milliseconds after `ttl` an old policy stays in force where it cannot be loaded anew
   * (RFC 5861): how long an outage of the store may last. A load that is not started because too many
   * others run is no outage. `0` for never.
   *
   * @default 3600000
   */
  readonly staleIfError?: number | undefined

  /**
   * How long it is remembered that there is no such tenant, in milliseconds. A tenant that is new in
   * the store may have to wait that long.
   *
   * @default 10000
   */
  readonly negativeTtl?: number | undefined

  /**
   * How many policies are kept. Those that nobody asked for make room first.
   *
   * @default 10000
   */
  readonly max?: number | undefined

  /**
   * How many unknown tenants and failures are remembered. Invented tenants take no room from real ones.
   *
   * @default 10000
   */
  readonly maxMisses?: number | undefined

  /**
   * How many milliseconds one load may take, with the time that it waits for its turn, from 1 to 60000.
   *
   * @default 5000
   */
  readonly timeout?: number | undefined

  /**
   * How many loads run at once. A fifth of them is for tenants whose policy is kept, however old; they
   * also go first. Of others 1000 more may wait; beyond that the one that has waited longest fails.
   *
   * @default 50
   */
  readonly concurrency?: number | undefined

  /**
   * Names of the request headers by which the tenant was chosen, for caches: all responses vary on
   * them. Not needed for the host and the path, which are part of what caches go by.
   *
   * @default none
   */
  readonly vary?: string | readonly string[] | undefined

  /**
   * Knowingly lets the tenant be chosen by the Origin, also with credentials. The page of one tenant
   * can then read the data of another. It can also be acknowledged in the options of a tenant.
   *
   * @default none
   */
  readonly dangerouslyAllow?: readonly 'tenant-by-origin'[] | undefined

  /** Sees the decisions of policies that have no observer of their own, and failures. */
  readonly onDecision?: DecisionObserver | undefined

  /** Sees what was replaced on a response, where the policy has no observer of its own. */
  readonly onReplaced?: ReplacementObserver | undefined

  /**
   * Sees each load that failed, also where an old policy stays in force. That loads are not started
   * since too many are waiting is told once, until one starts. What it throws or rejects with is
   * dropped.
   *
   * @example (error, id) => log.error({ error, tenant: id }, 'the CORS policy cannot be loaded')
   */
  readonly onError?: ((error: Error, id: string) => void) | undefined
}

/** Valid options, complete. */
export interface TenantSettings<Request>
  extends Pick<TenantOptions<Request>, 'tenant' | 'load' | 'onDecision' | 'onReplaced' | 'onError'>,
    Readonly<Record<keyof typeof INTEGERS, number>> {
  readonly vary: readonly string[]
  readonly dangerouslyAllow: readonly CorsDanger[]
}

const BY_ORIGIN: CorsDanger = 'tenant-by-origin'

const DURATION: Bounds = {
  what: 'a whole number of milliseconds',
  least: 0,
  most: 31_536_000_000,
  instead: 31_536_000_000,
}
const COUNT: Bounds = {
  what: 'a whole number',
  least: 1,
  most: 10_000_000,
  instead: 10_000_000,
}

const INTEGERS = {
  ttl: DURATION,
  staleWhileRevalidate: DURATION,
  staleIfError: DURATION,
  negativeTtl: DURATION,
  max: COUNT,
  maxMisses: COUNT,
  timeout: TIMEOUT,
  concurrency: COUNT,
}
const DEFAULTS: Omit<TenantSettings<never>, 'tenant' | 'load'> = {
  ttl: 60_000,
  staleWhileRevalidate: 0,
  staleIfError: 3_600_000,
  negativeTtl: 10_000,
  max: 10_000,
  maxMisses: 10_000,
  timeout: DEFAULT_TIMEOUT,
  concurrency: 50,
  vary: [],
  dangerouslyAllow: [],
}
const REQUIRED: readonly string[] = ['tenant', 'load']
const FUNCTIONS: readonly string[] = [...REQUIRED, 'onDecision', 'onReplaced', 'onError']
const NAMES: readonly string[] = [...FUNCTIONS, ...Object.keys(DEFAULTS)]

/** @throws {CorsConfigError} with every issue, where the options are wrong. */
export function readTenantOptions<Request>(
  options: TenantOptions<Request>,
): TenantSettings<Request> {
  if (typeof options !== 'object' || options === null) {
    const problem = 'the options of tenants are an object with at least tenant and load'
    throw new CorsConfigError([createIssue('options.type', [], options, problem)])
  }
  const issues: CorsIssue[] = []
  const report = collectInto(issues)
  // Without a prototype, so that an absent option cannot be found on `Object.prototype`.
  const settings = Object.assign(Object.create(null), DEFAULTS)
  const given = new Map(Object.entries(options).filter(([, value]) => value !== undefined))
  for (const name of REQUIRED) if (!given.has(name)) readFunction(name, undefined, report)
  for (const [name, value] of given) settings[name] = readOption(name, value, report)
  if (issues.length > 0) throw new CorsConfigError(issues)
  return Object.freeze(settings)
}

function readOption(name: string, value: unknown, report: Report): unknown {
  if (FUNCTIONS.includes(name)) return readFunction(name, value, report)
  if (isInteger(name)) return readInteger(name, value, INTEGERS[name], report)
  if (name === 'vary') return readVary(value, report)
  if (name === 'dangerouslyAllow') return readByOrigin(value, report)
  report('option.unknown', [name], name, 'tenants has no such option', nearest(name, NAMES))
  return undefined
}

function isInteger(name: string): name is keyof typeof INTEGERS {
  return Object.hasOwn(INTEGERS, name)
}

function readByOrigin(value: unknown, report: Report): readonly CorsDanger[] {
  const dangers = readDangers(value, ['dangerouslyAllow'], report)
  for (const danger of dangers) {
    if (danger === BY_ORIGIN) continue
    const problem = `here only '${BY_ORIGIN}' can be; others stand in the options of a tenant`
    report('dangerously-allow.unknown', ['dangerouslyAllow'], danger, problem)
  }
  return dangers
}
