/** Lines of a response's head, in the forms in which they are compared. */

import type { Fields } from './wire.ts'

/** Every line of the CORS fields and of `Vary`, by lower-case name, sorted. */
export function corsLines(rawHeaders: Fields): [string, string][] {
  return rawHeaders
    .filter(([name]) => isCorsOrVary(name))
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .sort(byName)
}

/** The lines of an expectation, in the form of {@link corsLines}. */
export function expectedLines(fields: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(fields).sort(byName)
}

/** Every other line, as it came, except for the clock's. */
export function otherLines(rawHeaders: Fields): Fields {
  return rawHeaders.filter(([name]) => !isCorsOrVary(name) && name.toLowerCase() !== 'date')
}

function isCorsOrVary(name: string): boolean {
  return /^(?:access-control-.*|vary)$/i.test(name)
}

function byName([left]: readonly string[], [right]: readonly string[]): number {
  return (left ?? '') < (right ?? '') ? -1 : 1
}
