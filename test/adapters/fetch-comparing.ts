/** Holds an answer against that of the same application without crossgate. */

import { expect } from 'vitest'
import { ASKERS, type Asker, POLICY_LINES } from '../paths/path.ts'
import { corsLines, expectedLines, otherLines } from './harness.ts'
import type { Fields, WireAnswer, WireRequest } from './wire.ts'

export const ASKING = Object.keys(ASKERS) as Asker[]

/** The request of a path, as somebody sends it. */
export function askedBy(asker: Asker, asked: WireRequest = {}): WireRequest {
  const origin = ASKERS[asker]
  const fields: Fields = origin === undefined ? [] : [['Origin', origin]]
  return { ...asked, headers: [...fields, ...(asked.headers ?? [])] }
}

/** Expects the policy's fields, with what the application varies on besides, and nothing else changed. */
export function expectSame(asker: Asker, covered: WireAnswer, bare: WireAnswer): void {
  const { vary = '', ...fields } = POLICY_LINES[asker] as Record<string, string>
  const own = corsLines(bare.rawHeaders).flatMap(([name, value]) => (name === 'vary' ? value : []))
  expect(corsLines(covered.rawHeaders).map(sorted)).toEqual(
    expectedLines({ ...fields, vary: together([...own, vary]) }).map(sorted),
  )
  expect({ ...covered, rawHeaders: otherLines(covered.rawHeaders) }).toEqual({
    ...bare,
    rawHeaders: otherLines(bare.rawHeaders),
  })
}

/** Whoever comes last adds to the end of `Vary`: in which order its names are means nothing. */
function sorted([name, value]: [string, string]): [string, string] {
  return name === 'vary' ? [name, value.split(', ').sort().join(', ')] : [name, value]
}

/** Every name once, in order; `*` stands for all. */
function together(values: readonly string[]): string {
  const names = values.flatMap((value) => value.split(',')).map((name) => name.trim())
  const once = names.filter(
    (name, index) =>
      name !== '' &&
      names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) === index,
  )
  return once.includes('*') ? '*' : once.join(', ')
}
