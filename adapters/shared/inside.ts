/**
 * Where Node has all fields of a head of HTTP/1 together: behind every wrapper of `writeHead`, and
 * before they are turned into text.
 *
 * To put fields in there costs half of what `setHeader` does, and no layer can come after it. But the
 * place is not documented, so that it is used only where a trial has shown that it is there, and what
 * it looks like. Elsewhere the guard stands at `writeHead`.
 */

import { type CorsDecision, isCorsField, type StoredValue } from '../../src/index.ts'
import { type Finds, isConcerned, isText, mergedFields, note } from './fields.ts'
import { flatOf, formsOf, NOTHING, storedOf, VARY, varyBeside } from './forms.ts'
import { decisionOf, GUARD, type Guarded, type GuardRecord, tell } from './record.ts'
import type { NodeResponse } from './response.ts'

type StoreHeader = ((this: unknown, statusLine: unknown, fields: unknown) => unknown) & Guarded

/** The part of Node's responses that is not documented. */
interface Inside {
  _storeHeader: StoreHeader
}

/** By lower-case name: the name as it was spelt, and the value. */
type Stored = Record<string, readonly [name: string, value: StoredValue]>

/** What is known of responses with a certain prototype. */
interface Known {
  /** The symbol under which they keep what is stored. */
  readonly place: symbol
  /** Whether nobody's class stands between them and Node's. */
  readonly isDirect: boolean
}

/** `undefined`: their inside is unknown. */
const known = new WeakMap<object, Known | undefined>()
let lastPrototype: object | undefined
let lastKnown: Known | undefined

/**
 * The record of a response of HTTP/1, wherever it is. Where somebody wraps a function that has it, it is not
 * found: a second policy then stands before the first, and cannot take its place.
 */
export function recordOf(response: object): GuardRecord | undefined {
  return (response as Guarded)[GUARD] ?? (response as Partial<Inside>)._storeHeader?.[GUARD]
}

/** Whether a response is Node's, or made in its image, so that every head goes through its `writeHead`. */
export function isNodes(response: NodeResponse): boolean {
  return typeof (response as Partial<Inside>)._storeHeader === 'function'
}

/**
 * Whether the guard can stand inside a response: its head is made in the known way, and nobody has taken the
 * place. What a class of somebody's own does in its `writeHead` is not known, so that the guard stands
 * before it; but not before a `writeHead` that was put on the response, which would come after it.
 */
export function hasInside(response: NodeResponse): boolean {
  const inside = knownOf(response)
  if (inside === undefined || Object.hasOwn(response, '_storeHeader')) return false
  return inside.isDirect || Object.hasOwn(response, 'writeHead')
}

/** Found once for each prototype. Mostly, all responses of a process have the same. */
function knownOf(response: object): Known | undefined {
  const prototype = Object.getPrototypeOf(response) as object
  if (prototype !== lastPrototype) {
    if (!known.has(prototype)) known.set(prototype, tried(prototype))
    lastKnown = known.get(prototype)
    lastPrototype = prototype
  }
  return lastKnown
}

/**
 * Tries the last prototype with a `writeHead`, which is Node's own. The trial needs no request, so that nobody
 * who watches Node's responses is told of one.
 */
function tried(prototype: object): Known | undefined {
  try {
    const classes = withOwn('writeHead', prototype)
    const own = classes.at(-1) as object
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
    if (name !== 'X-Trial' || value !== '1' || rest.length > 0) return undefined
    const place = symbols(trial).find((symbol) => trial[symbol] === seen)
    return place && { place, isDirect: classes.length === 1 }
  } catch {
    return undefined
  }
}

const { getOwnPropertySymbols: symbols } = Object

function withOwn(name: string, prototype: object): readonly object[] {
  const found: object[] = []
  for (let next: object | null = prototype; next !== null; next = Object.getPrototypeOf(next)) {
    if (Object.hasOwn(next, name)) found.push(next)
  }
  return found
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
  const storeHeader = storeHeaderBehind(response)
  const decision = decisionOf(record, response.statusCode)
  if (decision === undefined) return storeHeader.call(response, statusLine, fields)
  // Of an earlier attempt, which failed.
  record.found = undefined
  const answer = sendHead(response, storeHeader, statusLine, fields, decision, record)
  if (record.found !== undefined) tell(record)
  return answer
}

/**
 * What the guard stands before. A framework may have given the response another prototype since, and
 * somebody may have derived an object from a response that is held.
 */
function storeHeaderBehind(response: object): StoreHeader {
  const { _storeHeader: next } = Object.getPrototypeOf(response) as Inside
  const isHeld = next === heldStoreHeader || next[GUARD] !== undefined
  return isHeld ? storeHeaderBehind(Object.getPrototypeOf(response)) : next
}

/** Node hands on either what is stored, by reference, or, where nothing is, what was given to `writeHead`. */
function sendHead(
  response: NodeResponse,
  storeHeader: StoreHeader,
  statusLine: unknown,
  fields: unknown,
  decision: CorsDecision,
  finds: Finds,
): unknown {
  const places = response as unknown as Record<symbol, unknown>
  const { place } = knownOf(response) as Known
  const before = places[place]
  const isGiven = typeof fields === 'object' && fields !== null
  if (isGiven && fields !== before) {
    const list = Array.isArray(fields) ? undefined : listOf(fields, decision)
    const merged = list ?? mergedFields(fields, decision, response, finds)
    return storeHeader.call(response, statusLine, merged)
  }
  // Stored, so that those see them who read afterwards what was sent.
  const stored = isGiven ? renewed(fields as Stored, decision, finds) : storedOf(formsOf(decision))
  places[place] = stored
  try {
    return storeHeader.call(response, statusLine, stored)
  } catch (error) {
    // They would change what a second attempt does.
    places[place] = before
    throw error
  }
}

/**
 * An object's fields and the decision's as a flat list, which is made in half the time of an object, and
 * read in the same way. `undefined` where more is to be merged than a `Vary`.
 */
function listOf(given: object, decision: CorsDecision): unknown[] | undefined {
  // Of this size from the start, instead of a copy of the decision's list that has to grow.
  const list: unknown[] = []
  let other: string | undefined
  for (const name in given) {
    if (!Object.hasOwn(given, name)) continue
    const value: unknown = given[name as keyof typeof given]
    if (name === VARY && isText(value)) other = value
    else if (isConcerned(name)) return undefined
    else list.push(name, value)
  }
  const forms = formsOf(decision)
  const fields = flatOf(forms)
  const { length } = forms.cors
  for (let index = 0; index < length; index += 1) {
    list.push(fields[index * 2], fields[index * 2 + 1])
  }
  const vary = other === undefined ? forms.vary : varyBeside(other, decision)
  if (vary !== '') list.push(VARY, vary)
  return list
}

/** What is stored, with a decision's fields instead of its CORS fields, and with `Vary` merged. */
function renewed(stored: Stored, decision: CorsDecision, finds: Finds): Stored {
  const fields: Stored = Object.create(NOTHING)
  for (const name in stored) {
    const field = stored[name] as readonly [string, StoredValue]
    if (isCorsField(name)) note(finds, field)
    else fields[name] = field
  }
  const { cors, vary } = formsOf(decision)
  for (const field of cors) fields[field[0]] = field
  if (vary === '') return fields
  const given = fields[VARY]
  fields[VARY] = given === undefined ? [VARY, vary] : [given[0], varyBeside(given[1], decision)]
  return fields
}
