import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CorsIssue,
  decide,
  definePolicy,
  type Environment,
  formatIssues,
  isCorsConfigError,
  policyFromEnv,
} from '../../../src/index.ts'
import { OPTION_NAMES } from '../../../src/validation/validate.ts'
import { ENVIRONMENTS, NOTHING, WRONG_ENVIRONMENTS } from '../../tables/environment.ts'

const ORIGIN = 'https://a.test'

function issuesOf(env: unknown, prefix?: string): readonly CorsIssue[] {
  try {
    policyFromEnv(env as Environment, prefix)
  } catch (error) {
    if (isCorsConfigError(error)) return error.issues
    throw error
  }
  return []
}

function shown({ code, path, suggestion }: CorsIssue): unknown {
  return suggestion === undefined ? { code, path } : { code, path, suggestion }
}

describe('an environment', () => {
  it.each(ENVIRONMENTS)('makes the policy that its options make: $name', ({ env, options }) => {
    expect(policyFromEnv(env as Environment)).toEqual(definePolicy(options))
  })

  it('has a variable for every option that is no function, and the guide names it', () => {
    const functions = ['isPublicSuffix', 'onDecision', 'onReplaced']
    const variables = OPTION_NAMES.filter((option) => !functions.includes(option)).map(
      (option) => `CORS_${option.replace(/[A-Z]/g, '_$&').toUpperCase()}`,
    )
    const every = ENVIRONMENTS.find(({ name }) => name === 'every variable')
    expect(Object.keys(every?.env ?? {})).toEqual(variables)
    const rows = readFileSync('docs/one-policy.md', 'utf8').match(/^\| `CORS_.*$/gm) ?? []
    const named = rows.flatMap((row) => row.split('|')[1]?.match(/CORS_\w+/g) ?? [])
    expect(named.sort()).toEqual(variables.sort())
  })

  it('makes a policy that decides at once', () => {
    const policy = policyFromEnv({ CORS_ORIGIN: ORIGIN })
    expect(decide(policy, { method: 'GET', origin: ORIGIN }).outcome).toBe('allowed')
  })

  it('may have another prefix, and nothing else counts then', () => {
    const env = { CORS_ORIGIN: '*', CORS_ORGIN: '*', ADMIN_ORIGIN: ORIGIN, ADMIN_MAX_AGE: '5' }
    expect(policyFromEnv(env, 'ADMIN_')).toEqual(definePolicy({ origin: ORIGIN, maxAge: 5 }))
  })

  it.each(['', null, 5])('has no prefix %j, which would take in the variables of all', (prefix) => {
    const from = () => policyFromEnv({ ORIGIN: '*' }, prefix as string)
    expect(from).toThrow(TypeError)
  })

  it.each([null, undefined, 'CORS_ORIGIN=*', 5])('is an object, not %j', (env) => {
    expect(issuesOf(env).map(shown)).toEqual([{ code: 'options.type', path: [] }])
  })
})

describe('an environment that makes no policy', () => {
  it.each(WRONG_ENVIRONMENTS)('has every issue: $name', ({ env, issues }) => {
    expect(issuesOf(env).map(shown)).toEqual(issues)
  })

  it.each(NOTHING)('says nothing of origins: %j', (value) => {
    const missing = [{ code: 'origin.missing', path: ['CORS_ORIGIN'] }]
    expect(issuesOf({ CORS_ORIGIN: value }).map(shown)).toEqual(missing)
  })

  it.each(WRONG_ENVIRONMENTS)('is told by the names of its variables: $name', ({ env }) => {
    for (const { path, message } of issuesOf(env)) expect(message).toContain(String(path[0]))
  })

  it('is told as text, with what to write', () => {
    const env = { CORS_ORIGIN: 'https://a.test/,https://b.test', CORS_MAX_AGE: '90000' }
    expect(formatIssues(issuesOf(env)).replace(/ \(http\S+/g, '')).toBe(
      [
        "  CORS_ORIGIN[0]: CORS_ORIGIN has 'https://a.test/': a browser sends no slash at the end of an origin; write https://a.test instead",
        '  CORS_MAX_AGE: CORS_MAX_AGE is 90000: maxAge is a whole number of seconds from 0 to 86400; write 86400 instead',
      ].join('\n'),
    )
  })

  it('is told what to say of origins in a variable', () => {
    const [issue] = issuesOf({ CORS_ORIGIN: '' })
    expect(issue?.message).toBe(
      "CORS_ORIGIN is '': there is no default; say * for every site, or the origins with commas between them (https://app.example.com,https://*.example.com)",
    )
  })
})

describe('whatever is in the environment', () => {
  const value = fc.oneof(
    fc.constantFrom('', 'undefined', 'null', 'true', '*', 'https://a.test', '"', "'", ',', '600'),
    fc.string(),
  )
  const name = fc.oneof(
    fc.constantFrom('ORIGIN', 'CREDENTIALS', 'METHODS', 'VARY', 'CACHE_CONTROL', 'ORGIN'),
    fc.string(),
  )

  it('is a policy, or an error with issues that name variables', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), (fields) => {
        const env = Object.fromEntries(fields.map(([key, text]) => [`CORS_${key}`, text]))
        const known = [...Object.keys(env), 'CORS_ORIGIN']
        const strangers = issuesOf(env).filter(({ path }) => !known.includes(String(path[0])))
        expect(strangers).toEqual([])
      }),
    )
  })

  it('never allows by saying nothing', () => {
    const nothing = fc.constantFrom('', ' ', 'undefined', 'null', '""', "'null'")
    const option = fc.constantFrom('ORIGIN', 'CREDENTIALS', 'METHODS', 'TIMEOUT', 'ON_DISALLOWED')
    fc.assert(
      fc.property(option, nothing, (key, text) => {
        const env = { CORS_ORIGIN: ORIGIN, [`CORS_${key}`]: text }
        expect(issuesOf(env).map(({ path }) => path)).toEqual([[`CORS_${key}`]])
      }),
    )
  })
})
