/** A tenant source with a store behind it that tests edit and break. */

import {
  type CorsDecision,
  createDecider,
  type Decider,
  type RequestFacts,
  type TenantOptions,
  type TenantSource,
  tenants,
} from '../../../src/index.ts'
import { createFakeClock, type FakeClock } from '../fake-clock.ts'

/** What an adapter would hand on. */
export interface Request {
  readonly tenant: unknown
}

export const ORIGIN = 'https://a.test'
export const GET = { method: 'GET', origin: ORIGIN }
export const PREFLIGHT = { method: 'OPTIONS', origin: ORIGIN, requestMethod: 'PUT' }

export interface TenantStore {
  readonly clock: FakeClock
  readonly source: TenantSource<Request>
  readonly decider: Decider<Request>
  /** What the store holds. Edits count at once. */
  readonly rows: Map<string, unknown>
  /** The ids that were loaded, in order. */
  readonly loaded: string[]
  /** How the store answers from now on, instead of with its rows; `undefined` repairs it. */
  readonly breakWith: (load: ((id: string) => unknown) | undefined) => void
  readonly decide: (tenant: unknown, facts?: RequestFacts) => CorsDecision | Promise<CorsDecision>
  /** The version that is in force for a tenant, or the outcome where it allows nothing. */
  readonly ask: (tenant: unknown) => Promise<string>
}

export function createTenantStore(options: Partial<TenantOptions<Request>> = {}): TenantStore {
  const clock = createFakeClock()
  const rows = new Map<string, unknown>()
  const loaded: string[] = []
  let broken: ((id: string) => unknown) | undefined
  const source = tenants<Request>({
    tenant: ({ tenant }) => tenant as string,
    load: (id) => {
      loaded.push(id)
      const load = broken ?? (async () => rows.get(id) ?? null)
      return load(id) as null
    },
    ...options,
  })
  const decider = createDecider(source, clock)
  const decide = (tenant: unknown, facts: RequestFacts = GET) => decider.decide(facts, { tenant })
  return {
    clock,
    source,
    decider,
    rows,
    loaded,
    breakWith: (load) => {
      broken = load
    },
    decide,
    ask: async (tenant) => versionOf(await decide(tenant)),
  }
}

/** Options that tell themselves from others on the wire. */
export function version(name: string): { origin: string; exposedHeaders: string[] } {
  return { origin: ORIGIN, exposedHeaders: [name] }
}

export function versionOf({ outcome, headers }: CorsDecision): string {
  if (outcome === 'allowed') return headers['access-control-expose-headers'] ?? outcome
  return Object.keys(headers).length === 0 ? outcome : 'refused with fields'
}

/** Lets promises that have an answer go on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

export const hang = (): Promise<never> => new Promise(() => undefined)
