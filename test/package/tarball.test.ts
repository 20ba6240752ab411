import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProject, type Project } from './project.ts'

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))

let plain: Project
let typed: Project
let framed: Project
let jested: Project

beforeAll(async () => {
  plain = await createProject()
  typed = await createProject('typescript', '@types/node', 'undici-types')
  framed = await createProject(
    'typescript',
    '@types/node',
    'undici-types',
    '@types/aws-lambda',
    '@types/express',
    '@types/koa',
    'express',
    'fastify',
    'hono',
    'koa',
  )
  jested = await createProject('jest')
})

afterAll(async () => {
  await Promise.all([plain, typed, framed, jested].map((project) => project?.remove()))
})

describe('the tarball', () => {
  it('holds the build, the documents that npm shows, and nothing else', () => {
    const outside = plain.packed.filter((path) => !path.startsWith('dist/'))
    expect(outside.sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
      'schema.json',
    ])
  })

  it('has an export for every adapter on disk, and no other', () => {
    const adapters = readdirSync('adapters', { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `./${entry.name.replace('.ts', '')}`)
    const subpaths = Object.keys(manifest.exports)
    const others = ['.', './browser', './package.json', './schema.json']
    expect(subpaths.sort()).toEqual([...others, ...adapters].sort())
  })

  it('exports only files that it holds', () => {
    const targets = JSON.stringify(manifest.exports).match(/dist\/[\w.-]+/g) ?? []
    expect(targets.length).toBeGreaterThan(10)
    for (const target of targets) expect(plain.packed).toContain(target)
  })

  it('makes npm install nothing but itself', async () => {
    expect(manifest.dependencies).toBeUndefined()
    const installed = readdirSync(`${plain.folder}/node_modules`).filter((name) => name[0] !== '.')
    expect(installed).toEqual(['crossgate'])
  })
})

describe('in JavaScript', () => {
  it.each([
    ['an ECMAScript module', 'esm.mjs', 'esm ok'],
    ['a CommonJS module', 'cjs.cjs', 'cjs ok'],
    ['a process with both copies', 'both.mjs', 'both ok'],
  ])('works in %s', async (_what, file, printed) => {
    expect((await plain.run('node', file)).trim()).toBe(printed)
  })

  it('lets several of its files and copies guard one server', async () => {
    expect((await framed.run('node', 'shared-server.mjs')).trim()).toBe('shared server ok')
  })
})

describe('in tests of', () => {
  it('node --test', async () => {
    const printed = await plain.run('node', '--test', '--test-reporter', 'tap', 'page.test.mjs')
    expect(printed).toMatch(/^# pass 4$/m)
    expect(printed).toMatch(/^# fail 0$/m)
  })

  it('jest, which finds nothing left open', async () => {
    const jest = 'node_modules/jest/bin/jest.js'
    const only = ['--testMatch', '**/*.spec.cjs', '--json', '--detectOpenHandles']
    const printed = await jested.run('node', jest, '--rootDir', jested.folder, ...only)
    expect(JSON.parse(printed)).toMatchObject({ success: true, numPassedTests: 5, openHandles: [] })
  })
})

describe('in TypeScript', () => {
  const compiler = 'node_modules/typescript/bin/tsc'

  it('compiles without skipLibCheck and without any framework', async () => {
    expect(await typed.run('node', compiler, '-p', 'tsconfig.json')).toBe('')
  })

  it("fits the frameworks' own types", async () => {
    expect(await framed.run('node', compiler, '-p', 'tsconfig.frameworks.json')).toBe('')
  })
})
