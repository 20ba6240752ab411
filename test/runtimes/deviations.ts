/**
 * Where a runtime itself does something else, so that an answer cannot be as the table says. What it is
 * instead is asserted, and that it is not as the table says: a deviation that is gone has to leave.
 */

import type { Exchange } from '../tables/exchanges.ts'
import { DECIDING, WRAPPED, WRAPPERS_ORIGIN } from './agreement.ts'
import type { Framework } from './frameworks.ts'

type Answer = Exchange['answer']

export interface Deviation {
  /** As below the README's table. */
  readonly text: string
  /** The first word of the runtime's name. */
  readonly runtime: string
  /** What is answered instead; `undefined` where an exchange is not concerned. */
  readonly instead: (exchange: Exchange, framework: Framework) => Answer | undefined
}

const ALLOW_ORIGIN = 'access-control-allow-origin'

export const DEVIATIONS: readonly Deviation[] = [
  {
    text:
      'Bun has no place behind `writeHead`. A layer that wraps it before crossgate runs, and sets CORS ' +
      'fields in there, has the last word. Mount crossgate before such a layer.',
    runtime: 'Bun',
    instead: ({ request, answer }, { id }) => {
      const isDeciding = request.headers?.some(
        ([name, value]) => name === WRAPPED && value === DECIDING,
      )
      if (isDeciding !== true) return undefined
      // Fastify hands its fields to `writeHead`, the guard's among them, where they win.
      const isGiven = id === 'fastify' && request.path === undefined
      if (isGiven && answer.fields[ALLOW_ORIGIN] !== undefined) return undefined
      return { ...answer, fields: { ...answer.fields, [ALLOW_ORIGIN]: WRAPPERS_ORIGIN } }
    },
  },
  {
    text:
      'workerd hands over no `Origin` whose value is empty: such a request, which no browser sends, ' +
      'counts as one without `Origin`.',
    runtime: 'workerd',
    instead: ({ policy, request, answer }) => {
      const isEmpty = request.headers?.some(
        ([name, value]) => name === 'Origin' && value.trim() === '',
      )
      if (isEmpty !== true) return undefined
      const { fields } = answer
      if (policy === 'echoing') return { by: 'app', status: 404, handlerRan: false, fields }
      if (policy !== 'rejecting') return undefined
      return { by: 'app', status: 201, handlerRan: true, fields, body: 'created' }
    },
  },
]

export function deviationOf(
  exchange: Exchange,
  framework: Framework,
  runtime: string,
): { readonly deviation: Deviation; readonly answer: Answer } | undefined {
  for (const deviation of DEVIATIONS) {
    if (!runtime.startsWith(deviation.runtime)) continue
    const answer = deviation.instead(exchange, framework)
    if (answer !== undefined) return { deviation, answer }
  }
  return undefined
}
