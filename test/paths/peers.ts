/** Everything that other libraries fail at, cell by cell, and what shows that crossgate does not. */

import { ANSWERS } from './peers/answers.ts'
import { type FrameworkId, PEERS, type Peer, type Proof } from './peers/failure.ts'
import { POLICIES } from './peers/policies.ts'

/** One experiment with one library. */
export interface Cell {
  readonly experiment: string
  readonly peer: Peer
  readonly failure: string
  readonly by: Proof
  /** The framework of ours that answers in its place. */
  readonly framework: FrameworkId
}

export const CELLS: readonly Cell[] = [...ANSWERS, ...POLICIES].flatMap(({ peers, ...cell }) =>
  peers.map((peer) => ({ ...cell, peer, framework: PEERS[peer].framework })),
)
