/**
 * Where Node has all fields of a head of HTTP/1 together: behind every wrapper of `writeHead`, and
 * before they are turned into text.
 *
 * To put fields in there costs half of what `setHeader` does, and no layer can come after it. But the
 * place is not documented, so that it is used only where a trial has shown that it is there, and what
 * it looks like. Elsewhere the guard stands at `writeHead`.
 */

import { type CorsDecision, isCorsField, mergeVary, type StoredValue } from '../../src/index.ts'
import { type Finds, isConcerned, mergedFields, note } from './fields.ts'
import { formsOf, VARY } from './forms.ts'
import { decisionOf, GUARD, type Guarded, type GuardRecord, tell } from './record.ts'
import type { NodeResponse } from './response.ts'

type StoreHeader = ((this: unknown, statusLine: unknown, fields: unknown) => unknown) & Guarded

/** The part of Node's responses that is not documented. */
interface Inside {
  _storeHeader: StoreHeader
}

/** By lower-case name: the name as it was spelt, and the value. */
type StoredFields = Record<string, readonly [name: string, value: StoredValue]>

/** The symbol under which responses keep what is stored; `undefined` where their inside is unknown. */
const places = new WeakMap<object, symbol | undefined>()

/** The record of a response of HTTP/1, wherever it is. */
export function recordOf(response: object): GuardRecord | undefined {
  return (response as Guarded)[GUARD] ?? (response as Partial<Inside>)._storeHeader?.[GUARD]
}

/** Whether a response is Node's, or made in its image, so that every head goes through its `writeHead`. */
export function isNodes(response: NodeResponse): boolean {
  return typeof (response as Partial<Inside>)._storeHeader === 'function'
}

/** Whether a response's head is made in the known way. The answer is found once for each prototype. */
export function hasInside(response: NodeResponse): boolean {
  return placeOf(response) !== undefined && !Object.hasOwn(response, '_storeHeader')
}

function placeOf(response: object): symbol | undefined {
  const prototype = Object.getPrototypeOf(response) as object
  const place = places.get(prototype)
  if (place !== undefined || places.has(prototype)) return place
  const found = tried(prototype)
  places.set(prototype, found)
  return found
}

/**
 * Tries the last prototype with a `writeHead`, which is Node's own. The trial needs no request, so that
 * nobody who watches Node's responses sees it.
 */
function tried(prototype: object): symbol | undefined {
  try {
    const own = lastWith('writeHead', prototype) as object
    const parent = Object.getPrototypeOf(own)
    // A response that sends by itself, as Bun's, has the place and does not use it.
    if ((own as { _send?: unknown })._send !== parent._send) return undefined
    const { constructor: Message } = parent
    const trial = Object.setPrototypeOf(new Message(), own)
    let seen: unknown
    trial._storeHeader = (_statusLine: unknown, fields: unknown) => {
      seen = fields
    }
    trial.setHeader('X-Trial', '1')
    trial.writeHead(200)
    const [name, value, ...rest] = (seen as Record<string, unknown[]>)['x-trial'] ?? []
    const isKnown = name === 'X-Trial' && value === '1' && rest.length === 0
    return isKnown ? symbols(trial).find((symbol) => trial[symbol] === seen) : undefined
  } catch {
    return undefined
  }
}

const { getOwnPropertySymbols: symbols } = Object

function lastWith(name: string, prototype: object): object | undefined {
  let last: object | undefined
  let next: object | null = prototype
  while (next !== null) {
    if (Object.hasOwn(next, name)) last = next
    next = Object.getPrototypeOf(next)
  }
  return last
}

/**
 * Makes the decision of a record hold for a response's head, and puts the record where
 * {@link recordOf} finds it.
 *
 * Where a framework has changed the prototype, as Express does, older versions of V8 give every response
 * a hidden class of its own with each property that is added, which costs a microsecond or two. There it
 * is one property instead of two.
 */
export function holdInside(response: NodeResponse & Guarded, record: GuardRecord): void {
  const inside = response as unknown as Inside
  if (Object.hasOwn(Object.getPrototypeOf(response), 'writeHead')) {
    response[GUARD] = record
    inside._storeHeader = heldStoreHeader
  } else {
    const held: StoreHeader = function (statusLine, fields) {
      return storeHeld(this as NodeResponse, record, statusLine, fields)
    }
    held[GUARD] = record
    inside._storeHeader = held
  }
}

/** One function for all responses that have their record themselves. */
function heldStoreHeader(this: unknown, statusLine: unknown, fields: unknown): unknown {
  const response = this as NodeResponse & Guarded
  return storeHeld(response, response[GUARD] as GuardRecord, statusLine, fields)
}

function storeHeld(
  response: NodeResponse,
  record: GuardRecord,
  statusLine: unknown,
  fields: unknown,
): unknown {
  // A framework may have given the response another prototype since.
  const { _storeHeader: storeHeader } = Object.getPrototypeOf(response) as Inside
  const decision = decisionOf(record, response.statusCode)
  if (decision === undefined) return storeHeader.call(response, statusLine, fields)
  // Of an earlier attempt, which failed.
  record.found = undefined
  const held = heldFields(fields, decision, response, record)
  const answer = storeHeader.call(response, statusLine, held)
  if (record.found !== undefined) tell(record)
  return answer
}

/**
 * The fields of a head with a decision among them: Node hands on either what is stored, by reference,
 * or, where nothing is, what was given to `writeHead`.
 */
function heldFields(
  fields: unknown,
  decision: CorsDecision,
  response: NodeResponse,
  finds: Finds,
): unknown {
  if (typeof fields !== 'object' || fields === null) return formsOf(decision).record
  const place = placeOf(response) as symbol
  if (fields === (response as unknown as Record<symbol, unknown>)[place]) {
    putInto(fields as StoredFields, decision, finds)
    return fields
  }
  const list = Array.isArray(fields) ? undefined : listOf(fields, decision)
  return list ?? mergedFields(fields, decision, response, finds)
}

/**
 * An object's fields and the decision's as a flat list, which is made in half the time of an object, and
 * read in the same way. `undefined` where there is something to merge.
 */
function listOf(given: object, decision: CorsDecision): unknown[] | undefined {
  const list: unknown[] = formsOf(decision).flat.slice()
  for (const name in given) {
    if (isConcerned(name)) return undefined
    if (Object.hasOwn(given, name)) list.push(name, given[name as keyof typeof given])
  }
  return list
}

function putInto(stored: StoredFields, decision: CorsDecision, finds: Finds): void {
  for (const name in stored) {
    if (!isCorsField(name)) continue
    note(finds, stored[name] as readonly [string, unknown])
    delete stored[name]
  }
  const { cors, vary } = formsOf(decision)
  // Entries of their own, since Node may change those of a response.
  for (const field of cors) stored[field[0]] = [field[0], field[1]]
  if (vary === '') return
  const given = stored[VARY]
  stored[VARY] = given === undefined ? [VARY, vary] : [given[0], mergeVary(given[1], decision.vary)]
}
