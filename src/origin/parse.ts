/**
 * Serialized origins (HTML, "serialization of an origin"; Fetch, "Origin header"), read strictly.
 *
 * A request's origin is never repaired: a normalizer is what turns values that no browser sends
 * into accepted ones. What is not in canonical form is simply not an origin.
 */

import { isCanonicalHost } from './host.ts'
import { defaultPort, isScheme, MAX_SCHEME_LENGTH } from './scheme.ts'

/** An origin that names a host. The port is empty where it is the scheme's default. */
export interface OriginParts {
  readonly scheme: string
  readonly host: string
  readonly port: string
}

/** Longest origin that is looked at, in bytes: scheme, `://`, a host of 253, and a port of five digits. */
export const MAX_ORIGIN_LENGTH = MAX_SCHEME_LENGTH + 3 + 253 + 6

/** The parts of `text` if it is a canonical serialized origin other than `null`. */
export function parseOrigin(text: string): OriginParts | undefined {
  if (text.length > MAX_ORIGIN_LENGTH) return undefined
  const schemeEnd = text.indexOf('://')
  if (schemeEnd === -1) return undefined
  const scheme = text.slice(0, schemeEnd)
  const hostStart = schemeEnd + 3
  const hostEnd = endOfHost(text, hostStart)
  const host = text.slice(hostStart, hostEnd)
  const port = text.slice(hostEnd + 1)
  // `file:` URLs have opaque origins, which serialize to `null`.
  if (!isScheme(scheme) || scheme === 'file') return undefined
  if (hostEnd < text.length && !(text[hostEnd] === ':' && isPort(port))) return undefined
  if (port !== '' && port === defaultPort(scheme)) return undefined
  return isCanonicalHost(scheme, host) ? { scheme, host, port } : undefined
}

/** Where the host that starts at `start` ends: behind a bracketed IPv6 address, else at the port or the end. */
export function endOfHost(text: string, start: number): number {
  if (text[start] === '[') {
    const bracket = text.indexOf(']', start)
    return bracket === -1 ? text.length : bracket + 1
  }
  const colon = text.indexOf(':', start)
  return colon === -1 ? text.length : colon
}

/** Where a path, a query or a fragment starts, from `start` on; -1 where none does. */
export function indexOfPath(text: string, start: number): number {
  for (let index = start; index < text.length; index += 1) {
    if ('/?#\\'.includes(text.charAt(index))) return index
  }
  return -1
}

/** Whether `text` is a port from 1 to 65535 in decimal, without leading zeros. */
export function isPort(text: string): boolean {
  if (text.length === 0 || text.length > 5 || text[0] === '0') return false
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x30 || code > 0x39) return false
  }
  return Number(text) <= 65535
}
