/** The results of functions: how a decision is put into one, and those that are made of a decision. */

import { type CorsDecision, isCorsField, mergeVary } from '../../src/index.ts'
import { bodyOf, TEXT } from '../shared/exchange.ts'
import { formsOf, type TextField, VARY } from '../shared/forms.ts'
import { type Dialect, isObject } from './events.ts'
import { type Explicit, explicitOf } from './explicit.ts'

/** The results that are made here. They suit the result types of every dialect. */
export interface LambdaResult {
  statusCode: number
  /** Load balancers' alone. */
  statusDescription?: string
  headers?: { [name: string]: string }
  multiValueHeaders?: { [name: string]: string[] }
  body: string
}

/** A result after a decision was put into it. */
export interface Covered {
  /** The very same value where nothing had to be changed. */
  readonly result: unknown
  /** The CORS fields that were there. */
  readonly found: readonly Field[]
}

type Field = readonly [name: string, value: unknown]

/** The gateways count it themselves, and may pass ours on under another name. */
const CONTENT_LENGTH = 'content-length'
const INTERNAL_SERVER_ERROR = 500
/** Of what is answered with here, apart from 2xx. */
const REASONS: Readonly<Record<number, string>> = {
  204: 'No Content',
  403: 'Forbidden',
  [INTERNAL_SERVER_ERROR]: 'Internal Server Error',
}

/** The response with which a decision ends a request. */
export function endedResult(
  decision: CorsDecision,
  status: number,
  dialect: Dialect,
): LambdaResult {
  const { cors, own } = formsOf(decision)
  const body = bodyOf(decision)
  const fields = [...cors, ...own.filter(([name]) => name !== CONTENT_LENGTH)]
  if (body !== undefined) fields.push(['content-type', TEXT])
  return resultOf(status, [...fields, ...varyOf(decision)], body ?? '', dialect)
}

/** An empty 500 with the fields of a decision. */
export function failedResult(decision: CorsDecision, dialect: Dialect): LambdaResult {
  const fields = [...formsOf(decision).cors, ...varyOf(decision)]
  return resultOf(INTERNAL_SERVER_ERROR, fields, '', dialect)
}

function varyOf(decision: CorsDecision): readonly TextField[] {
  const { vary } = formsOf(decision)
  return vary === '' ? [] : [[VARY, vary]]
}

function resultOf(
  statusCode: number,
  fields: readonly TextField[],
  body: string,
  dialect: Dialect,
): LambdaResult {
  const headers = Object.fromEntries(fields)
  // REST APIs refuse a result with a member that they do not know.
  if (dialect === 'v1' || dialect === 'v2') return { statusCode, headers, body }
  const statusDescription = `${statusCode} ${REASONS[statusCode] ?? 'OK'}`
  if (dialect === 'alb') return { statusCode, statusDescription, headers, body }
  const multiValueHeaders = Object.fromEntries(fields.map(asLines))
  return { statusCode, statusDescription, multiValueHeaders, body }
}

function asLines([name, value]: TextField): readonly [string, string[]] {
  return [name, [value]]
}

/**
 * Puts a decision into a handler's result: its CORS fields instead of those that are there, and `Vary`
 * merged. What is given is never changed, and nothing else is.
 */
export function cover(result: unknown, dialect: Dialect, decision: CorsDecision): Covered {
  const explicit = explicitOf(result, dialect)
  if (explicit === undefined) return { result, found: [] }
  const { headers, multiValueHeaders } = explicit
  const single = sorted(headers)
  const multi = sorted(multiValueHeaders)
  const fields = [
    ...formsOf(decision).cors,
    ...mergedVary([...single.vary, ...multi.vary], decision),
  ]
  const isMulti = dialect === 'alb-multi'
  // A load balancer reads one of the two, and with multi-value headers it is this one.
  const keptLines = isMulti && !isObject(multiValueHeaders) ? listed(single.kept) : multi.kept
  const covered = {
    headers: containerWith(headers, single.kept, isMulti ? [] : fields),
    multiValueHeaders: containerWith(
      multiValueHeaders,
      keptLines,
      isMulti ? fields.map(asLines) : [],
    ),
  }
  return { result: replaced(result, explicit, covered), found: [...single.cors, ...multi.cors] }
}

function mergedVary(existing: readonly Field[], { vary }: CorsDecision): readonly TextField[] {
  const values = existing.flatMap(([, value]) => value)
  const names = mergeVary(existing.length === 0 ? undefined : values.join(', '), vary)
  // Spelt as it was, so that where nothing is added nothing has to be changed.
  return names === '' ? [] : [[existing[0]?.[0] ?? VARY, names]]
}

/** The fields of a result by what is done with them. */
interface Sorted {
  readonly kept: readonly Field[]
  readonly cors: readonly Field[]
  readonly vary: readonly Field[]
}

function sorted(container: unknown): Sorted {
  const kept: Field[] = []
  const cors: Field[] = []
  const vary: Field[] = []
  for (const field of isObject(container) ? Object.entries(container) : []) {
    const [name, value] = field
    const place = isVary(name) ? vary : isCorsField(name) ? cors : kept
    // What has no value is not sent, and cannot be merged.
    if (place === kept || isPresent(value)) place.push(field)
  }
  return { kept, cors, vary }
}

/** Fields with one value, as lists. */
function listed(fields: readonly Field[]): readonly Field[] {
  return fields
    .filter(([, value]) => isPresent(value))
    .map(([name, value]) => [name, [value].flat().map(String)])
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null
}

function isVary(name: string): boolean {
  return name.length === VARY.length && name.toLowerCase() === VARY
}

/** @returns The very same container where nothing had to be changed. */
function containerWith(
  container: unknown,
  kept: readonly Field[],
  fields: readonly Field[],
): unknown {
  if (!isObject(container) && fields.length === 0) return container
  // Unlike an assignment, this makes a field of any name, `__proto__` included.
  const made = Object.fromEntries([...kept, ...fields])
  return isObject(container) && isSame(container, made) ? container : made
}

function isSame(one: Explicit, other: Explicit): boolean {
  const names = Object.keys(one)
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSameValue(one[name], other[name]))
  )
}

function isSameValue(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other
  return one.length === other.length && one.every((value, index) => value === other[index])
}

function replaced(result: unknown, explicit: Explicit, containers: Explicit): unknown {
  const changed = Object.entries(containers).filter(([name, value]) => explicit[name] !== value)
  return changed.length === 0 ? result : { ...explicit, ...Object.fromEntries(changed) }
}
