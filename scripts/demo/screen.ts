/** Where the demo is shown. */

import { styleText } from 'node:util'

export interface Screen {
  readonly write: (text: string) => void
  readonly columns: number
  readonly colour: boolean
}

export type Colour = 'green' | 'yellow' | 'red'

const LEAST_COLUMNS = 80
/** A pipe has no width of its own. */
const COLUMNS_OF_PIPES = 120

/** The stream as a screen: in colour only for people, and only if they have not asked for none. */
export function screenOf(
  stream: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number },
  noColor: string | undefined,
): Screen {
  const { columns = COLUMNS_OF_PIPES, isTTY = false } = stream
  return {
    write: (text) => {
      stream.write(text)
    },
    columns: Math.max(LEAST_COLUMNS, columns),
    colour: isTTY && noColor === undefined,
  }
}

export function painter({ colour }: Screen, name: Colour): (text: string) => string {
  return colour ? (text) => styleText(name, text, { validateStream: false }) : (text) => text
}
