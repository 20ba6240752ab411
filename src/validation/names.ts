/** Validators of lists of names: methods, request headers, response headers, `Vary`. */

import type { CorsIssueCode } from '../errors.ts'
import {
  FORBIDDEN_METHODS,
  FORBIDDEN_RESPONSE_HEADERS,
  isForbiddenRequestHeader,
  NORMALIZED_METHODS,
  REGISTERED_METHODS,
  SAFELISTED_RESPONSE_HEADERS,
} from '../http/safelists.ts'
import { isToken } from '../http/token.ts'
import type { Report } from './report.ts'

/** Where a name is in the options, so that an issue can point to it. */
interface Item {
  readonly value: unknown
  readonly path: readonly (string | number)[]
}

type Names = '*' | readonly string[]

export function readMethods(value: unknown, report: Report): Names | undefined {
  return readNames('methods', value, report, (item) => {
    const name = tokenOf('methods.invalid', 'a method', item, report)
    if (name === undefined) return undefined
    const upper = name.toUpperCase()
    if (meansAny(upper)) {
      const problem = "this is a method of that name only; any method is '*'"
      report('methods.invalid', item.path, name, problem, '*')
      return undefined
    }
    if (name.includes('|')) {
      const problem = 'several methods are a list, or have commas between them'
      report('methods.invalid', item.path, name, problem, asList(name, '|'))
      return undefined
    }
    if (FORBIDDEN_METHODS.has(upper)) {
      report('methods.forbidden', item.path, name, 'no page can send this method')
      return undefined
    }
    if (NORMALIZED_METHODS.has(upper)) return upper
    if (name === upper || !REGISTERED_METHODS.has(upper)) return name
    const problem = 'methods are case-sensitive, and browsers do not upper-case this one'
    report('methods.case', item.path, name, problem, upper)
    return undefined
  })
}

export function readAllowedHeaders(value: unknown, report: Report): Names | undefined {
  return readNames('allowedHeaders', value, report, (item) => {
    const name = tokenOf('allowed-headers.invalid', 'a header name', item, report)?.toLowerCase()
    if (name === undefined || !isForbiddenRequestHeader(name)) return name
    const problem = 'no page can set this header; remove it'
    report('allowed-headers.forbidden', item.path, item.value, problem)
    return undefined
  })
}

export function readExposedHeaders(value: unknown, report: Report): Names | undefined {
  const names = readNames('exposedHeaders', value, report, (item) => {
    const name = tokenOf('exposed-headers.invalid', 'a header name', item, report)?.toLowerCase()
    if (name === undefined || !FORBIDDEN_RESPONSE_HEADERS.has(name)) return name
    const problem = 'no page can read this header, listed or not'
    report('exposed-headers.forbidden', item.path, item.value, problem)
    return undefined
  })
  if (names === undefined || names === '*') return names
  return names.filter((name) => !SAFELISTED_RESPONSE_HEADERS.has(name))
}

export function readVary(value: unknown, report: Report): readonly string[] | undefined {
  const names = readNames('vary', value, report, (item) =>
    tokenOf('vary.invalid', 'the name of a request header', item, report)?.toLowerCase(),
  )
  if (names !== '*') return names
  report('vary.invalid', ['vary'], '*', "'*' is no header name; with it nothing could be cached")
  return undefined
}

/** Reads a list or a comma-separated string; `'*'` in it makes it `'*'`; each name is kept once. */
function readNames(
  option: string,
  value: unknown,
  report: Report,
  read: (item: Item) => string | undefined,
): Names | undefined {
  const items = itemsOf(option, value)
  if (items === undefined) {
    const problem = `${option} is a list of names, or one string with commas between them`
    report('option.type', [option], value, problem)
    return undefined
  }
  const names = new Set<string>()
  for (const item of items) {
    if (report.isFull()) break
    const name = item.value === '*' ? '*' : read(item)
    if (name !== undefined) names.add(name)
  }
  return names.has('*') ? '*' : [...names]
}

function itemsOf(option: string, value: unknown): readonly Item[] | undefined {
  if (typeof value === 'string') {
    if (value.trim() === '') return []
    return value.split(',').map((name) => ({ value: name.trim(), path: [option] }))
  }
  if (!Array.isArray(value)) return undefined
  return Array.from(value, (item: unknown, index) => ({ value: item, path: [option, index] }))
}

function tokenOf(
  code: CorsIssueCode,
  what: string,
  { value, path }: Item,
  report: Report,
): string | undefined {
  if (typeof value === 'string' && isToken(value)) return value
  const text = typeof value === 'string' ? value.trim() : ''
  const suggestion = isToken(text) ? text : asList(text, ',')
  report(code, path, value, `${what} is letters, digits and "!#$%&'*+-.^_\`|~"`, suggestion)
  return undefined
}

/** The names in one text as the list that they should be, where all of them are names. */
function asList(text: string, separator: string): string | undefined {
  const names = text.split(separator).map((name) => name.trim())
  return names.length > 1 && names.every(isToken) ? JSON.stringify(names) : undefined
}

/** Tokens that no server has for a method, and that elsewhere stand for any: words, and `*` in quotes. */
function meansAny(upper: string): boolean {
  if (upper === 'ALL' || upper === 'ANY') return true
  return upper.includes('*') && upper === upper.toLowerCase()
}
