/** `Vary` after adding names to what is there. */

import type { StoredValue } from '../../src/index.ts'

export interface VaryCase {
  readonly existing: StoredValue
  readonly names: readonly string[]
  readonly merged: string
}

export const VARY_CASES: readonly VaryCase[] = [
  { existing: undefined, names: [], merged: '' },
  { existing: undefined, names: ['Origin'], merged: 'Origin' },
  { existing: undefined, names: ['Origin', 'x-tenant'], merged: 'Origin, x-tenant' },
  { existing: undefined, names: ['Origin', 'origin'], merged: 'Origin' },
  { existing: undefined, names: ['Origin', '*'], merged: '*' },
  { existing: '', names: [], merged: '' },
  { existing: '', names: ['Origin'], merged: 'Origin' },
  { existing: 'Accept', names: [], merged: 'Accept' },
  { existing: 'Accept', names: ['Origin'], merged: 'Accept, Origin' },
  { existing: 'Accept-Encoding, origin', names: ['Origin'], merged: 'Accept-Encoding, origin' },
  { existing: 'ORIGIN', names: ['Origin'], merged: 'ORIGIN' },
  { existing: 'Origin,Origin , origin', names: ['Origin'], merged: 'Origin' },
  { existing: ',, Accept ,\t,', names: ['Origin'], merged: 'Accept, Origin' },
  { existing: '*', names: ['Origin'], merged: '*' },
  { existing: 'Accept, *', names: ['Origin'], merged: '*' },
  { existing: 'Accept', names: ['*'], merged: '*' },
  { existing: ['Accept', 'Cookie, origin'], names: ['Origin'], merged: 'Accept, Cookie, origin' },
  { existing: [], names: ['Origin'], merged: 'Origin' },
  { existing: ['Accept', '*'], names: ['Origin'], merged: '*' },
  { existing: 7, names: ['Origin'], merged: '7, Origin' },
  {
    existing: 'X-Original, Originator',
    names: ['Origin'],
    merged: 'X-Original, Originator, Origin',
  },
]
