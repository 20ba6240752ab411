/**
 * What a page would see of a server, in anybody's tests: vitest, jest, `node --test`.
 *
 * Requests are made as a browser makes them, preflights and redirects included, over a real socket;
 * what comes back goes through the Fetch standard's checks. Nothing is left open.
 *
 * @module crossgate/testing
 */

import type { RuleCode, Verdict } from '../src/browser/index.ts'
import { assertIsBlocked, assertIsReadable, checkRule } from './testing/assertion.ts'
import { CorsBlockedError } from './testing/blocked-error.ts'
import { observe } from './testing/observation.ts'
import type { BrowserFetchOptions } from './testing/options.ts'
import { pageResponse } from './testing/response.ts'
import type { BrowserTarget } from './testing/target.ts'

export type { RuleCode, Verdict } from '../src/browser/index.ts'
export { CorsBlockedError, isCorsBlockedError } from './testing/blocked-error.ts'
export type {
  ContractAnswer,
  ContractRoute,
  ContractStream,
} from './testing/contract/application.ts'
export type { ContractCase } from './testing/contract/case.ts'
export type { AdapterContractOptions, ContractService } from './testing/contract/service.ts'
export { adapterContract } from './testing/contract.ts'
export type { FetchHandler } from './testing/fetch-handler.ts'
export type { RequestListener } from './testing/listener.ts'
export type { BrowserFetchOptions, HeaderFields, PageBody } from './testing/options.ts'
export type {
  BrowserTarget,
  FastifyApplication,
  FetchApplication,
  KoaApplication,
} from './testing/target.ts'

/**
 * `fetch()`, as a page at the origin `from` would see it: only what the page may see is in the
 * response, and what `fetch()` rejects is rejected, with the reason.
 *
 * A target that does not listen is asked as `http://target.test`, on a free port of the loopback
 * interface that is closed afterwards. A redirect to another origin is followed there, over the real
 * network. The body is read to its end, and decoded as browsers do.
 *
 * @param target A URL, a Node server or listener, an application of Express, Fastify or Koa, or a
 *   Fetch handler (a function of one parameter, or an object with `fetch`).
 * @throws {CorsBlockedError} where the page's `fetch()` would fail; with `cause` where no response came.
 * @throws {TypeError} for a wrong option or target.
 * @throws {Error} with the code `CROSSGATE_TIMEOUT` where the target takes too long.
 * @example
 * const response = await browserFetch(app, {
 *   from: 'https://app.example.com',
 *   path: '/items',
 *   method: 'PUT',
 *   credentials: 'include',
 *   cookie: 'session=1',
 * })
 * assert.equal(response.headers.get('x-total'), '3') // null, unless the server exposes it
 */
export async function browserFetch(
  target: BrowserTarget,
  options: BrowserFetchOptions,
): Promise<Response> {
  const observation = await observe(target, options, true)
  const { asked, verdict, cause } = observation
  if (verdict.type !== 'error') return pageResponse(observation)
  const error = new CorsBlockedError(asked, verdict, cause)
  // So that test runners show the line of the test.
  Error.captureStackTrace(error, browserFetch)
  throw error
}

/**
 * What a browser concludes, as data: which rule, which field, what to do. A response that is
 * blocked, or that never came, is a verdict like others. It is known by the head of the response:
 * bodies are not read, so the verdict has none.
 *
 * @throws {TypeError} for a wrong option or target.
 * @throws {Error} with the code `CROSSGATE_TIMEOUT` where the target takes too long.
 * @example
 * const { readable, rule } = await verdictOf(app, { from: 'https://evil.example' })
 */
export async function verdictOf(
  target: BrowserTarget,
  options: BrowserFetchOptions,
): Promise<Verdict> {
  return (await observe(target, options)).verdict
}

/**
 * Asserts that the page can read the response, whatever its status.
 *
 * @throws {AssertionError} that says why it cannot.
 * @example await assertReadable(app, { from: 'https://app.example.com', path: '/items' })
 */
export async function assertReadable(
  target: BrowserTarget,
  options: BrowserFetchOptions,
): Promise<Verdict> {
  const observation = await observe(target, options)
  assertIsReadable(observation, assertReadable)
  return observation.verdict
}

/**
 * Asserts that the server's answer keeps the page out.
 *
 * Without `rule` only the CORS check and the preflight count: a server that is down, or a request
 * that no page can make, proves nothing about a policy. Nor does a slip in the path, where a 404 has
 * no CORS headers: have `assertReadable` ask for the same path.
 *
 * @throws {AssertionError} where the page can read the response, or cannot for another reason.
 * @example await assertBlocked(app, { from: 'https://evil.example' }, 'allow-origin.missing')
 */
export async function assertBlocked(
  target: BrowserTarget,
  options: BrowserFetchOptions,
  rule?: RuleCode,
): Promise<Verdict> {
  checkRule(rule)
  const observation = await observe(target, options)
  assertIsBlocked(observation, rule, assertBlocked)
  return observation.verdict
}
