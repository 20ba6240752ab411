/** The rules of the house, read from the imports themselves. */

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const IMPORT = /(?:^(?:import|export)\b[^']*?\bfrom\s+|^import\s+|\bimport\s*\(\s*)'([^']+)'/gm
const TYPE_IMPORT = /import type [^']*'([^']+)'/g

/** What belongs to one adapter alone. */
const ADAPTER_FOLDERS = ['fastify', 'hono', 'lambda', 'node', 'redis', 'testing'].map(
  (name) => `adapters/${name}`,
)

/** The policy file, and what of Node it takes to read and watch one. */
const FILE_READERS = ['adapters/node/folder-watch.ts', 'adapters/node/policy-file.ts']
const FILE_MODULES = ['node:fs', 'node:path']

const core = filesIn('src')
const adapters = filesIn('adapters')
const examples = filesIn('examples')
/** What servers load; the rest is for tests. */
const serving = adapters.filter((file) => !file.startsWith('adapters/testing'))
const published = adapters.filter((file) => dirname(file) === 'adapters')

describe('the core', () => {
  it('imports nothing outside itself', () => {
    expect(outside(core, (target) => target.startsWith('src/'))).toEqual([])
  })

  it('has no regular expression where request data is read', () => {
    const suspects = core.filter((file) => /^src\/(http|origin|browser)\//.test(file))
    // The suggestions for options replace text; they never see a request.
    const literals = suspects.filter((file) =>
      /[(=,:]\s*\/(?![/*])[^/\n]+\/[dgimsuvy]*/.test(code(file)),
    )
    expect(literals).toEqual([])
    const made = suspects.filter((file) => code(file).includes('new RegExp('))
    expect(made).toEqual(['src/origin/expression.ts'])
  })

  it('names no runtime', () => {
    const runtime =
      /\b(process|Buffer|setTimeout|setInterval|require|window|document|Deno|Bun)\b[.(]/
    expect(core.filter((file) => runtime.test(code(file)))).toEqual([])
  })

  it.each(['src/index.ts', 'src/browser/index.ts'])(
    'is entered through a front door that only re-exports: %s',
    (door) => {
      const statements = code(door).replace(/export (type )?\{[^}]*\} from '[^']+'/g, '')
      expect(statements.trim()).toBe('')
    },
  )

  it('decides without a browser, which servers have no use for', () => {
    const deciding = core.filter((file) => !file.startsWith('src/browser/'))
    expect(outside(deciding, (target) => !target.startsWith('src/browser/'))).toEqual([])
  })
})

describe('adapters', () => {
  it('use the front door of the core, what they share, Node, and frameworks as types only', () => {
    const allowed = (target: string): boolean =>
      target === 'src/index.ts' ||
      target.startsWith('adapters/shared/') ||
      ADAPTER_FOLDERS.some((folder) => target.startsWith(`${folder}/`)) ||
      target.startsWith('node:')
    const frameworks = (file: string): string[] => specifiers(file, TYPE_IMPORT)
    const found = outside(serving, allowed).filter(
      ({ file, target }) => !(frameworks(file).includes(target) && target === 'fastify'),
    )
    expect(found).toEqual([])
    // Only tests have a use for a browser.
    const testing = adapters.filter((file) => !serving.includes(file))
    const front = (target: string): boolean => target === 'src/browser/index.ts'
    expect(outside(testing, (target) => allowed(target) || front(target))).toEqual([])
  })

  it('do not know each other', () => {
    const siblings = outside(adapters, (target) => !published.includes(target))
    expect(siblings).toEqual([])
    for (const own of ADAPTER_FOLDERS) {
      const strangers = adapters.filter((file) => !file.startsWith(own))
      expect(outside(strangers, (target) => !target.startsWith(own))).toEqual([])
    }
  })

  it('load nothing of Node at run time but its diagnostics channels, and files for the policy file', () => {
    const loaded = serving.flatMap((file) =>
      specifiers(file, IMPORT)
        .filter((target) => target.startsWith('node:'))
        .filter((target) => !specifiers(file, TYPE_IMPORT).includes(target))
        .filter((target) => !(FILE_READERS.includes(file) && FILE_MODULES.includes(target))),
    )
    expect([...new Set(loaded)]).toEqual(['node:diagnostics_channel'])
  })

  it('hold no name of a CORS header: the rules are in the core', () => {
    expect(adapters.filter((file) => /access-control/i.test(code(file)))).toEqual([])
  })

  it('are one file for each published subpath', () => {
    const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      exports: Record<string, unknown>
    }
    const subpaths = published.map((file) => file.replace('adapters/', './').replace('.ts', ''))
    const others = ['.', './browser', './package.json', './schema.json']
    expect(Object.keys(exports).sort()).toEqual([...others, ...subpaths].sort())
  })
})

describe('header names', () => {
  it('are spelt in one place of the core', () => {
    const spelt = core.filter((file) => /['"`]access-control-/.test(code(file)))
    // The table of forbidden request headers has two of them as data.
    expect(spelt).toEqual(['src/http/names.ts', 'src/http/safelists.ts'])
  })
})

describe('examples', () => {
  it('import public names only', () => {
    const isPublic = (target: string): boolean =>
      /^crossgate(\/\w+)?$/.test(target) ||
      /^(node:.+|express|fastify|hono(\/.+)?|@hono\/.+|koa|koa-.+|@koa\/.+|@middy\/core|pino|@opentelemetry\/api|@nestjs\/.+|reflect-metadata|next(\/server)?|nitro\/.+|h3|@trpc\/server.*|graphql-yoga|socket\.io|ws|elysia|@hapi\/hapi)$/.test(
        target,
      )
    expect(outside(examples, isPublic)).toEqual([])
  })
})

describe('every source file', () => {
  it('is plain ASCII, so that no letter can pass for another', () => {
    const other = [...core, ...adapters, ...examples].filter((file) =>
      [...readFileSync(file, 'utf8')].some((letter) => letter > '~'),
    )
    expect(other).toEqual([])
  })

  it('is small enough for one job', () => {
    const long = [...core, ...adapters].filter(
      (file) =>
        code(file)
          .split('\n')
          .filter((line) => line.trim() !== '').length > 250,
    )
    expect(long).toEqual([])
  })

  it('is in a folder that is named by a noun of the field', () => {
    const folders = new Set([...core, ...adapters].map((file) => dirname(file)))
    expect([...folders].sort()).toEqual([
      'adapters',
      'adapters/fastify',
      'adapters/hono',
      'adapters/lambda',
      'adapters/node',
      'adapters/redis',
      'adapters/shared',
      'adapters/testing',
      'adapters/testing/contract',
      'src',
      'src/browser',
      'src/http',
      'src/origin',
      'src/sources',
      'src/validation',
    ])
  })
})

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative('.', resolve(entry.parentPath, entry.name)))
    .sort()
}

/** The file without its comments, in which names may be mentioned. */
function code(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
}

function specifiers(file: string, pattern: RegExp): string[] {
  return [...code(file).matchAll(pattern)].map((match) => match[1] ?? '')
}

/** The imports of `files`, relative ones resolved, that are not allowed. */
function outside(
  files: readonly string[],
  allowed: (target: string) => boolean,
): { file: string; target: string }[] {
  return files.flatMap((file) =>
    specifiers(file, IMPORT)
      .map((target) =>
        target.startsWith('.') ? relative('.', resolve(dirname(file), target)) : target,
      )
      .filter((target) => !allowed(target))
      .map((target) => ({ file, target })),
  )
}
