/** Cases that are one request and its whole answer. */

import type { PolicySource } from '../../../src/index.ts'
import { type ContractCase, contractCase } from './case.ts'
import { CONTRACT_EXCHANGES } from './exchanges.ts'
import { type Comparison, decisionFor, ofAdapter, ofApplication, ofFailure } from './expectation.ts'
import { policyOf } from './policies.ts'
import {
  type AdapterContractOptions,
  type ContractRequest,
  type Received,
  withService,
} from './service.ts'
import { assertSame } from './verdict.ts'

/** An answer without the adapter, and what went down the error path for it. */
export type BareAnswer = Received & { readonly errors: readonly unknown[] }

/** What the application answers without the adapter. */
export type Bare = (request: ContractRequest) => Promise<BareAnswer>

/** Asks once for each request. */
export function bareApplication(options: AdapterContractOptions): Bare {
  const known = new Map<string, Promise<BareAnswer>>()
  return (request) => {
    const key = JSON.stringify(request)
    const found = known.get(key)
    if (found !== undefined) return found
    const asked = withService(options, undefined, async ({ ask, errors }) => ({
      ...(await ask(request)),
      errors,
    }))
    known.set(key, asked)
    return asked
  }
}

export function exchangeCases(options: AdapterContractOptions, bare: Bare): ContractCase[] {
  const { answersErrors = true } = options
  return CONTRACT_EXCHANGES.filter(({ fails = false }) => answersErrors || !fails).map(
    ({ rule, title, policy, request }) =>
      contractCase(rule, title, async (trial) => {
        const source = policyOf(policy)
        const received = await withService(options, source, ({ ask }) => ask(request))
        const comparison = await compared(source, received, () => bare(request))
        assertSame({ ...trial, source, request }, comparison)
      }),
  )
}

/** What came back, and what had to. */
export async function compared(
  source: PolicySource<unknown>,
  received: Received,
  bare: () => Promise<Received>,
): Promise<Comparison> {
  const decision = await decisionFor(source, received)
  if (decision.status !== undefined) return ofAdapter(decision, decision.status, received)
  if (decision.outcome === 'source-failed') return ofFailure(decision, received)
  return ofApplication(decision, received, await bare())
}
