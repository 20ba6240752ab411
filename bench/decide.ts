/**
 * Whether a decision costs the same whatever the policy's size: ratios to a policy with one origin.
 *
 * Each round times every subject once, in turn, so that a busy moment of the machine hits all; the
 * figures are medians over the rounds. Origins are fresh strings, as a parser makes them, since
 * hashing them is most of the work. Figures of one run can be compared; figures of two cannot.
 */

import { type CorsPolicy, decide, definePolicy } from 'crossgate'

const ROUNDS = 41
const DECISIONS = 20_000

interface Subject {
  readonly name: string
  readonly policy: CorsPolicy
  /** What the ratio is taken to. */
  readonly base: string
  readonly origin: (index: number) => string
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)
const exact = (count: number): CorsPolicy =>
  definePolicy({ origin: numbers(count).map((one) => `https://tenant-${one}.example.com`) })
const wildcards = (count: number): CorsPolicy =>
  definePolicy({ origin: numbers(count).map((one) => `https://*.tenant-${one}.example.com`) })
const labels = (count: number): CorsPolicy =>
  definePolicy({ origin: numbers(count).map((one) => `https://pr${one}-*.example.com`) })

// Names of one length, all of them met once a round, so that prepared answers do not help.
const customer = (index: number): string => `https://c${10_000 + (index % DECISIONS)}`
const subjects: readonly Subject[] = [
  {
    name: '1 exact',
    policy: exact(1),
    base: '1 exact',
    origin: () => fresh('https://tenant-0.example.com'),
  },
  {
    name: '100,000 exact',
    policy: exact(100_000),
    base: '1 exact',
    origin: () => fresh('https://tenant-0.example.com'),
  },
  {
    name: '1 wildcard',
    policy: wildcards(1),
    base: '1 wildcard',
    origin: (index) => fresh(`${customer(index)}.tenant-0.example.com`),
  },
  {
    name: '10,000 wildcards',
    policy: wildcards(10_000),
    base: '1 wildcard',
    origin: (index) => fresh(`${customer(index)}.tenant-0.example.com`),
  },
  {
    name: '1 wildcard, refused',
    policy: wildcards(1),
    base: '1 wildcard',
    origin: (index) => fresh(`${customer(index)}.tenant-x.example.com`),
  },
  {
    name: '10,000 wildcards, refused',
    policy: wildcards(10_000),
    base: '1 wildcard, refused',
    origin: (index) => fresh(`${customer(index)}.tenant-x.example.com`),
  },
  {
    name: '1 in a label',
    policy: labels(1),
    base: '1 in a label',
    origin: (index) => fresh(`https://pr0-${10_000 + index}.example.com`),
  },
  {
    name: '10,000 in a label',
    policy: labels(10_000),
    base: '1 in a label',
    origin: (index) => fresh(`https://pr0-${10_000 + index}.example.com`),
  },
  {
    name: '8 KB of origin, 10,000 wildcards',
    policy: wildcards(10_000),
    base: '1 wildcard, refused',
    origin: () => `https://${'a.'.repeat(4096)}example.com`,
  },
]

/** A string that is not known to the engine yet. */
function fresh(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

function timeOf({ policy, origin }: Subject): number {
  const origins = numbers(DECISIONS).map(origin)
  const start = performance.now()
  for (const one of origins) decide(policy, { method: 'GET', origin: one })
  return performance.now() - start
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN
}

const rounds = numbers(ROUNDS).map(
  () => new Map(subjects.map((subject) => [subject.name, timeOf(subject)])),
)
const settled = rounds.slice(5)

console.log(
  `Node ${process.version}, ${process.platform} ${process.arch}; ${settled.length} rounds of ${DECISIONS} decisions\n`,
)
console.log(`${'policy'.padEnd(34)}  ratio to one`)
for (const { name, base } of subjects) {
  const ratio = median(settled.map((round) => (round.get(name) ?? 0) / (round.get(base) ?? 1)))
  console.log(`${name.padEnd(34)}  ${ratio.toFixed(2)}`)
}

console.log(`\n${'compiled'.padEnd(34)}  ms`)
for (const [name, compile] of [
  ['100,000 exact', () => exact(100_000)],
  ['10,000 wildcards', () => wildcards(10_000)],
  ['10,000 in a label', () => labels(10_000)],
] as const) {
  const times = numbers(5).map(() => {
    const start = performance.now()
    compile()
    return performance.now() - start
  })
  console.log(`${name.padEnd(34)}  ${median(times).toFixed(0)}`)
}
