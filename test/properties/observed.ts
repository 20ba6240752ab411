/** A verdict, against what the options declare. */

import { expect } from 'vitest'
import type { Field, PageRequest, Verdict } from '../../src/browser/index.ts'
import type { RandomOptions } from './arbitraries.ts'
import { declared } from './declared.ts'

/** The page sees what it may, of the last response, and nothing more. */
export function expectDeclared(options: RandomOptions, page: PageRequest, verdict: Verdict): void {
  const { readable, visible } = declared(options, page)
  const sent = verdict.exchange.at(-1)?.response?.headers ?? []
  const shown = sent
    .map(([name, value]): Field => [name.toLowerCase(), value])
    .filter(([name]) => name !== 'set-cookie' && (visible === '*' || visible.includes(name)))
  expect({ readable: verdict.readable, headers: verdict.headers }).toEqual({
    readable,
    headers: readable ? shown : [],
  })
}

/** What HTTP itself puts on a response. */
const TRANSPORT_FIELDS = ['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']

/** No CORS field anywhere, and to a preflight a bare 403, unless somebody else was told to answer. */
export function expectNothingTold(options: RandomOptions, { exchange }: Verdict): void {
  for (const { request, response } of exchange) {
    const names = response?.headers.map(([name]) => name.toLowerCase()) ?? []
    expect(names.filter((name) => name.startsWith('access-control-'))).toEqual([])
    // With `debug` a refusal explains itself.
    if (!request.preflight || options.preflightContinue || options.debug) continue
    expect(response?.status).toBe(403)
    expect(names.filter((name) => ![...TRANSPORT_FIELDS, 'vary'].includes(name))).toEqual([])
  }
}
