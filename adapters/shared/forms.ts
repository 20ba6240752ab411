/** A decision in the forms in which Node takes response fields, made once for each that is shared. */

import { type CorsDecision, isCorsField, isSharedDecision } from '../../src/index.ts'

export type TextField = readonly [name: string, value: string]

/** The field that decisions are merged into, where others only replace. */
export const VARY = 'vary'

export interface Forms {
  /** The CORS fields. */
  readonly cors: readonly TextField[]
  /**
   * The other fields, such as the length of an empty body. Whoever ends the response with the decision
   * stores them. They are not held against an application that then answers in another way, since its
   * answer has another length.
   */
  readonly own: readonly TextField[]
  /** The value of `Vary` where nobody else has one; empty where none is needed. */
  readonly vary: string
  /** The CORS fields and `Vary`, for a head that has neither: as an object, and as a flat list. */
  readonly record: Readonly<Record<string, string>>
  readonly flat: readonly string[]
}

const known = new WeakMap<CorsDecision, Forms>()

export function formsOf(decision: CorsDecision): Forms {
  const forms = known.get(decision)
  if (forms !== undefined) return forms
  const made = formsFrom(decision)
  // Decisions for one request would only fill the map.
  if (isSharedDecision(decision)) known.set(decision, made)
  return made
}

function formsFrom({ headers, vary: names }: CorsDecision): Forms {
  const cors: TextField[] = []
  const own: TextField[] = []
  // An object that has a prototype is faster for Node to read. No field here is called `__proto__`.
  const record: Record<string, string> = {}
  const flat: string[] = []
  const add = (name: string, value: string): void => {
    record[name] = value
    flat.push(name, value)
  }
  for (const name in headers) {
    const value = headers[name] as string
    if (!isCorsField(name)) {
      own.push([name, value])
      continue
    }
    cors.push([name, value])
    add(name, value)
  }
  const vary = names.join(', ')
  if (vary !== '') add(VARY, vary)
  return { cors, own, vary, record: Object.freeze(record), flat }
}
