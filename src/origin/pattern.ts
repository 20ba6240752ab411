/**
 * Origin patterns: what a policy may say about origins, and why anything else is refused.
 *
 * An exact pattern must already be what a browser sends, because anything else would silently
 * never match. Each refusal therefore comes with the corrected form, where there is one.
 */

import type { CorsIssueCode } from '../errors.ts'
import { corrected } from './correction.ts'
import {
  allOf,
  endsInNumber,
  isCanonicalHost,
  isCanonicalIpv4,
  isCanonicalIpv6,
  isName,
  MAX_HOST_LENGTH,
} from './host.ts'
import { endOfHost, indexOfPath, isPort, MAX_ORIGIN_LENGTH } from './parse.ts'
import { defaultPort, isScheme, isSpecial } from './scheme.ts'

/** One origin, compared byte for byte. */
export interface ExactPattern {
  readonly kind: 'exact'
  readonly text: string
  readonly scheme: string
  readonly host: string
}

/** `https://example.com:*`: one host on any port, the implicit one included. */
export interface AnyPortPattern {
  readonly kind: 'any-port'
  readonly text: string
  readonly scheme: string
  readonly host: string
}

/**
 * `https://*.example.com`, `https://pr-*.example.com`: a wildcard in the leftmost label.
 *
 * `parent` is everything behind that label's dot. A wildcard that is the whole label stands for one
 * or more labels; between a `prefix` and a `suffix` it stands for a part of that one label.
 */
export interface WildcardPattern {
  readonly kind: 'wildcard'
  readonly text: string
  readonly scheme: string
  readonly prefix: string
  readonly suffix: string
  readonly parent: string
  /** Empty for the scheme's default, `*` for any. */
  readonly port: string
}

export type OriginPattern = ExactPattern | AnyPortPattern | WildcardPattern

export interface PatternProblem {
  readonly code: CorsIssueCode
  readonly message: string
  readonly suggestion?: string | undefined
}

/** Both fields are always there, so that neither can be found on `Object.prototype`. */
export type PatternResult =
  | { readonly pattern: OriginPattern; readonly problem: undefined }
  | { readonly problem: PatternProblem; readonly pattern: undefined }

/** Reads a pattern that is neither `*` nor `null`. */
export function parsePattern(text: string): PatternResult {
  const { pattern, problem } = readPattern(text)
  if (pattern !== undefined) return accept(pattern)
  const { code, message, suggestion } = problem
  if (code === 'origin.comma-list') return refuse(code, message, suggestion)
  const fix = [suggestion, corrected(text)].find((one) => one !== undefined && isPattern(one))
  return refuse(code, message, fix)
}

function isPattern(text: string): boolean {
  return readPattern(text).pattern !== undefined
}

function readPattern(text: string): PatternResult {
  if (text === '') {
    return refuse(
      'origin.empty',
      'an origin is empty; an unset environment variable is the usual cause',
    )
  }
  if (text.includes(',')) {
    const parts = text.split(',').map((part) => part.trim())
    const list = parts.filter((part) => part !== '')
    return refuse(
      'origin.comma-list',
      'one string holds several origins; write a list with one string for each',
      list.length > 0 && list.every(isPattern) ? JSON.stringify(list) : undefined,
    )
  }
  if (!allOf(text, 0, text.length, isVisible)) {
    return allOf(text, 0, text.length, isBelowDelete)
      ? refuse('origin.whitespace', 'an origin has no white space or control characters in it')
      : refuse('origin.not-ascii', 'a browser sends an international name as punycode (xn--...)')
  }
  if (text.length > MAX_ORIGIN_LENGTH) {
    return refuse('origin.too-long', `an origin has at most ${MAX_ORIGIN_LENGTH} bytes`)
  }
  const schemeEnd = text.indexOf('://')
  if (schemeEnd === -1) {
    return refuse('origin.scheme-missing', 'an origin starts with a scheme and "://"')
  }
  return readScheme(text, text.slice(0, schemeEnd), schemeEnd + 3)
}

function readScheme(text: string, scheme: string, hostStart: number): PatternResult {
  if (scheme.includes('*')) {
    return refuse('origin.wildcard', 'the scheme is no wildcard; list one pattern for each scheme')
  }
  if (scheme !== scheme.toLowerCase()) {
    return refuse('origin.uppercase', 'a browser sends the scheme in lower case')
  }
  if (!isScheme(scheme)) {
    return refuse(
      'origin.scheme-invalid',
      'a scheme is a letter and then letters, digits, "+", "-" or ".", 64 bytes at most',
    )
  }
  if (scheme === 'file') {
    return refuse(
      'origin.file-scheme',
      "pages from files have the origin 'null', which no list of origins can tell apart",
    )
  }
  const path = indexOfPath(text, hostStart)
  if (path === text.length - 1 && text[path] === '/') {
    return refuse('origin.trailing-slash', 'a browser sends no slash at the end of an origin')
  }
  if (path !== -1) {
    return refuse('origin.path', 'an origin ends behind its host and port: it has no path or query')
  }
  if (text.includes('@', hostStart)) {
    return refuse('origin.userinfo', 'an origin names no user and no password')
  }
  const hostEnd = endOfHost(text, hostStart)
  if (hostEnd < text.length && text[hostEnd] !== ':') {
    return refuse('origin.ipv6', 'behind the brackets of an IPv6 address stands only a port')
  }
  const port = hostEnd === text.length ? undefined : text.slice(hostEnd + 1)
  return readHost(text, scheme, text.slice(hostStart, hostEnd), port)
}

function readHost(
  text: string,
  scheme: string,
  host: string,
  port: string | undefined,
): PatternResult {
  if (host === '') return refuse('origin.host', 'an origin names a host behind "://"')
  if (isSpecial(scheme) && host !== host.toLowerCase()) {
    return refuse('origin.uppercase', 'a browser sends the host in lower case')
  }
  const problem = portProblem(scheme, port)
  if (problem !== undefined) return refuse(problem.code, problem.message)
  if (host.includes('*')) return readWildcard(text, scheme, host, port ?? '')
  if (!isCanonicalHost(scheme, host)) {
    return hostProblem(scheme, host, isSpecial(scheme) ? NAME_RULE : OPAQUE_RULE)
  }
  const kind = port === '*' ? 'any-port' : 'exact'
  return accept({ kind, text, scheme, host })
}

function portProblem(scheme: string, port: string | undefined): PatternProblem | undefined {
  if (port === undefined || port === '*') return undefined
  if (!isPort(port)) {
    return {
      code: 'origin.port',
      message: 'a port is a number from 1 to 65535 without leading zeros, or "*" for any',
    }
  }
  if (port !== defaultPort(scheme)) return undefined
  return {
    code: 'origin.default-port',
    message: `a browser leaves out ${port}, the default port of ${scheme}`,
  }
}

function readWildcard(text: string, scheme: string, host: string, port: string): PatternResult {
  const dot = host.indexOf('.')
  const label = dot === -1 ? host : host.slice(0, dot)
  const parent = dot === -1 ? '' : host.slice(dot + 1)
  const star = label.indexOf('*')
  if (star === -1 || parent.includes('*') || label.includes('*', star + 1)) {
    return refuse('origin.wildcard', 'a host has at most one "*", in its leftmost label')
  }
  if (parent === '' || parent === '.') {
    return refuse(
      'origin.wildcard',
      "a wildcard needs a parent domain, as in 'https://*.example.com'; say '*' for any origin",
    )
  }
  const prefix = label.slice(0, star)
  const suffix = label.slice(star + 1)
  if (!adjoinsHyphen(prefix, suffix)) {
    const address =
      prefix === '' ? `*.${suffix}.${parent}` : `${hyphenated(prefix, suffix)}.${parent}`
    return refuse(
      'origin.wildcard',
      "inside a label '*' stands next to a hyphen, as in 'https://pr-*.example.com'",
      `${scheme}://${address}${port === '' ? '' : `:${port}`}`,
    )
  }
  // The shortest label that can match shows whether the literal parts can be part of a host.
  const shortest = `${prefix}x${suffix}.${parent}`
  if (endsInNumber(scheme, parent)) {
    return refuse('origin.wildcard', 'an IP address has no subdomains, so it takes no wildcard')
  }
  if (host.length > MAX_HOST_LENGTH || !isName(shortest)) {
    return hostProblem(scheme, shortest, NAME_RULE)
  }
  return accept({ kind: 'wildcard', text, scheme, prefix, suffix, parent, port })
}

/** Whether literal text on either side of the wildcard is set apart from it by a hyphen. */
function adjoinsHyphen(prefix: string, suffix: string): boolean {
  return (prefix === '' || prefix.endsWith('-')) && (suffix === '' || suffix.startsWith('-'))
}

function hyphenated(prefix: string, suffix: string): string {
  const before = prefix.endsWith('-') ? prefix : `${prefix}-`
  return `${before}*${suffix === '' || suffix.startsWith('-') ? suffix : `-${suffix}`}`
}

const NAME_RULE = `a host is labels of 1 to 63 of a-z, 0-9, "_" and inner "-", ${MAX_HOST_LENGTH} bytes at most`
const OPAQUE_RULE = `a host of such a scheme is 1 to ${MAX_HOST_LENGTH} of A-Z, a-z, 0-9, ".", "_" and "-"`

function hostProblem(scheme: string, host: string, rule: string): PatternResult {
  if (host.startsWith('[') && !isCanonicalIpv6(host)) {
    return refuse(
      'origin.ipv6',
      'a browser sends an IPv6 address in brackets, in lower case, compressed, without a zone',
    )
  }
  if (endsInNumber(scheme, host) && !isCanonicalIpv4(host)) {
    return refuse(
      'origin.ipv4',
      'a host whose last label is a number is an IPv4 address: four numbers from 0 to 255',
    )
  }
  return refuse('origin.host', rule)
}

function accept(pattern: OriginPattern): PatternResult {
  return { pattern: Object.freeze(pattern), problem: undefined }
}

function refuse(code: CorsIssueCode, message: string, suggestion?: string): PatternResult {
  return { problem: { code, message, suggestion }, pattern: undefined }
}

function isVisible(code: number): boolean {
  return code > 0x20 && code < 0x7f
}

function isBelowDelete(code: number): boolean {
  return code <= 0x7f
}
