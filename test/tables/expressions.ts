/** Regular expressions as origin patterns: the issue codes of each, and the pattern offered. */

import type { CorsIssueCode } from '../../src/index.ts'

/** Accepted without an acknowledgement. */
export const SOUND_EXPRESSIONS: readonly RegExp[] = [
  /^https:\/\/example\.com$/,
  /^https:\/\/[a-z]+\.example\.com$/,
  /^https:\/\/.*\.example\.com$/,
  /^https:\/\/.+\.example\.com$/,
  /^https:\/\/.*?\.example\.com$/,
  /^https:\/\/a\.test$|^https:\/\/b\.test$/,
  /^https:\/\/(a|b)\.test$/,
  /^https:\/\/(?:a|b)\.test$/,
  /^https:\/\/(?<name>a|b)\.test$/,
  /^(?=https:)(?!http:)[a-z]+:\/\/(?<=\/\/)(?<!x)a\.test$/,
  /^https?:\/\/localhost(:\d+)?$/,
  /^https:\/\/[^.]+\.test$/,
  /^https:\/\/[.|$^()]\.test$/,
  /^https:\/\/[\]a]\.test$/,
  /^https:\/\/a{2}\.test$/,
  /^https:\/\/(ab)+\.test$/,
  /^https:\/\/(ab){2,3}\.test$/,
  /^https:\/\/(a+)?\.test$/,
  /^https:\/\/(a+){1}\.test$/,
  /^https:\/\/(a+){0,1}\.test$/,
  // Braces that count nothing stand for themselves.
  /^https:\/\/(a{)+\.test$/,
  /^https:\/\/(a{,2})+\.test$/,
  /^https:\/\/(a{1,2,3})+\.test$/,
  /^https:\/\/\u{61}\.test$/u,
  /^https:\/\/(\u{61}x)+\.test$/u,
  /^https:\/\/\p{Ll}+\.test$/u,
  /^https:\/\/\P{Lu}+\.test$/u,
  /^https:\/\/EXAMPLE\.com$/i,
  /^https:\/\/a\.test$/dgisy,
  /^https:\/\/(.*\.)?example\.com(:\d+)?$/,
  /^https:\/\/[a-z0-9-]+\.example\.com$/,
  /^https:\/\/[a-z]+-[a-z]+\.example\.com(:\d+)?$/,
  // Narrow bounds leave little to try, and fixed ones nothing.
  /^http:\/\/\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(:\d{1,5})?$/,
  /^moz-extension:\/\/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
]

/** With the flag `v`, where classes nest; as text, since not every compiler reads it. */
export const SOUND_UNICODE_SETS: readonly string[] = [
  '^https:\\/\\/[[a-z]--[b]]+\\.test$',
  '^https:\\/\\/[\\p{Ll}&&[a-z]]+\\.test$',
  '^https:\\/\\/[[.]\\|\\]]\\.test$',
  '^https:\\/\\/[\\q{a|ab}]\\.test$',
]

/** With the flag `v`, where strings in classes make them alternate. */
export const SLOW_UNICODE_SETS: readonly string[] = [
  '^https:\\/\\/[\\q{a|aa}]+\\.test$',
  '^https:\\/\\/[b[\\q{a|aa}]]*\\.test$',
  '^https:\\/\\/[\\q{a|aa}]{2,}\\.test$',
  '^https:\\/\\/([\\q{a|aa}])+\\.test$',
]

export interface RefusedExpression {
  readonly expression: RegExp
  readonly codes: readonly CorsIssueCode[]
  readonly suggestion?: string
}

export const REFUSED_EXPRESSIONS: readonly RefusedExpression[] = [
  // Not anchored, at one end or at both.
  {
    expression: /https:\/\/example\.com/,
    codes: ['origin.regexp-unanchored'],
    suggestion: 'https://example.com',
  },
  {
    expression: /^https:\/\/example\.com/,
    codes: ['origin.regexp-unanchored'],
    suggestion: 'https://example.com',
  },
  {
    expression: /https:\/\/example\.com$/,
    codes: ['origin.regexp-unanchored'],
    suggestion: 'https://example.com',
  },
  { expression: /(?:)/, codes: ['origin.regexp-unanchored'] },
  { expression: /^/, codes: ['origin.regexp-unanchored'] },
  { expression: /\.example\.com$/, codes: ['origin.regexp-unanchored'] },
  // An anchor that is none: escaped, in a class, in a lookaround, in a group.
  { expression: /\^https:\/\/a\.test$/, codes: ['origin.regexp-unanchored'] },
  { expression: /^https:\/\/a\.test\$/, codes: ['origin.regexp-unanchored'] },
  { expression: /[^a]https:\/\/a\.test$/, codes: ['origin.regexp-unanchored'] },
  { expression: /^https:\/\/a\.test[$]/, codes: ['origin.regexp-unanchored'] },
  { expression: /^https:\/\/a\.test(?=$)/, codes: ['origin.regexp-unanchored'] },
  { expression: /(?<=^)https:\/\/a\.test$/, codes: ['origin.regexp-unanchored'] },
  { expression: /(^https:\/\/a\.test$)/, codes: ['origin.regexp-unanchored'] },
  // An alternative without anchors.
  { expression: /^https:\/\/a\.test|https:\/\/b\.test$/, codes: ['origin.regexp-unanchored'] },
  { expression: /^https:\/\/a\.test$|https:\/\/b\.test$/, codes: ['origin.regexp-unanchored'] },
  { expression: /^https:\/\/a\.test$|/, codes: ['origin.regexp-unanchored'] },
  // What was written as a pattern.
  {
    expression: /https:\/\/[a-z]+\.example\.com/,
    codes: ['origin.regexp-unanchored'],
    suggestion: 'https://*.example.com',
  },
  {
    expression: /https:\/\/pr-\d+\.example\.com/,
    codes: ['origin.regexp-unanchored'],
  },
  { expression: /https:\/\/app\d\.example\.com/, codes: ['origin.regexp-unanchored'] },
  { expression: /https:\/\/app\w\.example\.com/, codes: ['origin.regexp-unanchored'] },
  { expression: /https:\/\/\u0061pp\.example\.com/, codes: ['origin.regexp-unanchored'] },
  {
    expression: /https:\/\/pr-[0-9]{1,4}\.example\.com/,
    codes: ['origin.regexp-unanchored'],
    suggestion: 'https://pr-*.example.com',
  },

  {
    expression: /^https:\/\/example\.com$/m,
    codes: ['origin.regexp-multiline'],
    suggestion: 'https://example.com',
  },

  // A dot that is not escaped.
  {
    expression: /^https:\/\/example.com$/,
    codes: ['origin.regexp-unescaped-dot'],
    suggestion: 'https://example.com',
  },
  {
    expression: /^https:\/\/.*.example\.com$/,
    codes: ['origin.regexp-unescaped-dot'],
    suggestion: 'https://*.example.com',
  },
  { expression: /^https:\/\/.*example\.com$/, codes: ['origin.regexp-unescaped-dot'] },
  { expression: /^https:\/\/.*$/, codes: ['origin.regexp-unescaped-dot'] },
  { expression: /^https:\/\/(.*)\.example\.com$/, codes: ['origin.regexp-unescaped-dot'] },
  {
    expression: /^https:\/\/.{1,9}\.example\.com$/,
    codes: ['origin.regexp-unescaped-dot'],
    suggestion: 'https://*.example.com',
  },
  { expression: /^https:\/\/.?\.example\.com$/, codes: ['origin.regexp-unescaped-dot'] },

  // Slow ones.
  { expression: /^https:\/\/(a+)+\.test$/, codes: ['origin.regexp-slow'] },
  { expression: /^https:\/\/(a*)*\.test$/, codes: ['origin.regexp-slow'] },
  { expression: /^https:\/\/(a|b)+\.test$/, codes: ['origin.regexp-slow'] },
  { expression: /^https:\/\/(?:a|ab)*\.test$/, codes: ['origin.regexp-slow'] },
  { expression: /^https:\/\/(a?){9}\.test$/, codes: ['origin.regexp-slow'] },
  { expression: /^https:\/\/(a{1,2}){2,}\.test$/, codes: ['origin.regexp-slow'] },
  { expression: /^https:\/\/((a+)b)+\.test$/, codes: ['origin.regexp-slow'] },
  { expression: /^https:\/\/((a+))+?\.test$/, codes: ['origin.regexp-slow'] },
  { expression: /^https:\/\/([a-z]+\.)*test$/, codes: ['origin.regexp-slow'] },
  { expression: /^https:\/\/(?<name>[a-z]+\.)+test$/, codes: ['origin.regexp-slow'] },
  { expression: /^https:\/\/((?=x+)a)+\.test$/, codes: ['origin.regexp-slow'] },
  { expression: /^https:\/\/(a)\1\.test$/, codes: ['origin.regexp-slow'] },
  { expression: /^https:\/\/(?<name>a)\k<name>\.test$/, codes: ['origin.regexp-slow'] },
  // More than three repetitions without an end, or with one that is far away.
  {
    expression: /^https:\/\/[\w.-]+-[\w.-]+-[\w.-]+-[\w.-]+-[\w.-]+\.vercel\.app$/,
    codes: ['origin.regexp-slow'],
  },
  { expression: /^https:\/\/[^-]*-[^-]{1,}-.+\.a+?\.test$/, codes: ['origin.regexp-slow'] },
  { expression: /^https:\/\/(a+)(b+)(?:c+)(?=d+)d\.test$/, codes: ['origin.regexp-slow'] },
  {
    expression: /^https:\/\/\w{1,99}-\w{1,99}-\w{1,99}-\w{0,20}\.test$/,
    codes: ['origin.regexp-slow'],
  },

  // Several at once.
  {
    expression: /example.com/m,
    codes: ['origin.regexp-unanchored', 'origin.regexp-multiline', 'origin.regexp-unescaped-dot'],
  },
  {
    expression: /(a+)+/,
    codes: ['origin.regexp-unanchored', 'origin.regexp-slow'],
  },
]
