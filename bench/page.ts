/**
 * Puts results where they are read: the targets between the markers of `docs/performance.md`, one pair for
 * each major version of Node, and all tables on a page of their own.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Machine } from './machine.ts'
import type { Results } from './results.ts'
import { asMarkdown, notesOf, rowsAsMarkdown, tablesOf } from './tables.ts'

const PAGE = 'docs/performance.md'

export function writePages(results: Results): void {
  const details = detailsPath(majorOf(results))
  mkdirSync(dirname(details), { recursive: true })
  writeFileSync(details, detailsOf(results))
  writeFileSync(PAGE, withResults(readFileSync(PAGE, 'utf8'), results))
}

function detailsPath(major: string): string {
  return `docs/performance/node-${major}.md`
}

function majorOf({ machine }: Results): string {
  return machine.node.split('.')[0] ?? ''
}

/** @throws where the page has no place for them. */
export function withResults(page: string, results: Results): string {
  const major = majorOf(results)
  const first = `<!-- results on Node ${major}: written by npm run bench -- --write -->`
  const last = `<!-- end of results on Node ${major} -->`
  const begin = page.indexOf(first)
  const end = page.indexOf(last)
  if (begin < 0 || end < begin) throw new Error(`${PAGE} needs ${first} and ${last}`)
  const [targets] = tablesOf(results)
  const details = `[All figures of this run](performance/node-${major}.md).`
  const parts = [madeOn(results.machine), targets && rowsAsMarkdown(targets), details]
  return `${page.slice(0, begin)}${first}\n\n${joined(parts)}\n\n${page.slice(end)}`
}

export function detailsOf(results: Results): string {
  const [, ...tables] = tablesOf(results)
  const parts = [
    `# Performance on Node ${majorOf(results)}`,
    'Written by `npm run bench -- --write`. What is measured, and how: [performance.md](../performance.md).',
    madeOn(results.machine),
    ...tables.map((table) => asMarkdown(table)),
    notes(results),
  ]
  return `${joined(parts)}\n`
}

function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n')
}

function madeOn({ date, node, v8, platform, processor, cores, versions }: Machine): string {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `Measured ${date} on Node ${node} (V8 ${v8}), ${platform}, ${processor}, ${cores} cores, with ${packages.join(', ')}.`
}

function notes(results: Results): string {
  const lines = notesOf(results)
  return lines.length === 0 ? '' : ['## Notes', '', ...lines.map((one) => `- ${one}`)].join('\n')
}
