import { describe, expect, it } from 'vitest'
import {
  listElements,
  MAX_LIST_BYTES,
  MAX_LIST_NAMES,
  requestedNames,
} from '../../../src/http/lists.ts'
import { LISTS, REQUESTED_NAMES } from '../../tables/lists.ts'

describe('the elements of a list', () => {
  it.each(LISTS)('$value', ({ value, elements }) => {
    expect(listElements(value)).toEqual(elements)
  })
})

describe('the names in a request', () => {
  it.each(REQUESTED_NAMES)('$value', ({ value, names }) => {
    expect(requestedNames(value)).toEqual(names)
  })

  it('are bounded in bytes and in number, duplicates counted', () => {
    expect(requestedNames('a'.repeat(MAX_LIST_BYTES))).toHaveLength(1)
    expect(requestedNames('a'.repeat(MAX_LIST_BYTES + 1))).toBeUndefined()
    expect(requestedNames('a,'.repeat(MAX_LIST_NAMES))).toEqual(['a'])
    expect(requestedNames('a,'.repeat(MAX_LIST_NAMES + 1))).toBeUndefined()
  })
})
