/** Which pattern an origin nearly matches, and what keeps it from matching. */

import { quote } from '../quote.ts'
import { nearest as misspelt } from '../validation/nearest.ts'
import { allOf, hasLabels, isLoopback, isWildcardCode } from './host.ts'
import { type OriginParts, parseOrigin } from './parse.ts'
import { type OriginPattern, parsePattern, type WildcardPattern } from './pattern.ts'
import { defaultPort } from './scheme.ts'

/** Patterns that are compared; a policy can have far more than a person reads. */
const MOST_COMPARED = 10_000

/** One thing that differs. */
interface Difference {
  readonly text: string
  readonly distance: number
}

/** Each difference counts alike, each label as one; of equally many, those of labels are further away. */
const STEP = 2

/** More labels than a host has: hosts above and below are nearer than any other. */
const FAR = 1_000

export function nearestMismatch(origin: string, patterns: readonly (string | RegExp)[]): string {
  if (origin === 'null') return "it is 'null', the origin of sandboxed and local pages"
  const parts = parseOrigin(origin)
  if (parts === undefined) return notCanonical(origin)
  const compared = patterns.filter(isText).slice(0, MOST_COMPARED)
  let nearest = Number.POSITIVE_INFINITY
  let reason: string | undefined
  for (const text of compared) {
    const differences = differencesTo(parts, text)
    const distance = differences.reduce((sum, difference) => sum + difference.distance, 0)
    if (distance === 0 || distance >= nearest) continue
    nearest = distance
    reason = `${quote(text)} differs in ${differences.map((one) => one.text).join(', and in ')}`
  }
  return reason ?? noneAlike(compared, !patterns.every(isText))
}

function isText(pattern: string | RegExp): pattern is string {
  return typeof pattern === 'string'
}

function noneAlike([first, ...more]: readonly string[], hasExpressions: boolean): string {
  const expressions = hasExpressions ? 'expressions are not compared' : ''
  if (first === undefined) return expressions
  const texts = `patterns compared: ${more.length + 1}, none alike; the first is ${quote(first)}`
  return hasExpressions ? `${texts}; ${expressions}` : texts
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
  return [
    ...(origin.scheme === pattern.scheme ? [] : [step(`the scheme: ${quote(pattern.scheme)}`)]),
    ...portDifferences(origin, pattern),
    ...ofHost,
  ]
}

function portDifferences(origin: OriginParts, pattern: OriginPattern): readonly Difference[] {
  const port = portOf(pattern)
  if (port === '*' || origin.port === port) return []
  const [own, other] = [named(origin.scheme, origin.port), named(pattern.scheme, port)]
  return [step(`the port: ${own} in place of ${other}`)]
}

function named(scheme: string, port: string): string {
  if (port !== '') return port
  const known = defaultPort(scheme)
  return known === undefined ? 'none' : `the default ${known}`
}

function portOf(pattern: OriginPattern): string {
  if (pattern.kind === 'wildcard') return pattern.port
  return pattern.kind === 'any-port' ? '*' : (parseOrigin(pattern.text)?.port ?? '')
}

/** `undefined` where the hosts have nothing in common. */
function hostDifferences(
  { scheme, host }: OriginParts,
  pattern: OriginPattern,
): readonly Difference[] | undefined {
  if (pattern.kind === 'wildcard') return wildcardDifferences(scheme, host, pattern)
  if (host === pattern.host) return []
  const more = labelsBelow(host, pattern.host)
  if (more > 0) return [labels(`the origin has ${counted(more)} more`, more)]
  const missing = labelsBelow(pattern.host, host)
  if (missing > 0) return [labels(`the origin lacks ${counted(missing)}`, missing)]
  return replacedLabels(host, host.split('.'), pattern.host)
}

function wildcardDifferences(
  scheme: string,
  host: string,
  { prefix, suffix, parent }: WildcardPattern,
): readonly Difference[] | undefined {
  const isWholeLabel = prefix === '' && suffix === ''
  const extent = isWholeLabel ? 'at least one label' : 'a part of one label'
  if (host === parent) return [labels(`the wildcard stands for ${extent}`, 1)]
  if (!host.endsWith(`.${parent}`)) {
    // The labels before these are what the wildcard stands for.
    return replacedLabels(host, host.split('.').slice(-parent.split('.').length), parent)
  }
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

/** What the labels of a host have in place of those of another one, which is neither above nor below. */
function replacedLabels(
  host: string,
  own: readonly string[],
  other: string,
): readonly Difference[] | undefined {
  if (isLoopback(host) && isLoopback(other)) {
    return [labels('each loopback name is an origin of its own', 1)]
  }
  const [added, replaced] = unlikeRest(...unlikeRest(own, other.split('.')))
  const text = replacement(added, replaced)
  if (isMisspelt(added.join('.'), replaced.join('.'))) return [labels(text, FAR)]
  return added.length === own.length ? undefined : [labels(text, FAR + 1 + added.length)]
}

function isMisspelt(text: string, other: string): boolean {
  // What differs much in length does not need to be compared, which is slow.
  return Math.abs(text.length - other.length) <= 2 && misspelt(text, [other]) !== undefined
}

function replacement(added: readonly string[], replaced: readonly string[]): string {
  // A dot at the end of a host makes an empty label.
  const [own, other] = [added, replaced].map((some) => quote(some.join('.') || '.'))
  if (added.length === 0) return `the origin lacks ${other}`
  return replaced.length === 0 ? `the origin has ${own} more` : `${own} in place of ${other}`
}

/** Both backwards, without what they start with alike: done twice, without that at either end. */
function unlikeRest(
  one: readonly string[],
  other: readonly string[],
): readonly [string[], string[]] {
  const unlike = one.findIndex((label, index) => label !== other[index])
  const start = unlike === -1 ? one.length : unlike
  return [one.slice(start).reverse(), other.slice(start).reverse()]
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
