/** What the matrix prints. */

import type { Cell } from './cells.ts'
import { FRAMEWORKS } from './frameworks.ts'
import { type Presence, titleOf } from './matrix.ts'
import { nameOf } from './table.ts'
import type { BundledModule } from './worker-bundles.ts'

type Print = (text: string) => void

/** Of the failures of one cell: the first ones say it. */
const SHOWN = 10

export function printCell(
  { framework, runtime, passed, total, failures }: Cell,
  print: Print,
): void {
  print(`${titleOf(framework, runtime)}: ${passed}/${total}`)
  for (const failure of failures.slice(0, SHOWN)) print(`  ${failure}`)
  if (failures.length > SHOWN) print(`  and ${failures.length - SHOWN} more`)
}

export function printSummary(
  found: readonly Presence[],
  cells: readonly Cell[],
  bundles: readonly BundledModule[],
  print: Print,
): void {
  const head = ['', ...found.map(({ runtime }) => runtime.name)]
  const rows = FRAMEWORKS.map((framework) => [
    nameOf(framework).replaceAll('`', ''),
    ...found.map(({ runtime }) => {
      const cell = cells.find((each) => each.framework === framework && each.runtime === runtime)
      return cell === undefined ? '-' : `${cell.passed}/${cell.total}`
    }),
  ])
  print('')
  for (const line of aligned([head, ...rows])) print(line)
  print('')
  for (const { runtime, version, absence } of found) {
    print(
      absence === undefined
        ? `${runtime.name}: ${version}`
        : `${runtime.name} is not available: ${absence}`,
    )
  }
  print('')
  for (const { name, bytes, gzip, imports } of bundles) {
    const left = imports.length === 0 ? 'imports nothing' : `imports ${imports.join(', ')}`
    print(`${name} in a Worker: ${bytes} bytes, ${gzip} with gzip; ${left}`)
  }
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

export function toJson(
  found: readonly Presence[],
  cells: readonly Cell[],
  bundles: readonly BundledModule[],
): string {
  return JSON.stringify(
    {
      runtimes: found.map(({ runtime, ...rest }) => ({ name: runtime.name, ...rest })),
      cells: cells.map(({ framework, runtime, passed, total, failures, deviations }) => ({
        framework: framework.name,
        version: framework.version ?? null,
        runtime: runtime.name,
        passed,
        total,
        failures,
        deviations: deviations.map(({ text }) => text),
      })),
      bundles,
    },
    undefined,
    2,
  )
}
