/** Who is told of decisions: the observers of a policy, and channels of the runtime. */

import type { CorsDecision } from '../decision.ts'
import type { DecisionObserver, ReplacementObserver } from '../options.ts'
import { type ReplacedField, replacedFields } from '../replaced.ts'
import { isThenable } from './lookup.ts'

/** Where messages are published for whoever subscribes: the shape of a channel of Node's diagnostics. */
export interface Channel<Message> {
  readonly hasSubscribers: boolean
  publish(message: Message): void
}

/** The channels of all policies of a process. */
export interface Channels {
  readonly decision: Channel<DecisionMessage>
  readonly replaced: Channel<ReplacementMessage>
}

/** What is published of each decision. */
export interface DecisionMessage {
  readonly decision: CorsDecision
  /** The framework's request. */
  readonly request: unknown
}

/** What is published where CORS fields of a second layer were replaced. */
export interface ReplacementMessage extends DecisionMessage {
  readonly replaced: readonly ReplacedField[]
}

/** CORS fields that were on a response, with their values as servers keep them. */
export type FoundFields = readonly (readonly [name: string, value: unknown])[]

export function tellDecision(
  observer: DecisionObserver | undefined,
  channel: Channel<DecisionMessage> | undefined,
  decision: CorsDecision,
  request: unknown,
): void {
  if (observer !== undefined) tell(observer, decision, request)
  if (channel?.hasSubscribers === true) channel.publish({ decision, request })
}

/** Nothing is built where nobody asked to be told. */
export function tellReplaced(
  observer: ReplacementObserver | undefined,
  channel: Channel<ReplacementMessage> | undefined,
  decision: CorsDecision,
  found: FoundFields,
  request: unknown,
): void {
  const isPublished = channel?.hasSubscribers === true
  if (observer === undefined && !isPublished) return
  const replaced = replacedOf(found, decision)
  if (replaced.length === 0) return
  if (observer !== undefined) tell(observer, replaced, request)
  if (isPublished) channel.publish({ replaced, decision, request })
}

/** Values of applications may be objects that cannot be read as text. */
function replacedOf(found: FoundFields, decision: CorsDecision): readonly ReplacedField[] {
  try {
    return replacedFields(found, decision)
  } catch {
    return []
  }
}

/** Whatever an observer throws or rejects with stays here: the answer must not depend on who watches. */
function tell<Told>(
  observer: (told: Told, request: unknown) => void,
  told: Told,
  request: unknown,
): void {
  try {
    const returned: unknown = observer(told, request)
    if (isThenable(returned)) Promise.resolve(returned).catch(ignore)
  } catch {
    ignore()
  }
}

function ignore(): void {}
