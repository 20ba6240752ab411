/** Which pattern an origin nearly matches, and what keeps it from matching. */

import { quote } from '../quote.ts'
import { allOf, hasLabels, isWildcardCode } from './host.ts'
import { type OriginParts, parseOrigin } from './parse.ts'
import { type OriginPattern, parsePattern, type WildcardPattern } from './pattern.ts'

/** Patterns that are compared; a policy can have far more than a person reads. */
const MOST_COMPARED = 10_000

/** One thing that differs. */
interface Difference {
  readonly text: string
  readonly distance: number
}

/** Each difference counts alike, each label as one; of equally many, those of labels are further away. */
const STEP = 2

export function nearestMismatch(origin: string, patterns: readonly string[]): string {
  if (origin === 'null') return "it is 'null', the origin of sandboxed and local pages"
  const parts = parseOrigin(origin)
  if (parts === undefined) return notCanonical(origin)
  let nearest = Number.POSITIVE_INFINITY
  let reason = 'no pattern comes near it'
  for (const text of patterns.slice(0, MOST_COMPARED)) {
    const differences = differencesTo(parts, text)
    const distance = differences.reduce((sum, difference) => sum + difference.distance, 0)
    if (distance === 0 || distance >= nearest) continue
    nearest = distance
    reason = `${quote(text)} differs in ${differences.map((one) => one.text).join(', and in ')}`
  }
  return reason
}

function notCanonical(origin: string): string {
  // What is advice for the author of a pattern would mislead here.
  if (origin === '') return 'no browser sends this: it is empty'
  if (origin.includes(',')) return 'no browser sends this: there are several origins'
  const { problem } = parsePattern(origin)
  return `no browser sends this: ${problem?.message ?? 'it is a pattern, not an origin'}`
}

/** None where the hosts have nothing in common, either. */
function differencesTo(origin: OriginParts, text: string): readonly Difference[] {
  const { pattern } = parsePattern(text)
  if (pattern === undefined) return []
  const ofHost = hostDifferences(origin, pattern)
  if (ofHost === undefined) return []
  const port = portOf(pattern)
  return [
    ...(origin.scheme === pattern.scheme ? [] : [step(`the scheme: ${quote(pattern.scheme)}`)]),
    ...(port === '*' || origin.port === port ? [] : [step('the port')]),
    ...ofHost,
  ]
}

function portOf(pattern: OriginPattern): string {
  if (pattern.kind === 'wildcard') return pattern.port
  return pattern.kind === 'any-port' ? '*' : (parseOrigin(pattern.text)?.port ?? '')
}

/** `undefined` where neither host is below the other. */
function hostDifferences(
  { scheme, host }: OriginParts,
  pattern: OriginPattern,
): readonly Difference[] | undefined {
  if (pattern.kind === 'wildcard') return wildcardDifferences(scheme, host, pattern)
  if (host === pattern.host) return []
  const more = labelsBelow(host, pattern.host)
  if (more > 0) return [labels(`the origin has ${counted(more)} more`, more)]
  const missing = labelsBelow(pattern.host, host)
  return missing > 0 ? [labels(`the origin lacks ${counted(missing)}`, missing)] : undefined
}

function wildcardDifferences(
  scheme: string,
  host: string,
  { prefix, suffix, parent }: WildcardPattern,
): readonly Difference[] | undefined {
  const isWholeLabel = prefix === '' && suffix === ''
  const extent = isWholeLabel ? 'at least one label' : 'a part of one label'
  if (host === parent) return [labels(`the wildcard stands for ${extent}`, 1)]
  if (!host.endsWith(`.${parent}`)) return undefined
  if (!hasLabels(scheme, host)) {
    return [labels('the wildcard stands for labels of a-z, 0-9, _ and inner -', 1)]
  }
  if (isWholeLabel) return []
  const own = host.slice(0, -parent.length - 1).split('.')
  const isFitting = own.some((label) => isFilled(label, prefix, suffix))
  const misfits = own.length - (isFitting ? 1 : 0)
  if (misfits === 0) return []
  return [
    labels(own.length > 1 ? `the wildcard stands for ${extent}` : 'the leftmost label', misfits),
  ]
}

/** Whether a label is what the literal parts of a pattern leave room for. */
function isFilled(label: string, prefix: string, suffix: string): boolean {
  const end = label.length - suffix.length
  return (
    prefix.length < end &&
    label.startsWith(prefix) &&
    label.endsWith(suffix) &&
    allOf(label, prefix.length, end, isWildcardCode)
  )
}

/** How many labels `host` has before those of `parent`; 0 where it is not below it. */
function labelsBelow(host: string, parent: string): number {
  if (!host.endsWith(`.${parent}`)) return 0
  return host.split('.').length - parent.split('.').length
}

function counted(count: number): string {
  return count === 1 ? 'a label' : `${count} labels`
}

function step(text: string): Difference {
  return { text, distance: STEP }
}

function labels(text: string, count: number): Difference {
  return { text: `the host: ${text}`, distance: STEP * count + 1 }
}
