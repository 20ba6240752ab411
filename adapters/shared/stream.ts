/**
 * A hold on a stream of HTTP/2. Its `respond` gets all fields together, from a response of the
 * compatibility API, from an application that answers on the stream itself, and from Node.
 */

import type { CorsDecision } from '../../src/index.ts'
import { type Finds, mergedFields } from './fields.ts'
import type { NodeStream } from './response.ts'

type Respond = (this: unknown, ...parameters: unknown[]) => unknown

/** The functions that send a head, and which of their parameters holds its fields. */
const FIELDS_AT: Readonly<Record<string, number>> = {
  respond: 0,
  respondWithFile: 1,
  respondWithFD: 1,
}

const STATUS = ':status'
const DEFAULT_STATUS = 200

/**
 * Makes a decision hold for what a stream sends.
 *
 * @param decide The decision at that moment. `undefined`: the fields are left as they are.
 * @param done Called once the head is sent.
 */
export function holdStream(
  stream: NodeStream,
  finds: Finds,
  decide: (status: unknown) => CorsDecision | undefined,
  done: (finds: Finds) => void,
): void {
  const functions = stream as unknown as Record<string, Respond | undefined>
  for (const [name, at] of Object.entries(FIELDS_AT)) {
    const send = functions[name]
    if (send === undefined) continue
    functions[name] = (...parameters) => {
      const given = (parameters[at] ?? {}) as Record<string, unknown>
      const decision = decide(given[STATUS] ?? DEFAULT_STATUS)
      if (decision === undefined) return send.apply(stream, parameters)
      finds.found = undefined
      parameters[at] = mergedFields(given, decision, undefined, finds)
      const answer = send.apply(stream, parameters)
      done(finds)
      return answer
    }
  }
}
