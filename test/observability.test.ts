/** The examples of logs and traces say what happened, and the guide is made of programs that run. */

import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { promisify } from 'node:util'
import { context, trace } from '@opentelemetry/api'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { withCors } from 'crossgate/node'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createApp as createFastify } from '../examples/fastify.ts'
import { createApp as createKoa } from '../examples/koa.ts'
import { createApp as createLogging, logCors } from '../examples/logging.ts'
import { createApp as createTracing, traceCors } from '../examples/tracing.ts'
import { from, preflight } from './adapters/serving.ts'
import { close, listen, sendHttp1, type WireRequest } from './adapters/wire.ts'

const APP = 'https://app.example.com'
const EVIL = 'https://app.example.com.evil.example'

/** Runs a program that is given as text; the public names mean the sources. */
const RUN = ['--import', 'tsx', '--input-type=module', '--eval']

/** Asks a server, and waits until all of it is over. */
async function ask(server: Server, ...requests: WireRequest[]): Promise<void> {
  const port = await listen(server)
  for (const request of requests) await sendHttp1(port, request)
  await close(server)
}

describe('examples/logging.ts', () => {
  const lines: string[] = []
  beforeAll(() => {
    // As pino does it, but for what differs from run to run.
    const options = { base: null, timestamp: false }
    logCors(pino(options, { write: (line: string) => void lines.push(line) }))
  })
  beforeEach(() => {
    lines.length = 0
  })
  const logged = (): unknown[] => lines.map((line) => JSON.parse(line))

  const warned = { level: 40, msg: 'CORS refusal' }
  const cases: readonly (readonly [string, WireRequest, readonly object[]])[] = [
    ['nothing of an allowed request', from(APP), []],
    ['nothing of a request without Origin', {}, []],
    ['nothing of a granted preflight', preflight(APP), []],
    [
      'a refused request, without its query',
      { ...from(EVIL), path: '/a?token=secret' },
      [{ ...warned, kind: 'actual', outcome: 'origin-refused', origin: EVIL, url: '/a' }],
    ],
    [
      'a preflight for another method',
      preflight(APP, 'PURGE'),
      [{ ...warned, kind: 'preflight', outcome: 'method-refused', origin: APP, url: '/' }],
    ],
  ]

  it.each(cases)('logs %s', async (_title, request, expected) => {
    await ask(createLogging(), request)
    expect(logged()).toEqual(expected)
  })

  const frameworks: readonly (readonly [string, () => Promise<Server>])[] = [
    ['Koa', async () => createServer(createKoa().callback())],
    [
      'Fastify',
      async () => {
        const app = await createFastify()
        await app.ready()
        return app.server
      },
    ],
  ]

  it.each(frameworks)('logs for policies elsewhere in the process: %s', async (_title, create) => {
    await ask(await create(), { ...from(EVIL), path: '/hello?a' })
    expect(logged()).toEqual([
      { ...warned, kind: 'actual', outcome: 'origin-refused', origin: EVIL, url: '/hello' },
    ])
  })

  it('logs a look-up that failed, with the reason', async () => {
    const origin = async (): Promise<boolean> => {
      throw new Error('the store is away')
    }
    await ask(createServer(withCors({ origin }, answer, { onError: () => {} })), from(APP))
    const failed = { kind: 'actual', outcome: 'source-failed', reason: 'the store is away' }
    expect(logged()).toEqual([{ ...warned, ...failed, origin: APP, url: '/' }])
  })

  it('logs what a second layer had set', async () => {
    const both: RequestListener = (_request, response) => {
      response.setHeader('Access-Control-Allow-Origin', '*').end()
    }
    await ask(createServer(withCors({ origin: APP }, both)), from(APP))
    const replaced = [{ name: 'access-control-allow-origin', values: ['*'], sent: APP }]
    expect(logged()).toEqual([
      { level: 40, msg: 'a second CORS layer', replaced, origin: APP, url: '/' },
    ])
  })

  it('keeps what a client sends short, on one line, and without what terminals obey', async () => {
    // Node takes fields for latin1, where 0x9b starts an escape sequence.
    const long = 'x'.repeat(4_000)
    const request = { ...from(`https://\u009b31m\u00fc"${long}`), path: `/"${long}` }
    await ask(createLogging(), request)
    expect(lines.join('')).toMatch(/^\{[ -~]+\}\n$/)
    expect(logged()).toEqual([
      {
        ...warned,
        kind: 'actual',
        outcome: 'origin-refused',
        origin: `https://?31m?"${long}`.slice(0, 200),
        url: `/"${long}`.slice(0, 200),
      },
    ])
  })
})

function answer(_request: unknown, response: { end(): unknown }): void {
  response.end()
}

describe('examples/tracing.ts', () => {
  const exporter = new InMemorySpanExporter()
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })

  beforeAll(() => {
    provider.register()
    traceCors()
  })
  afterEach(() => exporter.reset())
  afterAll(async () => {
    trace.disable()
    context.disable()
    await provider.shutdown()
  })
  const spans = async (): Promise<unknown[]> => {
    await provider.forceFlush()
    return exporter.getFinishedSpans().map(({ name, attributes }) => [name, attributes])
  }

  it('says on the span of each request what was decided', async () => {
    await ask(createTracing(), from(APP), from(EVIL), {}, preflight(APP), preflight(APP, 'PURGE'))
    const decided = (kind: string, outcome: string) => ({
      'cors.kind': kind,
      'cors.outcome': outcome,
    })
    expect(await spans()).toEqual([
      ['GET', decided('actual', 'allowed')],
      ['GET', decided('actual', 'origin-refused')],
      ['GET', decided('plain', 'no-origin')],
      ['OPTIONS', decided('preflight', 'allowed')],
      ['OPTIONS', decided('preflight', 'method-refused')],
    ])
  })

  it('finds the span after a look-up, and says what a second layer had set', async () => {
    const origin = (asked: string, callback: (error: null, allow: boolean) => void): void => {
      setImmediate(() => callback(null, asked === APP))
    }
    const listener = withCors({ origin }, (_request, response) => {
      response.setHeader('Access-Control-Allow-Origin', '*').end()
    })
    const server = createServer((request, response) =>
      trace.getTracer('test').startActiveSpan('request', (span) => {
        response.once('close', () => span.end())
        listener(request, response)
      }),
    )
    await ask(server, from(APP))
    const replaced = { 'cors.replaced': ['access-control-allow-origin'] }
    expect(await spans()).toEqual([
      ['request', { 'cors.kind': 'actual', 'cors.outcome': 'allowed', ...replaced }],
    ])
  })
})

describe('docs/observability.md', async () => {
  const guide = await readFile('docs/observability.md', 'utf8')
  const blocks = (language: string): string[] =>
    [...guide.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
      ([, text = '']) => text,
    )
  const programs = blocks('ts')
  const scripts = programs.filter((program) => program.startsWith('import'))
  const excerpts = programs.filter((program) => !program.startsWith('import'))
  const examples = await Promise.all(
    (await readdir('examples'))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFile(`examples/${file}`, 'utf8')),
  )

  it.each(excerpts)('has an excerpt from an example: %#', (excerpt) => {
    expect(examples.filter((example) => example.includes(excerpt))).toHaveLength(1)
  })

  it('has two excerpts, and a program', () => {
    expect([excerpts.length, scripts.length]).toEqual([2, 1])
  })

  it('shows what its program prints', async () => {
    const [program = ''] = scripts
    const run = promisify(execFile)
    const { stdout } = await run(process.execPath, [...RUN, program])
    expect([stdout]).toEqual(blocks('text'))
  })
})
