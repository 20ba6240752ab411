/** The contract of adapters, as cases for any test runner. */

import { applicationCases } from './contract/application-cases.ts'
import type { ContractCase } from './contract/case.ts'
import { errorPathCases } from './contract/error-path-cases.ts'
import { bareApplication, exchangeCases } from './contract/exchange-cases.ts'
import { lookUpCases } from './contract/look-up-cases.ts'
import { observerCases } from './contract/observer-cases.ts'
import { optionCases } from './contract/option-cases.ts'
import type { AdapterContractOptions } from './contract/service.ts'
import { mistake, shown, wrongValue } from './mistake.ts'

const MAX_TIMEOUT = 2_147_483_647

/** What to write instead of a wrong value; `undefined` for a right one. */
type Check = (value: unknown) => string | undefined

const CHECKS: Readonly<Record<keyof AdapterContractOptions, Check>> = {
  serve: ofType('function', 'write a function that starts the application'),
  isRequest: ofType('function', 'write a function that tells the request of the framework'),
  answersErrors: ofType('boolean', 'write true or false'),
  reportsErrors: ofType('boolean', 'write true or false'),
  timeout: (value) =>
    isTimeout(value) ? undefined : `write whole milliseconds, 1 to ${MAX_TIMEOUT}`,
}

/**
 * What every adapter has to do, whoever wrote it: a list of cases, for the `test` of any runner.
 *
 * Each case starts the application anew, asks it over what the target is, and compares the whole answer
 * with the decision of the core, with what the application answers without the adapter, and with whether
 * its handler ran.
 *
 * @returns The cases, in an order that begins with what is most likely wrong. Fewer, where the options say that the
 * framework cannot do something.
 * @throws {TypeError} for wrong options.
 * @example
 * for (const { title, run } of adapterContract({ serve })) test(title, run)
 */
export function adapterContract(options: AdapterContractOptions): readonly ContractCase[] {
  checkOptions(options)
  const bare = bareApplication(options)
  return Object.freeze([
    ...applicationCases(options),
    ...exchangeCases(options, bare),
    ...lookUpCases(options, bare),
    ...errorPathCases(options, bare),
    ...observerCases(options, bare),
    ...optionCases(options),
  ])
}

function checkOptions(options: AdapterContractOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw wrongValue('the argument of adapterContract', options, 'write { serve }')
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(CHECKS, name)) continue
    throw mistake(
      `option ${shown(name)} is unknown; the options are ${Object.keys(CHECKS).join(', ')}`,
    )
  }
  for (const [name, check] of Object.entries(CHECKS)) {
    const value = options[name as keyof AdapterContractOptions]
    const fix = value === undefined && name !== 'serve' ? undefined : check(value)
    if (fix !== undefined) throw wrongValue(`option '${name}'`, value, fix)
  }
}

function ofType(type: 'function' | 'boolean', fix: string): Check {
  return (value) => (typeof value === type ? undefined : fix)
}

function isTimeout(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_TIMEOUT
}
