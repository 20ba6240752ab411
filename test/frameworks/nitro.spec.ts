/** The recipe for Nitro, built and served. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import {
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

let project: Project
let server: Running

beforeAll(async () => {
  project = await createProject('nitro', { nitro: '3.0.0' })
  const route = (body: string): string =>
    `import { defineHandler } from 'nitro/h3'\nexport default defineHandler(() => { ${body} })\n`
  await project.write('routes/hello.ts', route("return { message: 'hello' }"))
  await project.write('routes/report.ts', route("throw new Error('the report is not ready')"))
  await project.write(
    'routes/inside.ts',
    "import { useNitroApp } from 'nitro/runtime'\nexport default () => useNitroApp().fetch('/hello')\n",
  )
  await project.call('node_modules/nitro/dist/cli/index.mjs', 'build')
  server = await project.serve('.output/server/index.mjs')
})
afterAll(async () => {
  await server?.stop()
  await project?.end()
})

test.each([
  ['/hello', 200],
  ['/inside', 200],
  ['/report', 500],
  ['/nowhere', 404],
  ['/%ZZ', 404],
])('%s is a %s that the page reads, and no other', async (path, status) => {
  expect(await ask(server.port, path, APP)).toEqual({ status, fields: READABLE, vary: ['Origin'] })
  expect(await ask(server.port, path, EVIL)).toEqual({ status, fields: [], vary: ['Origin'] })
  expect(await ask(server.port, path)).toEqual({ status, fields: [], vary: ['Origin'] })
})

test.each(['/hello', '/nowhere'])('preflights are answered: %s', async (path) => {
  expect(await ask(server.port, path, APP, PREFLIGHT)).toEqual({
    status: 204,
    fields: PASSED,
    vary: ['Origin', 'Access-Control-Request-Headers'],
  })
  expect(await ask(server.port, path, EVIL, PREFLIGHT)).toEqual({
    status: 403,
    fields: [],
    vary: ['Origin'],
  })
})
