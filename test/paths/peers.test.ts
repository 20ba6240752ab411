/** Everything that other libraries fail at, cell by cell: it holds here, or nobody can answer there. */

import { describe, expect, it, vi } from 'vitest'
import { failOnUnhandledRejections } from '../adapters/harness.ts'
import { express4, express5 } from './express.ts'
import { fastify5 } from './fastify.ts'
import { koa2, koa3 } from './koa.ts'
import { runCell } from './matrix.ts'
import { http } from './node.ts'
import type { Framework } from './path.ts'
import { CHECK_NAMES, runCheck } from './peers/checks.ts'
import { type FrameworkId, PEERS, type Proof } from './peers/failure.ts'
import { CELLS, type Cell } from './peers.ts'
import { ROWS, type RowId } from './titles.ts'

// Express prints the errors that it answers for.
vi.spyOn(console, 'error').mockImplementation(() => {})

const FRAMEWORKS: Readonly<Record<FrameworkId, Framework>> = {
  express4,
  express5,
  fastify5,
  koa2,
  koa3,
  http,
}

const LEFT_TO_FRAMEWORK = CELLS.filter(({ by }) => remarkOf(by) !== '')
const HELD = CELLS.filter((cell) => !LEFT_TO_FRAMEWORK.includes(cell))

describe('What other libraries fail at', () => {
  failOnUnhandledRejections()

  it.each(titled(HELD))('%s', (_title, cell) => show(cell))

  describe('and where the framework decides', () => {
    it.each(titled(LEFT_TO_FRAMEWORK))('%s', (_title, cell) => show(cell))
  })

  it('has each cell once', () => {
    const titles = CELLS.map(titleOf)
    expect(titles).toEqual([...new Set(titles)])
  })

  it('has a cell for every library that a row of the matrix names', () => {
    const missing = (Object.keys(ROWS) as RowId[]).flatMap((id) =>
      librariesOf(id)
        .filter((library) => isPossible(id, library) && !hasCell(id, library))
        .map((library) => `${library}: ${id}`),
    )
    expect(missing).toEqual([])
  })

  it('has a cell for every check', () => {
    const used = CELLS.map(({ by }) => ('check' in by ? by.check : undefined))
    expect(CHECK_NAMES.filter((name) => !used.includes(name))).toEqual([])
  })

  it('leaves nothing else to the framework', () => {
    expect(LEFT_TO_FRAMEWORK.map(({ by, framework }) => [framework, by.row])).toEqual([
      ['express4', 'rejects'],
      ['koa2', 'throws-null'],
      ['koa3', 'throws-null'],
      ['koa2', 'throws-frozen'],
      ['koa3', 'throws-frozen'],
      ['koa3', 'stream-error-before'],
      ['koa2', 'stream-error-after'],
      ['express4', 'on-route'],
      ['express5', 'on-route'],
      ['express5', undefined],
    ])
  })
})

function titled(cells: readonly Cell[]): [string, Cell][] {
  return cells.map((cell) => [titleOf(cell), cell])
}

function titleOf({ experiment, peer, failure, by }: Cell): string {
  return `${experiment} (${peer}: ${failure})${remarkOf(by)}`
}

function remarkOf(by: Proof): string {
  if (by.neverAnswered !== undefined) return `, since ${by.neverAnswered}`
  return 'instead' in by ? `, and ${by.instead} instead` : ''
}

async function show({ by, framework }: Cell): Promise<void> {
  if ('check' in by) return runCheck(by.check, framework)
  const { row, asker = 'an allowed origin', neverAnswered } = by
  const { paths } = FRAMEWORKS[framework]
  if (neverAnswered !== undefined) expect(paths[row]).toHaveProperty('status', undefined)
  return runCell(FRAMEWORKS[framework], row, asker)
}

/** `lostBy` starts with the library's name; what follows is in which version, or with what. */
function librariesOf(id: RowId): string[] {
  const { lostBy = [] } = ROWS[id] as { lostBy?: readonly string[] }
  return lostBy.map((name) => name.split(' ')[0] ?? '')
}

/** Whether any framework of the library has a path there. */
function isPossible(id: RowId, library: string): boolean {
  return Object.values(PEERS).some(
    (peer) => peer.library === library && typeof FRAMEWORKS[peer.framework].paths[id] !== 'string',
  )
}

function hasCell(id: RowId, library: string): boolean {
  return CELLS.some(({ by, peer }) => by.row === id && PEERS[peer].library === library)
}
