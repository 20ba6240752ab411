import { describe, expect, it } from 'vitest'
import { HINTS, RULES } from '../../../src/browser/index.ts'
import { PREFLIGHT_CHECKS, UNSHARED } from '../../tables/browser-preflights.ts'
import { REDIRECTS } from '../../tables/browser-redirects.ts'
import { IMPOSSIBLE } from '../../tables/browser-requests.ts'
import {
  CORS_CHECKS,
  PROXY_AUTHENTICATION,
  RESOURCE_POLICIES,
} from '../../tables/browser-responses.ts'

const rows = [
  ...IMPOSSIBLE,
  ...PROXY_AUTHENTICATION,
  ...CORS_CHECKS,
  ...PREFLIGHT_CHECKS,
  ...UNSHARED.map((row) => ({ ...row, rule: 'allow-origin.missing' as const })),
  ...RESOURCE_POLICIES,
  ...REDIRECTS,
]

describe('the rules', () => {
  it('are all broken by some row of the tables; a network error needs no row', () => {
    const broken = new Set(rows.map(({ rule }) => rule))
    expect(Object.keys(RULES).filter((code) => !broken.has(code as keyof typeof RULES))).toEqual([
      'network',
    ])
  })

  it.each(Object.entries(RULES))('%s has its algorithm and a fix on one line', (_, rule) => {
    expect(rule.algorithm).toMatch(/^[A-Za-z][A-Za-z -]+$/)
    expect(rule.fix).toMatch(/^[A-Z][ -~]+\.$/)
    expect(Object.isFrozen(rule)).toBe(true)
  })
})

describe('the hints', () => {
  it('are all given by some row of the tables', () => {
    const given = new Set(rows.map((row) => ('hint' in row ? row.hint : undefined)))
    expect(Object.keys(HINTS).filter((code) => !given.has(code as keyof typeof HINTS))).toEqual([])
  })

  it.each(Object.entries(HINTS))('%s says on one line what to do', (_, text) => {
    expect(text).toMatch(/^[A-Z][ -~]+\.$/)
  })
})
