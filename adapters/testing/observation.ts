/** One fetch of a page, played against a target: what went over the wire, and the verdict. */

import {
  type PageRequest,
  type ReceivedResponse,
  type SentRequest,
  simulate,
  type Verdict,
} from '../../src/browser/index.ts'
import { type ExtractedBody, extractBody, withContentType } from './body.ts'
import { untilAborted, withDeadline } from './deadline.ts'
import { acceptedEncoding, decoded } from './decoding.ts'
import { ApplicationError, fixOf, reasonOf } from './failure.ts'
import { isMistake, mistake, NODE_FIX, shown, wrongValue } from './mistake.ts'
import { type BrowserFetchOptions, checkOptions, headerFields } from './options.ts'
import { printed } from './printed.ts'
import { type BrowserTarget, type OpenTarget, openTarget } from './target.ts'
import { type IncomingResponse, type OutgoingRequest, sendHttp1 } from './wire.ts'

/** What a page asked for, and what it got. */
export interface Observation {
  readonly asked: PageRequest
  readonly verdict: Verdict
  /** The last response, with its bytes. */
  readonly received: IncomingResponse | undefined
  /** What kept the last response from coming. */
  readonly cause: unknown
}

const DEFAULT_TIMEOUT = 10_000

/**
 * @param readsBody Whether to wait for the end of the response: the verdict is known by its head.
 * @throws {TypeError} for wrong options, and for what is no target.
 */
export async function observe(
  target: BrowserTarget,
  options: BrowserFetchOptions,
  readsBody = false,
): Promise<Observation> {
  checkEnvironment()
  checkOptions(options)
  const { timeout = DEFAULT_TIMEOUT } = options
  const late = (): Error => timeoutError(options, timeout)
  return withDeadline(timeout, late, async (signal) => {
    const body = options.body == null ? undefined : await extractBody(options.body, signal)
    const opened = await openTarget(target, options.path, signal)
    try {
      return await play(opened, options, body, readsBody, signal)
    } finally {
      await opened.close()
    }
  })
}

/** jsdom has none, and is what many projects run all their tests in. */
function checkEnvironment(): void {
  if (typeof Request === 'function' && typeof Response === 'function') return
  throw mistake(`this environment has no Request and Response; ${NODE_FIX}`)
}

async function play(
  opened: OpenTarget,
  options: BrowserFetchOptions,
  body: ExtractedBody | undefined,
  readsBody: boolean,
  signal: AbortSignal,
): Promise<Observation> {
  checkCookie(opened.url, options)
  const asked = pageRequest(opened, options, body)
  let received: IncomingResponse | undefined
  let cause: unknown

  const respond = async (sent: SentRequest): Promise<ReceivedResponse> => {
    const cookie = cookieFor(sent, opened.url, options)
    const request = outgoing(sent, body?.bytes, cookie, readsBody)
    const isOwn = request.url.origin === opened.url.origin
    try {
      const answering = (isOwn ? opened.ask : sendHttp1)(request, signal)
      received = withDecoded(await untilAborted(signal, answering))
    } catch (error) {
      received = undefined
      cause = error
      throw new Error(reasonOf(error))
    }
    const { status, headers, bytes } = received
    return { status, headers, body: bytes && new TextDecoder().decode(bytes) }
  }

  const { browser, cache } = options
  const verdict = await simulate(asked, respond, { browser, cache, now: Date.now })
  signal.throwIfAborted()
  if (isMistake(cause)) throw cause
  const thrown = cause instanceof ApplicationError ? cause.cause : cause
  return { asked, verdict: withFix(verdict, fixOf(cause)), received, cause: thrown }
}

function withDecoded(received: IncomingResponse): IncomingResponse {
  const { headers, bytes } = received
  return { ...received, bytes: bytes && decoded(headers, bytes) }
}

/** A more precise fix than that of the rule, where there is one. */
function withFix(verdict: Verdict, fix: string | undefined): Verdict {
  return fix === undefined ? verdict : Object.freeze({ ...verdict, fix })
}

function pageRequest(
  { url, isMounted }: OpenTarget,
  { from, method, headers, credentials, mode, redirect }: BrowserFetchOptions,
  body: ExtractedBody | undefined,
): PageRequest {
  return {
    from,
    url: url.href,
    method,
    headers: withContentType(headerFields(headers), body?.type),
    credentials,
    mode,
    redirect,
    // Only whether there is one matters to the model.
    body: body && new TextDecoder().decode(body.bytes),
    streamBody: body?.isStream,
    // Pages of https ask for what a test mounts by http: that is no mixed content of theirs.
    trustworthy: isMounted ? [url.origin] : [],
  }
}

/** A cookie that stays at home would make the test prove less than it says. */
function checkCookie(
  { origin }: URL,
  { from, cookie, credentials = 'same-origin' }: BrowserFetchOptions,
): void {
  const isOwn = credentials === 'same-origin' && from === origin
  if (cookie === undefined || credentials === 'include' || isOwn) return
  const fix = `with credentials '${credentials}' it is not sent; write credentials: 'include'`
  throw wrongValue("option 'cookie'", cookie, fix)
}

/** Cookies are of one site; that others have some cannot be told. */
function cookieFor(
  { url, credentials }: SentRequest,
  { origin }: URL,
  { cookie }: BrowserFetchOptions,
): string | undefined {
  return credentials && new URL(url).origin === origin ? cookie : undefined
}

/** The request with what a browser adds that the model has no use for. */
function outgoing(
  sent: SentRequest,
  bytes: Uint8Array | undefined,
  cookie: string | undefined,
  readsBody: boolean,
): OutgoingRequest {
  const { method, headers } = sent
  const body = sent.body === undefined ? undefined : bytes
  const isNamed = headers.some(([name]) => name === 'accept')
  const length = body?.length ?? (method === 'POST' || method === 'PUT' ? 0 : undefined)
  const all: OutgoingRequest['headers'] = [
    ...headers,
    ...(isNamed ? [] : [['accept', '*/*'] as const]),
    ['accept-encoding', acceptedEncoding(headers)],
    ...(cookie === undefined ? [] : [['cookie', cookie] as const]),
    ...(length === undefined ? [] : [['content-length', String(length)] as const]),
  ]
  return { method, url: new URL(sent.url), headers: all, body, readsBody }
}

function timeoutError(
  { from, method = 'GET', path = '/' }: BrowserFetchOptions,
  timeout: number,
): Error {
  const asking = `the page at ${shown(from)} asked for ${printed(method)} ${printed(path)}`
  const error = new Error(
    `${asking} and had no whole answer within ${timeout} ms; end every response, or give a longer 'timeout'`,
  )
  error.name = 'TimeoutError'
  return Object.assign(error, { code: 'CROSSGATE_TIMEOUT' })
}
