/** The matrix as a table of the README. */

import { express4, express5 } from './express.ts'
import { fastify5 } from './fastify.ts'
import { koa2, koa3 } from './koa.ts'
import { http, http2, https } from './node.ts'
import type { Framework } from './path.ts'
import { ROWS, type RowId } from './titles.ts'

/** Frameworks that share a column. */
const COLUMNS: readonly { readonly name: string; readonly frameworks: readonly Framework[] }[] = [
  { name: 'Express 4, 5', frameworks: [express4, express5] },
  { name: 'Fastify 5', frameworks: [fastify5] },
  { name: 'Koa 2, 3', frameworks: [koa2, koa3] },
  { name: '`http`, `https`, `http2`', frameworks: [http, https, http2] },
]

const START = '<!-- paths: written by `npm run docs:paths` -->'
const END = '<!-- end of paths -->'

/** A README with the table as it is now. */
export function withTable(readme: string): string {
  const start = readme.indexOf(START)
  const end = readme.indexOf(END)
  if (start === -1 || end === -1) throw new Error(`the README has no ${START} ... ${END}`)
  return `${readme.slice(0, start)}${START}\n\n${pathsTable()}\n\n${readme.slice(end)}`
}

export function pathsTable(): string {
  const head = ['what is answered', ...COLUMNS.map(({ name }) => name)]
  const rows = (Object.keys(ROWS) as RowId[]).map((id) => [
    ROWS[id].title,
    ...COLUMNS.map(({ frameworks }) => cellOf(id, frameworks)),
  ])
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

/** One word where all versions agree. */
function cellOf(id: RowId, frameworks: readonly Framework[]): string {
  const words = frameworks.map((framework) => wordOf(id, framework))
  const [first = ''] = words
  if (words.every((word) => word === first)) return first
  return frameworks
    .map(({ name }, index) => `${name.split(' ').at(-1)}: ${words[index]}`)
    .join(', ')
}

function wordOf(id: RowId, { paths }: Framework): string {
  const path = paths[id]
  if (typeof path === 'string') return '-'
  if (path.status === undefined) return 'no answer'
  return path.layers?.includes('adapter') === false ? '`installGuard`' : 'yes'
}
