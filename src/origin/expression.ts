/**
 * Regular expressions as origin patterns: tolerated for moving from other libraries.
 *
 * The mistakes looked for are those that have let strangers in or stopped servers. An expression
 * without them is not thereby right; patterns are.
 */

import type { CorsIssueCode } from '../errors.ts'
import { parsePattern } from './pattern.ts'

export interface ExpressionProblem {
  readonly code: CorsIssueCode
  readonly message: string
  readonly suggestion?: string | undefined
}

/** The matcher's own copy: without the flags that make an expression remember where it was. */
export function withoutState(expression: RegExp): RegExp {
  return new RegExp(expression.source, expression.flags.replace('g', '').replace('y', ''))
}

/** What a look at an expression's text finds. */
export interface ExpressionFindings {
  /** Mistakes that let strangers in: none may pass. */
  readonly mistakes: readonly ExpressionProblem[]
  /** What makes it slow for a crafted origin, which can be acknowledged. */
  readonly slow: ExpressionProblem | undefined
}

export function inspectExpression(expression: RegExp): ExpressionFindings {
  const { source } = expression
  const tokens = tokensOf(expression)
  const suggestion = asPattern(source, tokens)
  const mistakes: ExpressionProblem[] = []
  if (!isAnchored(tokens)) {
    mistakes.push({
      code: 'origin.regexp-unanchored',
      message: 'without ^ and $ it also matches longer origins; use a pattern, or anchor both ends',
      suggestion,
    })
  }
  if (expression.multiline) {
    mistakes.push({
      code: 'origin.regexp-multiline',
      message: 'with the flag m, ^ and $ also match inside; use a pattern, or leave the flag out',
      suggestion,
    })
  }
  if (tokens.some(({ kind, start }) => kind === 'dot' && !standsForLabels(source, start))) {
    mistakes.push({
      code: 'origin.regexp-unescaped-dot',
      message: 'an unescaped dot matches any character; use a pattern, or write \\.',
      suggestion,
    })
  }
  return { mistakes, slow: isSlow(tokens, expression) ? { ...SLOW, suggestion } : undefined }
}

const SLOW = {
  code: 'origin.regexp-slow',
  message:
    "a repeated group that repeats or alternates, a back reference, or more than three open repetitions can take very long for a crafted origin; use a pattern such as 'https://*.example.com', or acknowledge 'slow-regexp'",
} as const

/** How many open repetitions an expression may have. Each multiplies the time by the origin's length. */
const MOST_OPEN = 3
/** A repetition whose bounds are farther apart counts as open. */
const WIDEST_BOUNDS = 9

type TokenKind =
  | 'alternative'
  | 'back-reference'
  | 'caret'
  | 'class'
  | 'close'
  | 'dollar'
  | 'dot'
  | 'escape'
  | 'literal'
  | 'open'

/** One atom of the expression with its quantifier. */
interface Token {
  readonly kind: TokenKind
  readonly start: number
  /** Behind the quantifier, if there is one. */
  readonly end: number
  readonly quantified: boolean
  /** Whether the quantifier can take the atom more than once. */
  readonly repeats: boolean
  /** Whether it repeats without an end, or with one that is far away. */
  readonly open: boolean
}

interface Quantifier {
  readonly end: number
  readonly repeats: boolean
  readonly open: boolean
}

const NONE = { quantified: false, repeats: false, open: false }

const KINDS: ReadonlyMap<string, TokenKind> = new Map([
  ['|', 'alternative'],
  ['^', 'caret'],
  ['[', 'class'],
  [')', 'close'],
  ['$', 'dollar'],
  ['.', 'dot'],
  ['\\', 'escape'],
  ['(', 'open'],
])

/** Reads the expression's text once, from left to right. */
function tokensOf({ source, flags }: RegExp): readonly Token[] {
  const tokens: Token[] = []
  for (let start = 0; start < source.length; ) {
    const token = tokenAt(source, start, flags)
    tokens.push(token)
    start = token.end
  }
  return tokens
}

function tokenAt(source: string, start: number, flags: string): Token {
  const kind = isBackReference(source, start)
    ? 'back-reference'
    : (KINDS.get(source.charAt(start)) ?? 'literal')
  const end = endOfAtom(source, start, kind, flags)
  const quantifier =
    kind === 'open' || kind === 'alternative' ? undefined : quantifierAt(source, end)
  if (quantifier === undefined) return { kind, start, end, ...NONE }
  return { kind, start, quantified: true, ...quantifier }
}

function endOfAtom(source: string, start: number, kind: TokenKind, flags: string): number {
  const unicodeSets = flags.includes('v')
  if (kind === 'class') return endOfClass(source, start, unicodeSets)
  if (kind === 'open') return endOfGroupStart(source, start)
  if (kind === 'escape' || kind === 'back-reference') {
    return endOfEscape(source, start, unicodeSets || flags.includes('u'))
  }
  return start + 1
}

/** Whether every alternative at the top starts with `^` and ends with `$`. */
function isAnchored(tokens: readonly Token[]): boolean {
  let depth = 0
  let alternative: Token[] = []
  const alternatives = [alternative]
  for (const token of tokens) {
    if (token.kind === 'close') depth -= 1
    if (depth === 0 && token.kind === 'alternative') {
      alternative = []
      alternatives.push(alternative)
    } else if (depth === 0) alternative.push(token)
    if (token.kind === 'open') depth += 1
  }
  return alternatives.every((own) => {
    const last = own.at(-1)
    return own[0]?.kind === 'caret' && last?.kind === 'dollar'
  })
}

/** Whether there is a back reference, a repeated group that itself repeats or alternates, or too much else. */
function isSlow(tokens: readonly Token[], { source, flags }: RegExp): boolean {
  if (tokens.filter(({ open }) => open).length > MOST_OPEN) return true
  /** For each open group, whether anything inside it, at any depth, has more than one way to match. */
  const branching: boolean[] = []
  for (const { kind, start, end, quantified, repeats } of tokens) {
    if (kind === 'back-reference') return true
    if (kind === 'open') {
      branching.push(false)
      continue
    }
    const closed = kind === 'close' && branching.pop() === true
    // With the flag v a class can hold strings, which makes it a group that alternates.
    const strings =
      kind === 'class' && flags.includes('v') && source.slice(start, end).includes('\\q{')
    if ((closed || strings) && repeats) return true
    if (quantified || closed || strings || kind === 'alternative') branching.fill(true)
  }
  return false
}

function endOfEscape(source: string, start: number, unicode: boolean): number {
  const kind = source[start + 1]
  const braced = source[start + 2] === '{' && (kind === 'u' || kind === 'p' || kind === 'P')
  if (unicode && braced) return source.indexOf('}', start) + 1
  return kind === 'k' && source[start + 2] === '<' ? source.indexOf('>', start) + 1 : start + 2
}

function isBackReference(source: string, start: number): boolean {
  if (source[start] !== '\\') return false
  const kind = source.charAt(start + 1)
  return (kind >= '1' && kind <= '9') || (kind === 'k' && source[start + 2] === '<')
}

function endOfClass(source: string, start: number, nests: boolean): number {
  let depth = 0
  for (let index = start; index < source.length; index += 1) {
    if (source[index] === '\\') index += 1
    else if (source[index] === '[' && (nests || depth === 0)) depth += 1
    else if (source[index] === ']') depth -= 1
    if (depth === 0) return index + 1
  }
  return source.length
}

/** Behind `(`, `(?:`, `(?=`, `(?<name>` and their like, so that their `?` is taken for no quantifier. */
function endOfGroupStart(source: string, start: number): number {
  if (source[start + 1] !== '?') return start + 1
  const named = source[start + 2] === '<' && !'=!'.includes(source.charAt(start + 3))
  if (named) return source.indexOf('>', start) + 1
  return source[start + 2] === '<' ? start + 4 : start + 3
}

/** Whether the dot at `start` is in `.*\.` or `.+\.`: any labels before a literal dot. */
function standsForLabels(source: string, start: number): boolean {
  const repeated = source[start + 1] === '*' || source[start + 1] === '+'
  const lazy = source[start + 2] === '?' ? 1 : 0
  return repeated && source.startsWith('\\.', start + 2 + lazy)
}

/** The quantifier that starts at `start`, if one does. */
function quantifierAt(source: string, start: number): Quantifier | undefined {
  const character = source[start]
  if (character === '*' || character === '+') {
    return { end: behindLazy(source, start + 1), repeats: true, open: true }
  }
  if (character === '?') {
    return { end: behindLazy(source, start + 1), repeats: false, open: false }
  }
  if (character !== '{') return undefined
  const close = source.indexOf('}', start)
  const bounds = source.slice(start + 1, close).split(',')
  const [least = '', most = least] = bounds
  const counted = isDigits(least) && bounds.length <= 2 && (most === '' || isDigits(most))
  if (close === -1 || !counted) return undefined
  const highest = most === '' ? Number.POSITIVE_INFINITY : Number(most)
  const open = highest - Number(least) > WIDEST_BOUNDS
  return { end: behindLazy(source, close + 1), repeats: highest > 1, open }
}

function behindLazy(source: string, end: number): number {
  return source[end] === '?' ? end + 1 : end
}

function isDigits(text: string): boolean {
  return text !== '' && [...text].every((digit) => digit >= '0' && digit <= '9')
}

/** Whether a character stands for itself behind a backslash; letters and digits are classes and codes. */
function isSign(character: string): boolean {
  return character.toLowerCase() === character.toUpperCase() && !isDigits(character)
}

/** The pattern that says what the expression probably means, where it is simple enough. */
function asPattern(source: string, tokens: readonly Token[]): string | undefined {
  const text = tokens.map((token) => patternPart(source, token)).join('')
  return parsePattern(text).pattern === undefined ? undefined : text
}

function patternPart(source: string, { kind, start, end, quantified, repeats }: Token): string {
  if (kind === 'caret' || kind === 'dollar') return ''
  if (kind === 'escape' && !quantified && isSign(source.charAt(start + 1))) {
    return source.charAt(start + 1)
  }
  if ((kind === 'dot' || kind === 'class') && repeats) return '*'
  return source.slice(start, end)
}
