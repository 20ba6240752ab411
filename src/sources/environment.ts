/** A policy from environment variables: one variable for each option that can be said in text. */

import {
  CorsConfigError,
  type CorsIssue,
  type CorsIssuePath,
  createIssue,
  isCorsConfigError,
} from '../errors.ts'
import { type CorsPolicy, toPolicy } from '../policy.ts'
import { nearest } from '../validation/nearest.ts'
import { RENAMED_OPTIONS, UNNEEDED_OPTIONS } from '../validation/peers.ts'
import { collectInto, type Report } from '../validation/report.ts'

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What the text of a variable says. What is of another kind stays text, which validation refuses. */
type Reader = (text: string) => unknown

/** By option: all of them but those that are functions. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['origin', readList],
  ['credentials', readBoolean],
  ['methods', readList],
  ['allowedHeaders', readList],
  ['exposedHeaders', readList],
  ['maxAge', readNumber],
  ['optionsSuccessStatus', readNumber],
  ['preflightContinue', readBoolean],
  ['cacheControl', readNumber],
  ['onDisallowed', readText],
  ['dangerouslyAllow', readList],
  ['timeout', readNumber],
  ['vary', readList],
  ['debug', readBoolean],
])

const CHOICES =
  'say * for every site, or the origins with commas between them (https://app.example.com,https://*.example.com)'

/**
 * Makes a policy of environment variables: `CORS_ORIGIN`, `CORS_CREDENTIALS`, `CORS_METHODS`,
 * `CORS_ALLOWED_HEADERS`, `CORS_EXPOSED_HEADERS`, `CORS_MAX_AGE`, `CORS_OPTIONS_SUCCESS_STATUS`,
 * `CORS_PREFLIGHT_CONTINUE`, `CORS_CACHE_CONTROL`, `CORS_ON_DISALLOWED`, `CORS_DANGEROUSLY_ALLOW`,
 * `CORS_TIMEOUT`, `CORS_VARY`, `CORS_DEBUG`.
 *
 * Lists have commas between their entries. `CORS_ORIGIN` is required. A variable that is set to nothing
 * (empty, `undefined`, `null`, as shells and templates leave it) never allows anything: it is an issue, as
 * is every other variable that starts with the prefix. In a list `null` is the origin of that name.
 *
 * @param env The variables; `process.env` in Node. Nothing but its own fields with the prefix is read.
 * @param prefix What the names start with.
 * @throws {CorsConfigError} with every issue, each with the name of its variable.
 * @throws {TypeError} where the prefix is no text, or empty.
 * @example
 * // CORS_ORIGIN=https://app.example.com,https://*.partner.example CORS_CREDENTIALS=true
 * app.use(cors(policyFromEnv(process.env)))
 */
export function policyFromEnv(env: Environment, prefix = 'CORS_'): CorsPolicy {
  if (typeof prefix !== 'string' || prefix === '') {
    throw new TypeError("the prefix of the variables is a text that is not empty, as in 'CORS_'")
  }
  if (typeof env !== 'object' || env === null) {
    const problem = 'the environment is an object with a text for each variable'
    throw new CorsConfigError([createIssue('options.type', [], env, problem)])
  }
  const unknown: CorsIssue[] = []
  reportUnknown(env, prefix, collectInto(unknown))
  const found: CorsIssue[] = []
  const options = readOptions(env, prefix, collectInto(found))
  const { policy, issues } = policyOrIssues(options)
  const more = issues.filter(({ path }) => !found.some((issue) => isSamePath(issue.path, path)))
  const all = [
    ...unknown,
    ...[...found, ...more].map((issue) => inVariable(issue, prefix, options)),
  ]
  if (policy === undefined || all.length > 0) throw new CorsConfigError(all)
  return policy
}

type Options = Readonly<Record<string, unknown>>

function policyOrIssues(options: Options): {
  readonly policy: CorsPolicy | undefined
  readonly issues: readonly CorsIssue[]
} {
  try {
    // Never a dynamic one, since no variable is a predicate.
    return { policy: toPolicy(options) as CorsPolicy, issues: [] }
  } catch (error) {
    if (!isCorsConfigError(error)) throw error
    return { policy: undefined, issues: error.issues }
  }
}

function readOptions(env: Environment, prefix: string, report: Report): Options {
  const options: Record<string, unknown> = Object.create(null)
  for (const [option, read] of READERS) {
    const variable = variableOf(option, prefix)
    const text = textOf(option, Object.hasOwn(env, variable) ? env[variable] : undefined, report)
    if (text === undefined) continue
    const value = read(text)
    if (Array.isArray(value)) reportEntries(option, value, report)
    else if (isQuoted(text)) {
      report('option.value', [option], text, QUOTES, withoutQuotes(text))
    }
    options[option] = value
  }
  return options
}

const QUOTES = 'the quotes are a part of the value here'

/** The text of a variable; nothing where it is not set, or where there is nothing in it. */
function textOf(option: string, value: unknown, report: Report): string | undefined {
  if (value !== undefined && typeof value !== 'string') {
    report('option.type', [option], value, 'a variable is text')
    return undefined
  }
  const text = value?.trim()
  if (text !== undefined && !isNothing(withoutQuotes(text))) return text
  if (option === 'origin') {
    report('origin.missing', [option], value, `there is no default; ${CHOICES}`)
  } else if (text !== undefined) {
    report('option.value', [option], value, 'it is set to nothing; give it a value, or remove it')
  }
  return undefined
}

/** Reports entries that are names to validation, and that nobody meant. */
function reportEntries(option: string, entries: readonly string[], report: Report): void {
  for (const [index, entry] of entries.entries()) {
    const bare = withoutQuotes(entry)
    if (entry === 'undefined' || (entry === 'null' && option !== 'origin')) {
      const problem = 'this entry is set to nothing; a variable inside is not set'
      report('option.value', [option, index], entry, problem)
    } else if (bare !== entry) {
      report('option.value', [option, index], entry, QUOTES, bare === '' ? undefined : bare)
    }
  }
}

function reportUnknown(env: Environment, prefix: string, report: Report): void {
  const known = [...READERS.keys()].map((option) => variableOf(option, prefix))
  const renamed = new Map(
    [...RENAMED_OPTIONS].map(([name, option]) => [variableOf(name, prefix), option]),
  )
  const unneeded = new Map(
    [...UNNEEDED_OPTIONS].map(([name, why]) => [variableOf(name, prefix), why]),
  )
  for (const variable of Object.keys(env)) {
    if (!variable.startsWith(prefix) || known.includes(variable)) continue
    if (env[variable] === undefined) continue
    const option = renamed.get(variable)
    const why = unneeded.get(variable)
    if (option !== undefined) {
      const problem = 'this variable has another name here'
      report('option.renamed', [variable], variable, problem, variableOf(option, prefix))
    } else if (why !== undefined) report('option.not-needed', [variable], variable, why)
    else {
      const problem = 'there is no such variable; those of other programs need another prefix'
      report('option.unknown', [variable], variable, problem, nearest(variable, known))
    }
  }
}

/** An issue of an option as one of its variable. */
function inVariable(issue: CorsIssue, prefix: string, options: Options): CorsIssue {
  const { code, message, suggestion } = issue
  const [option, ...rest] = issue.path
  const variable = variableOf(String(option), prefix)
  const entries = options[String(option)]
  // One entry is not a list to whoever wrote the variable.
  const place = Array.isArray(entries) && entries.length === 1 ? [] : rest
  const told = {
    code,
    path: Object.freeze([variable, ...place]),
    message: `${variable} ${place.length === 0 ? 'is' : 'has'} ${message}`,
  }
  return Object.freeze(
    suggestion === undefined ? told : { ...told, suggestion: inText(suggestion) },
  )
}

/** Suggested lists as a variable has them. */
function inText(suggestion: string): string {
  return suggestion.startsWith('["') ? (JSON.parse(suggestion) as string[]).join(',') : suggestion
}

function isSamePath(one: CorsIssuePath, other: CorsIssuePath): boolean {
  return one.length === other.length && one.every((key, index) => key === other[index])
}

/** `maxAge` is `CORS_MAX_AGE`. */
function variableOf(option: string, prefix: string): string {
  return prefix + option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}

function readList(text: string): readonly string[] {
  return text.split(',').map((entry) => entry.trim())
}

function readBoolean(text: string): boolean | string {
  return text === 'true' || text === 'false' ? text === 'true' : text
}

function readNumber(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text
}

function readText(text: string): string {
  return text
}

/** What shells and templates leave of a variable that is not set. */
function isNothing(text: string): boolean {
  return text === '' || text === 'undefined' || text === 'null'
}

function isQuoted(text: string): boolean {
  return /^(["']).*\1$/s.test(text)
}

/** Without the quotes that an environment file left at either end. */
function withoutQuotes(text: string): string {
  return text.replace(/^["']/, '').replace(/["']$/, '')
}
