/** Holds the origins against `credentials` and the acknowledged risks. */

import type { CorsIssueCode } from '../errors.ts'
import type { CorsDanger } from '../options.ts'
import { isLoopback } from '../origin/host.ts'
import type { OriginPattern } from '../origin/pattern.ts'
import { sharedParent } from '../origin/suffixes.ts'
import { quote } from '../quote.ts'
import type { PatternEntry, ReadOrigins } from './origins.ts'
import type { Report } from './report.ts'

export interface ConflictContext {
  readonly credentials: boolean
  /** The risks acknowledged for the whole policy. */
  readonly dangers: ReadonlySet<CorsDanger>
  readonly isPublicSuffix: ((host: string) => boolean) | undefined
}

/** The risks that each entry needs, by entry: what is left of acknowledgements in the normal form. */
export type NeededDangers = ReadonlyMap<object, readonly CorsDanger[]>

/** A risk that an entry takes, and how it is reported where nobody has acknowledged it. */
interface Risk {
  readonly danger: CorsDanger
  readonly code: CorsIssueCode
  readonly problem: string
  readonly suggestion?: string | undefined
}

const NULL_ORIGIN: Risk = {
  danger: 'null-origin',
  code: 'origin.null',
  problem: "any site can have the origin 'null'; acknowledge 'null-origin' if that is meant",
}

const INSECURE_ORIGIN: Risk = {
  danger: 'insecure-origins',
  code: 'credentials.insecure-origin',
  problem:
    "whoever controls the network can be this page and act as the user; use https, or acknowledge 'insecure-origins'",
}

const SHARED_HOSTING: Risk = {
  danger: 'shared-hosting',
  code: 'credentials.shared-hosting',
  problem:
    "anybody can take a matching name on this platform and act as the user; list the names you own, or acknowledge 'shared-hosting'",
}

const PUBLIC_SUFFIX: Risk = {
  danger: 'public-suffix',
  code: 'credentials.public-suffix',
  problem:
    "anybody can register a matching domain and act as the user; list the domains you own, or acknowledge 'public-suffix'",
}

export function checkConflicts(
  origins: ReadOrigins,
  context: ConflictContext,
  report: Report,
): NeededDangers {
  const needed = new Map<object, readonly CorsDanger[]>()

  if (context.credentials) {
    for (const { path, value } of origins.any) {
      const problem = 'with credentials every site could act as the user; list the origins'
      report('credentials.any-origin', path, value, problem)
    }
    for (const { path, value } of origins.nulls) {
      const problem = "any site can have the origin 'null' and act as the user"
      report('credentials.null-origin', path, value, problem)
    }
  } else {
    for (const entry of origins.nulls) settle(entry, [NULL_ORIGIN])
  }
  for (const entry of origins.expressions) {
    if (entry.slow === undefined) continue
    const { code, message: problem, suggestion } = entry.slow
    settle(entry, [{ danger: 'slow-regexp', code, problem, suggestion }])
  }
  if (context.credentials) {
    const isPublicSuffix = guarded(context.isPublicSuffix, report)
    for (const entry of origins.patterns) settle(entry, risksOf(entry.pattern, isPublicSuffix))
  }
  return needed

  function settle(
    entry: PatternEntry | ReadOrigins['nulls'][number],
    risks: readonly Risk[],
  ): void {
    if (risks.length === 0) return
    needed.set(
      entry,
      risks.map(({ danger }) => danger),
    )
    for (const { danger, code, problem, suggestion } of risks) {
      if (entry.dangers.includes(danger) || context.dangers.has(danger)) continue
      report(code, entry.path, entry.value, problem, suggestion)
    }
  }
}

/** The risks of one pattern in a policy with credentials. */
function risksOf(
  pattern: OriginPattern,
  isPublicSuffix: (host: string) => boolean,
): readonly Risk[] {
  const risks: Risk[] = []
  const host = pattern.kind === 'wildcard' ? pattern.parent : pattern.host
  if (pattern.scheme === 'http' && !isLoopback(host)) risks.push(INSECURE_ORIGIN)
  if (pattern.kind === 'wildcard') {
    const shared = sharedParent(host, isPublicSuffix)
    if (shared === 'shared-hosting') risks.push(SHARED_HOSTING)
    if (shared === 'public-suffix') risks.push(PUBLIC_SUFFIX)
  }
  return risks
}

/** The user's list of suffixes: what it throws, or answers besides a boolean, is reported once. */
function guarded(
  isPublicSuffix: ((host: string) => boolean) | undefined,
  report: Report,
): (host: string) => boolean {
  let failed = false
  return (host) => {
    if (isPublicSuffix === undefined || failed) return false
    try {
      const answer: unknown = isPublicSuffix(host)
      if (typeof answer === 'boolean') return answer
      fail(host, 'isPublicSuffix answers true or false')
    } catch (error) {
      const reason = error instanceof Error ? error.message : error
      fail(host, `isPublicSuffix threw for this host: ${quote(reason)}`)
    }
    return false
  }

  function fail(host: string, problem: string): void {
    failed = true
    report('is-public-suffix.failed', ['isPublicSuffix'], host, problem)
  }
}
