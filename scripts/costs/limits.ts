/**
 * What may cost how much. A limit is what was measured and a tenth: counts repeat to a hundredth, and
 * another version of Node moves the floor along with what is measured.
 */

/** A subject of the benchmark, in one of its scenarios. */
export interface Spot {
  readonly kind: string
  readonly scenario: string
  readonly subject: string
}

/** What a spot costs over `bare`, compared with what another does. */
export interface Limit {
  readonly name: string
  readonly spot: Spot
  readonly against: Spot
  /** Of instructions; absent where they are not counted. */
  readonly instructions?: number
  /** Of bytes of heap. */
  readonly bytes?: number
}

const at = (kind: string, scenario: string, subject: string): Spot => ({ kind, scenario, subject })

function toFloor(kind: string, scenario: string, limits: Partial<Limit>): Limit {
  const spot = at(kind, scenario, 'crossgate')
  return {
    name: `${kind}, ${scenario}, to the floor`,
    spot,
    against: { ...spot, subject: 'floor' },
    ...limits,
  }
}

function growth(scenario: string, small: string): Limit {
  return {
    name: `node, ${scenario}, to ${small}`,
    spot: at('node', scenario, 'crossgate'),
    against: at('node', small, 'crossgate'),
    instructions: 1.5,
    bytes: 1.5,
  }
}

export const LIMITS: readonly Limit[] = [
  toFloor('node', 'get', { instructions: 2, bytes: 2 }),
  toFloor('node', 'preflight', { instructions: 2, bytes: 2 }),
  toFloor('node', 'no-origin', { instructions: 6, bytes: 6 }),
  growth('exact-100000', 'get'),
  growth('wildcards-10000', 'wildcards-1'),
]
