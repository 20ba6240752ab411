/**
 * What options mean to a page, straight from their description: who may read a response, and what
 * of it. This is what the engine, and every server under it, is measured against.
 */

import type { PageRequest } from '../../src/browser/index.ts'
import { patternsOf, type RandomOptions } from './arbitraries.ts'
import { naiveMatches } from './naive-matcher.ts'
import { UNASKED_FIELDS } from './pages.ts'

/** What a page may see. */
export interface Declared {
  readonly readable: boolean
  /** The response headers, by lower-case name; `'*'` for all. */
  readonly visible: '*' | readonly string[]
}

const NORMALIZED = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']
const ALWAYS_ALLOWED = ['GET', 'HEAD', 'POST']
const DEFAULT_METHODS = 'GET,HEAD,PUT,PATCH,POST,DELETE'
const ALWAYS_VISIBLE = [
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
]

/** For a page of another origin than the service. */
export function declared(options: RandomOptions, page: PageRequest): Declared {
  const readable =
    page.mode !== 'no-cors' &&
    allowsOrigin(options, page) &&
    allowsCredentials(options, page) &&
    allowsMethod(options, page) &&
    allowsHeaders(options, page)
  return { readable, visible: visibleNames(options) }
}

export function allowsOrigin(options: RandomOptions, { from }: PageRequest): boolean {
  const patterns = patternsOf(options)
  return patterns.includes('*') || naiveMatches(patterns, from)
}

function allowsCredentials(options: RandomOptions, { credentials }: PageRequest): boolean {
  return credentials !== 'include' || options.credentials === true
}

function allowsMethod(
  { methods = DEFAULT_METHODS }: RandomOptions,
  { method = 'GET' }: PageRequest,
): boolean {
  const listed = names(methods)
  const sent = asSent(method)
  return listed.includes('*') || ALWAYS_ALLOWED.includes(sent) || listed.map(asSent).includes(sent)
}

function allowsHeaders(
  { allowedHeaders = '*' }: RandomOptions,
  { headers = [] }: PageRequest,
): boolean {
  const listed = names(allowedHeaders).map(lowerCase)
  const asked = headers.filter((field) => !UNASKED_FIELDS.includes(field))
  return listed.includes('*') || asked.every(([name]) => listed.includes(lowerCase(name)))
}

function visibleNames({ exposedHeaders = [] }: RandomOptions): '*' | readonly string[] {
  const listed = names(exposedHeaders).map(lowerCase)
  return listed.includes('*') ? '*' : [...ALWAYS_VISIBLE, ...listed]
}

/** Browsers upper-case some methods, and leave all others as they are. */
function asSent(method: string): string {
  const upper = method.toUpperCase()
  return NORMALIZED.includes(upper) ? upper : method
}

function names(list: string | readonly string[]): readonly string[] {
  return typeof list === 'string' ? list.split(',').map((name) => name.trim()) : list
}

function lowerCase(name: string): string {
  return name.toLowerCase()
}
