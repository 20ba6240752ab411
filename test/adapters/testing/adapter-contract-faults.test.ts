/** The contract can fail: each fault of an adapter is seen by these cases, and by no other. */

import { adapterContract } from 'crossgate/testing'
import { describe, expect, it } from 'vitest'
import { FAILURES } from './adapter-contract-failures.ts'
import { FAULTS, RIGHT, type Steps, serveWith } from './adapter-contract-faults.ts'

const isRequest = (request: unknown): boolean => request instanceof Request

/** Milliseconds that an answer has where some never come. */
const IMPATIENT = 1000

/** The titles of the cases that fail. */
async function failures(steps: Steps, timeout?: number): Promise<string[]> {
  const cases = adapterContract({ serve: serveWith(steps), isRequest, timeout })
  const ended = await Promise.allSettled(cases.map(({ run }) => run()))
  return cases.flatMap(({ title }, index) => (ended[index]?.status === 'rejected' ? [title] : []))
}

const TITLES = adapterContract({ serve: serveWith(RIGHT), isRequest }).map(({ title }) => title)

/** Whether a title is one that a line of the table names. */
function isNamed(title: string, line: string): boolean {
  const [start = '', ...rest] = line.split('*')
  const end = rest.pop()
  if (end === undefined) return title === line
  const middle = title.slice(start.length, end === '' ? undefined : -end.length)
  return title.startsWith(start) && title.endsWith(end) && middle.includes(rest.join())
}

describe('an adapter that is right', () => {
  it('passes every case', async () => {
    expect(await failures(RIGHT)).toEqual([])
  })
})

describe('an adapter with a fault', () => {
  it('is in the table', () => {
    expect(Object.keys(FAILURES)).toEqual(Object.keys(FAULTS))
  })

  it.each(Object.entries(FAULTS))('that %s', async (name, steps) => {
    const lines = FAILURES[name] ?? []
    const expected = TITLES.filter((title) => lines.some((line) => isNamed(title, line)))
    expect(expected).not.toEqual([])
    const timeout = name.startsWith('hangs') ? IMPATIENT : undefined
    expect(await failures({ ...RIGHT, ...steps }, timeout)).toEqual(expected)
  })

  it('is known by titles that there are', () => {
    const unknown = Object.values(FAILURES)
      .flat()
      .filter((line) => !TITLES.some((title) => isNamed(title, line)))
    expect(unknown).toEqual([])
  })
})

describe('every case', () => {
  it('sees some fault, unless it is about the application alone', () => {
    const lines = Object.values(FAILURES).flat()
    const unseen = TITLES.filter((title) => !lines.some((line) => isNamed(title, line)))
    expect(unseen).toEqual(['application: routes answer as they say'])
  })
})
