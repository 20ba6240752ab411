import { describe, expect, it } from 'vitest'
import { type Field, visibleHeaders } from '../../../src/browser/index.ts'
import { exposing, NEVER, OTHERS, SAFELISTED, VISIBLE } from '../../tables/browser-responses.ts'

const fields: readonly Field[] = [...SAFELISTED, ...NEVER, ...OTHERS]

describe('a CORS filtered response', () => {
  it.each(VISIBLE)('exposes by $expose, credentialed: $credentialed', (row) => {
    const { expose, credentialed, exposed } = row
    const credentials = credentialed === true ? 'include' : 'same-origin'
    const headers = [...fields, ...exposing(expose)]
    const visible = visibleHeaders({ credentials }, { status: 200, headers })
    const shown = [...OTHERS, ...exposing(expose)]
      .map(([name, value]): Field => [name.toLowerCase(), value])
      .filter(([name]) => exposed.includes(name))
    expect(visible).toEqual([...SAFELISTED, ...shown])
  })
})

describe('a basic filtered response', () => {
  it('shows all fields but cookies, by lower-case name and without white space around values', () => {
    const headers = [...NEVER, ['X-One', ' 1\t'] as const]
    expect(visibleHeaders({}, { status: 200, headers }, 'basic')).toEqual([['x-one', '1']])
  })
})

describe('an opaque filtered response', () => {
  it('shows no field', () => {
    expect(visibleHeaders({}, { status: 200, headers: fields }, 'opaque')).toEqual([])
  })
})
