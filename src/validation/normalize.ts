/**
 * The normal form of valid options: complete, without duplicates and what others include, each
 * acknowledgement only where it is needed, deeply frozen, sharing nothing with the user's object.
 */

import type {
  CorsDanger,
  DecisionObserver,
  NormalizedOptions,
  OriginEntry,
  ReplacementObserver,
} from '../options.ts'
import { createMatcher, type OriginMatcher } from '../origin/matcher.ts'
import type { NeededDangers } from './conflicts.ts'
import { DANGERS } from './dangers.ts'
import type { ReadOrigins } from './origins.ts'

/** The values of all options but `origin`, as the validators answered them. */
export interface OptionValues {
  credentials?: boolean
  methods?: '*' | readonly string[]
  allowedHeaders?: '*' | readonly string[]
  exposedHeaders?: '*' | readonly string[]
  maxAge?: number
  optionsSuccessStatus?: number
  preflightContinue?: boolean
  cacheControl?: string
  onDisallowed?: 'omit' | 'reject'
  dangerouslyAllow?: readonly CorsDanger[]
  isPublicSuffix?: (host: string) => boolean
  timeout?: number
  vary?: readonly string[]
  debug?: boolean
  onDecision?: DecisionObserver
  onReplaced?: ReplacementObserver
}

/** Valid options: their normal form, and the matcher of their origins. */
export interface ValidOptions {
  readonly options: NormalizedOptions
  readonly matcher: OriginMatcher
}

export const DEFAULT_TIMEOUT = 5000
const DEFAULT_METHODS: readonly string[] = ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE']
const NO_CONTENT = 204

export function normalize(
  read: ReadOrigins,
  values: OptionValues,
  needed: NeededDangers,
): ValidOptions {
  const origins = read.any.length > 0 ? { ...read, nulls: [], patterns: [], expressions: [] } : read
  const expressions = distinct(origins.expressions.map(({ expression }) => expression))
  const matcher = createMatcher(
    origins.patterns.map(({ pattern }) => pattern),
    expressions,
    origins.nulls.length > 0,
  )
  const risks = settleRisks(origins, needed, new Set(matcher.patterns))
  const entries = [
    ...matcher.patterns.map((text) => entryOf(text, text, risks)),
    // Another copy than the matcher's, since `compile` can change even a frozen expression.
    ...expressions.map(({ source, flags }) =>
      entryOf(expressionKey(source, flags), new RegExp(source, flags), risks),
    ),
  ]
  const listed = entries.length === 0 ? false : Object.freeze(entries)
  const options: NormalizedOptions = withoutPrototype({
    origin: read.predicate ?? (read.any.length > 0 ? '*' : listed),
    ...defaults(),
    ...values,
    dangerouslyAllow: policyDangers(risks, values.dangerouslyAllow ?? []),
  })
  return { options: Object.freeze(withFrozenLists(options)), matcher }
}

function defaults(): Omit<NormalizedOptions, 'origin' | 'dangerouslyAllow'> {
  return {
    credentials: false,
    methods: DEFAULT_METHODS,
    allowedHeaders: '*',
    exposedHeaders: [],
    optionsSuccessStatus: NO_CONTENT,
    preflightContinue: false,
    onDisallowed: 'omit',
    timeout: DEFAULT_TIMEOUT,
    debug: false,
  }
}

function withFrozenLists(options: NormalizedOptions): NormalizedOptions {
  const { methods, allowedHeaders, exposedHeaders, vary } = options
  return withoutPrototype({
    ...options,
    methods: frozenNames(methods),
    allowedHeaders: frozenNames(allowedHeaders),
    exposedHeaders: frozenNames(exposedHeaders),
    ...(vary === undefined ? {} : { vary: Object.freeze([...vary]) }),
  })
}

/** A copy in which an absent option cannot be found on `Object.prototype`. */
function withoutPrototype<Fields extends object>(fields: Fields): Fields {
  return Object.assign(Object.create(null) as Fields, fields)
}

function frozenNames(names: '*' | readonly string[]): '*' | readonly string[] {
  return names === '*' ? names : Object.freeze([...names])
}

/** What one origin needs, and what of it was acknowledged for it alone. */
interface Risks {
  readonly needed: Set<CorsDanger>
  readonly own: Set<CorsDanger>
}

/**
 * The risks by origin: its text, or the key of its expression. The same origin may stand in several
 * entries. A pattern that another includes takes none, since it is not kept.
 */
function settleRisks(
  { patterns, nulls, expressions }: ReadOrigins,
  needed: NeededDangers,
  kept: ReadonlySet<string>,
): ReadonlyMap<string, Risks> {
  const risks = new Map<string, Risks>()
  const note = (key: string, entry: { readonly dangers: readonly CorsDanger[] }): void => {
    const dangers = needed.get(entry)
    if (dangers === undefined) return
    const known = risks.get(key) ?? { needed: new Set(), own: new Set() }
    risks.set(key, known)
    for (const danger of dangers) {
      known.needed.add(danger)
      if (entry.dangers.includes(danger)) known.own.add(danger)
    }
  }
  for (const entry of patterns) {
    if (kept.has(entry.pattern.text)) note(entry.pattern.text, entry)
  }
  for (const entry of nulls) note('null', entry)
  for (const entry of expressions) {
    note(expressionKey(entry.expression.source, entry.expression.flags), entry)
  }
  return risks
}

function entryOf(
  key: string,
  pattern: string | RegExp,
  risks: ReadonlyMap<string, Risks>,
): OriginEntry {
  const own = risks.get(key)?.own
  const dangers = DANGERS.filter((danger) => own?.has(danger))
  if (dangers.length === 0) return pattern
  return Object.freeze({ pattern, dangerouslyAllow: Object.freeze(dangers) })
}

/** The acknowledgements that remain with the policy: those that an origin needs and has not itself. */
function policyDangers(
  risks: ReadonlyMap<string, Risks>,
  acknowledged: readonly CorsDanger[],
): readonly CorsDanger[] {
  const all = [...risks.values()]
  const remaining = DANGERS.filter((danger) =>
    // A tenant source reads this one; no origin needs it.
    danger === 'tenant-by-origin'
      ? acknowledged.includes(danger)
      : all.some(({ needed, own }) => needed.has(danger) && !own.has(danger)),
  )
  return Object.freeze(remaining)
}

function expressionKey(source: string, flags: string): string {
  return `/${source}/${flags}`
}

function distinct(expressions: readonly RegExp[]): readonly RegExp[] {
  const byKey = new Map<string, RegExp>()
  for (const expression of expressions) {
    byKey.set(expressionKey(expression.source, expression.flags), expression)
  }
  return [...byKey.values()]
}
