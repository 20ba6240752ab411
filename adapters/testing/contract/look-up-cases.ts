/** Cases about policies that are found out for a request, or change between requests. */

import { reloadable } from '../../../src/index.ts'
import { type ContractCase, contractCase } from './case.ts'
import { type Bare, compared } from './exchange-cases.ts'
import { requestFrom } from './exchanges.ts'
import { APP, EVIL, OVERTAKEN, PARTNER } from './policies.ts'
import { type AdapterContractOptions, withService } from './service.ts'
import { assertSame, broken } from './verdict.ts'

export function lookUpCases(options: AdapterContractOptions, bare: Bare): readonly ContractCase[] {
  return [
    contractCase('look-ups', 'requests at the same time keep their own decisions', (trial) =>
      withService(options, OVERTAKEN, async ({ ask }) => {
        const requests = [APP, PARTNER, EVIL].map(requestFrom)
        const answers = await Promise.all(requests.map(ask))
        for (const [index, request] of requests.entries()) {
          const received = { ...answers[index], runs: 1 } as (typeof answers)[number]
          const comparison = await compared(OVERTAKEN, received, () => bare(request))
          assertSame({ ...trial, source: OVERTAKEN, request }, comparison)
        }
      }),
    ),
    contractCase(
      'look-ups',
      'a policy that is replaced holds for the next request',
      async (trial) => {
        const source = reloadable({ origin: APP })
        await withService(options, source, async ({ ask }) => {
          const request = requestFrom(APP)
          for (const origin of [APP, PARTNER, APP]) {
            source.reload({ origin })
            const policy = { origin }
            const comparison = await compared(policy, await ask(request), () => bare(request))
            assertSame({ ...trial, source: policy, request }, comparison)
          }
        })
      },
    ),
    ...delegateCases(options),
  ]
}

function delegateCases(options: AdapterContractOptions): readonly ContractCase[] {
  const { isRequest } = options
  if (isRequest === undefined) return []
  return [
    contractCase('look-ups', 'a delegate gets the request of the framework', async (trial) => {
      const subjects: unknown[] = []
      const source = (request: unknown) => {
        subjects.push(request)
        return { origin: APP } as const
      }
      await withService(options, source, ({ ask }) => ask(requestFrom(APP)))
      if (subjects.length === 1 && subjects.every(isRequest)) return
      throw broken(trial, [`it was called ${subjects.length} times; isRequest refused what it got`])
    }),
  ]
}
