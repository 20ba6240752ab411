/** The recipes for Next.js, built and served: what they cover, and what the guide says they do not. */

import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Answer,
  APP,
  ask,
  createProject,
  EVIL,
  PASSED,
  PREFLIGHT,
  type Project,
  READABLE,
  type Running,
} from './project.ts'

const NEXT = 'node_modules/next/dist/bin/next'
const TSX = createRequire(import.meta.url).resolve('tsx')

/** What Next.js itself varies on, if it does. */
const OWN = [
  'rsc',
  'next-router-state-tree',
  'next-router-prefetch',
  'next-router-segment-prefetch',
  'Accept-Encoding',
]

/** Routes besides the recipe's: with a policy of their own, and without one. */
const ROUTES = {
  broken: ['withCors(policy, () => { throw new Error() })'],
  moved: ["withCors(policy, () => redirect('/x'), { onError: 'rethrow' })"],
  swallowed: ["withCors(policy, () => redirect('/x'))"],
  static: [
    "withCors(policy, () => Response.json('static'))",
    "export const dynamic = 'force-static'",
  ],
  plain: ["async (request) => { await headers(); return Response.json('plain') }"],
  throwing: ['async () => { await headers(); throw new Error() }'],
  moving: ["async () => { await headers(); redirect('/x') }"],
  starred: [
    "async () => { await headers(); return new Response('', { headers: { 'access-control-allow-origin': '*' } }) }",
  ],
} as const

let project: Project

beforeAll(async () => {
  project = await createProject('next', {
    next: '16.4.6',
    react: '19',
    'react-dom': '19',
    typescript: '5',
    '@types/node': '20',
    '@types/react': '19',
  })
  await project.write(
    'next.config.ts',
    'export default { typescript: { ignoreBuildErrors: true } }\n',
  )
  await project.write(
    'app/layout.tsx',
    'export default ({ children }) => <html><body>{children}</body></html>\n',
  )
  for (const [name, [get, more = '']] of Object.entries(ROUTES)) {
    const text = [
      "import { withCors } from 'crossgate/fetch'",
      "import { headers } from 'next/headers'",
      "import { redirect } from 'next/navigation'",
      `const policy = { origin: '${APP}', credentials: true, maxAge: 600 }`,
      `export const GET = ${get}`,
      more,
      '',
    ]
    await project.write(`app/api/${name}/route.ts`, text.join('\n'))
  }
})
afterAll(() => project?.end())

/** `Vary` without what Next.js varies on; it is the same for every origin. */
function ofPolicy({ vary, ...answer }: Answer): Answer {
  return { ...answer, vary: vary.filter((name) => !OWN.includes(name)) }
}

const read = (status: number) => ({ status, fields: READABLE, vary: ['Origin'] })
const unread = (status: number) => ({ status, fields: [], vary: ['Origin'] })
const bare = (status: number) => ({ status, fields: [], vary: [] })
const passed = {
  status: 204,
  fields: PASSED,
  vary: ['Origin', 'Access-Control-Request-Headers'],
}

describe('without a proxy', () => {
  let server: Running
  const asking = async (path: string, origin?: string, more = {}): Promise<Answer> =>
    ofPolicy(await ask(server.port, path, origin, more))

  describe.each(['next start', 'server.ts'])('%s', (command) => {
    const isOwn = command === 'server.ts'

    beforeAll(async () => {
      if (isOwn) {
        server = await project.serve('--import', TSX, 'server.ts')
        return
      }
      await project.remove('proxy.ts')
      await project.call(NEXT, 'build')
      server = await project.serve(NEXT, 'start', '-H', '127.0.0.1')
    })
    afterAll(() => server?.stop())

    test('a route has its policy', async () => {
      expect(await asking('/api/hello', APP)).toEqual(read(200))
      expect(await asking('/api/hello', APP, { method: 'HEAD' })).toEqual(read(200))
      expect(await asking('/api/hello', EVIL)).toEqual(unread(200))
      expect(await asking('/api/hello')).toEqual(unread(200))
      expect(await asking('/api/hello', APP, { method: 'POST', body: '{"text":""}' })).toEqual(
        read(201),
      )
      expect(await asking('/api/hello', APP, PREFLIGHT)).toEqual(passed)
      expect(await asking('/api/hello', EVIL, PREFLIGHT)).toEqual(unread(403))
    })

    test('a handler that throws is an empty 500, with the headers', async () => {
      expect(await asking('/api/broken', APP)).toEqual(read(500))
      expect(await asking('/api/swallowed', APP)).toEqual(read(500))
    })

    test.each([
      ['a redirect that is thrown on', '/api/moved', {}, 307],
      ['an unknown path', '/api/nowhere', {}, 404],
      ['a method that is not exported', '/api/hello', { method: 'DELETE' }, 405],
      ['a trailing slash', '/api/hello/', {}, 308],
    ])(
      '%s has the headers only behind a server of your own',
      async (_title, path, more, status) => {
        expect(await asking(path, APP, more)).toEqual(isOwn ? read(status) : bare(status))
        expect(await asking(path, EVIL, more)).toEqual(isOwn ? unread(status) : bare(status))
      },
    )

    test('so has a static route, and a route without a policy', async () => {
      expect(await asking('/api/static', APP)).toEqual(isOwn ? read(200) : unread(200))
      expect(await asking('/api/plain', APP)).toEqual(isOwn ? read(200) : bare(200))
      expect(await asking('/api/throwing', APP)).toEqual(isOwn ? read(500) : bare(500))
      expect(await asking('/api/plain', APP, PREFLIGHT)).toEqual(isOwn ? passed : bare(204))
    })

    test('so is another origin kept from what a route allows to all', async () => {
      const star = { status: 200, fields: ['access-control-allow-origin: *'], vary: [] }
      expect(await asking('/api/starred', EVIL)).toEqual(isOwn ? unread(200) : star)
    })
  })
})

describe('with the proxy', () => {
  let server: Running
  const asking = async (path: string, origin?: string, more = {}): Promise<Answer> =>
    ofPolicy(await ask(server.port, path, origin, more))

  beforeAll(async () => {
    const { readFile } = await import('node:fs/promises')
    await project.write('proxy.ts', await readFile('examples/recipes/next/proxy.ts', 'utf8'))
    await project.call(NEXT, 'build')
    server = await project.serve(NEXT, 'start', '-H', '127.0.0.1')
  })
  afterAll(() => server?.stop())

  test.each([
    ['/api/plain', 200],
    ['/api/hello', 200],
    ['/api/static', 200],
    ['/api/throwing', 500],
    ['/api/moving', 307],
  ])('%s is a %s that the page reads, and no other', async (path, status) => {
    const once = ({ vary, ...answer }: Answer) => ({ ...answer, vary: [...new Set(vary)] })
    expect(once(await asking(path, APP))).toEqual(read(status))
    expect(once(await asking(path, EVIL))).toEqual(unread(status))
    expect(once(await asking(path))).toEqual(unread(status))
  })

  test.each(['/api/plain', '/api/static', '/api/nowhere'])(
    'preflights are answered: %s',
    async (path) => {
      expect(await asking(path, APP, PREFLIGHT)).toEqual(passed)
      expect(await asking(path, EVIL, PREFLIGHT)).toEqual(unread(403))
    },
  )

  test('a 405 has the headers', async () => {
    expect(await asking('/api/plain', APP, { method: 'DELETE' })).toEqual(read(405))
  })

  test('gaps: the Vary of a 404, slashes at the end, and what a route allows', async () => {
    expect(await asking('/api/nowhere', APP)).toEqual({ ...read(404), vary: [] })
    expect(await asking('/api/plain/', APP)).toEqual(bare(308))
    expect((await asking('/api/starred', EVIL)).fields).toEqual(['access-control-allow-origin: *'])
    expect((await asking('/api/starred', APP)).fields).toEqual(READABLE)
  })
})
