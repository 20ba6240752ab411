/** Runs the cells of the matrix, several at a time. */

import { type Cell, isPossible, runCell } from './cells.ts'
import { FRAMEWORKS, type Framework } from './frameworks.ts'
import { absenceOf, RUNTIMES, type Runtime, versionOf } from './runtimes.ts'
import { nameOf } from './table.ts'

/** As many programs at a time: whoever sends the requests needs a processor, too. */
const AT_ONCE = 3

export interface Presence {
  readonly runtime: Runtime
  /** What its program says of itself. */
  readonly version?: string
  /** Why it cannot be had. */
  readonly absence?: string
}

export async function presences(): Promise<readonly Presence[]> {
  return Promise.all(
    RUNTIMES.map(async (runtime) => {
      const absence = await absenceOf(runtime)
      return absence === undefined
        ? { runtime, version: await versionOf(runtime) }
        : { runtime, absence }
    }),
  )
}

/** How a cell is called, in a terminal. */
export function titleOf(framework: Framework, { name }: Runtime): string {
  return `${nameOf(framework).replaceAll('`', '')} in ${name}`
}

/**
 * @param only What is in the names of the cells that are asked for.
 * @param done Sees each cell as soon as it is done.
 */
export async function runMatrix(
  runtimes: readonly Runtime[],
  folder: string,
  only: string,
  done: (cell: Cell) => void,
): Promise<readonly Cell[]> {
  const asked = FRAMEWORKS.flatMap((framework) =>
    runtimes
      .filter((runtime) => isPossible(framework, runtime))
      .map((runtime) => ({ framework, runtime })),
  ).filter(({ framework, runtime }) => titleOf(framework, runtime).toLowerCase().includes(only))
  const cells: Cell[] = []
  // The workers share what is left to do.
  const left = asked.entries()
  const work = async (): Promise<void> => {
    for (const [index, { framework, runtime }] of left) {
      const cell = await runCell(framework, runtime, folder)
      cells[index] = cell
      done(cell)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return cells
}
