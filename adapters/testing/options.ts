/** What a page asks for, in a test: checked, so that a slip is never taken for a refusal. */

import type { BrowserName, Field, PageRequest, PreflightCache } from '../../src/browser/index.ts'
import { simulate } from '../../src/browser/index.ts'
import { definePolicy, isCorsConfigError } from '../../src/index.ts'
import { mistake, shown, wrongValue } from './mistake.ts'

/** Header fields in the forms that `fetch()` takes. Pairs keep their order and duplicates. */
export type HeaderFields =
  | Readonly<Record<string, string>>
  | Iterable<readonly [name: string, value: string]>

/** Bodies that `fetch()` takes. */
export type PageBody = NonNullable<ConstructorParameters<typeof Response>[0]>

/** Who asks, and for what: options of `fetch()` that matter to CORS, and those of the test. */
export interface BrowserFetchOptions {
  /** The origin of the page, as a browser sends it; `'null'` for a sandboxed frame. */
  readonly from: string
  /** Where to, below the target. Not for URLs, which have a path. @default '/' */
  readonly path?: string | undefined
  /** @default 'GET' */
  readonly method?: string | undefined
  /** The headers that the page sets. @default none */
  readonly headers?: HeaderFields | undefined
  /** A stream makes browsers ask with a preflight. @default none */
  readonly body?: PageBody | null | undefined
  /** @default 'same-origin' */
  readonly credentials?: PageRequest['credentials']
  /** @default 'cors' */
  readonly mode?: PageRequest['mode']
  /** @default 'follow' */
  readonly redirect?: PageRequest['redirect']
  /**
   * The `Cookie` of the target's origin. Pages of other origins send it with
   * `credentials: 'include'` only.
   *
   * @default none
   */
  readonly cookie?: string | undefined
  /** @default 'standard' */
  readonly browser?: BrowserName | undefined
  /**
   * Preflights of earlier calls, from `createPreflightCache()` of `crossgate/browser`. This is not
   * the `cache` of `fetch()`, which nothing here has.
   *
   * @default none: each call is the first of a new browser
   */
  readonly cache?: PreflightCache | undefined
  /** Milliseconds for the whole call. @default 10000 */
  readonly timeout?: number | undefined
}

const MAX_TIMEOUT = 2_147_483_647

const CACHE_FIX =
  "make one with createPreflightCache(): it is one of preflights, and not the 'cache' of fetch()"

/** What to write instead of a wrong value; `undefined` for a right one. */
type Check = (value: unknown) => string | undefined

const CHECKS: Readonly<Record<keyof BrowserFetchOptions, Check>> = {
  from: originFix,
  path: (value) => (isPath(value) ? undefined : "write a path that starts with one '/'"),
  method: (value) => (isText(value) ? undefined : "write a method, as 'PUT'"),
  headers: headersFix,
  body: () => undefined,
  credentials: oneOf('omit', 'same-origin', 'include'),
  mode: oneOf('cors', 'no-cors', 'same-origin'),
  redirect: oneOf('follow', 'error', 'manual'),
  cookie: (value) => (isCookie(value) ? undefined : "write the field's value, as 'session=1'"),
  browser: oneOf('standard', 'chromium', 'firefox', 'safari'),
  cache: (value) => (isCache(value) ? undefined : CACHE_FIX),
  timeout: (value) =>
    isTimeout(value) ? undefined : `write whole milliseconds, 1 to ${MAX_TIMEOUT}`,
}

/** @throws {TypeError} naming the first option that is wrong, its value, and what to write. */
export function checkOptions(options: BrowserFetchOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw wrongValue('the second argument', options, "write { from: 'https://app.example.com' }")
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(CHECKS, name)) continue
    throw mistake(
      `option ${shown(name)} is unknown; the options are ${Object.keys(CHECKS).join(', ')}`,
    )
  }
  for (const [name, check] of Object.entries(CHECKS)) {
    const value = options[name as keyof BrowserFetchOptions]
    const fix = value === undefined && name !== 'from' ? undefined : check(value)
    if (fix !== undefined) throw wrongValue(`option '${name}'`, value, fix)
  }
}

/** The fields as a list. */
export function headerFields(headers: HeaderFields = []): readonly Field[] {
  const isList = Symbol.iterator in headers
  return [...(isList ? (headers as Iterable<Field>) : Object.entries(headers))]
}

function originFix(value: unknown): string | undefined {
  if (isText(value) && isOrigin(value)) return undefined
  const suggestion = isText(value) ? suggestedOrigin(value) : undefined
  return suggestion === undefined
    ? "write the origin of the page as a browser sends it, as 'https://app.example.com'"
    : `write ${shown(suggestion)}`
}

function isOrigin(from: string): boolean {
  const { rule } = simulate({ from, url: 'http://localhost/' }, () => ({
    status: 204,
    headers: [],
  }))
  return rule !== 'from.invalid'
}

/** Policies know the usual slips. */
function suggestedOrigin(from: string): string | undefined {
  try {
    definePolicy({ origin: from })
  } catch (error) {
    const suggestion = isCorsConfigError(error) ? error.issues[0]?.suggestion : undefined
    if (suggestion !== undefined && isOrigin(suggestion)) return suggestion
  }
  return undefined
}

function headersFix(value: unknown): string | undefined {
  const fix = "write an object or pairs of strings, as { 'x-request-id': '1' }"
  if (typeof value !== 'object' || value === null) return fix
  const fields: readonly unknown[] = headerFields(value as HeaderFields)
  const wrong = fields.find((field) => !isField(field))
  if (wrong === undefined) return undefined
  return Array.isArray(wrong) ? `${shown(wrong[0])} has ${shown(wrong[1])}: ${fix}` : fix
}

function isField(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(isText)
}

function oneOf(...values: readonly string[]): Check {
  const fix = `write one of ${values.map(shown).join(', ')}`
  return (value) => (values.includes(value as string) ? undefined : fix)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isPath(value: unknown): boolean {
  // URLs take a backslash for a slash: two of them would name another host.
  return isText(value) && /^\/(?![/\\])/.test(value)
}

function isCookie(value: unknown): boolean {
  return isText(value) && /^[\t -~]+$/.test(value)
}

function isCache(value: unknown): boolean {
  return typeof (value as Partial<PreflightCache> | null)?.store === 'function'
}

function isTimeout(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_TIMEOUT
}
