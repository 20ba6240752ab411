import { describe, expect, it } from 'vitest'
import { mergeVary } from '../../../src/index.ts'
import { VARY_CASES } from '../../tables/vary.ts'

describe('Vary is added to', () => {
  it.each(VARY_CASES)('$existing and $names are $merged', ({ existing, names, merged }) => {
    expect(mergeVary(existing, names)).toBe(merged)
  })
})
