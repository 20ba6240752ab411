/** What `load` yields -> the compiled policy of a tenant, or why there is none. */

import { CorsConfigError, createIssue } from '../errors.ts'
import { type CompiledPolicy, compiledOf, toPolicy } from '../policy.ts'
import { quote } from '../quote.ts'

/** What holds for every tenant of a source. */
export interface TenantContext {
  /** Names of request headers that all answers vary on. */
  readonly vary: readonly string[]
  /** Whether the tenant was chosen by the Origin. */
  readonly isByOrigin: boolean
}

const BY_ORIGIN = 'tenant-by-origin'
const BY_ORIGIN_PROBLEM =
  "the tenant is chosen by the Origin, so the page of one tenant can read the data of another as the user; choose it by host or by path, or acknowledge 'tenant-by-origin' in dangerouslyAllow"

/** @throws Where the tenant has no policy that may be used. */
export function compileTenant(
  loaded: unknown,
  { vary, isByOrigin }: TenantContext,
): CompiledPolicy | null {
  if (loaded === null) return null
  if (typeof loaded !== 'object') {
    throw new TypeError(`load answered ${quote(loaded)}; it must answer options, a policy or null`)
  }
  const policy = toPolicy(loaded)
  const { options } = policy
  if (isByOrigin && options.credentials && !options.dangerouslyAllow.includes(BY_ORIGIN)) {
    throw new CorsConfigError([
      createIssue('credentials.tenant-by-origin', ['credentials'], true, BY_ORIGIN_PROBLEM),
    ])
  }
  const varying =
    vary.length === 0 ? policy : toPolicy({ ...options, vary: [...(options.vary ?? []), ...vary] })
  return compiledOf(varying).behindSource()
}
