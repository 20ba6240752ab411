/** A decision in the forms in which fields are taken, made once for each decision that is shared. */

import {
  type CorsDecision,
  isCorsField,
  mergeVary,
  type StoredValue,
  slotOf,
} from '../../src/index.ts'

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
  /** The CORS fields and `Vary`, for a head that has neither. */
  readonly all: readonly TextField[]
  /** A `Vary` of somebody else that was merged last, and what came of it. */
  otherVary: string | undefined
  mergedVary: string
  flat: readonly string[] | undefined
  object: Readonly<Record<string, string>> | undefined
  stored: StoredFields | undefined
}

/** As Node stores fields: by lower-case name, the name as it is spelt, and the value. */
export type StoredFields = Readonly<Record<string, TextField>>

const FORMS = Symbol('crossgate.forms')

export function formsOf(decision: CorsDecision): Forms {
  const slot = slotOf(decision)
  if (slot === undefined) return formsOfLast(decision)
  slot[FORMS] ??= formsFrom(decision)
  return slot[FORMS] as Forms
}

/** One at a time, however many requests there are. */
let last: { readonly decision: CorsDecision; readonly forms: Forms } | undefined

/** A decision for one request is asked for more than once while it is answered. */
function formsOfLast(decision: CorsDecision): Forms {
  if (last?.decision === decision) return last.forms
  last = { decision, forms: formsFrom(decision) }
  return last.forms
}

function formsFrom({ headers, vary: names }: CorsDecision): Forms {
  const cors: TextField[] = []
  const own: TextField[] = []
  for (const name of Object.keys(headers)) {
    const field: TextField = [name, headers[name] as string]
    if (isCorsField(name)) cors.push(field)
    else own.push(field)
  }
  const vary = names.join(', ')
  const all: readonly TextField[] = vary === '' ? cors : [...cors, [VARY, vary]]
  return {
    cors,
    own,
    vary,
    all,
    otherVary: undefined,
    mergedVary: vary,
    flat: undefined,
    object: undefined,
    stored: undefined,
  }
}

/** The value of `Vary` where somebody else has one, too. An application has the same each time, mostly. */
export function varyBeside(other: StoredValue, decision: CorsDecision): string {
  if (typeof other !== 'string') return mergeVary(other, decision.vary)
  const forms = formsOf(decision)
  if (forms.otherVary !== other) {
    forms.otherVary = other
    forms.mergedVary = mergeVary(other, decision.vary)
  }
  return forms.mergedVary
}

/** All fields as a flat list. */
export function flatOf(forms: Forms): readonly string[] {
  forms.flat ??= forms.all.flat()
  return forms.flat
}

/** All fields as an object, with a prototype: Node reads it faster, and no field here is called `__proto__`. */
export function objectOf(forms: Forms): Readonly<Record<string, string>> {
  forms.object ??= Object.freeze(Object.fromEntries(forms.all))
  return forms.object
}

/**
 * Objects with this prototype inherit nothing, and are read in a fraction of the time that those without
 * any prototype take.
 */
export const NOTHING = Object.freeze(Object.create(null))

/** All fields as a response keeps them that has no others. */
export function storedOf(forms: Forms): StoredFields {
  if (forms.stored === undefined) {
    const stored: Record<string, TextField> = Object.create(NOTHING)
    for (const field of forms.all) stored[field[0]] = field
    forms.stored = stored
  }
  return forms.stored
}
