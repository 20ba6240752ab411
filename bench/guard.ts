/**
 * What the guard costs, through the moment at which a head is written: ratios to hand-written code
 * that sets the same three fields and guarantees nothing.
 *
 * Requests and responses are Node's own, made outside of what is timed. Each round times every
 * subject once, in turn; the figures are medians over the rounds. Figures of one run can be compared;
 * figures of two cannot.
 */

import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { withCors } from 'crossgate/node'
import onHeaders from 'on-headers'

const ROUNDS = 61
const WARM_UP = 11
const RESPONSES = 2_000
const APP = 'https://app.example.com'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

const FIELDS = [
  ['access-control-allow-origin', APP],
  ['access-control-allow-credentials', 'true'],
  ['vary', 'Origin'],
] as const

const allowed = new Set([APP])

/** The least that does the same: no options, no error paths, no merging. */
const floor =
  (handler: Handler): Handler =>
  (request, response) => {
    const { origin } = request.headers
    if (origin !== undefined && allowed.has(origin)) {
      for (const [name, value] of FIELDS) response.setHeader(name, value)
    } else response.setHeader('vary', 'Origin')
    handler(request, response)
  }

/** The same, set again at the end by the package that is made for that. */
const reapplied =
  (handler: Handler): Handler =>
  (request, response) => {
    onHeaders(response, () => {
      for (const [name, value] of FIELDS) response.setHeader(name, value)
    })
    floor(handler)(request, response)
  }

const guarded = (handler: Handler): Handler =>
  withCors({ origin: [APP], credentials: true }, handler)

/** What applications do. */
const APPLICATIONS: Readonly<Record<string, Handler>> = {
  'setHeader twice': (_request, response) => {
    response.setHeader('content-type', 'text/plain')
    response.setHeader('x-total', '7')
    response.writeHead(200)
  },
  'writeHead with an object': (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'x-total': '7' })
  },
  'writeHead with a flat list': (_request, response) => {
    response.writeHead(200, ['content-type', 'text/plain', 'x-total', '7'])
  },
  'a Vary of its own': (_request, response) => {
    response.setHeader('vary', 'Accept-Encoding')
    response.writeHead(200)
  },
}

const LAYERS: Readonly<Record<string, (handler: Handler) => Handler>> = {
  floor,
  crossgate: guarded,
  'on-headers': reapplied,
}

const socket = new Socket()

function exchanges(headers: Record<string, string>): [IncomingMessage, ServerResponse][] {
  return Array.from({ length: RESPONSES }, () => {
    const request = new IncomingMessage(socket)
    request.method = 'GET'
    request.url = '/'
    request.headers = { host: 'api.example.com', ...headers }
    return [request, new ServerResponse(request)]
  })
}

function timeOf(handler: Handler, headers: Record<string, string>): number {
  const all = exchanges(headers)
  const start = performance.now()
  for (const [request, response] of all) handler(request, response)
  return performance.now() - start
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN
}

console.log(`Node ${process.version}, ${process.platform} ${process.arch}\n`)
const names = Object.keys(LAYERS)
console.log(
  `${'application, asker'.padEnd(44)}  ${names.map((name) => name.padStart(10)).join('  ')}`,
)
for (const [application, handler] of Object.entries(APPLICATIONS)) {
  for (const [asker, headers] of [
    ['allowed', { origin: APP }],
    ['no Origin', {}],
  ] as const) {
    const layered = names.map((name) => LAYERS[name]?.(handler) as Handler)
    const rounds = Array.from({ length: ROUNDS }, () => layered.map((one) => timeOf(one, headers)))
    const ratios = names.map((_, index) =>
      median(rounds.slice(WARM_UP).map((round) => (round[index] ?? 0) / (round[0] ?? 1))),
    )
    const shown = ratios.map((ratio) => ratio.toFixed(2).padStart(10)).join('  ')
    console.log(`${`${application}, ${asker}`.padEnd(44)}  ${shown}`)
  }
}
