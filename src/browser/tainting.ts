/** By what rules a request goes out (Fetch standard, "main fetch"). */

import { quote } from '../quote.ts'
import type { Browser } from './browsers.ts'
import { mixedContent } from './mixed-content.ts'
import { isBadPort } from './ports.ts'
import type { FetchRequest, ResponseTainting } from './request.ts'
import { type BrokenRule, brokenRule } from './rules.ts'

/** The response tainting that the current URL leads to, or why it leads nowhere. */
export function taintingOf(request: FetchRequest, browser: Browser): ResponseTainting | BrokenRule {
  const { from, url, mode, redirect, tainting } = request
  const target = quote(url.href)
  const blocked = blockedTarget(request, browser)
  if (blocked !== undefined) return blocked
  // URLs of http and https never have opaque origins, which only look alike.
  if (from === url.origin && tainting === 'basic') return 'basic'
  if (mode === 'same-origin') {
    return brokenRule('mode.same-origin', `${target} is of another origin than ${quote(from)}`)
  }
  if (mode === 'cors') return 'cors'
  if (redirect === 'follow') return 'opaque'
  return brokenRule('mode.no-cors-redirect', "mode 'no-cors' has to follow redirects")
}

/** Why nothing is sent there, whatever the mode. */
function blockedTarget(request: FetchRequest, browser: Browser): BrokenRule | undefined {
  const { href, port, isHttp } = request.url
  if (!isHttp) return brokenRule('url.scheme', `${quote(href)} is not http or https`)
  if (!isBadPort(port, browser)) return mixedContent(request)
  const message = `${quote(href)} has port ${port}, to which browsers do not connect`
  return brokenRule('url.bad-port', message)
}
