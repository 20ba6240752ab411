/**
 * Which origins a set of patterns admits.
 *
 * Exact origins cost one hash look-up. Wildcards cost a walk over the label boundaries of the
 * origin. Neither depends on how many patterns there are, nor on more of the request than the
 * 326 bytes that an origin can have.
 */

import { allOf, hasLabels, isWildcardCode } from './host.ts'
import { endOfHost, type OriginParts, parseOrigin } from './parse.ts'
import type { OriginPattern, WildcardPattern } from './pattern.ts'

export interface OriginMatcher {
  /** Whether an origin, of no more than `MAX_ORIGIN_LENGTH` bytes, is admitted. */
  readonly matches: (origin: string) => boolean
  /** Whether the patterns are the origins that are admitted, each written out. */
  readonly isExact: boolean
  /** The patterns that are needed for that: without duplicates and what others include. */
  readonly patterns: readonly string[]
}

const AUTHORITY = '://'

/** The ports under which something is admitted, by scheme: `https`, `https:8443`, `https:*`. */
type SchemePorts = Set<string>

/** Wildcards inside one label, below one parent: prefix -> suffix -> scheme and ports. */
type LabelParts = Map<string, Map<string, SchemePorts>>

export function createMatcher(
  patterns: readonly OriginPattern[],
  expressions: readonly RegExp[],
  admitsNull: boolean,
): OriginMatcher {
  const exact = new Set<string>()
  const anyPort = new Set<string>()
  const subdomains = new Map<string, SchemePorts>()
  const labelParts = new Map<string, LabelParts>()
  /** The lengths of the parents that have wildcards below them. */
  const parentLengths = new Set<number>()
  const kept: string[] = []

  for (const pattern of byReach(patterns)) {
    if (isIncluded(pattern)) continue
    kept.push(pattern.text)
    add(pattern)
  }
  if (admitsNull) {
    exact.add('null')
    kept.push('null')
  }
  const isExact = expressions.length === 0 && !hasWildcards()

  function matches(origin: string): boolean {
    if (exact.size > 0 && exact.has(origin)) return true
    if (isExact || (expressions.length === 0 && !isCandidate(origin))) return false
    const parts = parseOrigin(origin)
    if (parts === undefined) return false
    return matchesWildcard(parts) || expressions.some((expression) => expression.test(origin))
  }

  /**
   * Whether there is a wildcard below a parent of an origin's host, or one for its ports. Most origins that
   * are refused have none, and need not be parsed.
   */
  function isCandidate(origin: string): boolean {
    const start = origin.indexOf(AUTHORITY) + AUTHORITY.length
    const end = endOfHost(origin, start)
    if (anyPort.size > 0 && anyPort.has(origin.slice(0, end))) return true
    for (let dot = origin.indexOf('.', start); dot !== -1; dot = origin.indexOf('.', dot + 1)) {
      if (dot >= end) return false
      if (parentLengths.has(end - dot - 1) && hasWildcardsBelow(origin.slice(dot + 1, end)))
        return true
    }
    return false
  }

  function hasWildcardsBelow(parent: string): boolean {
    return subdomains.has(parent) || labelParts.has(parent)
  }

  function hasWildcards(): boolean {
    return anyPort.size + subdomains.size + labelParts.size > 0
  }

  function matchesWildcard({ scheme, host, port }: OriginParts): boolean {
    if (anyPort.size > 0 && anyPort.has(hostKey(scheme, host))) return true
    if (subdomains.size + labelParts.size === 0 || !hasLabels(scheme, host)) return false
    const key = portKey(scheme, port)
    const anyKey = portKey(scheme, '*')
    return matchesLabelPart(host, key, anyKey) || matchesSubdomain(host, key, anyKey)
  }

  /** Walks the label boundaries of `host`: the first parent with a wildcard for this scheme and port admits it. */
  function matchesSubdomain(host: string, key: string, anyKey: string): boolean {
    if (subdomains.size === 0) return false
    for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
      if (admits(subdomains.get(host.slice(dot + 1)), key, anyKey)) return true
    }
    return false
  }

  /**
   * Whether the leftmost label is a known prefix, then one or more of `[a-z0-9-]`, then a known
   * suffix. Prefixes end and suffixes start at a hyphen, so that only those places are tried.
   */
  function matchesLabelPart(host: string, key: string, anyKey: string): boolean {
    const dot = host.indexOf('.')
    const parts = dot === -1 ? undefined : labelParts.get(host.slice(dot + 1))
    if (parts === undefined) return false
    for (let start = 0; start < dot; start = afterHyphen(host, start, dot)) {
      const bySuffix = parts.get(host.slice(0, start))
      if (bySuffix !== undefined && matchesSuffix(bySuffix, host, start, dot, key, anyKey)) {
        return true
      }
    }
    return false
  }

  /** Whether all that `pattern` admits is admitted already, so that adding it would change nothing. */
  function isIncluded(pattern: OriginPattern): boolean {
    const { scheme } = pattern
    const anyKey = portKey(scheme, '*')
    switch (pattern.kind) {
      case 'exact': {
        if (exact.has(pattern.text)) return true
        const parts = hasWildcards() ? parseOrigin(pattern.text) : undefined
        return parts !== undefined && matchesWildcard(parts)
      }
      case 'any-port':
        return (
          anyPort.has(hostKey(scheme, pattern.host)) ||
          (hasLabels(scheme, pattern.host) && matchesSubdomain(pattern.host, anyKey, anyKey))
        )
      case 'wildcard': {
        // Whole-label wildcards admit any label, so that a single one stands for all.
        const { prefix, suffix, parent } = pattern
        const key = portKey(scheme, pattern.port)
        if (matchesSubdomain(`${prefix}x${suffix}.${parent}`, key, anyKey)) return true
        return admits(labelParts.get(parent)?.get(prefix)?.get(suffix), key, anyKey)
      }
    }
  }

  function add(pattern: OriginPattern): void {
    if (pattern.kind === 'exact') exact.add(pattern.text)
    else if (pattern.kind === 'any-port') anyPort.add(hostKey(pattern.scheme, pattern.host))
    else portsOf(pattern).add(portKey(pattern.scheme, pattern.port))
  }

  function portsOf({ prefix, suffix, parent }: WildcardPattern): SchemePorts {
    parentLengths.add(parent.length)
    if (prefix === '' && suffix === '') return getOrAdd(subdomains, parent, newSet)
    const byPrefix = getOrAdd(labelParts, parent, newMap<Map<string, SchemePorts>>)
    return getOrAdd(getOrAdd(byPrefix, prefix, newMap<SchemePorts>), suffix, newSet)
  }

  return { matches, isExact, patterns: kept }
}

function matchesSuffix(
  bySuffix: ReadonlyMap<string, SchemePorts>,
  host: string,
  start: number,
  dot: number,
  key: string,
  anyKey: string,
): boolean {
  for (let end = dot; end > start; end = host.lastIndexOf('-', end - 1)) {
    const known = admits(bySuffix.get(host.slice(end, dot)), key, anyKey)
    if (known && allOf(host, start, end, isWildcardCode)) return true
  }
  return false
}

function admits(ports: SchemePorts | undefined, key: string, anyKey: string): boolean {
  return ports !== undefined && (ports.has(key) || ports.has(anyKey))
}

function afterHyphen(host: string, from: number, end: number): number {
  const hyphen = host.indexOf('-', from)
  return hyphen === -1 || hyphen > end ? end : hyphen + 1
}

/** Widest first, so that what another pattern includes is met after it and left out. */
function byReach(patterns: readonly OriginPattern[]): readonly OriginPattern[] {
  return patterns
    .map((pattern, index) => ({ pattern, index, reach: reach(pattern) }))
    .sort((one, other) => one.reach - other.reach || one.index - other.index)
    .map(({ pattern }) => pattern)
}

function reach(pattern: OriginPattern): number {
  if (pattern.kind === 'exact') return 4_000
  if (pattern.kind === 'any-port') return 3_000
  const anyPort = pattern.port === '*' ? 0 : 0.5
  const whole = pattern.prefix === '' && pattern.suffix === '' ? 0 : 1_000
  return whole + pattern.parent.length + anyPort
}

function portKey(scheme: string, port: string): string {
  return port === '' ? scheme : `${scheme}:${port}`
}

function hostKey(scheme: string, host: string): string {
  return `${scheme}://${host}`
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const created = create()
  map.set(key, created)
  return created
}

function newSet(): SchemePorts {
  return new Set()
}

function newMap<Value>(): Map<string, Value> {
  return new Map()
}
