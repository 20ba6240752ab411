/** A policy from a JSON document: options as text, from a file, a store, or another service. */

import { CorsConfigError, createIssue } from '../errors.ts'
import { type CorsPolicy, toPolicy } from '../policy.ts'
import { syntaxProblem } from './json-syntax.ts'

const BYTE_ORDER_MARK = '\ufeff'

/**
 * Makes a policy of a JSON document that holds options. All options but functions and regular
 * expressions can be said in JSON. `$schema` is ignored; editors that find
 * `node_modules/crossgate/schema.json` in it know every option.
 *
 * @throws {CorsConfigError} with every issue; where the text is no strict JSON, or an object in it has two
 * fields of one name, with one that says the line and the column.
 * @example
 * const policy = policyFromJson('{ "origin": ["https://app.example.com"], "credentials": true }')
 */
export function policyFromJson(text: string): CorsPolicy {
  // Never a dynamic one, since JSON has no functions.
  return toPolicy(withoutSchema(parse(text))) as CorsPolicy
}

function parse(text: string): unknown {
  if (typeof text !== 'string') {
    throw refused(text, 'policyFromJson takes the text of a JSON document')
  }
  const json = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  const found = syntaxProblem(json)
  if (found === undefined) return JSON.parse(json)
  const { problem, line, column } = found
  throw refused(text, `this is no JSON at line ${line}, column ${column}: ${problem}`)
}

function withoutSchema(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  // What is spread is defined, not assigned: a field `__proto__` stays a field.
  const { $schema: _, ...options } = value as { readonly $schema?: unknown }
  return options
}

function refused(value: unknown, problem: string): CorsConfigError {
  return new CorsConfigError([createIssue('options.type', [], value, problem)])
}
