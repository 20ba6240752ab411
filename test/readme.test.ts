/** The README's promises: its programs run, its tables and headings are complete. */

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { definePolicy, ISSUE_CODES } from 'crossgate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DANGERS } from '../src/validation/dangers.ts'
import { OPTION_NAMES } from '../src/validation/validate.ts'

const readme = await readFile('README.md', 'utf8')
const programs = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
const servers = programs.filter((program) => program.includes('3000'))
const scripts = programs.filter((program) => !program.includes('3000'))

/** What programs print that call this. */
const PRINTED = [
  ['decide(policy', '204 [Object: null prototype]'],
  ['explain(policy', "'https://*.example.com' differs in the scheme: 'https'"],
  ['simulate(', 'false allow-origin.mismatch Access-Control-Allow-Origin is'],
] as const

/** Below the repository, so that the public names mean the sources. */
const folder = 'test/.readme'
const allowed = 'https://app.example.com'

beforeAll(() => mkdir(folder, { recursive: true }))
afterAll(() => rm(folder, { recursive: true, force: true }))

describe("the README's programs", () => {
  it('are all there', () => {
    expect(servers).toHaveLength(10)
    expect(scripts).toHaveLength(6)
  })

  it.each(servers.map((program, index) => [index, program] as const))(
    'serve: number %i',
    async (index, program) => {
      const port = await freePort()
      const file = `${folder}/server-${index}.ts`
      await writeFile(file, onLoopback(program, port))
      const server = spawn(process.execPath, ['--import', 'tsx', file], { stdio: 'pipe' })
      try {
        const response = await ask(server, port)
        expect(response.status).toBe(200)
        const sent = response.headers.get('access-control-allow-origin')
        // The predicate's list and '*' are other policies than the examples' usual one.
        if (program.includes("origin: '*' }, (_request")) expect(sent).toBe('*')
        else if (program.includes('customers')) expect(sent).toBeNull()
        else expect(sent).toBe(allowed)
      } finally {
        server.kill()
        await once(server, 'exit')
      }
    },
  )

  it.each(scripts.map((program, index) => [index, program] as const))(
    'run: number %i',
    async (index, program) => {
      const file = `${folder}/script-${index}.ts`
      await writeFile(file, program)
      const run = promisify(execFile)
      const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', file])
      expect(stderr).toBe('')
      for (const [call, printed] of PRINTED) {
        if (program.includes(call)) expect(stdout).toContain(printed)
      }
    },
  )
})

describe('the error reference', () => {
  it('has a heading for each code, in order, and no other', () => {
    const reference = section('## Errors')
    const headings = [...reference.matchAll(/^### (.+)$/gm)].map((match) => match[1])
    expect(headings).toEqual([...ISSUE_CODES])
  })

  it('is what messages link to', () => {
    try {
      definePolicy({ origin: 'https://app.example.com/' as string })
      expect.unreachable()
    } catch (error) {
      const message = (error as Error).message
      expect(message).toContain('https://github.com/crossgate/crossgate#origintrailing-slash')
    }
  })

  it('is linked to by existing anchors only', () => {
    const anchors = [...readme.matchAll(/\]\(#([\w-]+)\)/g)].map((match) => match[1])
    const headings = [...readme.matchAll(/^#+ (.+)$/gm)].map((match) =>
      (match[1] ?? '')
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    )
    expect(anchors.length).toBeGreaterThan(5)
    for (const anchor of anchors) expect(headings).toContain(anchor)
  })
})

describe('the tables', () => {
  it('list every option, in order, and no other', () => {
    expect(firstCells(section('## Options'))).toEqual(OPTION_NAMES)
  })

  it('list every acknowledgement, and no other', () => {
    const rows = firstCells(section('## What is refused, and why')).filter(
      (cell) => cell[0] === "'",
    )
    expect(rows.sort()).toEqual(DANGERS.map((danger) => `'${danger}'`).sort())
  })
})

function section(heading: string): string {
  const start = readme.indexOf(`\n${heading}\n`)
  const end = readme.indexOf('\n## ', start + heading.length)
  return readme.slice(start, end)
}

/** The first cells of table rows that are code. */
function firstCells(text: string): string[] {
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '')
}

/** The program with another port, and not open to the network. */
function onLoopback(program: string, port: number): string {
  return program
    .replace('listen(3000', `listen(${port}, '127.0.0.1'`)
    .replace('port: 3000', `port: ${port}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Asks until the server listens; fails with what it printed if it ends instead. */
async function ask(server: ChildProcess, port: number): Promise<Response> {
  let printed = ''
  server.stderr?.on('data', (text) => {
    printed += text
  })
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the program ended:\n${printed}`)
    try {
      return await fetch(`http://127.0.0.1:${port}/hello`, { headers: { origin: allowed } })
    } catch {
      await wait(50)
    }
  }
}
