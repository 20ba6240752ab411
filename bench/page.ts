/** Puts results between the markers of `docs/performance.md`. */

import { readFileSync, writeFileSync } from 'node:fs'
import type { Machine } from './machine.ts'
import type { Results } from './results.ts'
import { asMarkdown, notesOf, tablesOf } from './tables.ts'

const PAGE = 'docs/performance.md'
const BEGIN = '<!-- results: written by npm run bench -- --write -->'
const END = '<!-- end of results -->'

export function writePage(results: Results): void {
  writeFileSync(PAGE, withResults(readFileSync(PAGE, 'utf8'), results))
}

/** @throws where the page has no place for them. */
export function withResults(page: string, results: Results): string {
  const begin = page.indexOf(BEGIN)
  const end = page.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`${PAGE} needs ${BEGIN} and ${END}`)
  const parts = [madeOn(results.machine), ...tablesOf(results).map(asMarkdown), notes(results)]
  const written = parts.filter((part) => part !== '').join('\n\n')
  return `${page.slice(0, begin)}${BEGIN}\n\n${written}\n\n${page.slice(end)}`
}

function madeOn({ date, node, v8, platform, processor, cores, versions }: Machine): string {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `Measured ${date} on Node ${node} (V8 ${v8}), ${platform}, ${processor}, ${cores} cores, with ${packages.join(', ')}.`
}

function notes(results: Results): string {
  const lines = notesOf(results)
  return lines.length === 0 ? '' : ['### Notes', '', ...lines.map((one) => `- ${one}`)].join('\n')
}
