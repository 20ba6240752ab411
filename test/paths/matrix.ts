/**
 * The matrix: every path of a framework, for each kind of asker, with crossgate in each way in which it
 * can be put in. Every answer is held against that of the same application without crossgate.
 */

import { Agent as HttpAgent } from 'node:http'
import type { ClientHttp2Session } from 'node:http2'
import { Agent as HttpsAgent } from 'node:https'
import { installGuard } from 'crossgate/node'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import {
  corsLines,
  expectedLines,
  failOnUnhandledRejections,
  otherLines,
} from '../adapters/harness.ts'
import { close, listen } from '../adapters/wire.ts'
import { type Asked, askHttp1, askHttp2, openSession, type Seen } from './client.ts'
import {
  type Application,
  ASKERS,
  type Asker,
  type Framework,
  type Layer,
  type Path,
  POLICY,
  POLICY_LINES,
} from './path.ts'
import { ROWS, type RowId } from './titles.ts'

const LAYERS: readonly Layer[] = ['adapter', 'installGuard']
const ASKING = Object.keys(ASKERS) as Asker[]

/** The title of a row in a test's title, with the libraries that fail there. */
export function titleOf(id: RowId): string {
  const { title, lostBy } = ROWS[id] as { title: string; lostBy?: readonly string[] }
  return lostBy === undefined ? title : `${title} (the headers are lost by ${lostBy.join(', ')})`
}

export function describeFramework(framework: Framework): void {
  const paths = pathsOf(framework)
  describe(framework.name, () => {
    failOnUnhandledRejections()
    for (const layer of LAYERS) {
      const possible = paths.filter(([, { layers = LAYERS }]) => layers.includes(layer))
      describe(layer, () => {
        describe.each(possible.map(([id, path]) => [titleOf(id), path] as const))(
          '%s',
          (_title, path) => describePath(framework, path, layer),
        )
      })
    }
    describeConnections(framework)
  })
}

export function pathsOf({ paths }: Framework): [RowId, Path][] {
  return (Object.entries(paths) as [RowId, Path | string][]).filter(
    (entry): entry is [RowId, Path] => typeof entry[1] !== 'string',
  )
}

function describePath(framework: Framework, path: Path, layer: Layer): void {
  const covered = serviceOf(framework, path, layer)
  if (path.alone !== undefined) {
    it.each(ASKING)('from %s', (asker) => expectAlone(path, asker, covered()))
    return
  }
  const bare = serviceOf(framework, path, undefined)
  it.each(ASKING)('from %s', (asker) => expectSame(path, asker, covered(), bare()))
}

/** One cell by itself, in the first layer that it has. */
export async function runCell(framework: Framework, id: RowId, asker: Asker): Promise<void> {
  const path = framework.paths[id]
  if (typeof path === 'string') throw new Error(`${framework.name}: ${path}`)
  const [layer] = path.layers ?? LAYERS
  const covered = await start(framework, path, layer)
  onTestFinished(covered.close)
  if (path.alone !== undefined) return expectAlone(path, asker, covered)
  const bare = await start(framework, path, undefined)
  onTestFinished(bare.close)
  return expectSame(path, asker, covered, bare)
}

async function expectAlone(path: Path, asker: Asker, covered: Running): Promise<void> {
  const { status, body, lines } = await covered.ask(asker)
  expect([status, body]).toEqual([path.status, path.alone])
  expect(corsLines(lines)).toEqual(expectedLines((path.lines ?? POLICY_LINES)[asker]))
}

async function expectSame(
  path: Path,
  asker: Asker,
  covered: Running,
  bare: Running,
): Promise<void> {
  const seen = await covered.ask(asker)
  const without = await bare.ask(asker)

  expect(seen.status).toBe(path.status)
  expect(corsLines(seen.lines)).toEqual(linesFor(path, asker, without))
  expect({ ...seen, lines: otherLines(seen.lines) }).toEqual({
    ...without,
    lines: otherLines(without.lines),
  })
  expect(seen.complete).toBe(path.status !== undefined && path.breaksOff !== true)
  expect(covered.runs()).toBe(bare.runs())
}

/** The policy's fields, with what the application varies on besides. */
export function linesFor({ lines = POLICY_LINES, status }: Path, asker: Asker, without: Seen) {
  if (status === undefined) return []
  const { vary, ...fields } = lines[asker]
  const own = corsLines(without.lines).flatMap(([name, value]) => (name === 'vary' ? [value] : []))
  if (vary === undefined) return expectedLines(lines[asker])
  return expectedLines({ ...fields, vary: merged([...own, vary]) })
}

/** Every name once, in order; `*` stands for all. */
function merged(values: readonly string[]): string {
  const names = values.flatMap((value) => value.split(',')).map((name) => name.trim())
  const once = names.filter(
    (name, index) =>
      name !== '' &&
      names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) === index,
  )
  return once.includes('*') ? '*' : once.join(', ')
}

const MANY = 1_000
const AT_ONCE = 50

/** What is about several requests: of one connection, and at the same time. */
function describeConnections(framework: Framework): void {
  const { success } = framework.paths
  if (typeof success === 'string') throw new Error(`${framework.name} has no success`)
  for (const layer of LAYERS) {
    describe(`${layer}, several requests`, () => {
      const service = serviceOf(framework, success, layer)
      it('of one connection get each its own answer', async () => {
        for (const asker of [...ASKING, ...ASKING, ...ASKING].reverse()) {
          const { lines } = await service().askOnOneConnection(asker)
          expect([asker, corsLines(lines)]).toEqual([asker, expectedLines(POLICY_LINES[asker])])
        }
      })

      it(`at once, ${MANY} of them, get each its own answer`, async () => {
        const all = Array.from({ length: MANY }, (_, index) => ASKING[index % 3] as Asker)
        const answers = await Promise.all(all.map((asker) => service().askPooled(asker)))
        const wrong = answers.flatMap(({ lines }, index) => {
          const expected = JSON.stringify(expectedLines(POLICY_LINES[all[index] as Asker]))
          return JSON.stringify(corsLines(lines)) === expected ? [] : [index]
        })
        expect(wrong).toEqual([])
      })
    })
  }
}

interface Running {
  readonly ask: (asker: Asker) => Promise<Seen>
  readonly askOnOneConnection: (asker: Asker) => Promise<Seen>
  readonly askPooled: (asker: Asker) => Promise<Seen>
  /** How often the handler ran. */
  readonly runs: () => number
  readonly close: () => Promise<void>
}

/** A server of a path that runs during the tests of a block. */
function serviceOf(framework: Framework, path: Path, layer: Layer | undefined): () => Running {
  let running: Running | undefined
  beforeAll(async () => {
    running = await start(framework, path, layer)
  })
  afterAll(() => running?.close())
  return () => running as Running
}

async function start(
  { protocol }: Framework,
  path: Path,
  layer: Layer | undefined,
): Promise<Running> {
  let runs = 0
  const application = await path.build({
    policy: layer === 'adapter' ? POLICY : undefined,
    ran: () => {
      runs += 1
    },
  })
  const { server } = application
  if (layer === 'installGuard') installGuard(server as never, POLICY)
  const port = await listenAs(application)
  const secure = protocol === 'https'
  const Agent = secure ? HttpsAgent : HttpAgent
  const one = new Agent({ keepAlive: true, maxSockets: 1 })
  const pool = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const session: ClientHttp2Session | undefined =
    protocol === 'http2' ? await openSession(port) : undefined

  const sender = (agent?: HttpAgent) => (asked: Asked) =>
    session === undefined
      ? askHttp1({ port, secure, ...(agent === undefined ? {} : { agent }) }, asked)
      : askHttp2(session, asked)
  const ask = (asker: Asker, agent?: HttpAgent): Promise<Seen> => {
    const { ask: asked = {}, exchange } = path
    const send = sender(agent)
    const origin = ASKERS[asker]
    const fields = origin === undefined ? [] : [['Origin', origin] as const]
    const sendAs = (one: Asked): Promise<Seen> =>
      send({ ...one, headers: [...fields, ...(one.headers ?? [])] })
    return exchange === undefined ? sendAs(asked) : exchange(sendAs)
  }

  return {
    ask: (asker) => ask(asker),
    askOnOneConnection: (asker) => ask(asker, one),
    askPooled: (asker) => ask(asker, pool),
    runs: () => runs,
    close: async () => {
      one.destroy()
      pool.destroy()
      session?.close()
      await application.close?.()
      if (server.listening) await close(server)
    },
  }
}

async function listenAs({ server, listen: listenItself }: Application): Promise<number> {
  if (listenItself === undefined) return listen(server)
  await listenItself()
  return (server.address() as { port: number }).port
}
