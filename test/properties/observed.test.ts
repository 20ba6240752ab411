import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type BrowserName,
  createPreflightCache,
  needsPreflight,
  type PageRequest,
  type Responder,
  simulate,
  type Verdict,
} from '../../src/browser/index.ts'
import { type CorsOptions, type CorsPolicy, definePolicy } from '../../src/index.ts'
import type { RandomOptions } from './arbitraries.ts'
import { allowsOrigin } from './declared.ts'
import { anyApplication, cached, guarded } from './guarded.ts'
import { expectDeclared, expectNothingTold } from './observed.ts'
import { anyOptionsAndVisits, type Visit } from './pages.ts'

const RUNS = { numRuns: 1_000 }
const BROWSERS: readonly [name: BrowserName, runs: number][] = [
  ['standard', 2_000],
  ['chromium', 500],
  ['firefox', 500],
  ['safari', 500],
]

function policyOf(options: RandomOptions): CorsPolicy {
  return definePolicy(options as CorsOptions) as CorsPolicy
}

/** What each page concludes, in one browser that remembers preflights while time goes by. */
function concluded(
  visits: readonly Visit[],
  respond: Responder,
  browser?: BrowserName,
): readonly (readonly [PageRequest, Verdict])[] {
  const cache = createPreflightCache()
  let time = 0
  return visits.map(({ page, after }) => {
    time += after
    return [page, simulate(page, respond, { browser, cache, now: () => time })]
  })
}

function isRemembered(page: PageRequest, { exchange }: Verdict): boolean {
  return needsPreflight(page) && exchange[0]?.request.preflight === false
}

describe('what a browser concludes', () => {
  it.each(BROWSERS)('is what the options declare, in %s', (browser, numRuns) => {
    const seen = { readable: 0, refused: 0, remembered: 0 }
    fc.assert(
      fc.property(anyOptionsAndVisits, anyApplication, ([options, visits], application) => {
        const respond = guarded(policyOf(options), application)
        for (const [page, verdict] of concluded(visits, respond, browser)) {
          expectDeclared(options, page, verdict)
          if (verdict.readable) expect(verdict.status).toBe(application.status)
          seen[verdict.readable ? 'readable' : 'refused'] += 1
          if (isRemembered(page, verdict)) seen.remembered += 1
        }
      }),
      { numRuns },
    )
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(5)
  })

  it('is the same whether or not it remembers a preflight', () => {
    fc.assert(
      fc.property(anyOptionsAndVisits, anyApplication, ([options, visits], application) => {
        const respond = guarded(policyOf(options), application)
        for (const [page, { exchange, ...conclusion }] of concluded(visits, respond)) {
          const { exchange: _, ...fresh } = simulate(page, respond)
          expect(conclusion).toEqual(fresh)
        }
      }),
      RUNS,
    )
  })

  it('is what the options declare behind a shared cache that obeys Vary', () => {
    fc.assert(
      fc.property(anyOptionsAndVisits, anyApplication, ([options, visits], application) => {
        const respond = cached(guarded(policyOf(options), application))
        for (const { page } of visits) expectDeclared(options, page, simulate(page, respond))
      }),
      RUNS,
    )
  })
})

describe('the page of a refused origin', () => {
  it('is told nothing of the policy', () => {
    let refused = 0
    fc.assert(
      fc.property(anyOptionsAndVisits, anyApplication, ([options, visits], application) => {
        const respond = guarded(policyOf(options), application)
        for (const { page } of visits) {
          if (allowsOrigin(options, page)) continue
          refused += 1
          expectNothingTold(options, simulate(page, respond))
        }
      }),
      RUNS,
    )
    expect(refused).toBeGreaterThan(500)
  })
})
