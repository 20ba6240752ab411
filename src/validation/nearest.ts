/** "Did you mean": the known name that a misspelt one is closest to. */

const MOST_EDITS = 2
const LONGEST_NAME = 40

export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > LONGEST_NAME) return undefined
  let best: { candidate: string; edits: number } | undefined
  for (const candidate of known) {
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase())
    const few = edits <= MOST_EDITS && edits < candidate.length / 2
    if (few && (best === undefined || edits < best.edits)) best = { candidate, edits }
  }
  return best?.candidate
}

/** The least number of letters to insert, delete or replace (Levenshtein). */
function editDistance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = cell(previous, column - 1) + (one[row - 1] === other[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, cell(previous, column) + 1, cell(current, column - 1) + 1))
    }
    previous = current
  }
  return cell(previous, other.length)
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
