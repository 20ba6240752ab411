import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CorsIssue,
  type CorsOptions,
  decide,
  definePolicy,
  isCorsConfigError,
  policyFromJson,
} from '../../../src/index.ts'
import { syntaxProblem } from '../../../src/sources/json-syntax.ts'

const ORIGIN = 'https://a.test'

function issuesOf(text: unknown): readonly CorsIssue[] {
  try {
    policyFromJson(text as string)
  } catch (error) {
    if (isCorsConfigError(error)) return error.issues
    throw error
  }
  return []
}

describe('a JSON document', () => {
  const options: CorsOptions = {
    origin: [
      'https://a.test',
      { pattern: 'http://b.test', dangerouslyAllow: ['insecure-origins'] },
    ],
    credentials: true,
    maxAge: 600,
  }

  it('makes the policy that its options make', () => {
    expect(policyFromJson(JSON.stringify(options))).toEqual(definePolicy(options))
    expect(policyFromJson(JSON.stringify(options, null, '\t'))).toEqual(definePolicy(options))
  })

  it('makes a policy that decides at once', () => {
    const policy = policyFromJson('{"origin":"https://a.test"}')
    expect(decide(policy, { method: 'GET', origin: ORIGIN }).outcome).toBe('allowed')
  })

  it('may be what a policy says of itself', () => {
    const policy = definePolicy(options)
    expect(policyFromJson(JSON.stringify(policy.options))).toEqual(policy)
  })

  it('may start with a byte order mark, as some editors write it', () => {
    expect(policyFromJson(`\ufeff${JSON.stringify(options)}`)).toEqual(definePolicy(options))
  })

  it('may name its schema', () => {
    const text = '{ "$schema": "./node_modules/crossgate/schema.json", "origin": "*" }'
    expect(policyFromJson(text)).toEqual(definePolicy({ origin: '*' }))
  })

  it.each([
    ['null', 'options.type', []],
    ['[]', 'options.type', []],
    ['"https://a.test"', 'options.type', []],
    ['{}', 'origin.missing', ['origin']],
    ['{"$schema":"x"}', 'origin.missing', ['origin']],
    ['{"origin":null}', 'origin.type', ['origin']],
    ['{"origin":true}', 'origin.reflect-any', ['origin']],
    ['{"origin":{"source":"^a$","flags":""}}', 'origin.type', ['origin']],
    ['{"origin":"*","isPublicSuffix":"com"}', 'option.type', ['isPublicSuffix']],
    ['{"origin":"*","delegator":{}}', 'option.not-needed', ['delegator']],
    ['{"origin":"*","schema":""}', 'option.unknown', ['schema']],
    ['{"origin":"*","maxAge":1e400}', 'option.range', ['maxAge']],
    ['{"origin":"*","__proto__":{"credentials":true}}', 'option.unknown', ['__proto__']],
    ['{"origin":"*","__proto__":null}', 'option.unknown', ['__proto__']],
    ['{"origin":"*","constructor":{"prototype":{}}}', 'option.unknown', ['constructor']],
  ] as const)('is checked as options are: %s', (text, code, path) => {
    expect(issuesOf(text).map((issue) => [issue.code, issue.path])).toEqual([[code, path]])
  })

  it('changes no prototype', () => {
    issuesOf('{"__proto__":{"origin":"*"},"constructor":{"prototype":{"origin":"*"}}}')
    expect({}).not.toHaveProperty('origin')
  })

  it.each([undefined, null, 5, { origin: '*' }])('is text, not %j', (value) => {
    const [issue, ...more] = issuesOf(value)
    expect(issue).toMatchObject({ code: 'options.type', path: [] })
    expect(issue?.message).toContain('policyFromJson takes the text of a JSON document')
    expect(more).toEqual([])
  })
})

describe('a text that is no JSON', () => {
  it.each([
    ['', 1, 1, 'a value is expected, but the text ends here'],
    ['{', 1, 2, "a name in double quotes or '}' is expected, but the text ends here"],
    ['{\n  "origin": "*",\n}', 3, 1, "a name in double quotes is expected, but here is '}'"],
    [
      "{'origin':'*'}",
      1,
      2,
      "a name in double quotes or '}' is expected, but here is '\\'origin\\''",
    ],
    [
      '{"origin": "*"\n"debug": true}',
      2,
      1,
      "',' or the end of the list or object is expected, but here is '\"debug\"'",
    ],
    ['{"origin" "*"}', 1, 11, "':' is expected, but here is '\"*\"'"],
    ['{"origin": ["*",]}', 1, 17, "a value is expected, but here is ']'"],
    ['{"origin": [}', 1, 13, "a value or ']' is expected, but here is '}'"],
    ['{"origin": /^a$/}', 1, 12, "a value is expected, but here is '/^a$/'"],
    ['{"origin": undefined}', 1, 12, "a value is expected, but here is 'undefined'"],
    ['{"maxAge": 0600}', 1, 12, "a value is expected, but here is '0600'"],
    ['{"maxAge": +5}', 1, 12, "a value is expected, but here is '+5'"],
    ['{"debug": True}', 1, 11, "a value is expected, but here is 'True'"],
    [
      '{"origin": "https://a.te',
      1,
      12,
      'a string is not closed, or has an unknown escape or a tab in it',
    ],
    ['{"a\\x": 1}', 1, 2, 'a string is not closed, or has an unknown escape or a tab in it'],
    ['{"a\tb": 1}', 1, 2, 'a string is not closed, or has an unknown escape or a tab in it'],
    ['{"origin": "*"} // all', 1, 17, 'there is more behind the end'],
    ['{"origin": "*"}\n{}', 2, 1, 'there is more behind the end'],
    ['{"origin": "*"}\u00a0', 1, 16, 'there is more behind the end'],
    ['\r\n\r\n  }', 3, 3, "a value is expected, but here is '}'"],
    [
      '{"origin": "https://a.test",\n "\\u006frigin": "*"}',
      2,
      2,
      "there are two fields of the name 'origin'",
    ],
    [
      '{"origin":[{"pattern":"a","pattern":"b"}]}',
      1,
      27,
      "there are two fields of the name 'pattern'",
    ],
  ])('is told with its place: %j', (text, line, column, problem) => {
    const place = `this is no JSON at line ${line}, column ${column}: ${problem}`
    const [issue, ...more] = issuesOf(text)
    expect(issue).toMatchObject({ code: 'options.type', path: [] })
    expect(issue?.message).toMatch(/^'/)
    expect(issue?.message.endsWith(`: ${place}`)).toBe(true)
    expect(more).toEqual([])
  })

  it('may be nested without an end', () => {
    const [issue] = issuesOf('['.repeat(200_000))
    expect(issue?.message).toContain('line 1, column 200001')
  })

  it('is what the runtime takes for none, too, but for names that stand twice', () => {
    const fragment = fc.constantFrom(
      ...['{', '}', '[', ']', ',', ':', '"a"', '"b"', '"', '\\', '\\u00e9', '\n', '\t', ' '],
      ...['0', '-1', '1.5e3', '01', '1.', '-', 'true', 'null', 'nul', 'e', '\u2028', '"\u2028"'],
    )
    const text = fc.oneof(
      fc.array(fragment).map((parts) => parts.join('')),
      fc.json({ maxDepth: 3 }),
      fc
        .json({ maxDepth: 3 })
        .chain((json) =>
          fc.nat(json.length).map((cut) => json.slice(0, cut) + json.slice(cut + 1)),
        ),
    )
    fc.assert(
      fc.property(text, (json) => {
        const found = syntaxProblem(json)
        fc.pre(found === undefined || !found.problem.startsWith('there are two fields'))
        expect(found === undefined).toBe(isParsed(json))
      }),
      { numRuns: 2000 },
    )
  })
})

function isParsed(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
