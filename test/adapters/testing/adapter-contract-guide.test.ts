/** The guide for authors of adapters: its code runs, and keeps the contract, or breaks it as it says. */

import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import type { PolicySource } from 'crossgate'
import { type AdapterContractOptions, adapterContract } from 'crossgate/testing'
import express, { type RequestHandler } from 'express'
import Koa from 'koa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CONTRACT_RULES } from '../../../adapters/testing/contract/rules.ts'

const GUIDE = 'docs/adapters.md'
/** Below the repository, so that the public names mean the sources, and frameworks are found. */
const FOLDER = 'test/.guide'

const guide = await readFile(GUIDE, 'utf8')
const files = new Map(
  [...guide.matchAll(/<!-- file: (\S+) -->\n```ts\n([\s\S]*?)```/g)].map(
    ([, name = '', text = '']) => [name, text],
  ),
)

beforeAll(async () => {
  await mkdir(FOLDER, { recursive: true })
  for (const [name, text] of files) await writeFile(`${FOLDER}/${name}`, text)
})
afterAll(() => rm(FOLDER, { recursive: true, force: true }))

describe('the guide', () => {
  it('has three files', () => {
    expect([...files.keys()]).toEqual(['with-cors.ts', 'too-early.ts', 'with-cors.test.ts'])
    expect(guide.match(/```ts\n/g)).toHaveLength(files.size)
  })

  it('has a heading for each rule of the contract, in order, and no other', () => {
    const section = guide.slice(guide.indexOf('\n## The contract\n'))
    const headings = [...section.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading)
    expect(headings).toEqual(Object.keys(CONTRACT_RULES))
  })
})

describe('the adapter of the guide', () => {
  it('has fifteen lines, where a bracket alone is none', () => {
    const [adapter = ''] =
      /export function withCors[\s\S]*?\n}\n/.exec(files.get('with-cors.ts') ?? '') ?? []
    const lines = adapter.split('\n').filter((line) => /[^\s{}]/.test(line))
    expect(lines).toHaveLength(15)
  })

  it('uses public names alone', () => {
    const imported = [...files.values()].flatMap((text) =>
      [...text.matchAll(/from '([^']+)'/g)].map(([, name]) => name),
    )
    expect([...new Set(imported)].sort()).toEqual([
      './with-cors.ts',
      'crossgate',
      'crossgate/node',
      'crossgate/testing',
      'h3',
      'node:http',
      'node:test',
    ])
  })

  it('keeps the contract, as the test of the guide shows', async () => {
    const run = promisify(execFile)
    const parameters = [
      '--import',
      'tsx',
      '--test',
      '--test-reporter=tap',
      `${FOLDER}/with-cors.test.ts`,
    ]
    // A runner within a runner would report to it.
    const { NODE_TEST_CONTEXT: _context, ...env } = process.env
    const { stdout } = await run(process.execPath, parameters, { env })
    const cases = adapterContract({ serve: () => ({ target: '' }), isRequest: () => true })
    expect(stdout).toContain(`\n# pass ${cases.length}\n`)
    expect(stdout).toContain('\n# fail 0\n')
  })
})

type TooEarly = (source: PolicySource<unknown>) => RequestHandler

describe('the adapter that sets headers too early', () => {
  /** The rules that some case of the contract sees broken. */
  const brokenRules = async (serve: AdapterContractOptions['serve']): Promise<string[]> => {
    const cases = adapterContract({ serve, isRequest: () => true })
    const ended = await Promise.allSettled(cases.map(({ run }) => run()))
    const failed = cases.filter((_, index) => ended[index]?.status === 'rejected')
    return [...new Set(failed.map(({ title }) => title.split(':')[0] ?? ''))]
  }
  const load = async (): Promise<TooEarly> => {
    const { tooEarly }: { tooEarly: TooEarly } = await import(resolve(FOLDER, 'too-early.ts'))
    return tooEarly
  }

  it('breaks in Express what the guide says', async () => {
    const tooEarly = await load()
    const serve: AdapterContractOptions['serve'] = (source, routes, onError) => {
      const app = express().set('env', 'test')
      if (source !== undefined) app.use(tooEarly(source))
      for (const { method, path, run } of routes) {
        app[method.toLowerCase() as 'get'](path, async (_request, response) => {
          const { status, fields, body } = await run()
          response.status(status).set(fields)
          Readable.from(body ?? []).pipe(response)
        })
      }
      app.use(((error, _request, _response, next) => {
        onError(error)
        next(error)
      }) satisfies express.ErrorRequestHandler)
      return { target: app }
    }
    expect(await brokenRules(serve)).toEqual([
      'preflights',
      'exactly-one',
      'vary',
      'look-ups',
      'observers',
    ])
  })

  it('breaks in Koa what the guide says', async () => {
    const tooEarly = await load()
    const serve: AdapterContractOptions['serve'] = (source, routes, onError) => {
      const app = new Koa()
      app.on('error', onError)
      if (source !== undefined) {
        const cors = tooEarly(source)
        app.use(async ({ req, res }, next) => {
          await new Promise<void>((resolve, reject) => {
            res.on('close', resolve)
            const goOn = (error?: unknown): void =>
              error === undefined ? resolve() : reject(error)
            cors(req as never, res as never, goOn)
          })
          if (!res.writableEnded) await next()
        })
      }
      app.use(async (context, next) => {
        const asked = context.method === 'HEAD' ? 'GET' : context.method
        const route = routes.find(({ method, path }) => method === asked && path === context.path)
        if (route === undefined) return next()
        const { status, fields, body } = await route.run()
        context.body = body === null || typeof body === 'string' ? body : Readable.from(body)
        context.status = status
        context.set(fields)
      })
      return { target: app }
    }
    expect(await brokenRules(serve)).toContain('every-response')
  })
})
