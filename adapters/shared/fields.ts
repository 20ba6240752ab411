/**
 * Response fields in the forms in which they reach `writeHead`, and how a decision is put into each.
 *
 * Most applications have neither CORS fields nor `Vary`, so that each form is looked through first, and
 * taken apart only where there is something to merge.
 */

import { type CorsDecision, isCorsField, mergeVary, type StoredValue } from '../../src/index.ts'
import { flatOf, formsOf, objectOf, type TextField, VARY } from './forms.ts'
import type { NodeResponse } from './response.ts'

type Field = readonly [name: string, value: unknown]

/** Where the CORS fields are noted that were on a response. Nothing is made as long as there are none. */
export interface Finds {
  found?: Field[] | undefined
}

export function note(finds: Finds | undefined, field: Field): void {
  if (finds === undefined) return
  finds.found ??= []
  finds.found.push(field)
}

/** Replaces the CORS fields that are stored on the response by the decision's, and merges `Vary`. */
export function applyToStored(response: NodeResponse, decision: CorsDecision, finds?: Finds): void {
  const names = response.getHeaderNames?.()
  if (names !== undefined) removeStored(response, names, finds)
  const { cors, vary } = formsOf(decision)
  for (const field of cors) response.setHeader(field[0], field[1])
  if (vary === '') return
  const mayVary = names === undefined || names.includes(VARY)
  response.setHeader(VARY, mayVary ? mergeVary(response.getHeader(VARY), decision.vary) : vary)
}

/** @param names What is stored on the response, of which the CORS fields are removed. */
export function removeStored(
  response: NodeResponse,
  names: readonly string[],
  finds: Finds | undefined,
): void {
  for (const name of names) {
    if (!isCorsField(name)) continue
    note(finds, [name, response.getHeader(name)])
    response.removeHeader?.(name)
  }
}

/** The fields of a decision as lines of a head that is written by hand. */
export function linesOf(decision: CorsDecision): string {
  return formsOf(decision)
    .all.map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
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
  finds: Finds,
): unknown {
  const forms = formsOf(decision)
  const stored = response?.getHeader(VARY)
  if (stored === undefined) {
    if (!Array.isArray(given)) {
      if (isUnconcerned(given)) return Object.assign({}, given, objectOf(forms))
    } else if (isUnconcernedList(given)) return given.concat(flatOf(forms))
  }
  const merge = (fields: readonly Field[]): Field[] =>
    merged(fields, decision, forms.cors, stored, response !== undefined, finds)
  if (!Array.isArray(given)) return mergedObject(given, merge)
  if (Array.isArray(given[0])) return merge(given as Field[])
  // Node refuses a list without a value for its last name; so it shall.
  if (given.length % 2 !== 0) return given
  const pairs: Field[] = []
  for (let index = 0; index < given.length; index += 2) {
    pairs.push([given[index], given[index + 1]])
  }
  return merge(pairs).flat()
}

/** Whether an object has nothing that a decision is about, and can be copied by assignment. */
function isUnconcerned(given: object): boolean {
  // What is inherited is not sent, but does no harm here.
  for (const name in given) if (isConcerned(name)) return false
  return true
}

/** The same for a flat list. */
function isUnconcernedList(given: readonly unknown[]): boolean {
  if (given.length % 2 !== 0) return false
  for (let index = 0; index < given.length; index += 2) {
    const name = given[index]
    if (typeof name !== 'string' || isConcerned(name)) return false
  }
  return true
}

/** Whether a field is one to merge or to replace. `__proto__` is a legal name, but cannot be assigned. */
export function isConcerned(name: string): boolean {
  return isCorsField(name) || isVary(name) || name === '__proto__'
}

function mergedObject(
  given: object,
  merge: (fields: readonly Field[]) => Field[],
): Record<PropertyKey, unknown> {
  const result: Record<PropertyKey, unknown> = Object.create(null)
  for (const [name, value] of merge(Object.entries(given))) result[name] = value
  // HTTP/2's list of sensitive fields has a symbol for its name.
  for (const symbol of Object.getOwnPropertySymbols(given)) {
    result[symbol] = (given as Record<symbol, unknown>)[symbol]
  }
  return result
}

function merged(
  given: readonly Field[],
  decision: CorsDecision,
  cors: readonly TextField[],
  stored: StoredValue,
  isHttp1: boolean,
  finds: Finds,
): Field[] {
  const result: Field[] = []
  let vary: StoredValue
  let refused: Field | undefined
  for (const field of given) {
    const name = String(field[0])
    if (!isVary(name) && !isCorsField(name)) result.push(field)
    else if (isHttp1 && isRefused(field[1])) refused = field
    else if (isVary(name)) vary = added(vary, field)
    else note(finds, field)
  }
  result.push(...cors)
  const names = mergeVary(vary ?? stored, decision.vary)
  if (names !== '') result.push([VARY, names])
  // So that Node refuses it, as it would without the guard.
  if (refused !== undefined) result.push(refused)
  return result
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

/** Whether a value is a text that Node sends. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && isSendable(value)
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
