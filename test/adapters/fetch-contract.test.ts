/** The contract of all adapters, for those of the Fetch API. */

import { expect, it } from 'vitest'
import { EXCHANGES } from '../tables/exchanges.ts'
import { describeAdapter } from './contract.ts'
import { exclusionOf, fetchDirect, fetchOnNode, honoDirect, honoOnNode } from './fetch-harnesses.ts'

for (const harness of [fetchDirect, fetchOnNode, honoDirect, honoOnNode]) describeAdapter(harness)

it('everything is asked but for what frameworks do with bodies', () => {
  const reasons = EXCHANGES.map(exclusionOf).filter((reason) => reason !== undefined)
  expect(reasons).toEqual(Array(2).fill('whoever answers a Request reads its body himself'))
})
