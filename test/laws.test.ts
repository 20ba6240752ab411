/** Every law names tests that prove it, and those tests exist. */

import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const LAWS = [
  'Declared = observed',
  'Every response',
  'Exactly one',
  'Vary follows from the policy',
  'No insecure policy compiles',
  'Fail closed, loudly',
  'Work is bounded by the policy, not by the attacker',
  'Reflected means proven',
  'The core is pure',
  'Adapters hold no CORS rule',
  'Zero runtime dependencies in what a server loads',
]

const sections = readFileSync('docs/laws.md', 'utf8')
  .split('\n## ')
  .slice(1)
  .map((text) => {
    const [heading = '', ...lines] = text.split('\n')
    const proofs = lines.flatMap((line) => {
      const match = /^- `([^`]+)`: (.+)$/.exec(line)
      return match === null ? [] : [{ file: match[1] ?? '', title: match[2] ?? '' }]
    })
    return { heading, proofs }
  })

describe('the laws', () => {
  it('are all there, in order', () => {
    expect(sections.map(({ heading }) => heading)).toEqual(
      LAWS.map((law, index) => `${index + 1}. ${law}`),
    )
  })

  it.each(sections)('$heading is proven', ({ proofs }) => {
    expect(proofs.length).toBeGreaterThan(0)
    for (const { file, title } of proofs) {
      expect(existsSync(file), file).toBe(true)
      // Titles of tests are looked for; other proofs are whole files.
      if (file.startsWith('test/') && !title.startsWith('every row')) {
        expect(
          titlesIn(file).some((one) => one.startsWith(title)),
          `${file}: ${title}`,
        ).toBe(true)
      }
    }
  })
})

/** The titles of the tests and groups in a file. */
function titlesIn(file: string): readonly string[] {
  const calls = /\b(?:describe|it)(?:\.each\((?:[^()]|\([^()]*\))*\))?\(\s*(['"`])((?:(?!\1).)*)\1/g
  return [...readFileSync(file, 'utf8').matchAll(calls)].map((match) => match[2] ?? '')
}
