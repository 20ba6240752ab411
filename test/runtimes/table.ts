/** The matrix as a table of the README. */

import type { Cell } from './cells.ts'
import { DEVIATIONS } from './deviations.ts'
import { FRAMEWORKS, type Framework } from './frameworks.ts'
import { RUNTIMES } from './runtimes.ts'

const START = '<!-- runtimes: written by `npm run docs:runtimes` -->'
const END = '<!-- end of runtimes -->'

/** A README with the table of these results. */
export function withTable(readme: string, cells: readonly Cell[]): string {
  const start = readme.indexOf(START)
  const end = readme.indexOf(END)
  if (start === -1 || end === -1) throw new Error(`the README has no ${START} ... ${END}`)
  return `${readme.slice(0, start)}${START}\n\n${runtimesTable(cells)}\n\n${readme.slice(end)}`
}

function runtimesTable(cells: readonly Cell[]): string {
  const head = ['', ...RUNTIMES.map(({ name }) => name)]
  const rows = FRAMEWORKS.map((framework) => [
    nameOf(framework),
    ...RUNTIMES.map((runtime) =>
      wordOf(cells.find((cell) => cell.framework === framework && cell.runtime === runtime)),
    ),
  ])
  const table = [head, head.map(() => '---'), ...rows]
    .map((line) => `| ${line.join(' | ')} |`)
    .join('\n')
  return [table, ...DEVIATIONS.map(({ text }, index) => `(${index + 1}) ${text}`)].join('\n\n')
}

export function nameOf({ name, version }: Framework): string {
  return version === undefined ? name : `${name} ${version}`
}

function wordOf(cell: Cell | undefined): string {
  if (cell === undefined) return '-'
  if (cell.failures.length > 0) return 'no'
  const notes = cell.deviations.map((deviation) => ` (${DEVIATIONS.indexOf(deviation) + 1})`)
  return `yes${notes.join('')}`
}
