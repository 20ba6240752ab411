/** Hosts as a browser serializes them (URL standard, "host serializing"): names, IPv4, IPv6, opaque ones. */

import { isSpecial } from './scheme.ts'

/** Longest host, in bytes. */
export const MAX_HOST_LENGTH = 253
/** Longest label of a host name, in bytes. */
export const MAX_LABEL_LENGTH = 63

/** The schemes whose hosts are parsed as domains or addresses; elsewhere `1.2.3` is a name like any other. */
const SCHEMES_WITH_IPV4: ReadonlySet<string> = new Set(['http', 'https', 'ws', 'wss'])

/** Whether `host` is in the form in which a browser sends it in an origin of this scheme. */
export function isCanonicalHost(scheme: string, host: string): boolean {
  if (host.length === 0 || host.length > MAX_HOST_LENGTH) return false
  if (host[0] === '[') return isCanonicalIpv6(host)
  // URL standard, "opaque-host parser": kept as it is, so that letter case and dots say nothing.
  if (!isSpecial(scheme)) return allOf(host, 0, host.length, isOpaqueCode)
  if (endsInNumber(scheme, host)) return isCanonicalIpv4(host)
  return isName(host)
}

/** Whether a host of this scheme can only be an IPv4 address (URL standard, "ends in a number"). */
export function endsInNumber(scheme: string, host: string): boolean {
  if (!SCHEMES_WITH_IPV4.has(scheme)) return false
  const end = host.endsWith('.') ? host.length - 1 : host.length
  const start = host.lastIndexOf('.', end - 1) + 1
  if (start >= end) return false
  if (host.startsWith('0x', start)) return allOf(host, start + 2, end, isHexadecimal)
  return allOf(host, start, end, isDigit)
}

/** Whether `host` is four decimal numbers from 0 to 255 without leading zeros. */
export function isCanonicalIpv4(host: string): boolean {
  const numbers = host.split('.', 5)
  return numbers.length === 4 && numbers.every(isOctet)
}

/**
 * Whether `host` is a bracketed IPv6 address in lower-case hexadecimal, without leading zeros, the
 * longest run of two or more zero pieces compressed, and no dotted tail or zone.
 */
export function isCanonicalIpv6(host: string): boolean {
  if (host.length < 4 || !host.startsWith('[') || !host.endsWith(']')) return false
  const text = host.slice(1, -1)
  const pieces = ipv6Pieces(text)
  return pieces !== undefined && serializeIpv6(pieces) === text
}

/** Whether `host` is 1 to 63 of `[a-z0-9_-]` a label, no hyphen at either end, one trailing dot allowed. */
export function isName(host: string): boolean {
  const end = host.endsWith('.') ? host.length - 1 : host.length
  let start = 0
  while (start <= end) {
    const dot = host.indexOf('.', start)
    const labelEnd = dot === -1 || dot > end ? end : dot
    if (!isLabel(host, start, labelEnd)) return false
    start = labelEnd + 1
  }
  return true
}

/** Whether `text` from `start` to `end` is one label. */
export function isLabel(text: string, start: number, end: number): boolean {
  const length = end - start
  if (length < 1 || length > MAX_LABEL_LENGTH) return false
  if (text[start] === '-' || text[end - 1] === '-') return false
  return allOf(text, start, end, isLabelCode)
}

/** Whether a canonical host of this scheme is made of the labels that a wildcard can stand for. */
export function hasLabels(scheme: string, host: string): boolean {
  return isSpecial(scheme) || isName(host)
}

/** Whether the host names this machine: `localhost`, `*.localhost`, 127.0.0.0/8, `[::1]`. */
export function isLoopback(host: string): boolean {
  const name = host.endsWith('.') ? host.slice(0, -1) : host
  if (name === 'localhost' || name.endsWith('.localhost') || name === '[::1]') return true
  return name.startsWith('127.') && isCanonicalIpv4(name)
}

/** Whether a code may stand in what a wildcard inside a label swallows: `[a-z0-9-]`. */
export function isWildcardCode(code: number): boolean {
  return code !== 0x5f && isLabelCode(code)
}

export function allOf(
  text: string,
  start: number,
  end: number,
  test: (code: number) => boolean,
): boolean {
  for (let index = start; index < end; index += 1) {
    if (!test(text.charCodeAt(index))) return false
  }
  return true
}

function isLabelCode(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || isDigit(code) || code === 0x2d || code === 0x5f
}

/** Fewer than the URL standard lets pass, and all that web views and extensions use. */
function isOpaqueCode(code: number): boolean {
  return isLabelCode(code) || (code >= 0x41 && code <= 0x5a) || code === 0x2e
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function isHexadecimal(code: number): boolean {
  return isDigit(code) || (code >= 0x61 && code <= 0x66)
}

function isOctet(text: string): boolean {
  if (text.length === 0 || text.length > 3 || (text.length > 1 && text[0] === '0')) return false
  return allOf(text, 0, text.length, isDigit) && Number(text) <= 255
}

/** The eight numbers of an IPv6 address; looser than canonical, which the serializer then settles. */
function ipv6Pieces(text: string): readonly number[] | undefined {
  const halves = text.split('::', 3)
  if (halves.length > 2) return undefined
  const [head = '', tail] = halves
  const before = hexPieces(head)
  const after = tail === undefined ? [] : hexPieces(tail)
  if (before === undefined || after === undefined) return undefined
  const missing = 8 - before.length - after.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  return [...before, ...new Array<number>(missing).fill(0), ...after]
}

function hexPieces(text: string): readonly number[] | undefined {
  if (text === '') return []
  const pieces = text.split(':', 9)
  const valid = pieces.every(
    (piece) =>
      piece.length >= 1 && piece.length <= 4 && allOf(piece, 0, piece.length, isHexadecimal),
  )
  return valid ? pieces.map((piece) => Number.parseInt(piece, 16)) : undefined
}

/** URL standard, "IPv6 serializer". */
function serializeIpv6(pieces: readonly number[]): string {
  const { start, length } = longestZeroRun(pieces)
  if (length < 2) return hexadecimal(pieces)
  return `${hexadecimal(pieces.slice(0, start))}::${hexadecimal(pieces.slice(start + length))}`
}

function longestZeroRun(pieces: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 }
  let length = 0
  pieces.forEach((piece, index) => {
    length = piece === 0 ? length + 1 : 0
    if (length > longest.length) longest = { start: index - length + 1, length }
  })
  return longest
}

function hexadecimal(pieces: readonly number[]): string {
  return pieces.map((piece) => piece.toString(16)).join(':')
}
