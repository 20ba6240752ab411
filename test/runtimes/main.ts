/**
 * The runtime matrix: the packed tarball with every framework in every runtime.
 *
 *     npm run test:runtimes                     runs it, and holds the README's table against it
 *     npm run test:runtimes -- --write          writes the README's table
 *     npm run test:runtimes -- --json           prints the results as JSON
 *     npm run test:runtimes -- --only koa       runs what has this in its name: a framework, a runtime
 *
 * A runtime that cannot be had is told of, and fails the run where `CI` is set.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Cell } from './cells.ts'
import { type Presence, presences, runMatrix } from './matrix.ts'
import { installPackages, ROOT } from './packages.ts'
import { createProject } from './project.ts'
import { printCell, printSummary, toJson } from './summary.ts'
import { withTable } from './table.ts'
import { type BundledModule, bundleModules } from './worker-bundles.ts'

const README = join(ROOT, 'README.md')

const { values: settings } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
})

// What is not JSON goes where it is not in the way.
const print = settings.json ? console.error : console.log

process.exitCode = (await main()) ? 0 : 1

/** Answers whether all is well. */
async function main(): Promise<boolean> {
  await installPackages(print)
  const found = await presences()
  const runtimes = found.filter(({ absence }) => absence === undefined)
  print('packing crossgate')
  const project = await createProject()
  try {
    const cells = await runMatrix(
      runtimes.map(({ runtime }) => runtime),
      project.folder,
      settings.only.toLowerCase(),
      (cell) => printCell(cell, print),
    )
    const bundles = await bundleModules(project.folder)
    printSummary(found, cells, bundles, print)
    if (settings.json) console.log(toJson(found, cells, bundles))
    const faults = [...faultsOf(found, cells, bundles), ...tableFaults(found, cells)]
    for (const fault of faults) print(`FAIL ${fault}`)
    return faults.length === 0
  } finally {
    await project.remove()
  }
}

function faultsOf(
  found: readonly Presence[],
  cells: readonly Cell[],
  bundles: readonly BundledModule[],
): readonly string[] {
  const failed = cells.filter(({ failures }) => failures.length > 0).length
  const { CI = '' } = process.env
  const missing = found.flatMap(({ runtime, absence }) => (absence ? [runtime.name] : []))
  return [
    ...(cells.length === 0 ? ['nothing was run'] : []),
    ...(failed > 0 ? [`${failed} of ${cells.length} cells`] : []),
    ...(CI !== '' ? missing.map((name) => `${name} is required where CI is set`) : []),
    ...bundles.flatMap(({ name, imports }) =>
      imports.map((module) => `${name} imports ${module}, which Workers do not have`),
    ),
  ]
}

/** Writes the README's table, or holds it against the results. Both need all of them. */
function tableFaults(found: readonly Presence[], cells: readonly Cell[]): readonly string[] {
  if (settings.only !== '' || found.some(({ absence }) => absence !== undefined)) {
    print("the README's table is left alone: not everything was run")
    return settings.write ? ['the table is written from complete results only'] : []
  }
  const readme = readFileSync(README, 'utf8')
  const written = withTable(readme, cells)
  if (written === readme) return []
  if (!settings.write) return ["the README's table is another: npm run docs:runtimes writes it"]
  writeFileSync(README, written)
  return []
}
