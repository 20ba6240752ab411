/**
 * The TypeScript of the guides compiles, against the sources.
 *
 * Each block is a module. A comment before it, which readers do not see, says what it needs besides:
 *
 * - `<!-- given: const app: Express -->`: what the application around it has, as declarations,
 * - `<!-- continued -->`: it goes on where the block before it ended,
 * - `<!-- file: name.ts -->`: other blocks of the guide import it by this name.
 *
 * An excerpt from a file of `examples/` is compiled there.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

/** A block, with what stands before it. */
const BLOCK = /((?:<!-- .+ -->\n)*)```ts\n([\s\S]*?)```/g
const COMMENT = /<!-- (given|continued|file):? ?(.*?) ?-->/g

interface Module {
  /** As if it were next to the tests, so that names mean what they mean there. */
  readonly file: string
  readonly text: string
}

const FOLDER = 'test'

/** Readers have `strict`; what goes beyond it is a matter of our own taste. */
const READERS: ts.CompilerOptions = {
  noUnusedLocals: false,
  exactOptionalPropertyTypes: false,
  noPropertyAccessFromIndexSignature: false,
}

const guides = readdirSync('docs').filter((name) => name.endsWith('.md'))
const examples = readdirSync('examples', { encoding: 'utf8', recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(`examples/${name}`, 'utf8'))
const modules = guides.flatMap((guide) => modulesOf(guide, readFileSync(`docs/${guide}`, 'utf8')))

function modulesOf(guide: string, text: string): readonly Module[] {
  const found: Module[] = []
  for (const { 1: comments = '', 2: block = '' } of text.matchAll(BLOCK)) {
    if (examples.some((example) => example.includes(block))) continue
    const said = new Map<string, string>()
    for (const [, word = '', value = ''] of comments.matchAll(COMMENT)) said.set(word, value)
    const given = (said.get('given') ?? '').split('; ').filter((one) => one !== '')
    const declarations = given.map((one) => `declare ${one}\n`).join('')
    const name = said.get('file') ?? `${guide}.${found.length}.ts`
    const last = said.has('continued') ? found.pop() : undefined
    found.push({
      file: last?.file ?? resolve(FOLDER, name),
      text: `${last?.text ?? ''}${declarations}${block}\nexport {}\n`,
    })
  }
  return found
}

/** What is wrong with each module, and the lines in which it is. */
function mistakes(all: readonly Module[]): ReadonlyMap<string, readonly string[]> {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, '.')
  const host = ts.createCompilerHost(options)
  const texts = new Map(all.map(({ file, text }) => [file, text]))
  const { readFile, fileExists, getSourceFile } = host
  host.fileExists = (file) => texts.has(resolve(file)) || fileExists(file)
  host.readFile = (file) => texts.get(resolve(file)) ?? readFile(file)
  host.getSourceFile = (file, language) => {
    const text = texts.get(resolve(file))
    if (text === undefined) return getSourceFile(file, language)
    return ts.createSourceFile(file, text, language)
  }
  const program = ts.createProgram([...texts.keys()], { ...options, ...READERS }, host)
  const mistakesIn = (file: string): string[] => {
    const source = program.getSourceFile(file)
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ]
    return found.map(({ messageText, start = 0 }) => {
      const line = source?.text.slice(0, start).split('\n').length ?? 0
      const at = source?.text.split('\n')[line - 1] ?? ''
      return `${ts.flattenDiagnosticMessageText(messageText, '\n')}\n  in: ${at.trim()}`
    })
  }
  return new Map([...texts.keys()].map((file) => [file, mistakesIn(file)]))
}

/** What has to be found. */
const WRONG: Module = {
  file: resolve(FOLDER, 'wrong.ts'),
  text: "import { cors } from 'crossgate/express'\ncors({ orgin: 'https://app.example.com' })\n",
}

describe('the guides', () => {
  it('have blocks of TypeScript', () => {
    expect(modules.length).toBeGreaterThan(8)
  })

  it('have no block of another spelling, which nobody would compile', () => {
    const spelt = guides.flatMap((guide) => [
      ...readFileSync(`docs/${guide}`, 'utf8').matchAll(/^```(\w*)$/gm),
    ])
    const languages = new Set(spelt.map(([, language]) => language))
    expect([...languages].sort()).toEqual(['', 'json', 'sh', 'text', 'ts', 'yaml'])
  })

  it('have TypeScript that compiles, where a mistake would be found', () => {
    const found = mistakes([...modules, WRONG])
    expect(found.get(WRONG.file)).toEqual([expect.stringContaining('orgin')])
    expect([...found].filter(([file, all]) => file !== WRONG.file && all.length > 0)).toEqual([])
  })
})
