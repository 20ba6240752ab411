/** What the author of a text that is no pattern probably meant. Whether it is one, the caller judges. */

import { isLoopback } from './host.ts'
import { endOfHost, indexOfPath, MAX_ORIGIN_LENGTH } from './parse.ts'

/** Stands in for the wildcard while the URL parser, which refuses `*` in a host, corrects the rest. */
const STAND_IN = 'wildcard-stand-in'

/** The parts of the URL standard's parser that help to correct a pattern. */
type UrlParser = new (text: string) => { protocol: string; host: string; origin: string }

/**
 * The text as the runtime's URL parser would serialize it, without quotes and with a scheme. Only
 * where there is a URL parser: validity never rests on it.
 */
export function corrected(text: string): string | undefined {
  const UrlParser = (globalThis as { URL?: UrlParser }).URL
  if (UrlParser === undefined || text.length > 4 * MAX_ORIGIN_LENGTH) return undefined
  const { rest, anyPort } = withoutAnyPort(unquoted(text.trim()))
  const absolute = withScheme(rest)
  if (absolute === undefined) return undefined
  try {
    const url = new UrlParser(absolute.replace('*', STAND_IN))
    const origin = url.origin === 'null' ? `${url.protocol}//${url.host}` : url.origin
    return origin.replace(STAND_IN, '*') + (anyPort ? ':*' : '')
  } catch {
    return undefined
  }
}

/** Without the quotes that a shell or an environment file left. */
function unquoted(text: string): string {
  const quote = text.charAt(0)
  const isQuoted = text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote)
  return isQuoted ? text.slice(1, -1) : text
}

/** Nothing where the text names no host: `https://undefined` is what nobody meant. */
function withScheme(text: string): string | undefined {
  if (text.includes('://')) return text
  for (const scheme of ['https', 'http']) {
    // With too few slashes, which the URL parser adds, or without the colon.
    if (text.startsWith(`${scheme}:`)) return text
    if (text.startsWith(`${scheme}//`)) return `${scheme}:${text.slice(scheme.length)}`
  }
  const bare = text.startsWith('//') ? text.slice(2) : text
  const path = indexOfPath(bare, 0)
  const authority = path === -1 ? bare : bare.slice(0, path)
  const host = authority.slice(0, endOfHost(authority, 0)).toLowerCase()
  // Local hosts are developed without TLS; all others are meant to be reached with it.
  if (isLoopback(host) || host.startsWith('127.')) return `http://${bare}`
  return host.includes('.') || host.startsWith('[') ? `https://${bare}` : undefined
}

/** Any port is `:*` at the end; behind a local host a bare `*` can mean nothing else. */
function withoutAnyPort(text: string): { rest: string; anyPort: boolean } {
  const end = text.endsWith('/') ? text.length - 1 : text.length
  if (text.endsWith(':*', end)) return { rest: text.slice(0, end - 2), anyPort: true }
  const rest = text.slice(0, end - 1)
  const host = rest.slice(rest.lastIndexOf('/') + 1)
  const anyPort = text.endsWith('*', end) && isLoopback(host)
  return { rest: anyPort ? rest : text, anyPort }
}
