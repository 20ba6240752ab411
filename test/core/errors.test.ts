import { describe, expect, it } from 'vitest'
import {
  CorsConfigError,
  type CorsOptions,
  definePolicy,
  formatIssues,
  ISSUE_CODES,
  isCorsConfigError,
} from '../../src/index.ts'

function errorOf(options: unknown): CorsConfigError {
  try {
    definePolicy(options as CorsOptions)
  } catch (error) {
    if (isCorsConfigError(error)) return error
    throw error
  }
  throw new Error('these options make a policy')
}

const LINK = 'https://github.com/crossgate/crossgate'

describe('the error about options', () => {
  const error = errorOf({ origin: ['https://a.test', 'https://B.test'], maxAge: -1, hook: 1 })

  it('names every problem: where, the value, what is wrong, what to write, and the reference', () => {
    expect(error.message).toBe(
      [
        'the CORS options have 3 problems:',
        `  hook: 'hook': the headers are set when the response is sent, whichever hook runs (${LINK}#optionnot-needed)`,
        `  origin[1]: 'https://B.test': a browser sends the host in lower case; write https://b.test instead (${LINK}#originuppercase)`,
        `  maxAge: -1: maxAge is a whole number of seconds from 0 to 86400 (${LINK}#optionrange)`,
      ].join('\n'),
    )
  })

  it('counts a single problem in words', () => {
    expect(errorOf({ origin: true }).message).toMatch(
      /^the CORS options have a problem:\n {2}origin: true: /,
    )
  })

  it('is an Error with a name and a code that no minifier changes', () => {
    expect(error).toBeInstanceOf(Error)
    expect(error).toBeInstanceOf(CorsConfigError)
    expect(error.name).toBe('CorsConfigError')
    expect(error.code).toBe('CROSSGATE_CONFIG')
    expect(error.stack).toContain('CorsConfigError')
  })

  it('has its issues as frozen data', () => {
    expect(error.issues).toHaveLength(3)
    expect(Object.isFrozen(error.issues)).toBe(true)
    for (const issue of error.issues) {
      expect(Object.isFrozen(issue)).toBe(true)
      expect(Object.isFrozen(issue.path)).toBe(true)
      expect(ISSUE_CODES).toContain(issue.code)
    }
    expect(Object.hasOwn(error.issues[0] ?? {}, 'suggestion')).toBe(false)
    expect(error.issues[1]?.suggestion).toBe('https://b.test')
  })

  it('copies the issues that it is given', () => {
    const issues = [...error.issues]
    const made = new CorsConfigError(issues)
    issues.pop()
    expect(made.issues).toHaveLength(3)
  })
})

describe('isCorsConfigError', () => {
  it('knows its own', () => {
    expect(isCorsConfigError(errorOf({}))).toBe(true)
  })

  it('knows those of another copy, which are no instances', () => {
    const other = Object.defineProperty(new Error('x'), Symbol.for('crossgate.error'), {
      value: true,
    })
    expect(other).not.toBeInstanceOf(CorsConfigError)
    expect(isCorsConfigError(other)).toBe(true)
  })

  it.each([
    undefined,
    null,
    0,
    'CorsConfigError',
    {},
    new Error('x'),
    { code: 'CROSSGATE_CONFIG' },
  ])('does not take %s for one', (value) => {
    expect(isCorsConfigError(value)).toBe(false)
  })

  it('does not take what inherits from one for one', () => {
    expect(isCorsConfigError(Object.create(errorOf({})))).toBe(false)
  })
})

describe('formatIssues', () => {
  it('is empty without issues', () => {
    expect(formatIssues([])).toBe('')
  })

  it('says where in the words of the options', () => {
    const at = (path: readonly (string | number)[]): string =>
      formatIssues([{ code: 'option.type', path, message: 'm' }]).split(': m')[0] ?? ''
    expect(at([])).toBe('  options')
    expect(at(['origin'])).toBe('  origin')
    expect(at(['origin', 1, 'pattern'])).toBe('  origin[1].pattern')
    expect(at([0, 'x'])).toBe('  options[0].x')
    expect(at(['a b'])).toBe("  'a b'")
    expect(at(['x'.repeat(41)])).toBe(`  '${'x'.repeat(41)}'`)
    expect(at(['origin', 'a\nb'])).toBe("  origin.'a\\u000ab'")
  })

  it('links to a heading that Markdown makes of the code', () => {
    const anchors = ISSUE_CODES.map((code) =>
      formatIssues([{ code, path: [], message: 'm' }]).replace(/.*#(.*)\)$/, '$1'),
    )
    expect(anchors).toEqual(ISSUE_CODES.map((code) => code.split('.').join('')))
    expect(new Set(anchors).size).toBe(ISSUE_CODES.length)
  })

  it('never breaks a line, whatever the value is', () => {
    const { issues } = errorOf({
      origin: [
        'https://a\nb.test',
        'https://\u2028.test',
        `https://${'x'.repeat(20_000)}`,
        'https://a.test,\u2028\u009b,\n',
      ],
      methods: ['A\r\nB'],
      'x\ny': 1,
    })
    expect(issues).toHaveLength(6)
    expect(formatIssues(issues).split(/[\n\r\u2028]/)).toHaveLength(6)
    for (const issue of issues) expect(formatIssues([issue]).length).toBeLessThan(400)
  })
})
