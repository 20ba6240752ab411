/**
 * Measures crossgate against hand-written code and its peers: `npm run bench`, in a quarter of an hour;
 * `npm run bench -- --quick`, in two minutes. `--write` puts the results into `docs/performance.md`,
 * those of each major version of Node into a place of their own.
 *
 * `--only node,koa` and `--scenario get,preflight` choose; `--part micro,macro,imports,sizes,memory` does,
 * too; `--json FILE` says where the figures go. Where crossgate or a floor answers wrongly, it fails.
 */

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { bundle } from './bundle.ts'
import { imports } from './imports.ts'
import { KINDS } from './kinds.ts'
import { machine } from './machine.ts'
import { MACRO_KINDS, macro } from './macro.ts'
import { memory } from './memory.ts'
import { micro } from './micro.ts'
import { writePages } from './page.ts'
import type { Results } from './results.ts'
import { sizes } from './sizes.ts'
import { asText, notesOf, tablesOf } from './tables.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    scenario: { type: 'string' },
    part: { type: 'string' },
    json: { type: 'string', default: 'node_modules/.cache/bench.json' },
    write: { type: 'boolean', default: false },
  },
})
const { quick } = values
const kinds = listOf(values.only, Object.keys(KINDS))
const parts = listOf(values.part, ['micro', 'macro', 'imports', 'sizes', 'memory'])
const choice = { quick, kinds, scenarios: listOf(values.scenario, []) }
const IMPORT_ROUNDS = quick ? 5 : 21

const made = await bundle(['child', 'server', 'policy-heap'])
try {
  const results: Results = {
    machine: machine(),
    quick,
    sizes: await part('sizes', [], sizes),
    memory: await part('memory', undefined, () => memory(made.program('policy-heap'))),
    imports: await part('imports', [], () => imports(made.folder, IMPORT_ROUNDS)),
    micro: await part('micro', [], () => micro(made.program('child'), choice, progress)),
    macro: await part('macro', [], measureServers),
  }
  for (const table of tablesOf(results)) console.log(`\n${asText(table)}`)
  for (const note of notesOf(results)) console.log(note)
  mkdirSync(dirname(values.json), { recursive: true })
  writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`)
  if (values.write) writePages(results)
  process.exitCode = isRight(results) ? 0 : 1
} finally {
  made.remove()
}

function listOf(value: string | undefined, otherwise: readonly string[]): readonly string[] {
  return value?.split(',') ?? otherwise
}

async function part<Result>(
  name: string,
  otherwise: Result,
  measure: () => Promise<Result>,
): Promise<Result> {
  return parts.includes(name) ? measure() : otherwise
}

async function measureServers() {
  const chosen = MACRO_KINDS.filter((kind) => kinds.includes(kind))
  const measured = await macro(made.program('server'), chosen, quick, progress)
  if (measured === undefined) console.error('There is no wrk: whole servers are not measured.')
  return measured ?? []
}

function progress({ kind, scenario }: { readonly kind: string; readonly scenario: string }): void {
  console.error(`${kind}, ${scenario}`)
}

/** Peers may answer wrongly; what they are compared with may not. */
function isRight({ micro, macro }: Results): boolean {
  return [...micro, ...macro].every(({ figures }) =>
    figures.every(
      ({ subject, wrong }) => !['crossgate', 'floor'].includes(subject) || wrong.length === 0,
    ),
  )
}
