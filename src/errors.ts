/** What is wrong with options, as data, and the one error that carries it. */

import { isToken } from './http/token.ts'
import { printable, quote } from './quote.ts'

/** Every kind of problem, in the order of the README's error reference. */
export const ISSUE_CODES = [
  'options.type',
  'option.unknown',
  'option.renamed',
  'option.not-needed',
  'option.type',
  'option.range',
  'option.value',
  'origin.missing',
  'origin.reflect-any',
  'origin.type',
  'origin.nesting',
  'origin.empty',
  'origin.comma-list',
  'origin.whitespace',
  'origin.not-ascii',
  'origin.too-long',
  'origin.scheme-missing',
  'origin.scheme-invalid',
  'origin.file-scheme',
  'origin.uppercase',
  'origin.trailing-slash',
  'origin.path',
  'origin.userinfo',
  'origin.default-port',
  'origin.port',
  'origin.host',
  'origin.ipv4',
  'origin.ipv6',
  'origin.wildcard',
  'origin.null',
  'origin.regexp-unanchored',
  'origin.regexp-multiline',
  'origin.regexp-unescaped-dot',
  'origin.regexp-slow',
  'credentials.any-origin',
  'credentials.null-origin',
  'credentials.insecure-origin',
  'credentials.public-suffix',
  'credentials.shared-hosting',
  'credentials.any-exposed-header',
  'credentials.tenant-by-origin',
  'methods.invalid',
  'methods.forbidden',
  'methods.case',
  'allowed-headers.invalid',
  'allowed-headers.forbidden',
  'exposed-headers.invalid',
  'exposed-headers.forbidden',
  'vary.invalid',
  'dangerously-allow.unknown',
  'is-public-suffix.failed',
] as const

/** The kind of one problem. Each has a heading in the README's error reference. */
export type CorsIssueCode = (typeof ISSUE_CODES)[number]

/** Where a problem is: keys and indexes into the user's own options, as `['origin', 1]`. */
export type CorsIssuePath = readonly (string | number)[]

/** One problem in options. */
export interface CorsIssue {
  readonly code: CorsIssueCode
  readonly path: CorsIssuePath
  /** What is wrong, with the value, for people. */
  readonly message: string
  /** What to write instead, where that can be told: the bare text, as `https://app.example.com`. */
  readonly suggestion?: string
}

/**
 * Most issues that are reported: nobody corrects more at once, and options may come from strangers,
 * who could make a message of any length.
 */
export const MOST_ISSUES = 100

const ERROR_BRAND = Symbol.for('crossgate.error')
const ERROR_REFERENCE = 'https://github.com/crossgate/crossgate'

/**
 * Options that cannot become a policy, with every problem in them.
 *
 * @example
 * try {
 *   definePolicy({ origin: 'https://app.example.com/', maxAge: -1 })
 * } catch (error) {
 *   if (isCorsConfigError(error)) error.issues.map((issue) => issue.code)
 *   // ['origin.trailing-slash', 'option.range']
 * }
 */
export class CorsConfigError extends Error {
  readonly code = 'CROSSGATE_CONFIG'
  readonly issues: readonly CorsIssue[]

  constructor(issues: readonly CorsIssue[]) {
    const more = issues.length < MOST_ISSUES ? '' : ' or more'
    const count = issues.length === 1 ? 'a problem' : `${issues.length} problems${more}`
    super(`the CORS options have ${count}:\n${formatIssues(issues)}`)
    // A literal, because minifiers rename classes.
    this.name = 'CorsConfigError'
    this.issues = Object.freeze([...issues])
    Object.defineProperty(this, ERROR_BRAND, { value: true })
  }
}

/**
 * Whether `value` is a {@link CorsConfigError}, also one thrown by another copy of crossgate in the
 * same process (ESM and CommonJS, or two versions), where `instanceof` is false.
 */
export function isCorsConfigError(value: unknown): value is CorsConfigError {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, ERROR_BRAND)
}

/**
 * The issues as text, one a line: where, what, what to write instead, and the link to the reference.
 *
 * @example formatIssues(error.issues)
 */
export function formatIssues(issues: readonly CorsIssue[]): string {
  return issues.map((issue) => `  ${formatIssue(issue)}`).join('\n')
}

/** Builds one issue; its message names the value that was found. */
export function createIssue(
  code: CorsIssueCode,
  path: CorsIssuePath,
  value: unknown,
  problem: string,
  suggestion?: string,
): CorsIssue {
  const message = `${quote(value)}: ${problem}`
  const issue = { code, path: Object.freeze([...path]), message }
  return Object.freeze(suggestion === undefined ? issue : { ...issue, suggestion })
}

function formatIssue({ code, path, message, suggestion }: CorsIssue): string {
  const fix = suggestion === undefined ? '' : `; write ${printable(suggestion)} instead`
  return `${formatPath(path)}: ${message}${fix} (${ERROR_REFERENCE}#${headingAnchor(code)})`
}

function formatPath(path: CorsIssuePath): string {
  const text = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${isPlainKey(key) ? key : quote(key)}`))
    .join('')
  if (text === '') return 'options'
  return text.startsWith('.') ? text.slice(1) : `options${text}`
}

function isPlainKey(key: string): boolean {
  return key.length <= 40 && isToken(key)
}

/** The anchor that a heading with the code gets in rendered Markdown: without the dots. */
function headingAnchor(code: CorsIssueCode): string {
  return code.replaceAll('.', '')
}
