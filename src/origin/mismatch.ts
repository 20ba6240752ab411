/** Which pattern an origin nearly matches, and what keeps it from matching. */

import { quote } from '../quote.ts'
import { hasLabels } from './host.ts'
import { type OriginParts, parseOrigin } from './parse.ts'
import { parsePattern } from './pattern.ts'

/** Patterns that are compared; a policy can have far more than a person reads. */
const MOST_COMPARED = 10_000

export function nearestMismatch(origin: string, patterns: readonly string[]): string {
  if (origin === 'null') return "it is 'null', the origin of sandboxed and local pages"
  const parts = parseOrigin(origin)
  if (parts === undefined) return notCanonical(origin)
  for (const pattern of patterns.slice(0, MOST_COMPARED)) {
    const reason = difference(parts, pattern)
    if (reason !== undefined) return `${quote(pattern)} differs in ${reason}`
  }
  return 'no pattern comes near it'
}

function notCanonical(origin: string): string {
  const { problem } = parsePattern(origin)
  return `no browser sends this: ${problem?.message ?? 'it is a pattern, not an origin'}`
}

/** What differs where only one thing does. */
function difference(origin: OriginParts, text: string): string | undefined {
  const { pattern } = parsePattern(text)
  if (pattern === undefined) return undefined
  if (pattern.kind === 'wildcard') {
    if (origin.host === pattern.parent)
      return 'the host: the wildcard stands for at least one label'
    return origin.host.endsWith(`.${pattern.parent}`)
      ? wildcardDifference(origin, pattern)
      : undefined
  }
  if (origin.host !== pattern.host) return undefined
  return origin.scheme === pattern.scheme ? 'the port' : `the scheme: ${quote(pattern.scheme)}`
}

function wildcardDifference(
  origin: OriginParts,
  pattern: { readonly scheme: string; readonly prefix: string; readonly suffix: string },
): string {
  if (origin.scheme !== pattern.scheme) return `the scheme: ${quote(pattern.scheme)}`
  if (!hasLabels(origin.scheme, origin.host)) {
    return 'the host: the wildcard stands for labels of a-z, 0-9, _ and inner -'
  }
  return pattern.prefix === '' && pattern.suffix === ''
    ? 'the port'
    : 'the leftmost label, or the port'
}
