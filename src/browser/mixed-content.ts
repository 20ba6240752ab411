/**
 * "Should fetching request be blocked as mixed content?" (Mixed Content), for what `fetch()` asks
 * for: nothing of it is upgraded to https.
 *
 * By that standard pages on the loopback interface are restricted, too. No browser does so, since
 * developers would reach nothing else, and neither does this model.
 */

import { isLoopback } from '../origin/host.ts'
import { quote } from '../quote.ts'
import type { FetchRequest } from './request.ts'
import { type BrokenRule, brokenRule } from './rules.ts'
import type { ParsedUrl } from './url.ts'

/** The rule that the request breaks by its current URL, if it does. */
export function mixedContent({
  from,
  url,
  trustworthy,
  redirects,
}: FetchRequest): BrokenRule | undefined {
  if (!from.startsWith('https:') || isTrustworthy(url, trustworthy)) return undefined
  const message = `the page at ${quote(from)} is of https, and ${quote(url.href)} is not: mixed content`
  return brokenRule('mixed-content', message, {
    hint: redirects === 0 ? undefined : 'downgrade',
  })
}

/** "Potentially trustworthy URL" (Secure Contexts), for URLs of http and https. */
function isTrustworthy({ href, host, origin }: ParsedUrl, trustworthy: readonly string[]): boolean {
  return href.startsWith('https:') || isLoopback(host) || trustworthy.includes(origin)
}
