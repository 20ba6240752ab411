/** Text in columns. Nothing is cut off: what does not fit goes on below. */

export interface Column {
  readonly head: string
  /** At least this wide, and wider where there is need and room, the first columns first. */
  readonly least: number
}

/** A cell may have several lines, and a colour for them. */
export interface Cell {
  readonly text: string
  readonly paint?: (piece: string) => string
}

const GUTTER = '  '

/** Rows come in groups, with a rule above each. */
export function table(
  columns: readonly Column[],
  groups: readonly (readonly (readonly Cell[])[])[],
  width: number,
): string {
  const heads = columns.map(({ head }) => ({ text: head }))
  const widths = widthsOf(columns, [heads, ...groups.flat()], width)
  const rule = '-'.repeat(widths.reduce((sum, each) => sum + GUTTER.length + each))
  const draw = (row: readonly Cell[]): string[] => drawRow(row, widths)
  return [...draw(heads), ...groups.flatMap((rows) => [rule, ...rows.flatMap(draw)])].join('\n')
}

function widthsOf(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number,
): number[] {
  const gutters = GUTTER.length * (columns.length - 1)
  let spare = columns.reduce((left, { least }) => left - least, width - gutters)
  return columns.map(({ least }, index) => {
    const lines = rows.flatMap((row) => row[index]?.text.split('\n') ?? [])
    const need = Math.max(...lines.map(({ length }) => length)) - least
    const more = Math.max(0, Math.min(need, spare))
    spare -= more
    return least + more
  })
}

function drawRow(row: readonly Cell[], widths: readonly number[]): string[] {
  const cells = row.map(({ text, paint = asIs }, index) => {
    const width = widths[index] ?? 1
    return { pieces: text.split('\n').flatMap((line) => wrap(line, width)), paint, width }
  })
  const height = Math.max(...cells.map(({ pieces }) => pieces.length))
  return Array.from({ length: height }, (_, at) => {
    const drawn = cells.map(({ pieces: { [at]: piece = '' }, paint, width }) =>
      piece === '' ? ' '.repeat(width) : paint(piece) + ' '.repeat(width - piece.length),
    )
    return drawn.join(GUTTER).trimEnd()
  })
}

/** Breaks at spaces, and inside of a word only where it is longer than a line. */
function wrap(line: string, width: number): string[] {
  return line.match(new RegExp(`\\S.{0,${width - 1}}(?=\\s|$)|\\S{1,${width}}`, 'g')) ?? ['']
}

function asIs(piece: string): string {
  return piece
}
