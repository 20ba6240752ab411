/** Prints what 100,000 exact origins keep on the heap, in bytes: of a policy, or of a `Set`. */

import { definePolicy } from 'crossgate'
import { optionsOf, originsOf } from './rule.ts'
import type { Rule } from './scenarios.ts'

const rule: Rule = {
  origins: { kind: 'exact', count: 100_000 },
  credentials: true,
  headers: 'listed',
}

function used(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const makers: Record<string, () => unknown> = {
  policy: () => definePolicy(optionsOf(rule) as never),
  set: () => new Set(originsOf(rule)),
}
const make = makers[process.argv[2] ?? '']
const before = used()
const kept = make?.()
const after = used()
console.log(kept === undefined ? 'nothing' : after - before)
