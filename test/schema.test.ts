/** The published JSON Schema, held against the validation that decides. */

import { readFileSync } from 'node:fs'
import { Ajv, type SchemaObject } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CorsIssueCode,
  type CorsOptions,
  definePolicy,
  isCorsConfigError,
  policyFromJson,
} from '../src/index.ts'
import { OPTION_NAMES } from '../src/validation/validate.ts'
import { anyOptions } from './properties/arbitraries.ts'
import { ISSUE_CASES } from './tables/issues.ts'
import { OPTION_NAMES as NAME_LISTS } from './tables/lists.ts'
import { EXACT_PATTERNS, REFUSED_PATTERNS, WILDCARD_PATTERNS } from './tables/patterns.ts'
import { ACCEPTED, CANNOT_SAY, NOT_SEEN, UNDERLINED } from './tables/schema.ts'

interface OptionSchema {
  readonly description?: string
  readonly default?: unknown
  readonly examples?: readonly unknown[]
}

const schema = JSON.parse(readFileSync('schema.json', 'utf8')) as SchemaObject & {
  readonly properties: Readonly<Record<string, OptionSchema>>
}
const isAccepted = new Ajv({ strict: true, strictTypes: false }).compile(schema)
const FUNCTIONS = ['isPublicSuffix', 'onDecision', 'onReplaced']
const ORIGIN = 'https://a.test'

function issueCodes(document: unknown): readonly CorsIssueCode[] {
  try {
    definePolicy(document as CorsOptions)
    return []
  } catch (error) {
    if (!isCorsConfigError(error)) throw error
    return error.issues.map(({ code }) => code)
  }
}

/** Whether a value is what a JSON document would make of it. */
function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (Array.isArray(value)) return value.every(isJson)
  if (typeof value !== 'object' || value === null) return isScalar(value)
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isJson)
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'boolean'
}

/** Every document of the tables that is wrong. */
const WRONG: readonly unknown[] = [
  ...ISSUE_CASES.map(({ options }) => options).filter(isJson),
  ...REFUSED_PATTERNS.map(({ text }) => ({ origin: text })),
  ...[...UNDERLINED, ...NOT_SEEN].map(({ document }) => document),
]

describe('the schema', () => {
  it('knows the options that are data, and its own name', () => {
    const data = OPTION_NAMES.filter((name) => !FUNCTIONS.includes(name))
    expect(Object.keys(schema.properties)).toEqual(['$schema', ...data])
  })

  it.each(Object.entries(schema.properties))('describes %s', (_name, { description = '' }) => {
    expect(description).toMatch(/\.$/)
  })

  const examples = Object.entries(schema.properties).flatMap(([name, option]) =>
    [...(option.examples ?? []), ...('default' in option ? [option.default] : [])].map((value) => ({
      name,
      value,
    })),
  )
  it.each(examples)('has examples and defaults that hold: $name: $value', ({ name, value }) => {
    const document = { origin: ORIGIN, [name]: value }
    expect(isAccepted(document)).toBe(true)
    expect(issueCodes(document)).toEqual([])
  })

  it.each(Object.entries(schema.properties).filter(([, option]) => 'default' in option))(
    'names the default of %s',
    (name, { default: stated }) => {
      const { options } = definePolicy({ origin: ORIGIN })
      expect(options[name as keyof CorsOptions]).toEqual(stated)
    },
  )
})

describe('a policy', () => {
  it.each(ACCEPTED)('is accepted: $name', ({ document }) => {
    expect(issueCodes(document)).toEqual([])
    expect([isAccepted(document), isAccepted.errors]).toEqual([true, null])
  })

  it.each([...EXACT_PATTERNS, ...WILDCARD_PATTERNS])('is accepted with %s', (origin) => {
    expect(isAccepted({ origin })).toBe(true)
    expect(isAccepted({ origin: [[{ pattern: origin }]] })).toBe(true)
  })

  it.each(NAME_LISTS)('is accepted with $option: $value', ({ option, value }) => {
    expect(isAccepted({ origin: ORIGIN, [option]: value })).toBe(true)
  })

  it('is accepted, whatever it says, if it can be said in JSON', () => {
    fc.assert(
      fc.property(anyOptions, (random) => {
        fc.pre(isJson(random))
        if (issueCodes(random).length === 0) expect(isAccepted(random)).toBe(true)
      }),
    )
  })

  it('is accepted with the name of the schema, which is no option', () => {
    const document = { $schema: './node_modules/crossgate/schema.json', origin: ORIGIN }
    expect(isAccepted(document)).toBe(true)
    expect(policyFromJson(JSON.stringify(document))).toEqual(definePolicy({ origin: ORIGIN }))
  })
})

describe('what is no policy', () => {
  it.each(UNDERLINED)('is refused: $name', ({ document }) => {
    expect(isAccepted(document)).toBe(false)
    expect(issueCodes(document)).not.toEqual([])
  })

  it.each(WRONG.map((document) => [JSON.stringify(document).slice(0, 120), document] as const))(
    'is refused, or wrong in a way that no schema can tell: %s',
    (_text, document) => {
      const codes = issueCodes(document)
      expect(codes).not.toEqual([])
      const missed = isAccepted(document) ? codes : []
      expect(missed.filter((code) => CANNOT_SAY[code] === undefined)).toEqual([])
    },
  )

  it('has no way listed that the schema can always tell', () => {
    const missed = WRONG.filter((document) => isAccepted(document)).flatMap(issueCodes)
    expect([...new Set(missed)].sort()).toEqual(Object.keys(CANNOT_SAY).sort())
  })
})
