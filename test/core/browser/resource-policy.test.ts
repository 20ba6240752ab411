import { describe, expect, it } from 'vitest'
import { type Field, simulate } from '../../../src/browser/index.ts'
import { API, PAGE } from '../../tables/browser-requests.ts'
import { RESOURCE_POLICIES } from '../../tables/browser-responses.ts'

const FIELD = 'Cross-Origin-Resource-Policy'

describe('cross-origin resource policy check', () => {
  it.each(RESOURCE_POLICIES)('$title', (row) => {
    const { from = PAGE, url = API, mode = 'no-cors', lines, type, rule } = row
    const headers = [
      ...lines.map((line): Field => [FIELD, line]),
      ['access-control-allow-origin', '*'] as const,
    ]
    const verdict = simulate({ from, url, mode }, () => ({ status: 200, headers }))
    expect([verdict.type, verdict.step, verdict.rule]).toEqual([type, 'response', rule])
  })

  it('says what keeps the page out', () => {
    const headers = [[FIELD, 'same-origin']] as const
    const request = { from: PAGE, url: API, mode: 'no-cors' } as const
    const { exchange, ...verdict } = simulate(request, () => ({ status: 200, headers }))
    expect(exchange).toHaveLength(1)
    expect(verdict).toEqual({
      readable: false,
      type: 'error',
      step: 'response',
      rule: 'resource-policy',
      message: `Cross-Origin-Resource-Policy is 'same-origin', which keeps the page at '${PAGE}' out`,
      header: 'cross-origin-resource-policy',
      expected: 'cross-origin',
      actual: 'same-origin',
      fix: 'Answer with Cross-Origin-Resource-Policy: cross-origin, or without the field.',
      headers: [],
    })
  })
})
