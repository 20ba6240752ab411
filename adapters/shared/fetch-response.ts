/** Responses of the Fetch API: the answer to a decision, and a decision on somebody else's response. */

import { type CorsDecision, type FoundFields, isCorsField } from '../../src/index.ts'
import { bodyOf, TEXT } from './exchange.ts'
import { formsOf, objectOf, VARY, varyBeside } from './forms.ts'

/** Whoever made a decision: is told which CORS fields it replaced. */
export interface ResponseTeller<Subject> {
  readonly replaced: (decision: CorsDecision, found: FoundFields, subject: Subject) => void
}

/** What a response is covered with, and whose request it answers. */
export interface Covering<Subject> extends Mark {
  readonly teller: ResponseTeller<Subject>
  readonly subject: Subject
}

/** What a layer of crossgate has put on a response. */
export interface Mark {
  readonly decision: CorsDecision
  /** That of the request that was decided about: the decision holds for no other. */
  readonly origin: string | undefined
}

// Known to other copies of crossgate, and to its other adapters.
const COVERED = Symbol.for('crossgate.covered')

type Covered = Response & { [COVERED]?: Mark }

const SWITCHING_PROTOCOLS = 101
/** That of `Response.error()`, and of what a page may not read. */
const NO_STATUS = 0
const INTERNAL_SERVER_ERROR = 500

/** What a layer of crossgate has put on a response; `undefined` where none has. */
export function markOf(response: Response): Mark | undefined {
  return (response as Covered)[COVERED]
}

/**
 * A copy of a response, with the decision's fields instead of its CORS fields, and with `Vary` merged.
 * The response itself is never changed: its headers may be immutable, and others may have it, too.
 *
 * What an inner layer of crossgate has covered for the same `Origin` comes back as it is, so that the
 * innermost policy wins, and so does what cannot be copied: a switch of protocols, and
 * `Response.error()`. What was covered for another one has been kept, and is covered anew.
 *
 * @throws {TypeError} where the body was read already.
 * @throws {RangeError} where the status is one that servers send and a `Response` refuses, such as 999.
 */
export function covered<Subject>(response: Response, covering: Covering<Subject>): Response {
  const { status } = response
  const { decision, origin, teller, subject } = covering
  if (status === SWITCHING_PROTOCOLS || status === NO_STATUS) return response
  const mark = markOf(response)
  if (mark !== undefined && mark.origin === origin) return response
  const copy: Covered = copyOf(response)
  const { headers } = copy
  let found: [string, string][] | undefined
  // Names of the original: those of the copy would move while some are deleted.
  for (const name of response.headers.keys()) {
    if (!isCorsField(name)) continue
    found ??= []
    found.push([name, headers.get(name) ?? ''])
    headers.delete(name)
  }
  put(headers, decision)
  copy[COVERED] = { decision, origin }
  if (found !== undefined) teller.replaced(decision, found, subject)
  return copy
}

/** Takes over the body of a response, and copies the rest. */
function copyOf(response: Response): Response {
  hidesTypes ??= new Response('').headers.get(CONTENT_TYPE) === null
  if (hidesTypes && response.headers.get(CONTENT_TYPE) === null) {
    const copy = response.clone()
    // What a stream sends would be kept for the response as well.
    giveUp(response)
    return copy
  }
  try {
    // To hand over the response itself keeps what platforms have besides, such as Workers' `cf`.
    return new Response(response.body, response)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    giveUp(response)
    throw new RangeError(
      `the response has status ${response.status}, which no Response can be made with; answer with another`,
      { cause: error },
    )
  }
}

/** Lets the source of a body go that nobody reads. */
function giveUp(response: Response): void {
  response.body?.cancel().catch(() => {})
}

/**
 * Whether the type of a text is added only where it is sent, by whether the body is a text: in Bun. Once
 * `body` is read there, it is a stream of unknown bytes.
 */
let hidesTypes: boolean | undefined

const CONTENT_TYPE = 'content-type'

/** Puts the fields of a decision beside what is there. */
function put(headers: Headers, decision: CorsDecision): void {
  const { cors, vary } = formsOf(decision)
  for (const [name, value] of cors) headers.set(name, value)
  if (vary === '') return
  const present = headers.get(VARY)
  headers.set(VARY, present === null ? vary : varyBeside(present, decision))
}

/** The response where a decision ends the exchange: to a preflight, and to who is kept out. */
export function answerTo({ decision, origin }: Mark): Response {
  const answer: Covered = answerWith(decision, { ...objectOf(formsOf(decision)) })
  answer[COVERED] = { decision, origin }
  return answer
}

/** The same without CORS fields and `Vary`, where somebody else puts them on. */
export function bareAnswerTo(decision: CorsDecision): Response {
  return answerWith(decision, {})
}

function answerWith(decision: CorsDecision, headers: Record<string, string>): Response {
  const body = bodyOf(decision)
  for (const [name, value] of formsOf(decision).own) headers[name] = value
  if (body !== undefined) headers[CONTENT_TYPE] = TEXT
  const status = decision.status ?? INTERNAL_SERVER_ERROR
  return new Response(body ?? null, { status, headers })
}

/** The answer to a failure that nobody else answers for. */
export function emptyError(): Response {
  return new Response(null, { status: INTERNAL_SERVER_ERROR })
}

/**
 * Whether `value` is a response, also one of another copy of the Fetch API. Errors of clients and of
 * frameworks have a `status`, `headers` and even a `body`, too: those of somebody else's response.
 */
export function isResponse(value: unknown): value is Response {
  if (typeof value !== 'object' || value === null || value instanceof Error) return false
  const { status, headers, clone } = value as Partial<Response>
  return (
    typeof status === 'number' &&
    typeof headers?.get === 'function' &&
    typeof clone === 'function' &&
    'body' in value
  )
}
