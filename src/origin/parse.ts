/**
 * Serialized origins (HTML, "serialization of an origin"; Fetch, "Origin header"), read strictly.
 *
 * A request's origin is never repaired: a normalizer is what turns values that no browser sends
 * into accepted ones. What is not in canonical form is simply not an origin.
 */

import { isCanonicalHost } from './host.ts'

/** An origin that names a host. The port is empty where it is the scheme's default. */
export interface OriginParts {
  readonly scheme: string
  readonly host: string
  readonly port: string
}

/** Longest scheme that is looked at, in bytes. */
export const MAX_SCHEME_LENGTH = 64
/** Longest origin that is looked at, in bytes: scheme, `://`, a host of 253, and a port of five digits. */
export const MAX_ORIGIN_LENGTH = MAX_SCHEME_LENGTH + 3 + 253 + 6

const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  __proto__: null as never,
  ftp: '21',
  http: '80',
  https: '443',
  ws: '80',
  wss: '443',
}

/** The port that URLs of `scheme` leave out (URL standard, "special scheme"). */
export function defaultPort(scheme: string): string | undefined {
  return DEFAULT_PORTS[scheme]
}

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

/** Whether `text` is a lower-case scheme: a letter, then letters, digits, `+`, `-`, `.` (RFC 3986, 3.1). */
export function isScheme(text: string): boolean {
  if (text.length === 0 || text.length > MAX_SCHEME_LENGTH) return false
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    const letter = code >= 0x61 && code <= 0x7a
    const other = (code >= 0x30 && code <= 0x39) || code === 0x2b || code === 0x2d || code === 0x2e
    if (!letter && (index === 0 || !other)) return false
  }
  return true
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
