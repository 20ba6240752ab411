/**
 * Fastify 5 without a socket: `inject()`, by which most applications are tested. It goes past the
 * server's listeners, so that the plugin has nothing but its hooks.
 */

import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  corsLines,
  expectedLines,
  failOnUnhandledRejections,
  otherLines,
} from '../adapters/harness.ts'
import { parseHead } from '../adapters/wire.ts'
import type { Asked, Seen } from './client.ts'
import type { FastifyPath } from './fastify/parts.ts'
import { FASTIFY_PATHS } from './fastify.ts'
import { linesFor, titleOf } from './matrix.ts'
import { ASKERS, type Asker, POLICY } from './path.ts'
import type { RowId } from './titles.ts'

/** Answered before any hook of the plugin runs: covered on the server, and not here. */
const BEFORE_HOOKS: readonly RowId[] = [
  'bad-url',
  'long-parameter',
  'layer-before',
  'prefix-not-found',
]

const ON_A_CONNECTION: readonly RowId[] = [
  // An instance that closes refuses to be asked, and an answer that breaks off rejects.
  'closing',
  'destroys',
  'stream-error-after',
  // The response has stored headers from the start: Node 20 then refuses pairs, and keeps one of
  // several equal names, also of Vary, of which crossgate keeps all.
  'write-pairs',
  'write-raw',
]

const ROWS_HERE = (Object.keys(FASTIFY_PATHS) as RowId[]).filter(
  (id) => !ON_A_CONNECTION.includes(id) && !BEFORE_HOOKS.includes(id),
)
const ASKING = Object.keys(ASKERS) as Asker[]

describe('Fastify 5, inject', () => {
  failOnUnhandledRejections()

  describe.each(titled(ROWS_HERE))('%s', (_title, path) => {
    const covered = injectable(path, true)
    const bare = injectable(path, false)

    it.each(ASKING)('from %s', async (asker) => {
      const seen = await covered(asker)
      const without = await bare(asker)

      expect(seen.status).toBe(path.status)
      expect(corsLines(seen.lines)).toEqual(linesFor(path, asker, without))
      expect(withoutCors(seen)).toEqual(withoutCors(without))
    })
  })

  describe.each(titled(BEFORE_HOOKS))('%s, which no hook sees', (_title, path) => {
    const covered = injectable(path, true)
    const bare = injectable(path, false)

    it.each(ASKING)('from %s', async (asker) => {
      const seen = await covered(asker)
      expect(seen.status).toBe(path.status)
      expect(corsLines(seen.lines)).toEqual(expectedLines({}))
      expect(withoutCors(seen)).toEqual(withoutCors(await bare(asker)))
    })
  })
})

function titled(ids: readonly RowId[]): [string, FastifyPath][] {
  return ids.map((id) => [titleOf(id), FASTIFY_PATHS[id]])
}

interface Injected extends Seen {
  readonly handlerRan: boolean
}

function withoutCors(seen: Injected): Injected {
  return { ...seen, lines: otherLines(seen.lines) }
}

/** The application of a path, to be asked during the tests of a block. */
function injectable(path: FastifyPath, isCovered: boolean): (asker: Asker) => Promise<Injected> {
  let runs = 0
  let application: Awaited<ReturnType<FastifyPath['build']>>
  beforeAll(async () => {
    application = await path.build({
      policy: isCovered ? POLICY : undefined,
      ran: () => {
        runs += 1
      },
    })
  })
  afterAll(() => application.close?.())
  return async (asker) => {
    const before = runs
    const origin = ASKERS[asker]
    const seen = await inject(application.instance, path.ask ?? {}, origin)
    return { ...seen, handlerRan: runs > before }
  }
}

async function inject(
  instance: FastifyInstance,
  { method = 'GET', path = '/', headers = [], body, chunked = false }: Asked,
  origin: string | undefined,
): Promise<Seen> {
  const { raw, statusCode, statusMessage, rawPayload, trailers } = await instance.inject({
    method: method as 'GET',
    url: path,
    headers: { ...Object.fromEntries(headers), ...(origin === undefined ? {} : { origin }) },
    ...(body === undefined ? {} : { payload: chunked ? Readable.from([body]) : body }),
  })
  // The head as it would be sent: a copy of the stored headers would miss what `writeHead` got.
  const { _header: head } = raw.res as unknown as { readonly _header: string }
  return {
    status: statusCode,
    reason: statusMessage,
    lines: parseHead(head),
    body: rawPayload.toString('latin1'),
    complete: raw.res.writableFinished,
    informational: [],
    trailers: Object.entries(trailers),
  }
}
