/**
 * "Cross-origin resource policy check" (Fetch standard), for pages without an embedder policy: it is
 * for responses that no page reads, those of mode `no-cors`.
 */

import { isCanonicalIpv4 } from '../origin/host.ts'
import { type OriginParts, parseOrigin } from '../origin/parse.ts'
import { sharedParent } from '../origin/suffixes.ts'
import { quote } from '../quote.ts'
import type { ReceivedResponse } from './exchange.ts'
import { combinedValue, titleOf } from './headers.ts'
import type { FetchRequest } from './request.ts'
import { type BrokenRule, brokenRule } from './rules.ts'

const RESOURCE_POLICY = 'cross-origin-resource-policy'

/** Whether a policy admits a page to a URL of another origin or its own, by what the field holds. */
const ADMITS: Readonly<Record<string, (page: string, target: string) => boolean>> = {
  'same-origin': (page, target) => page === target,
  'same-site': isSameSite,
}

/** The rule that the response breaks, if it does. What the field may not hold counts as absent. */
export function resourcePolicyCheck(
  { from, url, tainting }: FetchRequest,
  { headers }: ReceivedResponse,
): BrokenRule | undefined {
  if (tainting !== 'opaque') return undefined
  const policy = combinedValue(headers, RESOURCE_POLICY) ?? ''
  const admits = Object.hasOwn(ADMITS, policy) ? ADMITS[policy] : undefined
  if (admits === undefined || admits(from, url.origin)) return undefined
  const is = `${titleOf(RESOURCE_POLICY)} is ${quote(policy)}`
  return brokenRule('resource-policy', `${is}, which keeps the page at ${quote(from)} out`, {
    header: RESOURCE_POLICY,
    expected: 'cross-origin',
    actual: policy,
  })
}

/** "Schemelessly same site", where pages of http get nothing of https. */
function isSameSite(page: string, target: string): boolean {
  const [from, to] = [parseOrigin(page), parseOrigin(target)]
  if (from === undefined || to === undefined) return false
  if (from.scheme !== 'https' && to.scheme === 'https') return false
  return from.host === to.host || hasSameRegistrableDomain(from, to)
}

/** By the few public suffixes that the core knows. */
function hasSameRegistrableDomain(from: OriginParts, to: OriginParts): boolean {
  if (from.host.startsWith('[') || isCanonicalIpv4(from.host)) return false
  const parent = commonParent(from.host, to.host)
  const labels = parent.split('.').filter((label) => label !== '')
  return labels.length > 1 && sharedParent(parent, () => false) === undefined
}

/** The labels at the end that both names have. */
function commonParent(one: string, other: string): string {
  const ours = one.split('.').reverse()
  const theirs = other.split('.').reverse()
  const differing = ours.findIndex((label, index) => label !== theirs[index])
  return ours
    .slice(0, differing === -1 ? ours.length : differing)
    .reverse()
    .join('.')
}
