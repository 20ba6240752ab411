/** What a browser concludes from what every adapter sends over the wire. */

import { METHODS } from 'node:http'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  type PageRequest,
  type ReceivedResponse,
  type SentRequest,
  simulate,
} from '../../src/browser/index.ts'
import { type CorsOptions, type CorsPolicy, definePolicy } from '../../src/index.ts'
import type { RandomOptions } from '../properties/arbitraries.ts'
import { allowsOrigin } from '../properties/declared.ts'
import { expectDeclared, expectNothingTold } from '../properties/observed.ts'
import { anyOptionsAndVisits } from '../properties/pages.ts'
import { APPLICATION } from './application.ts'
import type { Harness, Service } from './harness.ts'
import * as harnesses from './harnesses.ts'

const RUNS = { numRuns: 100 }

/** Where the application answers, fails, redirects, or sets fields of its own. */
const PATHS = ['/', '/echo', '/redirect', '/stream', '/set', '/append', '/write-object', '/missing']
/** Where handlers fail, which somebody has to answer for. */
const FAILING_PATHS = ['/throw', '/set-throw', '/reject']
/** Where the application answers OPTIONS. */
const OPTIONS_PATH = '/own'

describe.each(Object.values(harnesses))('$name', (harness) => {
  it('lets pages read what the options declare, and tells refused origins nothing', async () => {
    let policy = definePolicy({ origin: false }) as CorsPolicy
    const service = await harness.serve(() => policy, APPLICATION)
    onTestFinished(() => service.close())
    const seen = { readable: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(anyOptionsAndVisits, anyPath(harness), async ([options, visits], path) => {
        policy = definePolicy(options as CorsOptions) as CorsPolicy
        for (const page of visits.map((visit) => pageAt(visit.page, path, options))) {
          const verdict = await simulate(page, (sent) => answerOf(service, sent))
          // A request without a response would be unreadable whatever is declared.
          expect(verdict.rule).not.toBe('network')
          expectDeclared(options, page, verdict)
          if (!allowsOrigin(options, page)) expectNothingTold(options, verdict)
          seen[verdict.readable ? 'readable' : 'refused'] += 1
        }
      }),
      RUNS,
    )
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(5)
  })
})

function anyPath({ answersErrors }: Harness): fc.Arbitrary<string> {
  return fc.constantFrom(...PATHS, ...(answersErrors ? FAILING_PATHS : []))
}

/** The page's request as far as Node can receive it: its parser answers what it does not know itself. */
function pageAt(page: PageRequest, path: string, options: RandomOptions): PageRequest {
  const { method = 'GET', headers = [] } = page
  return {
    ...page,
    url: new URL(options.preflightContinue ? OPTIONS_PATH : path, page.url).href,
    method: METHODS.includes(method.toUpperCase()) ? method.toUpperCase() : 'GET',
    headers: headers.filter(([name]) => name !== '__proto__'),
  }
}

async function answerOf(service: Service, sent: SentRequest): Promise<ReceivedResponse> {
  const { method, url, headers } = sent
  const answer = await service.send({ method, path: new URL(url).pathname, headers })
  return { status: answer.status, headers: answer.rawHeaders }
}
