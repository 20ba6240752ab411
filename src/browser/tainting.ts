/** By what rules a request goes out (Fetch standard, "main fetch"). */

import { quote } from '../quote.ts'
import type { FetchRequest, ResponseTainting } from './request.ts'
import { type BrokenRule, brokenRule } from './rules.ts'

/** The response tainting that the current URL leads to, or why it leads nowhere. */
export function taintingOf({
  from,
  url,
  mode,
  redirect,
  tainting,
}: FetchRequest): ResponseTainting | BrokenRule {
  const target = quote(url.href)
  if (!url.isHttp) return brokenRule('url.scheme', `${target} is not http or https`)
  // URLs of http and https never have opaque origins, which only look alike.
  if (from === url.origin && tainting === 'basic') return 'basic'
  if (mode === 'same-origin') {
    return brokenRule('mode.same-origin', `${target} is of another origin than ${quote(from)}`)
  }
  if (mode === 'cors') return 'cors'
  if (redirect === 'follow') return 'opaque'
  return brokenRule('mode.no-cors-redirect', "mode 'no-cors' has to follow redirects")
}
