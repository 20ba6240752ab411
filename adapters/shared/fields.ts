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

/** Where the CORS fields are noted that were on a response. Nothing is made as long as there are none. */
export interface Finds {
  found?: Field[] | undefined
}

function note(finds: Finds | undefined, field: Field): void {
  if (finds === undefined) return
  finds.found ??= []
  finds.found.push(field)
}

/** Replaces the CORS fields that are stored on the response by the decision's, and merges `Vary`. */
export function applyToStored(response: NodeResponse, decision: CorsDecision, finds?: Finds): void {
  removeStored(response, finds)
  for (const [name, value] of fieldsOf(decision)) response.setHeader(name, value)
  if (decision.vary.length > 0) {
    response.setHeader(VARY, mergeVary(response.getHeader(VARY), decision.vary))
  }
}

/** The fields of a decision as lines of a head that is written by hand. */
export function linesOf({ headers, vary }: CorsDecision): string {
  const fields = Object.entries(headers).filter(([name]) => isCorsField(name))
  const all = vary.length === 0 ? fields : [...fields, [VARY, vary.join(', ')]]
  return all.map(([name, value]) => `${name}: ${value}\r\n`).join('')
}

/** Removes the CORS fields that are stored on the response. */
export function removeStored(response: NodeResponse, finds?: Finds): void {
  const names = response.getHeaderNames?.()
  if (names === undefined) return
  for (const name of names) {
    if (!isCorsField(name)) continue
    note(finds, [name, response.getHeader(name)])
    response.removeHeader?.(name)
  }
}

/**
 * The fields that are given to be sent, in the form in which they were given, with the decision's
 * instead of their CORS fields and with `Vary` merged. A given `Vary` replaces a stored one, as it does
 * in Node. What is given is never changed.
 *
 * @param response Where fields are stored besides, in HTTP/1.
 */
export function mergedFields(
  given: object,
  decision: CorsDecision,
  response: NodeResponse | undefined,
  finds?: Finds,
): unknown {
  if (!Array.isArray(given)) return mergedObject(given, decision, response, finds)
  if (Array.isArray(given[0])) return merge(given as Field[], decision, response, finds)
  // Node refuses a list without a value for its last name; so it shall.
  if (given.length % 2 !== 0) return given
  const pairs: Field[] = []
  for (let index = 0; index < given.length; index += 2) {
    pairs.push([given[index], given[index + 1]])
  }
  return merge(pairs, decision, response, finds).flat()
}

function mergedObject(
  given: object,
  decision: CorsDecision,
  response: NodeResponse | undefined,
  finds: Finds | undefined,
): Record<PropertyKey, unknown> {
  // `__proto__` is a legal field name.
  const merged: Record<PropertyKey, unknown> = Object.create(null)
  for (const [name, value] of merge(Object.entries(given), decision, response, finds)) {
    merged[name] = value
  }
  // HTTP/2's list of sensitive fields has a symbol for its name.
  for (const symbol of Object.getOwnPropertySymbols(given)) {
    merged[symbol] = (given as Record<symbol, unknown>)[symbol]
  }
  return merged
}

function merge(
  given: readonly Field[],
  decision: CorsDecision,
  response: NodeResponse | undefined,
  finds: Finds | undefined,
): Field[] {
  const merged: Field[] = []
  let vary: StoredValue
  let refused: Field | undefined
  for (const field of given) {
    const name = String(field[0])
    if (!isVary(name) && !isCorsField(name)) merged.push(field)
    else if (response !== undefined && isRefused(field[1])) refused = field
    else if (isVary(name)) vary = added(vary, field)
    else note(finds, field)
  }
  merged.push(...fieldsOf(decision))
  const names = mergeVary(vary ?? response?.getHeader(VARY), decision.vary)
  if (names !== '') merged.push([VARY, names])
  // So that Node refuses it, as it would without the guard.
  if (refused !== undefined) merged.push(refused)
  return merged
}

function isVary(name: string): boolean {
  return name.length === VARY.length && name.toLowerCase() === VARY
}

/** Whether `writeHead` of HTTP/1 refuses a field for its value. Merged or removed, it would pass. */
function isRefused(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isRefused)
  if (value === undefined) return true
  try {
    return !isSendable(String(value)) || typeof value === 'symbol'
  } catch {
    return true
  }
}

/** What Node sends as a value: bytes, but no control characters except the tab. */
function isSendable(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    if (code > 0xff || code === 0x7f || (code < 0x20 && code !== 0x09)) return false
  }
  return true
}

function added(vary: StoredValue, [, value]: Field): string {
  const text = Array.isArray(value) ? value.join(', ') : String(value)
  return vary === undefined ? text : `${vary}, ${text}`
}
