/**
 * crossgate/browser: the Fetch standard's client half of CORS, as pure functions.
 *
 * It says what a browser would do with a response, and why, without a browser.
 *
 * @module crossgate/browser
 */

export type { BrowserName } from './browsers.ts'
export { type CacheKey, createPreflightCache, type PreflightCache } from './cache.ts'
export { corsCheck } from './cors-check.ts'
export type { Field, PageRequest, ReceivedResponse, SentRequest } from './exchange.ts'
export type { SimulateSettings } from './fetch.ts'
export { type PreflightGrant, preflightCheck, preflightMaxAge } from './preflight-check.ts'
export { needsPreflight, preflightOf } from './preflight-request.ts'
export type { ResponseTainting } from './request.ts'
export { visibleHeaders } from './response.ts'
export {
  type BrokenRule,
  HINTS,
  type HintCode,
  RULES,
  type Rule,
  type RuleCode,
} from './rules.ts'
export { type Responder, simulate } from './simulate.ts'
export { originOf } from './url.ts'
export type { Exchange, Verdict } from './verdict.ts'
