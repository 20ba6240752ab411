/** The case about options that are wrong. */

import { isCorsConfigError } from '../../../src/index.ts'
import { type ContractCase, contractCase } from './case.ts'
import { APP } from './policies.ts'
import { type AdapterContractOptions, withService } from './service.ts'
import { broken } from './verdict.ts'

const WRONG = { origin: `${APP}/` as string, maxAge: -1 }
const ISSUES = 2

export function optionCases(options: AdapterContractOptions): readonly ContractCase[] {
  return [
    contractCase('options', 'wrong ones are refused, with every issue', async (trial) => {
      const thrown = await refusalOf(options)
      if (isCorsConfigError(thrown) && thrown.issues.length === ISSUES) return
      const asked = { ...trial, source: WRONG }
      throw broken(asked, [
        thrown === undefined
          ? 'serve did not throw; give the source to createDecider before there is a request'
          : `serve threw something else: ${String(thrown)}`,
      ])
    }),
  ]
}

async function refusalOf(options: AdapterContractOptions): Promise<unknown> {
  try {
    await withService(options, WRONG, async () => {})
    return undefined
  } catch (error) {
    return error
  }
}
