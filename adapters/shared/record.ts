/** What the guard keeps on a response, or on its stream. Another copy of crossgate finds it there. */

import type { CorsDecision } from '../../src/index.ts'
import type { Finds } from './fields.ts'
import type { NodeRequest, WriteHead } from './response.ts'

export const GUARD = Symbol.for('crossgate.guard')

/** Whoever made a decision: is told which CORS fields it replaced. */
export interface Teller {
  readonly replaced: (
    decision: CorsDecision,
    found: NonNullable<Finds['found']>,
    subject: never,
  ) => void
}

/** A decision, with whoever made it and what that calls the request. */
export interface Settled {
  readonly decision: CorsDecision
  readonly teller?: Teller
  readonly subject?: unknown
}

/** @param status The status that is about to be sent. `undefined`: the response is left as it is. */
export type LateDecision = (request: NodeRequest, status: unknown) => Settled | undefined

export interface GuardRecord extends Finds {
  /** The decision that holds; `undefined` once the response is released. */
  decision: CorsDecision | undefined
  teller: Teller | undefined
  subject: unknown
  /** Decides at the last moment, as long as nobody has decided. */
  late: LateDecision | undefined
  readonly request: NodeRequest | undefined
  /** The `writeHead` of somebody else that the guard took the place of. */
  writeHead: WriteHead | undefined
}

/** What has a record, or may get one. */
export interface Guarded {
  [GUARD]?: GuardRecord
}

/**
 * The decision that holds at the moment. Decided late, it holds from then on.
 *
 * @param status The status that is about to be sent.
 */
export function decisionOf(
  record: GuardRecord | undefined,
  status: unknown,
): CorsDecision | undefined {
  if (record === undefined || record.decision !== undefined) return record?.decision
  const settled = record.request && record.late?.(record.request, status)
  if (settled === undefined) return undefined
  record.decision = settled.decision
  record.teller = settled.teller
  record.subject = settled.subject
  return settled.decision
}

/** Tells whoever decided what was there, where there was anything. */
export function tell(record: GuardRecord): void {
  const { found, decision, teller, subject } = record
  if (found === undefined) return
  record.found = undefined
  if (decision !== undefined) teller?.replaced(decision, found, subject as never)
}
