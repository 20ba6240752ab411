/** Cases about failures: nobody loses them, and nobody tells of them twice. */

import { HANDLER_FAILED } from './application.ts'
import { type ContractCase, contractCase } from './case.ts'
import type { Bare } from './exchange-cases.ts'
import { preflightFrom, requestFrom } from './exchanges.ts'
import { decisionFor } from './expectation.ts'
import { APP, FAILING_NAMES, policyOf } from './policies.ts'
import { type AdapterContractOptions, type ContractRequest, withService } from './service.ts'
import { assertSameList } from './verdict.ts'

const HINT = 'call the third parameter of serve where errors arrive, or say reportsErrors: false'

export function errorPathCases(options: AdapterContractOptions, bare: Bare): ContractCase[] {
  const { answersErrors = true, reportsErrors = true } = options
  if (!reportsErrors) return []
  return [...(answersErrors ? handlerCases(options, bare) : []), ...lookUpFailures(options)]
}

function handlerCases(options: AdapterContractOptions, bare: Bare): ContractCase[] {
  const requests = ['/throws', '/rejects'].map((path) => ({ ...requestFrom(APP), path }))
  return requests.map((request) =>
    contractCase('error-path', `a handler that ${request.path.slice(1)}`, async (trial) => {
      const without = await bare(request)
      const told = messages(without.errors, HANDLER_FAILED)
      assertSameList(
        { ...trial, request },
        'errors without the adapter',
        [HANDLER_FAILED],
        told,
        HINT,
      )
      const source = policyOf('list')
      const errors = await errorsOf(options, source, request)
      const found = messages(errors, HANDLER_FAILED)
      assertSameList({ ...trial, source, request }, 'errors', [HANDLER_FAILED], found)
    }),
  )
}

function lookUpFailures(options: AdapterContractOptions): ContractCase[] {
  return FAILING_NAMES.flatMap((policy) => [
    contractCase('error-path', policy, async (trial) => {
      const source = policyOf(policy)
      const request = requestFrom(APP)
      const { error } = await decisionFor(source, { facts: { method: 'GET', origin: APP } })
      const expected = error?.message ?? ''
      const found = messages(await errorsOf(options, source, request), expected)
      assertSameList({ ...trial, source, request }, 'errors', [expected], found, HINT)
    }),
    contractCase('error-path', `${policy}: not for a preflight`, async (trial) => {
      const source = policyOf(policy)
      const request = preflightFrom(APP)
      const found = messages(await errorsOf(options, source, request), '')
      assertSameList({ ...trial, source, request }, 'errors', [], found)
    }),
  ])
}

function errorsOf(
  options: AdapterContractOptions,
  source: ReturnType<typeof policyOf>,
  request: ContractRequest,
): Promise<readonly unknown[]> {
  return withService(options, source, async ({ ask, errors }) => {
    await ask(request)
    return errors
  })
}

const DEEPEST_CAUSE = 5

/** Frameworks wrap errors: the message that is looked for counts wherever it is in the chain. */
function messages(errors: readonly unknown[], sought: string): readonly string[] {
  return errors.map((error) => {
    const chain = chainOf(error, DEEPEST_CAUSE)
    return chain.includes(sought) ? sought : (chain[0] ?? '')
  })
}

function chainOf(error: unknown, depth: number): string[] {
  if (error === undefined || depth === 0) return []
  const { message, cause } = Object(error) as {
    readonly message?: unknown
    readonly cause?: unknown
  }
  return [typeof message === 'string' ? message : String(error), ...chainOf(cause, depth - 1)]
}
