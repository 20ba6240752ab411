/**
 * What may cost how much, on Node 20. A limit is what was measured and a tenth: counts of instructions
 * repeat to a fiftieth, bytes to a twentieth. Where something has become cheaper, lower its limit.
 */

/** A subject of the benchmark, in one of its scenarios. */
export interface Spot {
  readonly kind: string
  readonly scenario: string
  readonly subject: string
}

/** What a spot costs over the same without a layer, compared with what another does. */
export interface Limit {
  readonly name: string
  readonly spot: Spot
  readonly against: Spot
  /** Of instructions. */
  readonly instructions: number
  /** Of bytes of heap. */
  readonly bytes: number
}

type Ratios = Pick<Limit, 'instructions' | 'bytes'>

function toFloor(kind: string, scenario: string, ratios: Ratios): Limit {
  const spot = { kind, scenario, subject: 'crossgate' }
  const against = { kind, scenario, subject: 'floor' }
  return { name: `${kind}, ${scenario}: to the floor`, spot, against, ...ratios }
}

/** What many origins cost over one: that is no matter of code, but of how the work grows. */
function growth(scenario: string): Limit {
  const against = { kind: 'node', scenario: 'get', subject: 'crossgate' }
  const spot = { ...against, scenario }
  return { name: `node, ${scenario}: to one origin`, spot, against, instructions: 1.5, bytes: 1.5 }
}

export const LIMITS: readonly Limit[] = [
  toFloor('node', 'get', { instructions: 0.42, bytes: 0.55 }),
  toFloor('node', 'preflight', { instructions: 0.74, bytes: 1.18 }),
  toFloor('node', 'preflight-any', { instructions: 0.8, bytes: 1.18 }),
  toFloor('node', 'refused', { instructions: 1.87, bytes: 1.9 }),
  toFloor('fastify', 'get', { instructions: 0.93, bytes: 1.31 }),
  // Each response has a hidden class of its own there, so that neither repeats to more than a third.
  toFloor('express', 'get', { instructions: 1.75, bytes: 1 }),
  growth('exact-100000'),
  growth('wildcards-10000'),
]
