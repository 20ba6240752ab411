/**
 * Runs every server with both kinds of sources, changes their policies, and counts what differs. A part
 * of the requests is hostile; the heap has to stay flat.
 */

import { Agent } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { type LiveSource, reloadable, tenants } from 'crossgate'
import { ask, type Received } from './client.ts'
import { courseOf, type HeapCourse, heapInUse, SAMPLES } from './heap.ts'
import { expectedOf, policyOf, REQUEST_ORIGINS, type SoakRequest } from './policies.ts'
import { close, listen, SERVERS } from './servers.ts'

const RELOAD_EVERY = 50
/** With the time of a load less than two reloads are apart: a tenant is at most one version behind. */
const TTL = 20
const LOAD_TAKES = 2
const CLIENTS = 4
const FIRST_VERSION = 1
const SHARED = 'shared'
const TENANTS = ['red', 'green', 'blue']
const HOSTS = [...TENANTS, 'invented']
/** One request in so many is to the slow route. */
const SLOW_ONES = 20
/** One in so many is by an attacker. */
const HOSTILE_ONES = 3
/** Of an Origin that nobody sends, in bytes. */
const LONG = 8000
const SHOWN_MISMATCHES = 5

/** A source under test: how its policy changes, and whose policy a request is decided by. */
interface Subject {
  readonly name: string
  readonly source: LiveSource
  readonly ownerOf: (request: SoakRequest) => string | undefined
}

interface Tally {
  requests: number
  /** Requests that were under way while the policy changed. */
  overtaken: number
  /** Responses by the version before the one in force. */
  before: number
  readonly mismatches: string[]
}

/** Answers the exit status: 0 only if every server answered, and every response was right. */
export async function main(milliseconds: number, print: (text: string) => void): Promise<0 | 1> {
  let version = FIRST_VERSION
  const shared = reloadable(policyOf(SHARED, version))
  const stored = tenants({
    tenant: (request: { readonly headers: { readonly host?: string } }) => request.headers.host,
    load: async (id) => {
      const found = TENANTS.includes(id) ? policyOf(id, version) : null
      await wait(LOAD_TAKES)
      return found
    },
    ttl: TTL,
    negativeTtl: TTL,
  })
  const subjects: readonly Subject[] = [
    { name: 'reloadable', source: shared, ownerOf: () => SHARED },
    {
      name: 'tenants',
      source: stored as LiveSource,
      ownerOf: ({ host }) => (TENANTS.includes(host) ? host : undefined),
    },
  ]
  const end = Date.now() + milliseconds
  const heap: number[] = []
  const watching = (async () => {
    while (heap.length < SAMPLES && Date.now() < end) {
      await wait(milliseconds / (SAMPLES + 1))
      heap.push(heapInUse())
    }
  })()
  const reloading = (async () => {
    while (Date.now() < end) {
      await wait(RELOAD_EVERY)
      version += 1
      shared.reload(policyOf(SHARED, version))
    }
  })()
  const runs = Object.entries(SERVERS).flatMap(([framework, create]) =>
    subjects.map(async (subject) => {
      const server = await create(subject.source)
      const port = await listen(server, () => version)
      const tally = await askUntil(port, subject, end, () => version)
      await close(server)
      return { name: `${framework}, ${subject.name}`, tally }
    }),
  )
  const results = await Promise.all(runs)
  await reloading
  await watching
  return report(results, version - FIRST_VERSION, courseOf(heap), print)
}

/** Several clients, one request after the other, until the end. */
async function askUntil(
  port: number,
  subject: Subject,
  end: number,
  version: () => number,
): Promise<Tally> {
  const tally: Tally = { requests: 0, overtaken: 0, before: 0, mismatches: [] }
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (Date.now() < end) {
      const request = anyRequest()
      const received = await ask(agent, port, request)
      count(tally, subject, request, received, version())
    }
  })
  await Promise.all(clients)
  agent.destroy()
  return tally
}

function anyRequest(): SoakRequest {
  const slow = Math.random() * SLOW_ONES < 1
  const hostile = Math.random() * HOSTILE_ONES < 1
  const origin = hostile ? hostileOrigin() : anyOf(REQUEST_ORIGINS)
  return {
    path: slow ? '/slow' : '/',
    // No host is known that was never seen before, and none may be kept for it.
    host: hostile ? `tenant-${anyNumber()}` : anyOf(HOSTS),
    origin,
    // OPTIONS without an Origin is no preflight.
    preflight: !slow && origin !== undefined && Math.random() < 0.3,
  }
}

/** Never twice the same, so that whoever keeps origins grows. */
function hostileOrigin(): string {
  const one = `https://a-${anyNumber()}.evil.test`
  return anyOf([one, `${one}:443`, `${one}/${'a'.repeat(LONG)}`, `null-${anyNumber()}`])
}

function anyNumber(): number {
  return Math.floor(Math.random() * Number.MAX_SAFE_INTEGER)
}

function anyOf<Item>(items: readonly Item[]): Item {
  return items[Math.floor(Math.random() * items.length)] as Item
}

function count(
  tally: Tally,
  { ownerOf }: Subject,
  request: SoakRequest,
  { arrived, ...response }: Received,
  version: number,
): void {
  const owner = ownerOf(request)
  const isBy = (one: number): boolean =>
    isDeepStrictEqual(response, expectedOf(owner, one, request))
  tally.requests += 1
  if (version > arrived) tally.overtaken += 1
  if (isBy(arrived)) return
  if (isBy(arrived - 1)) tally.before += 1
  else tally.mismatches.push(JSON.stringify({ request, arrived, response }))
}

function report(
  results: readonly { readonly name: string; readonly tally: Tally }[],
  reloads: number,
  heap: HeapCourse,
  print: (text: string) => void,
): 0 | 1 {
  for (const { name, tally } of results) {
    const { requests, overtaken, before, mismatches } = tally
    print(
      `${name.padEnd(20)} ${requests} requests, ${overtaken} overtaken by a reload, ${before} by the policy before, ${mismatches.length} mismatches`,
    )
    for (const mismatch of mismatches.slice(0, SHOWN_MISMATCHES)) print(`  ${mismatch}`)
  }
  const total = results.reduce((sum, { tally }) => sum + tally.requests, 0)
  const wrong = results.reduce((sum, { tally }) => sum + tally.mismatches.length, 0)
  print(`\n${total} requests, ${reloads} reloads, ${wrong} mismatches.`)
  print(
    `Heap: ${heap.middle.toFixed(1)} MB in the middle, ${heap.last.toFixed(1)} MB at the end: ${heap.isFlat ? 'flat' : 'it grows'}.`,
  )
  const isBusy = results.every(({ tally }) => tally.requests > 0)
  return isBusy && reloads > 0 && wrong === 0 && heap.isFlat ? 0 : 1
}
