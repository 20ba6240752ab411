/**
 * Where a text stops being strict JSON (RFC 8259), for people who have to correct it.
 *
 * Runtimes parse JSON, but each words its errors in its own way, many without a place. They also take
 * the last of several fields of one name, where RFC 7493 allows one.
 */

import { quote } from '../quote.ts'

/** What is wrong with a text, and where; both numbers count from 1. */
export interface SyntaxProblem {
  readonly problem: string
  readonly line: number
  readonly column: number
}

/** What may come next. */
type Expected = 'value' | 'first value' | 'name' | 'first name' | 'colon' | 'more'

/** A list, or an object with its names so far, that is not closed yet. */
interface Open {
  readonly close: string
  readonly names: Set<string>
}

/** What comes after a token, or what is wrong with it. */
type Step = { readonly next: Expected } | { readonly problem: string }

const NAMES_OF: Readonly<Record<Expected, string>> = {
  value: 'a value',
  'first value': "a value or ']'",
  name: 'a name in double quotes',
  'first name': "a name in double quotes or '}'",
  colon: "':'",
  more: "',' or the end of the list or object",
}

/** Nothing where the text is JSON, and no object of it has two fields of one name. */
export function syntaxProblem(text: string): SyntaxProblem | undefined {
  const open: Open[] = []
  let expected: Expected = 'value'
  let offset = skipSpace(text, 0)
  while (expected !== 'more' || open.length > 0) {
    const token = tokenAt(text, offset)
    const step = stepOver(token, expected, open)
    if ('problem' in step) return { problem: step.problem, ...placeOf(text, offset) }
    expected = step.next
    offset = skipSpace(text, offset + token.length)
  }
  if (offset === text.length) return undefined
  return { problem: 'there is more behind the end', ...placeOf(text, offset) }
}

function stepOver(token: string, expected: Expected, open: Open[]): Step {
  const innermost = open.at(-1)
  const closes = expected === 'more' || expected.startsWith('first ')
  if (closes && token !== '' && token === innermost?.close) {
    open.pop()
    return { next: 'more' }
  }
  switch (expected) {
    case 'value':
    case 'first value':
      return stepOverValue(token, expected, open)
    case 'name':
    case 'first name':
      return stepOverName(token, expected, innermost)
    case 'colon':
      return token === ':' ? { next: 'value' } : unexpected(token, expected)
    case 'more':
      if (token !== ',') return unexpected(token, expected)
      return { next: innermost?.close === '}' ? 'name' : 'value' }
  }
}

function stepOverValue(token: string, expected: Expected, open: Open[]): Step {
  if (token === '{' || token === '[') {
    open.push({ close: token === '{' ? '}' : ']', names: new Set() })
    return { next: token === '{' ? 'first name' : 'first value' }
  }
  return isScalar(token) ? { next: 'more' } : unexpected(token, expected)
}

function stepOverName(token: string, expected: Expected, object: Open | undefined): Step {
  if (endOfString(token, 0) !== token.length) return unexpected(token, expected)
  const name = JSON.parse(token) as string
  if (object?.names.has(name)) return { problem: `there are two fields of the name ${quote(name)}` }
  object?.names.add(name)
  return { next: 'colon' }
}

function unexpected(token: string, expected: Expected): Step {
  if (token.startsWith('"') && endOfString(token, 0) === undefined) {
    return { problem: 'a string is not closed, or has an unknown escape or a tab in it' }
  }
  const found = token === '' ? 'the text ends here' : `here is ${quote(token)}`
  return { problem: `${NAMES_OF[expected]} is expected, but ${found}` }
}

function isScalar(token: string): boolean {
  if (token.startsWith('"')) return endOfString(token, 0) === token.length
  return /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(token)
}

/** A string, a punctuation mark, or whatever stands before the next one; empty at the end. */
function tokenAt(text: string, start: number): string {
  const first = text.charAt(start)
  if (first === '"') return text.slice(start, endOfString(text, start) ?? endOfLine(text, start))
  if (isMark(first)) return first
  let end = start
  while (end < text.length && !isMark(text.charAt(end)) && !isSpace(text.charAt(end))) end += 1
  return text.slice(start, end)
}

/** Nothing where the string is not closed, or has in it what no string of JSON has. */
function endOfString(text: string, start: number): number | undefined {
  if (text.charAt(start) !== '"') return undefined
  let index = start + 1
  while (index < text.length) {
    const letter = text.charAt(index)
    if (letter === '"') return index + 1
    if (letter < ' ') return undefined
    const length = letter === '\\' ? escapeLength(text, index) : 1
    if (length === undefined) return undefined
    index += length
  }
  return undefined
}

function escapeLength(text: string, start: number): number | undefined {
  const escaped = text.slice(start, start + 6)
  if (/^\\["\\/bfnrt]/.test(escaped)) return 2
  return /^\\u[0-9a-fA-F]{4}$/.test(escaped) ? 6 : undefined
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start)
  return end === -1 ? text.length : end
}

function skipSpace(text: string, start: number): number {
  let index = start
  while (index < text.length && isSpace(text.charAt(index))) index += 1
  return index
}

function isSpace(letter: string): boolean {
  return letter === ' ' || letter === '\n' || letter === '\r' || letter === '\t'
}

function isMark(letter: string): boolean {
  return letter !== '' && '{}[]:,"'.includes(letter)
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}
