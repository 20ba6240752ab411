/** Cases about `onDecision` and `onReplaced`. All observers here fail, which must change nothing. */

import { type CorsDecision, createDecider, type ReplacedField } from '../../../src/index.ts'
import { systemClock } from '../../shared/clock.ts'
import { type ContractCase, contractCase } from './case.ts'
import { type Bare, compared } from './exchange-cases.ts'
import { requestFrom, WATCHED_EXCHANGES } from './exchanges.ts'
import { corsFieldsOf, decisionFor } from './expectation.ts'
import { APP, EVIL, policyOf } from './policies.ts'
import { type AdapterContractOptions, type ContractRequest, withService } from './service.ts'
import { assertSame, assertSameList, broken } from './verdict.ts'

/** What observers were told. */
interface Told {
  readonly decisions: [CorsDecision, unknown][]
  readonly replaced: [readonly ReplacedField[], unknown][]
}

const OPTIONS = { origin: APP, methods: ['PUT'], allowedHeaders: ['x-token'] } as const

function watched(told: Told) {
  return {
    ...OPTIONS,
    onDecision: (decision: CorsDecision, request: unknown) => {
      told.decisions.push([decision, request])
      throw new Error('an observer that fails')
    },
    onReplaced: async (replaced: readonly ReplacedField[], request: unknown) => {
      told.replaced.push([replaced, request])
      throw new Error('an observer that rejects')
    },
  }
}

export function observerCases(options: AdapterContractOptions, bare: Bare): ContractCase[] {
  return [
    ...WATCHED_EXCHANGES.map(([what, request]) => toldOfDecision(options, bare, what, request)),
    toldOfFailure(options),
    ...[APP, EVIL].map((origin) => toldOfReplaced(options, bare, origin)),
    nothingReplaced(options),
    ...requestCases(options),
  ]
}

function toldOfDecision(
  options: AdapterContractOptions,
  bare: Bare,
  what: string,
  request: ContractRequest,
): ContractCase {
  return contractCase('observers', `onDecision is told once of ${what}`, async (trial) => {
    const told: Told = { decisions: [], replaced: [] }
    const received = await withService(options, watched(told), ({ ask }) => ask(request))
    const { kind, outcome } = await decisionFor(watched(newTold()), received)
    const asked = { ...trial, source: OPTIONS, request }
    assertSameList(asked, 'decisions', [`${kind}, ${outcome}`], outcomes(told))
    assertSame(asked, await compared(OPTIONS, received, () => bare(request)))
  })
}

function toldOfFailure(options: AdapterContractOptions): ContractCase {
  const title = 'onDecision is told once of a look-up that fails'
  return contractCase('observers', title, async (trial) => {
    const told: Told = newTold()
    const { onDecision } = watched(told)
    const delegator = policyOf('delegate that rejects') as () => Promise<never>
    const source = { delegator, onDecision }
    await withService(options, source, ({ ask }) => ask(requestFrom(APP)))
    assertSameList({ ...trial, source }, 'decisions', ['actual, source-failed'], outcomes(told))
  })
}

function toldOfReplaced(options: AdapterContractOptions, bare: Bare, origin: string): ContractCase {
  const whose = origin === APP ? 'an allowed origin' : 'a refused origin'
  const request = { ...requestFrom(origin), path: '/own-cors' }
  const title = `onReplaced is told once of the CORS fields of the application, for ${whose}`
  return contractCase('observers', title, async (trial) => {
    const told: Told = newTold()
    const received = await withService(options, watched(told), ({ ask }) => ask(request))
    // The core says which of the application's fields are not the decision's.
    const core: Told = newTold()
    const decider = createDecider(watched(core), systemClock)
    const decision = await decider.decide(received.facts, undefined)
    decider.replaced(decision, corsFieldsOf(await bare(request)), undefined)
    const asked = { ...trial, source: OPTIONS, request }
    assertSameList(asked, 'replaced fields', replacements(core), replacements(told))
  })
}

function nothingReplaced(options: AdapterContractOptions): ContractCase {
  const title = 'onReplaced is not told where nothing was replaced'
  return contractCase('observers', title, async (trial) => {
    const told: Told = newTold()
    await withService(options, watched(told), ({ ask }) => ask(requestFrom(APP)))
    assertSameList({ ...trial, source: OPTIONS }, 'replaced fields', [], replacements(told))
  })
}

function requestCases(options: AdapterContractOptions): ContractCase[] {
  const { isRequest } = options
  if (isRequest === undefined) return []
  const title = 'both get the request of the framework'
  return [
    contractCase('observers', title, async (trial) => {
      const told: Told = newTold()
      const request = { ...requestFrom(APP), path: '/own-cors' }
      await withService(options, watched(told), ({ ask }) => ask(request))
      const subjects = [...told.decisions, ...told.replaced].map(([, subject]) => subject)
      if (subjects.length > 0 && subjects.every(isRequest)) return
      throw broken(trial, [`of ${subjects.length} calls, isRequest refused the request of one`])
    }),
  ]
}

function newTold(): Told {
  return { decisions: [], replaced: [] }
}

function outcomes({ decisions }: Told): readonly string[] {
  return decisions.map(([{ kind, outcome }]) => `${kind}, ${outcome}`)
}

/** A list for each time that the observer was told; servers keep several lines in several forms. */
function replacements({ replaced }: Told): readonly (readonly string[])[] {
  return replaced.map(([fields]) =>
    fields.map(({ name, sent = '(removed)' }) => `${name} -> ${sent}`).sort(),
  )
}
