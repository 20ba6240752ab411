/** Response fields in the forms in which they reach `writeHead`, and how a decision is put into each. */

import { type CorsDecision, isCorsField, mergeVary, type StoredValue } from '../../src/index.ts'
import type { NodeResponse } from './response.ts'

type Field = readonly [name: string, value: unknown]

const VARY = 'vary'

/** The CORS fields of decisions, listed once, because decisions are shared between requests. */
const listed = new WeakMap<CorsDecision, readonly (readonly [string, string])[]>()

function fieldsOf(decision: CorsDecision): readonly (readonly [string, string])[] {
  const known = listed.get(decision)
  if (known !== undefined) return known
  const fields = Object.entries(decision.headers).filter(([name]) => isCorsField(name))
  listed.set(decision, fields)
  return fields
}

/**
 * The fields that a decision has besides those of CORS, such as the length of its empty body. Whoever
 * ends the response with the decision stores them. They are not held against an application that
 * then answers in another way, since its answer has another length.
 */
export function ownFieldsOf(decision: CorsDecision): readonly (readonly [string, string])[] {
  return Object.entries(decision.headers).filter(([name]) => !isCorsField(name))
}

/** Replaces the CORS fields that are stored on the response by the decision's, and merges `Vary`. */
export function applyToStored(response: NodeResponse, decision: CorsDecision): void {
  removeStored(response)
  for (const [name, value] of fieldsOf(decision)) response.setHeader(name, value)
  if (decision.vary.length > 0) {
    response.setHeader(VARY, mergeVary(response.getHeader(VARY), decision.vary))
  }
}

/** Removes the CORS fields that are stored on the response. */
export function removeStored(response: NodeResponse): void {
  const names = response.getHeaderNames?.()
  if (names === undefined) return
  for (const name of names) if (isCorsField(name)) response.removeHeader?.(name)
}

/**
 * The fields given to `writeHead`, in the form in which they were given, with the decision's instead
 * of their CORS fields and with `Vary` merged. A given `Vary` replaces a stored one, as it does in
 * Node. The given fields are never changed.
 */
export function mergedFields(
  given: object,
  decision: CorsDecision,
  response: NodeResponse,
): unknown {
  if (!Array.isArray(given)) {
    // `__proto__` is a legal field name.
    const merged: Record<string, unknown> = Object.create(null)
    for (const [name, value] of merge(Object.entries(given), decision, response)) {
      merged[name] = value
    }
    return merged
  }
  if (Array.isArray(given[0])) return merge(given as Field[], decision, response)
  // Node refuses a list without a value for its last name; so it shall.
  if (given.length % 2 !== 0) return given
  const pairs: Field[] = []
  for (let index = 0; index < given.length; index += 2) {
    pairs.push([given[index], given[index + 1]])
  }
  return merge(pairs, decision, response).flat()
}

function merge(given: readonly Field[], decision: CorsDecision, response: NodeResponse): Field[] {
  const merged: Field[] = []
  let vary: StoredValue
  let refused: Field | undefined
  for (const field of given) {
    const [label, value] = field
    const name = String(label)
    if (!isVary(name)) {
      if (!isCorsField(name)) merged.push(field)
    } else if (isRefused(value, response)) refused = [VARY, value]
    else vary = vary === undefined ? text(value) : `${vary}, ${text(value)}`
  }
  merged.push(...fieldsOf(decision))
  if (refused !== undefined) return [...merged, refused]
  const names = mergeVary(vary ?? response.getHeader(VARY), decision.vary)
  if (names !== '') merged.push([VARY, names])
  return merged
}

function isVary(name: string): boolean {
  return name.length === VARY.length && name.toLowerCase() === VARY
}

/** Whether Node refuses a value. Merged, it would be text, and be sent. */
function isRefused(value: unknown, { stream }: NodeResponse): boolean {
  return value === undefined || (value === null && stream !== undefined)
}

/** Of a symbol there is none: Node throws the same error. */
function text(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : `${value}`
}
