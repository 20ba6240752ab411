/** The demo: it runs, it shows everything, and it fails when an answer is wrong. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { fileURLToPath, URL } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  type Answer,
  type Conclusion,
  conclude,
  type PageRequest,
} from '../scripts/demo/browser.ts'
import { isExpected, main } from '../scripts/demo/main.ts'
import { REQUESTS } from '../scripts/demo/requests.ts'
import { type Screen, screenOf } from '../scripts/demo/screen.ts'
import { SERVERS } from '../scripts/demo/servers/index.ts'
import { type DemoServer, listen } from '../scripts/demo/servers/server.ts'
import { table } from '../scripts/demo/table.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const ESCAPE = String.fromCharCode(27)

/** Runs the demo as people do, after whatever `first` says. */
async function run(first = ''): Promise<{ output: string; errors: string; status: number | null }> {
  const preloaded = `data:text/javascript,${encodeURIComponent(first)}`
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--import', preloaded, 'scripts/demo.ts'],
    {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: 'development', FORCE_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 15_000,
    },
  )
  const ended = once(child, 'close')
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [status] = (await ended) as [number | null]
  return { output, errors, status }
}

test('npm run demo ends with 1 where servers answer anything else', async () => {
  const { output, errors, status } = await run(`
    import { ServerResponse } from 'node:http'
    const { writeHead } = ServerResponse.prototype
    ServerResponse.prototype.writeHead = function (status, ...rest) {
      return writeHead.call(this, status === 404 ? 410 : status, ...rest)
    }
  `)
  expect(errors).toBe('')
  expect(output.match(/^.* {2}unknown path +410 .* DIFFERS$/gm)).toHaveLength(SERVERS.length)
  expect(status).toBe(1)
})

describe('npm run demo, in a pipe', () => {
  let output: string
  let errors: string
  let status: number | null

  beforeAll(async () => {
    ;({ output, errors, status } = await run())
  })

  test('ends by itself, with 0 and nothing on stderr', () => {
    expect(errors).toBe('')
    expect(status).toBe(0)
  })

  test('has no escape codes', () => {
    expect(output).not.toContain(ESCAPE)
  })

  test('says that everything is as expected', () => {
    const count = SERVERS.length * REQUESTS.length
    expect(output.trimEnd().split('\n').at(-1)).toBe(`All ${count} answers are as expected.`)
  })

  const expectations = SERVERS.flatMap(({ name }) =>
    REQUESTS.map(({ label, expected }) => ({
      row: [name, label, String(expected.status)],
      verdict: expected.conclusion.verdict,
    })),
  )
  test.each(expectations)('has one row $row: $verdict', ({ row, verdict }) => {
    const rows = output.split('\n').map((line) => line.split(/ {2,}/))
    const found = rows.filter((cells) => row.every((cell, index) => cells[index] === cell))
    expect(found).toHaveLength(1)
    expect(found[0]?.at(-1)?.replace(/:$/, '')).toBe(verdict)
  })
})

test('the demo covers the four frameworks, by the major versions that are installed', () => {
  const majorOf = (name: string): string | undefined => {
    const manifest = readFileSync(`${ROOT}node_modules/${name}/package.json`, 'utf8')
    return /"version": "(\d+)/.exec(manifest)?.[1]
  }
  expect(SERVERS.map(({ name }) => name)).toEqual([
    `Express ${majorOf('express')}`,
    `Fastify ${majorOf('fastify')}`,
    `Koa ${majorOf('koa')}`,
    'node:http',
  ])
})

test('a server that answers what is expected ends with 0', async () => {
  const { screen, shown } = paper()
  expect(await main([fake({})], screen)).toBe(0)
  expect(shown()).not.toContain('DIFFERS')
})

const ALLOW_ORIGIN = 'access-control-allow-origin'
const TAMPERED: [string, Tampering][] = [
  ['the CORS fields are missing', { without: /^access-control-/ }],
  ['the allowed origin comes twice', { twice: ALLOW_ORIGIN }],
  ['credentials are not permitted', { without: /^access-control-allow-credentials$/ }],
  ['refused origins are reflected', { reflect: true }],
  ['preflights allow one method more', { methods: 'GET, POST, DELETE' }],
  ['errors have another status', { broken: 503 }],
]

test.each(TAMPERED)('where %s, the demo ends with 1 and marks the rows', async (_, tampering) => {
  const { screen, shown } = paper()
  expect(await main([fake(tampering)], screen)).toBe(1)
  expect(shown()).toMatch(/^fake .* DIFFERS$/m)
  expect(shown()).toMatch(/\d+ of \d+ answers DIFFER from what is expected\.\n$/)
})

test('a line that came twice is shown twice', async () => {
  const { screen, shown } = paper()
  await main([fake({ twice: ALLOW_ORIGIN })], screen)
  const lines = shown().match(/access-control-allow-origin: /g)
  const allowed = REQUESTS.filter(({ origin }) => !origin.endsWith('.evil.test'))
  expect(lines).toHaveLength(2 * allowed.length)
})

test('one wrong server among right ones is enough for 1', async () => {
  const { screen } = paper()
  expect(await main([fake({}), fake({ broken: 503 }), fake({})], screen)).toBe(1)
})

test('no server at all is no success', async () => {
  expect(await main([], paper().screen)).toBe(1)
})

test('a server is stopped also where it does not answer', async () => {
  const events: string[] = []
  const broken: DemoServer = {
    name: 'broken',
    start: async () => {
      const { port, stop } = await listen(createServer((request) => request.socket.destroy()))
      return { port, stop: () => stop().then(() => void events.push('stopped')) }
    },
  }
  await expect(main([broken], paper().screen)).rejects.toThrow()
  expect(events).toEqual(['stopped'])
})

describe('what counts as expected', () => {
  const request = REQUESTS.find(({ label }) => label === 'preflight, DELETE')
  if (request === undefined) throw new Error('the demo has no such request')
  const grants = {
    [ALLOW_ORIGIN]: request.origin,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'GET',
  }
  const check = (status: number, fields: Record<string, string>): boolean =>
    isExpected({ server: 'any', request, answer: { status, fields: Object.entries(fields) } })

  test('status, verdict and reason as declared', () => {
    expect(check(204, grants)).toBe(true)
  })
  test('not another status', () => {
    expect(check(200, grants)).toBe(false)
  })
  test('not another verdict', () => {
    expect(check(204, { ...grants, 'access-control-allow-methods': 'DELETE' })).toBe(false)
  })
  test('not the same verdict for another reason', () => {
    expect(check(204, {})).toBe(false)
  })
})

describe('what a browser concludes', () => {
  const page = { origin: 'https://a.example', credentialed: false }
  const user = { ...page, credentialed: true }
  const put = { method: 'PUT', headers: [] }
  const own = `${ALLOW_ORIGIN}: https://a.example`
  const any = `${ALLOW_ORIGIN}: *`
  const credentials = 'access-control-allow-credentials: true'
  const methods = (list: string): string => `Access-Control-Allow-Methods: ${list}`
  const headers = (list: string): string => `access-control-allow-headers: ${list}`
  const asks = (...names: string[]) => ({ asks: { method: 'GET', headers: names } })

  const readable: [string, PageRequest, number, string[]][] = [
    ['its own origin', page, 200, [own]],
    ['its own origin, in other letters of the name', page, 200, [own.replace('allow', 'ALLOW')]],
    ['any origin', page, 200, [any]],
    ['any status', page, 500, [own]],
    ['credentials that were not asked for', page, 200, [any, credentials]],
    ['credentials with permission', user, 200, [own, credentials]],
    ['null for null', { ...page, origin: 'null' }, 200, [`${ALLOW_ORIGIN}: null`]],
  ]
  test.each(readable)('readable: %s', (_, request, status, lines) => {
    expect(conclude(request, answerOf(status, lines))).toEqual({ verdict: 'readable by the page' })
  })

  const kept: [string, PageRequest, string[], string][] = [
    ['nothing', page, [], 'allow-origin is absent'],
    ['another field', page, ['x-access-control-allow-origin: *'], 'allow-origin is absent'],
    ['another origin', page, [`${own}.evil.test`], 'allow-origin is not the origin'],
    ['a trailing slash', page, [`${own}/`], 'allow-origin is not the origin'],
    [
      'another case',
      page,
      [`${ALLOW_ORIGIN}: https://A.example`],
      'allow-origin is not the origin',
    ],
    ['an empty value', page, [`${ALLOW_ORIGIN}: `], 'allow-origin is not the origin'],
    ['two equal lines', page, [own, own], 'allow-origin is not the origin'],
    ['two lines with *', page, [any, any], 'allow-origin is not the origin'],
    ['a list', page, [`${own}, https://b.example`], 'allow-origin is not the origin'],
    ['* with credentials', user, [any, credentials], 'allow-origin is not the origin'],
    ['credentials unmentioned', user, [own], 'allow-credentials is not true'],
    ['True', user, [own, credentials.replace('true', 'True')], 'allow-credentials is not true'],
    ['true twice', user, [own, credentials, credentials], 'allow-credentials is not true'],
  ]
  test.each(kept)('kept: %s', (_, request, lines, reason) => {
    const expected: Conclusion = { verdict: 'kept from the page', reason }
    expect(conclude(request, answerOf(200, lines))).toEqual(expected)
  })

  const passing: [string, PageRequest, number, string[]][] = [
    ['204', { ...page, asks: put }, 204, [own, methods('PUT')]],
    ['299', { ...page, asks: put }, 299, [own, methods('PUT')]],
    ['a list with gaps', { ...page, asks: put }, 200, [own, methods(',,DELETE ,\tPUT, ,')]],
    ['a list on two lines', { ...page, asks: put }, 200, [own, methods('GET'), methods('PUT')]],
    ['any method', { ...page, asks: put }, 204, [any, methods('*')]],
    ['a method that is always allowed', { ...user, ...asks() }, 204, [own, credentials]],
    ['headers in any case', { ...page, ...asks('x-a', 'X-B') }, 204, [own, headers('X-A, x-b')]],
    ['any header', { ...page, ...asks('x-a') }, 204, [own, headers('*')]],
    [
      'authorization by name',
      { ...page, ...asks('authorization') },
      204,
      [own, headers('*,Authorization')],
    ],
    ['a header called *', { ...user, ...asks('*') }, 204, [own, credentials, headers('*')]],
  ]
  test.each(passing)('preflight passes: %s', (_, request, status, lines) => {
    expect(conclude(request, answerOf(status, lines))).toEqual({ verdict: 'preflight passes' })
  })

  const failing: [string, PageRequest, number, string[], string][] = [
    ['no origin', { ...page, asks: put }, 204, [methods('PUT')], 'allow-origin is absent'],
    [
      'no credentials',
      { ...user, asks: put },
      204,
      [own, methods('PUT')],
      'allow-credentials is not true',
    ],
    ['199', { ...page, asks: put }, 199, [own, methods('PUT')], 'status 199 is not ok'],
    ['301', { ...page, asks: put }, 301, [own, methods('PUT')], 'status 301 is not ok'],
    ['403', { ...page, asks: put }, 403, [own, methods('PUT')], 'status 403 is not ok'],
    ['no list', { ...page, asks: put }, 204, [own], 'PUT is not allowed'],
    [
      'another list',
      { ...page, asks: put },
      204,
      [own, methods('GET, DELETE')],
      'PUT is not allowed',
    ],
    ['another case', { ...page, asks: put }, 204, [own, methods('put')], 'PUT is not allowed'],
    [
      'two words',
      { ...page, asks: put },
      204,
      [own, methods('PUT, two words')],
      'allow-methods is not a list',
    ],
    [
      '* with credentials',
      { ...user, asks: put },
      204,
      [own, credentials, methods('*')],
      'PUT is not allowed',
    ],
    ['no headers', { ...page, ...asks('x-a') }, 204, [own], 'x-a is not allowed'],
    [
      'one header of two',
      { ...page, ...asks('x-a', 'x-b') },
      204,
      [own, headers('x-a')],
      'x-b is not allowed',
    ],
    [
      'quoted headers',
      { ...page, ...asks('x-a') },
      204,
      [own, headers('"x-a"')],
      'allow-headers is not a list',
    ],
    [
      'any header, authorization',
      { ...page, ...asks('authorization') },
      204,
      [own, headers('*')],
      'authorization is not allowed',
    ],
    [
      'any header with credentials',
      { ...user, ...asks('x-a') },
      204,
      [own, credentials, headers('*')],
      'x-a is not allowed',
    ],
  ]
  test.each(failing)('preflight fails: %s', (_, request, status, lines, reason) => {
    const expected: Conclusion = { verdict: 'preflight fails', reason }
    expect(conclude(request, answerOf(status, lines))).toEqual(expected)
  })
})

describe('the screen', () => {
  const write = (): void => {}

  test('is coloured for people', () => {
    expect(screenOf({ write, isTTY: true, columns: 132 }, undefined)).toMatchObject({
      columns: 132,
      colour: true,
    })
  })
  test('is not coloured where NO_COLOR is set', () => {
    expect(screenOf({ write, isTTY: true, columns: 132 }, '1').colour).toBe(false)
  })
  test('is not coloured in a pipe, which has a width of its own', () => {
    expect(screenOf({ write }, undefined)).toMatchObject({ columns: 120, colour: false })
  })
  test('has 80 columns at least', () => {
    expect(screenOf({ write, isTTY: true, columns: 40 }, undefined).columns).toBe(80)
  })

  test.each([80, 97, 120, 200])('shows no line wider than %i', async (columns) => {
    const { screen, shown } = paper({ columns })
    await main([fake({ broken: 503 })], screen)
    expect(
      Math.max(
        ...shown()
          .split('\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(columns)
  })

  test('has the same words in colour', async () => {
    const [plain, coloured] = [paper(), paper({ colour: true })]
    const servers = [fake({ broken: 503 })]
    await main(servers, plain.screen)
    await main(servers, coloured.screen)
    expect(coloured.shown()).toContain(`${ESCAPE}[31mDIFFERS`)
    expect(coloured.shown()).toContain(`${ESCAPE}[32mreadable by the page${ESCAPE}[39m`)
    expect(coloured.shown()).toContain(`${ESCAPE}[33mkept from the page:`)
    const bare = coloured.shown().replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')
    expect(bare).toBe(plain.shown())
  })
})

describe('the table', () => {
  const columns = [
    { head: 'one', least: 5 },
    { head: 'two', least: 6 },
  ]
  const rows = [[{ text: 'a b' }, { text: 'first line here\nlonger-than-wide' }]]

  test('breaks lines at spaces, long words anywhere, and loses nothing', () => {
    expect(table(columns, [rows], 13).split('\n')).toEqual([
      'one    two',
      '-------------',
      'a b    first',
      '       line',
      '       here',
      '       longer',
      '       -than-',
      '       wide',
    ])
  })

  test('takes the room that there is, and no more than is needed', () => {
    expect(table(columns, [rows, rows], 99).split('\n')).toEqual([
      'one    two',
      '-----------------------',
      'a b    first line here',
      '       longer-than-wide',
      '-----------------------',
      'a b    first line here',
      '       longer-than-wide',
    ])
  })
})

function answerOf(status: number, lines: readonly string[]): Answer {
  const fields = lines.map((line): [string, string] => {
    const [name = '', ...value] = line.split(': ')
    return [name, value.join(': ')]
  })
  return { status, fields }
}

function paper(given: Partial<Screen> = {}): { screen: Screen; shown: () => string } {
  let written = ''
  const write = (piece: string): void => {
    written += piece
  }
  return { screen: { write, columns: 120, colour: false, ...given }, shown: () => written }
}

/** What is wrong with the answers of a server. */
interface Tampering {
  readonly without?: RegExp
  readonly twice?: string
  readonly reflect?: boolean
  readonly methods?: string
  readonly broken?: number
}

/** A server that answers what is expected by heart, except for what is wrong with it. */
function fake(tampering: Tampering): DemoServer {
  const { without, twice, reflect = false, methods = 'GET,POST', broken = 500 } = tampering
  const server = createServer((request, response) => {
    const { origin = '', 'access-control-request-method': asked } = request.headers
    const allowed = reflect || !origin.endsWith('.evil.test')
    const fields: [string, string][] = allowed
      ? [
          [ALLOW_ORIGIN, origin],
          ['access-control-allow-credentials', 'true'],
          ['access-control-allow-methods', methods],
          ['access-control-allow-headers', 'content-type'],
        ]
      : []
    response.writeHead(
      asked === undefined
        ? statusOf(request.url, request.headers['content-length'])
        : allowed
          ? 204
          : 403,
      fields
        .filter(([name]) => !(without?.test(name) ?? false))
        .flatMap(([name, value]) => (name === twice ? [name, value, name, value] : [name, value])),
    )
    request.resume().once('end', () => response.end())
  })
  const statusOf = (path: string | undefined, length = '0'): number => {
    if (path === '/messages') return Number(length) > 1024 ? 413 : 201
    return { '/hello': 200, '/broken': broken }[path ?? ''] ?? 404
  }
  return { name: 'fake', start: () => listen(server) }
}
