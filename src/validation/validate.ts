/** Options of any kind -> every issue in them, or their normal form with the parts of a matcher. */

import { type CorsIssue, type CorsIssuePath, createIssue } from '../errors.ts'
import type { DecisionObserver, ReplacementObserver } from '../options.ts'
import { checkConflicts } from './conflicts.ts'
import { readDangers } from './dangers.ts'
import { readAllowedHeaders, readExposedHeaders, readMethods, readVary } from './names.ts'
import { nearest } from './nearest.ts'
import { normalize, type OptionValues, type ValidOptions } from './normalize.ts'
import { readOrigins } from './origins.ts'
import { RENAMED_OPTIONS, UNNEEDED_OPTIONS } from './peers.ts'
import { collectInto, type Report } from './report.ts'
import {
  MAX_AGE,
  readBoolean,
  readCacheControl,
  readFunction,
  readInteger,
  readOnDisallowed,
  STATUS,
  TIMEOUT,
} from './values.ts'

export type ValidationResult =
  | { readonly valid: ValidOptions; readonly issues: undefined }
  | { readonly issues: readonly CorsIssue[]; readonly valid: undefined }

/** One validator for each option but `origin`, which has a file of its own. */
const VALIDATORS: Validators = {
  credentials: (value: unknown, report: Report) => readBoolean('credentials', value, report),
  methods: readMethods,
  allowedHeaders: readAllowedHeaders,
  exposedHeaders: readExposedHeaders,
  maxAge: (value: unknown, report: Report) => readInteger('maxAge', value, MAX_AGE, report),
  optionsSuccessStatus: (value: unknown, report: Report) =>
    readInteger('optionsSuccessStatus', value, STATUS, report),
  preflightContinue: (value: unknown, report: Report) =>
    readBoolean('preflightContinue', value, report),
  cacheControl: readCacheControl,
  onDisallowed: readOnDisallowed,
  dangerouslyAllow: (value: unknown, report: Report) =>
    readDangers(value, ['dangerouslyAllow'], report),
  isPublicSuffix: (value: unknown, report: Report) =>
    readFunction<(host: string) => boolean>('isPublicSuffix', value, report),
  timeout: (value: unknown, report: Report) => readInteger('timeout', value, TIMEOUT, report),
  vary: readVary,
  debug: (value: unknown, report: Report) => readBoolean('debug', value, report),
  onDecision: (value: unknown, report: Report) =>
    readFunction<DecisionObserver>('onDecision', value, report),
  onReplaced: (value: unknown, report: Report) =>
    readFunction<ReplacementObserver>('onReplaced', value, report),
}

type Validators = {
  readonly [Name in keyof OptionValues]-?: (
    value: unknown,
    report: Report,
  ) => OptionValues[Name] | undefined
}

export const OPTION_NAMES: readonly string[] = ['origin', ...Object.keys(VALIDATORS)]

export function validate(input: unknown): ValidationResult {
  // Without any options it is the origin that is missing, and its choices that help.
  const given = fieldsOf(input === undefined ? {} : input)
  if (given === undefined) {
    const problem = "options are an object, as in { origin: 'https://app.example.com' }"
    const suggestion =
      typeof input === 'string' ? `{ origin: ${JSON.stringify(input)} }` : undefined
    const issue = createIssue('options.type', [], input, problem, suggestion)
    return { issues: [issue], valid: undefined }
  }
  const issues: CorsIssue[] = []
  const report = collectInto(issues)
  reportUnknown(given, report)
  const origins = readOrigins(given.get('origin'), report)
  const values = readValues(given, report)
  const credentials = values.credentials ?? false
  if (credentials && values.exposedHeaders === '*') {
    const problem = "with credentials browsers take '*' for a header of that name; list the headers"
    report('credentials.any-exposed-header', ['exposedHeaders'], '*', problem)
  }
  const needed = checkConflicts(
    origins,
    {
      credentials,
      dangers: new Set(values.dangerouslyAllow),
      isPublicSuffix: values.isPublicSuffix,
    },
    report,
  )
  return issues.length > 0
    ? { issues, valid: undefined }
    : { valid: normalize(origins, values, needed), issues: undefined }
}

/**
 * The enumerable fields that are not `undefined`, own or inherited, as from defaults; nothing where
 * `input` is no set of options. What somebody put on `Object.prototype` is no field.
 */
function fieldsOf(input: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined
  if (input instanceof RegExp) return undefined
  const fields = new Map<string, unknown>()
  for (const name in input) {
    if (Object.hasOwn(Object.prototype, name) && !Object.hasOwn(input, name)) continue
    const value = (input as Record<string, unknown>)[name]
    if (value !== undefined) fields.set(name, value)
  }
  return fields
}

function reportUnknown(given: ReadonlyMap<string, unknown>, report: Report): void {
  for (const name of given.keys()) {
    if (report.isFull()) return
    if (OPTION_NAMES.includes(name)) continue
    const path: CorsIssuePath = [name]
    const renamed = RENAMED_OPTIONS.get(name)
    const unneeded = UNNEEDED_OPTIONS.get(name)
    if (renamed !== undefined) {
      report('option.renamed', path, name, 'this option has another name here', renamed)
    } else if (unneeded !== undefined) {
      report('option.not-needed', path, name, unneeded)
    } else {
      report('option.unknown', path, name, 'there is no such option', nearest(name, OPTION_NAMES))
    }
  }
}

function readValues(given: ReadonlyMap<string, unknown>, report: Report): OptionValues {
  const values: Record<string, unknown> = Object.create(null)
  for (const [name, read] of Object.entries(VALIDATORS)) {
    const value = given.get(name)
    const result = value === undefined ? undefined : read(value, report)
    if (result !== undefined) values[name] = result
  }
  return values
}
