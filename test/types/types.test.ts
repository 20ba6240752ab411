/** What the type checker refuses, and what it must not refuse: each snippet is compiled on its own. */

import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { ACCEPTED, REFUSED } from '../tables/types.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const PRELUDE = `
import { createServer } from 'node:http'
import { decide, definePolicy, isOriginAllowed, type CorsOptions, type CorsPolicy, type OriginOption } from 'crossgate'
import { cors as express } from 'crossgate/express'
import { createCors, withCors as withFetch, type FetchCors } from 'crossgate/fetch'
import { cors as hono } from 'crossgate/hono'
import { cors as koa } from 'crossgate/koa'
import { withCors } from 'crossgate/node'
import { Hono, type Context, type MiddlewareHandler } from 'hono'
import { hc } from 'hono/client'
import type { Platforms } from '../tables/platforms.ts'
type Exact<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : never
declare const platforms: Platforms
declare const origin: string
declare const list: string[]
declare const flag: boolean
`

const snippets = [...REFUSED.map(({ code }) => code), ...ACCEPTED]
const messages = diagnose(snippets)

describe('the type checker', () => {
  it.each(REFUSED)('refuses $code', ({ code, because }) => {
    expect(messages.get(code)?.join('\n')).toContain(because)
  })

  it.each(ACCEPTED)('accepts %s', (code) => {
    expect(messages.get(code)).toEqual([])
  })
})

/** Compiles every snippet as a module of its own, in one program; answers the messages for each. */
function diagnose(codes: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const options = compilerOptions()
  const files = new Map(codes.map((code, index) => [`${root}test/types/snippet-${index}.ts`, code]))
  const host = ts.createCompilerHost(options)
  const readFile = host.readFile.bind(host)
  const fileExists = host.fileExists.bind(host)
  host.fileExists = (name) => files.has(name) || fileExists(name)
  host.readFile = (name) => {
    const code = files.get(name)
    return code === undefined ? readFile(name) : `${PRELUDE}\n${code}\nexport {}\n`
  }
  const getSourceFile = host.getSourceFile.bind(host)
  host.getSourceFile = (name, ...rest) => {
    const code = files.get(name) === undefined ? undefined : host.readFile(name)
    return code === undefined
      ? getSourceFile(name, ...rest)
      : ts.createSourceFile(name, code, ts.ScriptTarget.ES2022)
  }
  const program = ts.createProgram([...files.keys()], options, host)
  return new Map(
    [...files].map(([name, code]) => {
      const source = program.getSourceFile(name)
      const diagnostics = [
        ...program.getSyntacticDiagnostics(source),
        ...program.getSemanticDiagnostics(source),
      ]
      return [
        code,
        diagnostics.map((one) => ts.flattenDiagnosticMessageText(one.messageText, '\n')),
      ]
    }),
  )
}

function compilerOptions(): ts.CompilerOptions {
  const path = `${root}tsconfig.json`
  const { config } = ts.readConfigFile(path, ts.sys.readFile)
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, root)
  return { ...parsed.options, noUnusedLocals: false, noUnusedParameters: false }
}
