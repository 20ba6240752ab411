/** Random pages, and what they ask a service of another origin for. */

import fc from 'fast-check'
import type { Field, PageRequest } from '../../src/browser/index.ts'
import {
  admittedBy,
  anyOptions,
  anyOrigin,
  originFor,
  patternsOf,
  type RandomOptions,
} from './arbitraries.ts'
import { naiveParse } from './naive-matcher.ts'

/** None of the random origins. */
const SERVICE = 'https://service.example.net'

/** Request headers that no server is asked about: safelisted ones, and those that are never sent. */
export const UNASKED_FIELDS: readonly Field[] = [
  ['Accept', 'text/html, */*;q=0.1'],
  ['accept-language', 'de-CH, en;q=0.5'],
  ['Content-Language', 'rm'],
  ['content-type', 'text/plain;charset=UTF-8'],
  ['Content-Type', 'multipart/form-data; boundary=x'],
  ['range', 'bytes=0-99'],
  ['Cookie', 'a=1'],
  ['Origin', 'https://a.test'],
  ['Access-Control-Request-Method', 'GET'],
  ['access-control-request-headers', 'accept'],
  ['Sec-Fetch-Site', 'same-origin'],
  ['X-HTTP-Method-Override', 'TRACE'],
]

const ASKED_FIELDS: readonly Field[] = [
  ['Authorization', 'Bearer a'],
  ['authorization', 'Basic YTph'],
  ['content-type', 'application/json'],
  ['Accept', 'text/html (any)'],
  ['range', 'bytes=-99'],
  ['X-A', '1'],
  ['x-b', ''],
  ['__proto__', '1'],
  ['*', '1'],
  ['X-HTTP-Method-Override', 'PUT'],
]

const METHODS = [
  ...['GET', 'get', 'HEAD', 'POST', 'PUT', 'put', 'DELETE', 'OPTIONS'],
  ...['PATCH', 'patch', 'QUERY', 'Query', 'custom', 'CUSTOM', '*', 'P'.repeat(64)],
]

const anyFields = fc.uniqueArray(fc.constantFrom(...ASKED_FIELDS, ...UNASKED_FIELDS), {
  maxLength: 3,
  selector: ([name]) => name.toLowerCase(),
})

/** A page's request, and how many milliseconds it comes after the one before. */
export interface Visit {
  readonly page: PageRequest
  readonly after: number
}

/** Options, and requests by pages of a few origins, many of which they allow, some of them again. */
export const anyOptionsAndVisits: fc.Arbitrary<readonly [RandomOptions, readonly Visit[]]> =
  anyOptions.chain((options) => fc.tuple(fc.constant(options), visitsFor(options)))

function visitsFor(options: RandomOptions): fc.Arbitrary<readonly Visit[]> {
  const pages = fc.array(pageFor(options), { minLength: 1, maxLength: 3 })
  return pages.chain((few) => fc.array(visitOf(few), { minLength: 1, maxLength: 4 }))
}

function visitOf(pages: readonly PageRequest[]): fc.Arbitrary<Visit> {
  return fc.record({ page: fc.constantFrom(...pages), after: fc.constantFrom(0, 1_000, 6_000) })
}

function pageFor(options: RandomOptions): fc.Arbitrary<PageRequest> {
  return fc.record(
    {
      from: pageOriginFor(options),
      url: fc.constant(`${SERVICE}/`),
      method: fc.constantFrom(...METHODS),
      headers: anyFields,
      credentials: fc.constantFrom('omit', 'same-origin', 'include'),
      mode: fc.constantFrom('cors', 'cors', 'cors', 'cors', 'no-cors'),
      alwaysPreflight: fc.boolean(),
    },
    { requiredKeys: ['from', 'url'] },
  )
}

function pageOriginFor(options: RandomOptions): fc.Arbitrary<string> {
  const patterns = patternsOf(options).filter((text) => text.includes('://'))
  const listed = patterns.length === 0 ? anyOrigin : fc.constantFrom(...patterns).chain(admittedBy)
  return fc.oneof(
    { weight: 6, arbitrary: listed.filter(isOrigin) },
    { weight: 4, arbitrary: originFor(patterns).filter(isOrigin) },
    { weight: 1, arbitrary: listed.filter(isOrigin).map(parentOf) },
    { weight: 1, arbitrary: fc.constant('null') },
  )
}

/** Without the first label, which a wildcard may have stood for. An address has none. */
function parentOf(origin: string): string {
  const parent = origin.replace(/:\/\/[^.]*\./, '://')
  return isOrigin(parent) ? parent : origin
}

/** Whether a browser can send it. */
function isOrigin(text: string): boolean {
  return naiveParse(text) !== undefined
}
