/** Results as tables: rows of text, for the screen and for Markdown. */

import type { Figures } from './figures.ts'
import type { MicroResult, Results } from './results.ts'
import { SCENARIOS } from './scenarios.ts'
import { defeats, standingOf, TARGETS, type Unit } from './targets.ts'

export interface Table {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** How many digits are worth showing. */
const DIGITS: Readonly<Record<Unit, number>> = {
  x: 2,
  ns: 0,
  B: 0,
  us: 1,
  ms: 1,
  kB: 1,
  MB: 1,
  defeats: 0,
}
/** Peers are off by thousands. */
const LARGE = 20

export function tablesOf(results: Results): Table[] {
  return [
    targetTable(results),
    ...kindsOf(results).flatMap((kind) => [ratioTable(results, kind), heapTable(results, kind)]),
    macroTable(results),
    importTable(results),
    sizeTable(results),
  ].filter(({ rows }) => rows.length > 0)
}

function targetTable(results: Results): Table {
  const show = (value: number, unit: Unit): string =>
    unit === 'defeats' ? String(value) : `${value.toFixed(DIGITS[unit])} ${unit}`
  return {
    title: 'Targets',
    head: ['what', 'aim', 'must', 'result', ''],
    rows: TARGETS.map((target) => {
      const value = target.measure(results)
      const { title, aim, must, unit } = target
      const standing = standingOf(target, value)
      const shown = value === undefined ? '' : show(value, unit)
      return [title, show(aim, unit), show(must, unit), shown, standing]
    }).filter(([, , , , standing]) => standing !== 'not measured'),
  }
}

function kindsOf({ micro }: Results): string[] {
  return [...new Set(micro.map(({ kind }) => kind))]
}

const titleOf = (scenario: string): string =>
  SCENARIOS.find(({ name }) => name === scenario)?.title ?? scenario

/** Of one kind: a row for each scenario, a column for each subject but `bare` and the floor itself. */
function kindTable(
  { micro }: Results,
  kind: string,
  title: string,
  show: (figures: Figures, floor: Figures | undefined) => string,
): Table {
  const own = micro.filter((one) => one.kind === kind)
  const subjects = (own[0]?.figures ?? [])
    .map(({ subject }) => subject)
    .filter((subject) => subject !== 'bare' && subject !== 'floor')
  const cell = ({ figures }: MicroResult, subject: string): string => {
    const found = figures.find((one) => one.subject === subject)
    const floor = figures.find((one) => one.subject === 'floor')
    return found === undefined ? '' : show(found, floor)
  }
  return {
    title: `${kind}: ${title}`,
    head: ['scenario', ...subjects],
    rows: own.map((one) => [
      titleOf(one.scenario),
      ...subjects.map((subject) => cell(one, subject)),
    ]),
  }
}

function ratioTable(results: Results, kind: string): Table {
  return kindTable(results, kind, 'time over the floor, net (whole)', (figures) => {
    const mark = figures.wrong.length === 0 ? '' : ' WRONG'
    return `${times(figures.ratio)} (${times(figures.wholeRatio)})${mark}`
  })
}

function heapTable(results: Results, kind: string): Table {
  return kindTable(results, kind, 'heap over the floor, net (whole)', (figures, floor) => {
    const net = floor === undefined ? Number.NaN : figures.addedBytes / floor.addedBytes
    return `${times(net)} (${times(figures.wholeBytesRatio)})`
  })
}

function times(value: number): string {
  if (!Number.isFinite(value)) return '-'
  return value >= LARGE ? Math.round(value).toLocaleString('en-US') : value.toFixed(2)
}

function macroTable({ macro }: Results): Table {
  return {
    title: 'Whole servers: to the same without the layer',
    head: ['server', 'scenario', 'subject', 'processor for a request', 'requests in a second'],
    rows: macro.flatMap(({ kind, scenario, figures }) =>
      figures
        .filter(({ subject }) => subject !== 'bare')
        .map(({ subject, cpuRatio, throughputRatio }) => [
          kind,
          titleOf(scenario),
          subject,
          cpuRatio.toFixed(2),
          throughputRatio.toFixed(2),
        ]),
    ),
  }
}

function importTable({ imports }: Results): Table {
  return {
    title: 'Imports: to that of `cors`',
    head: ['import', 'time'],
    rows: imports.map(({ specifier, ratio }) => [specifier, ratio.toFixed(2)]),
  }
}

function sizeTable({ sizes }: Results): Table {
  return {
    title: 'Sizes: bundled with the core, minified, gzipped',
    head: ['entry', 'kB'],
    rows: sizes.map(({ entry, gzipped }) => [entry, (gzipped / 1000).toFixed(1)]),
  }
}

/** What has to be said in words: wrong answers, and peers that were quicker. */
export function notesOf(results: Results): string[] {
  const wrong = [...results.micro, ...results.macro].flatMap(({ kind, scenario, figures }) =>
    figures
      .filter((one) => one.wrong.length > 0)
      .map((one) => `wrong: ${one.subject}, ${kind}, ${scenario}: ${one.wrong.join('; ')}`),
  )
  return [...wrong, ...defeats(results).map((one) => `quicker: ${one}`)]
}

export function asText({ title, head, rows }: Table): string {
  const all = [head, ...rows]
  const widths = head.map((_, index) => Math.max(...all.map((row) => (row[index] ?? '').length)))
  const lines = all.map((row) =>
    row
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [title, '', ...lines].join('\n')
}

export function asMarkdown(table: Table): string {
  return `## ${table.title}\n\n${rowsAsMarkdown(table)}`
}

/** Without its title. */
export function rowsAsMarkdown({ head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rule = line(head.map((_, index) => (index === 0 ? '---' : '---:')))
  return [line(head), rule, ...rows.map(line)].join('\n')
}
