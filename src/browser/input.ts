/**
 * The border: values of wrong types, told of before anything is made of them. What is of the right
 * type and still nothing that a page can ask for is a rule, and the model's business.
 */

import { parseOrigin } from '../origin/parse.ts'
import { quote } from '../quote.ts'
import { isThenable } from '../sources/lookup.ts'
import type { PageRequest } from './exchange.ts'

/** What to give instead of a wrong value; `undefined` for a right one. */
type Check = (value: unknown) => string | undefined

const PAIRS = "a list of pairs, as [['x-request-id', '1']]"
const RESPONSE = 'give { status: 200, headers: [] }, with a pair for each line'

const REQUEST_FIELDS: Readonly<
  Record<Exclude<keyof PageRequest, 'headers' | 'trustworthy'>, Check>
> = {
  from: required(isText, "give the origin of the page, as 'https://app.example.com'"),
  url: required(isText, "give an absolute URL as a string, as 'https://api.example.com/items'"),
  method: optional(isText, "give a string, as 'PUT'"),
  credentials: oneOf('omit', 'same-origin', 'include'),
  mode: oneOf('cors', 'no-cors', 'same-origin'),
  redirect: oneOf('follow', 'error', 'manual'),
  body: optional(isText, 'give a string, as of JSON.stringify, or streamBody: true'),
  streamBody: optional(isBoolean, 'give true or false'),
  alwaysPreflight: optional(isBoolean, 'give true or false'),
}

/** The names of a whole request. */
const ALL_FIELDS = [
  ...(Object.keys(REQUEST_FIELDS) as (keyof typeof REQUEST_FIELDS)[]),
  'headers',
  'trustworthy',
] as const

const isTainting = oneOf('basic', 'cors', 'opaque')

/** What is wrong, the value as it may be printed, and what to do. */
export function wrongInput(what: string, value: unknown, fix: string): TypeError {
  return new TypeError(`${what} is ${quote(value)}; ${fix}`)
}

/** @throws {TypeError} for a request with a field of a wrong type. */
export function checkPage(request: PageRequest): void {
  checkRequest(request, ALL_FIELDS)
}

/** @throws {TypeError} where one of the fields that are named is of a wrong type. */
export function checkRequest(
  request: Partial<PageRequest>,
  names: readonly (keyof PageRequest)[],
): void {
  if (typeof request !== 'object' || request === null) {
    throw wrongInput('request', request, "give { from: 'https://app.example.com', url }")
  }
  for (const name of names) {
    const value: unknown = request[name]
    if (name === 'headers') checkHeaders('request.headers', value ?? [])
    else if (name === 'trustworthy') checkOrigins('request.trustworthy', value ?? [])
    else checkField(`request.${name}`, value, REQUEST_FIELDS[name])
  }
}

/**
 * @param what How to call the response.
 * @throws {TypeError} for what is no response as the model takes it, such as one of the Fetch API.
 */
export function checkResponse(response: unknown, what = 'response'): void {
  if (typeof response !== 'object' || response === null) throw wrongInput(what, response, RESPONSE)
  if (isThenable(response)) throw new TypeError(`${what} is a promise; await it`)
  const { status, headers, body } = response as Readonly<Record<string, unknown>>
  if (isFetchHeaders(headers) && 'arrayBuffer' in response) {
    throw new TypeError(
      `${what} is a Fetch Response; give { status: response.status, headers: [...response.headers] }`,
    )
  }
  checkField(`${what}.status`, status, required(Number.isInteger, 'give a whole number, as 200'))
  checkHeaders(`${what}.headers`, headers)
  checkField(`${what}.body`, body, optional(isText, 'give a string, as of await response.text()'))
}

/** @throws {TypeError} for what is no response tainting. */
export function checkTainting(tainting: unknown): void {
  checkField('tainting', tainting, isTainting)
}

/** @throws {TypeError} for settings of wrong types. The browser is told of where it is looked up. */
export function checkSettings(settings: unknown): void {
  if (typeof settings !== 'object' || settings === null) {
    throw wrongInput('settings', settings, "give { browser: 'chromium' }, or nothing")
  }
  const { cache, now } = settings as Readonly<Record<string, unknown>>
  checkField('settings.cache', cache, optional(isCache, 'make one with createPreflightCache()'))
  checkField('settings.now', now, optional(isFunction, 'give a function, as () => Date.now()'))
}

/** @throws {TypeError} for what cannot answer. */
export function checkResponder(respond: unknown): void {
  const fix = 'give a function that takes a request and returns { status, headers }'
  checkField('respond', respond, required(isFunction, fix))
}

/** @throws {TypeError} for a time that is no number. */
export function checkTime(time: unknown): void {
  const fix = 'return milliseconds, as Date.now() does'
  checkField('the result of settings.now()', time, required(Number.isFinite, fix))
}

function checkField(what: string, value: unknown, check: Check): void {
  const fix = check(value)
  if (fix !== undefined) throw wrongInput(what, value, fix)
}

function checkHeaders(what: string, headers: unknown): void {
  if (!Array.isArray(headers)) throw wrongInput(what, headers, pairsOf(headers))
  headers.forEach((field: unknown, index) => {
    const where = `${what}[${index}]`
    if (!Array.isArray(field)) throw wrongInput(where, field, `give ${PAIRS}`)
    if (field.length !== 2) throw new TypeError(`${where} has ${field.length} parts; give ${PAIRS}`)
    checkField(`${where}[0]`, field[0], required(isText, 'give a name, which is a string'))
    checkField(`${where}[1]`, field[1], required(isText, valueFix(field[1])))
  })
}

/** How to make pairs of what others have for headers. */
function pairsOf(headers: unknown): string {
  if (typeof headers !== 'object' || headers === null) return `give ${PAIRS}`
  const made = Symbol.iterator in headers ? '[...headers]' : 'Object.entries(headers)'
  return `give ${PAIRS}; ${made} makes one`
}

function valueFix(value: unknown): string {
  return Array.isArray(value) ? 'give a pair for each line' : 'give a string, as of String(value)'
}

function checkOrigins(what: string, origins: unknown): void {
  const fix = "an origin as browsers send it, as 'http://staging.example.com'"
  if (!Array.isArray(origins)) throw wrongInput(what, origins, `give a list, each ${fix}`)
  origins.forEach((origin: unknown, index) => {
    const isOrigin = isText(origin) && parseOrigin(origin) !== undefined
    if (!isOrigin) throw wrongInput(`${what}[${index}]`, origin, `give ${fix}`)
  })
}

function required(holds: (value: unknown) => boolean, fix: string): Check {
  return (value) => (holds(value) ? undefined : fix)
}

function optional(holds: (value: unknown) => boolean, fix: string): Check {
  return (value) => (value === undefined || holds(value) ? undefined : fix)
}

function oneOf(...values: readonly string[]): Check {
  const fix = `give one of ${values.map(quote).join(', ')}`
  return optional((value) => values.includes(value as string), fix)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean'
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function isFetchHeaders(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'get' in value && isFunction(value.get)
}

function isCache(value: unknown): boolean {
  const { hasMethod, hasHeader, store, clear } = Object(value) as Readonly<Record<string, unknown>>
  return [hasMethod, hasHeader, store, clear].every(isFunction)
}
