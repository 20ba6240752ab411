/** Validates `origin`: reads every entry, reports what is wrong with each, keeps where it stood. */

import type { CorsIssuePath } from '../errors.ts'
import type { CorsDanger, OriginPredicate } from '../options.ts'
import { type ExpressionProblem, inspectExpression, withoutState } from '../origin/expression.ts'
import { type OriginPattern, parsePattern } from '../origin/pattern.ts'
import { readDangers } from './dangers.ts'
import { nearest } from './nearest.ts'
import type { Report } from './report.ts'

/** What an entry has besides its pattern: where it stood, and the risks acknowledged for it alone. */
interface Entry {
  readonly path: CorsIssuePath
  readonly value: unknown
  readonly dangers: readonly CorsDanger[]
}

export interface PatternEntry extends Entry {
  readonly pattern: OriginPattern
}

export interface ExpressionEntry extends Entry {
  readonly expression: RegExp
  /** Why it needs the acknowledgement `'slow-regexp'`, if it does. */
  readonly slow: ExpressionProblem | undefined
}

/** Everything that `origin` said, before it is held against `credentials`. */
export interface ReadOrigins {
  readonly predicate: OriginPredicate | undefined
  /** The entries that say `'*'`. */
  readonly any: readonly Entry[]
  /** The entries that say `'null'`. */
  readonly nulls: readonly Entry[]
  readonly patterns: readonly PatternEntry[]
  readonly expressions: readonly ExpressionEntry[]
}

const CHOICES =
  "say '*' for every site, list the origins ('https://app.example.com', 'https://*.example.com'), give a predicate, or false for nobody"
const DEEPEST_LIST = 20

export function readOrigins(origin: unknown, report: Report): ReadOrigins {
  const any: Entry[] = []
  const nulls: Entry[] = []
  const patterns: PatternEntry[] = []
  const expressions: ExpressionEntry[] = []
  const read = { predicate: undefined, any, nulls, patterns, expressions }

  if (typeof origin === 'function') return { ...read, predicate: origin as OriginPredicate }
  if (origin === false) return read
  if (origin === undefined)
    report('origin.missing', ['origin'], origin, `there is no default; ${CHOICES}`)
  else if (origin === true) {
    report('origin.reflect-any', ['origin'], origin, `no policy allows whoever asks; ${CHOICES}`)
  } else if (Array.isArray(origin)) {
    const before = entryCount()
    const reported = readList(origin, ['origin'], [])
    if (!reported && entryCount() === before) {
      report('origin.empty', ['origin'], origin, `the list is empty; ${CHOICES}`)
    }
  } else readEntry(origin, ['origin'], [])
  return read

  function entryCount(): number {
    return any.length + nulls.length + patterns.length + expressions.length
  }

  /** Reads a list; answers whether an entry was met, right or wrong. */
  function readList(
    list: readonly unknown[],
    path: CorsIssuePath,
    around: readonly unknown[],
  ): boolean {
    if (around.includes(list) || path.length > DEEPEST_LIST) {
      const problem = `lists are nested at most ${DEEPEST_LIST} deep, and never in themselves`
      report('origin.nesting', path, list, problem)
      return true
    }
    let met = false
    for (let index = 0; index < list.length && !report.isFull(); index += 1) {
      const item = list[index]
      const itemPath = [...path, index]
      if (Array.isArray(item)) met = readList(item, itemPath, [...around, list]) || met
      else {
        met = true
        readEntry(item, itemPath, [])
      }
    }
    return met
  }

  function readEntry(value: unknown, path: CorsIssuePath, dangers: readonly CorsDanger[]): void {
    if (typeof value === 'string') readText(value, path, dangers)
    else if (value instanceof RegExp) readExpression(value, path, dangers)
    else if (isAcknowledged(value)) readAcknowledged(value, path)
    else report('origin.type', path, value, `this is no origin; ${CHOICES}`)
  }

  function readText(text: string, path: CorsIssuePath, dangers: readonly CorsDanger[]): void {
    if (text === '*') any.push({ path, value: text, dangers })
    else if (text === 'null') nulls.push({ path, value: text, dangers })
    else {
      const { pattern, problem } = parsePattern(text)
      if (pattern !== undefined) patterns.push({ path, value: text, dangers, pattern })
      else report(problem.code, path, text, problem.message, problem.suggestion)
    }
  }

  function readExpression(
    value: RegExp,
    path: CorsIssuePath,
    dangers: readonly CorsDanger[],
  ): void {
    const { mistakes, slow } = inspectExpression(value)
    for (const { code, message, suggestion } of mistakes) {
      report(code, path, value, message, suggestion)
    }
    // Whether a slow one is acknowledged is settled with the other risks.
    expressions.push({ path, value, dangers, expression: withoutState(value), slow })
  }

  function readAcknowledged(value: object, path: CorsIssuePath): void {
    const fields = value as { pattern?: unknown; dangerouslyAllow?: unknown }
    for (const name of Object.keys(value)) {
      if (name === 'pattern' || name === 'dangerouslyAllow' || report.isFull()) continue
      const problem = "an entry has only 'pattern' and 'dangerouslyAllow'"
      const guess = nearest(name, ['pattern', 'dangerouslyAllow'])
      report('option.unknown', [...path, name], name, problem, guess)
    }
    const acknowledged = Object.hasOwn(value, 'dangerouslyAllow') ? fields.dangerouslyAllow : []
    const dangers =
      acknowledged === undefined
        ? []
        : readDangers(acknowledged, [...path, 'dangerouslyAllow'], report)
    const { pattern } = fields
    if (typeof pattern === 'string' || pattern instanceof RegExp) {
      readEntry(pattern, [...path, 'pattern'], dangers)
    } else {
      const problem = 'the pattern of an entry is a string or a RegExp'
      report('origin.type', [...path, 'pattern'], pattern, problem)
    }
  }
}

function isAcknowledged(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'pattern')
}
