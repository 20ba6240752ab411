/**
 * What it costs that the policy is a tenant's: ratios to the same policy as a constant, where a thousand
 * tenants are kept and asked for in turn.
 *
 * Once through the decider alone, and once through `withCors` on Node's own requests and responses, made
 * outside of what is timed, to the moment at which a head is written. Each round times both, and every
 * other round in the other order, since each pays for some of the other's garbage; the figures are
 * medians over the rounds. Figures of one run can be compared; figures of two cannot.
 */

import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { createDecider, definePolicy, type PolicySource, tenants } from 'crossgate'
import { systemClock, withCors } from 'crossgate/node'

const ROUNDS = 121
const WARM_UP = 21
const REQUESTS = 5_000
const TENANTS = 1_000
const APP = 'https://app.example.com'

const policy = definePolicy({ origin: [APP], credentials: true })

const byHost = tenants({
  tenant: ({ headers }: IncomingMessage) => headers.host,
  load: () => policy,
})

const SOURCES: Readonly<Record<string, PolicySource<IncomingMessage>>> = {
  constant: policy,
  tenants: byHost,
}

const socket = new Socket()
const hosts = Array.from({ length: TENANTS }, (_, index) => `tenant-${index}.example.com`)

function requestsFor(headers: Record<string, string>): IncomingMessage[] {
  return Array.from({ length: REQUESTS }, (_, index) => {
    const request = new IncomingMessage(socket)
    request.method = 'GET'
    request.url = '/'
    // A text of its own, as a parser makes it, not yet hashed.
    const host = Buffer.from(hosts[index % TENANTS] ?? '').toString('latin1')
    request.headers = { host, ...headers }
    return request
  })
}

/** Prepares what is timed; its answer does the work. */
type Subject = (headers: Record<string, string>) => () => void

function deciding(source: PolicySource<IncomingMessage>): Subject {
  const decider = createDecider(source, systemClock)
  return (headers) => {
    const requests = requestsFor(headers)
    return () => {
      for (const request of requests) {
        const { origin } = request.headers
        decider.decide({ method: 'GET', origin }, request)
      }
    }
  }
}

function answering(source: PolicySource<IncomingMessage>): Subject {
  const handler = withCors(source, (_request, response) => {
    response.setHeader('content-type', 'text/plain')
    response.writeHead(200)
  })
  return (headers) => {
    const exchanges = requestsFor(headers).map(
      (request) => [request, new ServerResponse(request)] as const,
    )
    return () => {
      for (const [request, response] of exchanges) handler(request, response)
    }
  }
}

function timeOf(subject: Subject, headers: Record<string, string>): number {
  const work = subject(headers)
  const start = performance.now()
  work()
  return performance.now() - start
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN
}

console.log(`Node ${process.version}, ${process.platform} ${process.arch}\n`)
const names = Object.keys(SOURCES)
console.log(`${'asked through'.padEnd(28)}  ${names.map((name) => name.padStart(10)).join('  ')}`)
for (const [through, prepare] of Object.entries({ decide: deciding, withCors: answering })) {
  const subjects = Object.values(SOURCES).map(prepare)
  for (const [asker, headers] of [
    ['allowed', { origin: APP }],
    ['refused', { origin: 'https://evil.example' }],
    ['no Origin', {}],
  ] as const) {
    const rounds = Array.from({ length: ROUNDS }, (_, index) => {
      const order = index % 2 === 0 ? subjects : [...subjects].reverse()
      const times = order.map((subject) => timeOf(subject, headers))
      return index % 2 === 0 ? times : times.reverse()
    })
    const measured = rounds.slice(WARM_UP)
    const shown = names.map((_, index) =>
      median(measured.map((round) => (round[index] ?? 0) / (round[0] ?? 1)))
        .toFixed(2)
        .padStart(10),
    )
    const each = (median(measured.map(([first = 0]) => first)) * 1e6) / REQUESTS
    console.log(
      `${`${through}, ${asker}`.padEnd(28)}  ${shown.join('  ')}  (1 = ${each.toFixed(0)} ns)`,
    )
  }
}
