/** Why a request got its decision, for people and logs. Nothing is built unless somebody asks. */

import { decide } from './decide.ts'
import type { CorsDecision } from './decision.ts'
import { factOf, type RequestFacts } from './facts.ts'
import { isToken } from './http/token.ts'
import type { NormalizedOptions, OriginEntry } from './options.ts'
import { nearestMismatch } from './origin/mismatch.ts'
import type { CorsPolicy } from './policy.ts'
import { isMethodAllowed, refusedHeaders } from './preflight.ts'
import { quote, shorten } from './quote.ts'

const MOST_OF_MESSAGE = 500

/** One step on the way to a decision. */
export interface ExplanationStep {
  readonly step: 'request' | 'origin' | 'method' | 'headers' | 'answer'
  readonly passed: boolean
  /** For people: one line, cut after 500 letters, without anything unescaped from the request. */
  readonly message: string
}

export interface CorsExplanation {
  readonly decision: CorsDecision
  readonly steps: readonly ExplanationStep[]
}

/**
 * The decision with the steps that led to it. It discloses the policy, so it is for logs and
 * developers, not for clients.
 *
 * @throws {TypeError} for a policy whose origin is a predicate.
 * @example console.log(formatExplanation(explain(policy, { method: 'GET', origin: 'http://app.example.com' })))
 */
export function explain(policy: CorsPolicy, facts: RequestFacts): CorsExplanation {
  return explainDecision(policy.options, facts, decide(policy, facts))
}

/** An explanation as text for a terminal, a line for each step. */
export function formatExplanation({ steps }: CorsExplanation): string {
  return steps
    .map(({ step, passed, message }) => `${passed ? 'ok  ' : 'FAIL'} ${step.padEnd(7)} ${message}`)
    .join('\n')
}

export function explainDecision(
  options: NormalizedOptions,
  facts: RequestFacts,
  decision: CorsDecision,
): CorsExplanation {
  const steps = [requestStep(facts, decision)]
  if (decision.kind !== 'plain') steps.push(originStep(options, facts, decision))
  const originAllowed = decision.outcome === 'allowed' || isLaterRefusal(decision)
  if (decision.kind === 'preflight' && originAllowed) {
    steps.push(methodStep(options, facts), headersStep(options, facts))
  }
  steps.push(answerStep(decision))
  return Object.freeze({ decision, steps: Object.freeze(steps) })
}

function isLaterRefusal({ outcome }: CorsDecision): boolean {
  return outcome === 'method-refused' || outcome === 'header-refused'
}

function requestStep(facts: RequestFacts, { kind }: CorsDecision): ExplanationStep {
  const messages = {
    plain: 'without Origin: no CORS request',
    actual: 'with Origin: a CORS request, or one to the own origin that is not GET or HEAD',
    preflight: 'OPTIONS with Origin and Access-Control-Request-Method: a preflight',
  }
  return step('request', true, `${quote(facts.method)} ${messages[kind]}`)
}

function originStep(
  options: NormalizedOptions,
  facts: RequestFacts,
  { outcome, error }: CorsDecision,
): ExplanationStep {
  const origin = quote(factOf(facts, 'origin'))
  if (outcome === 'source-failed')
    return step('origin', false, `${origin}: ${quote(error?.message)}`)
  if (outcome !== 'origin-refused') return step('origin', true, `${origin} is allowed`)
  return step('origin', false, `${origin} is not allowed: ${reasonOfRefusal(options, facts)}`)
}

function reasonOfRefusal({ origin }: NormalizedOptions, facts: RequestFacts): string {
  if (typeof origin === 'function') return 'the predicate answered false, or was not asked'
  if (origin === false || origin === '*') return 'the policy allows nobody'
  return nearestMismatch(factOf(facts, 'origin') ?? '', origin.map(patternOf))
}

/** What an entry says, with or without an acknowledgement. */
function patternOf(entry: OriginEntry): string | RegExp {
  return typeof entry === 'string' || entry instanceof RegExp ? entry : entry.pattern
}

function methodStep(options: NormalizedOptions, facts: RequestFacts): ExplanationStep {
  const method = factOf(facts, 'requestMethod') ?? ''
  const passed = isMethodAllowed(options, method)
  const verdict = passed ? 'is allowed' : reasonOfMethod(options, method)
  return step('method', passed, `${quote(method)} ${verdict}`)
}

function reasonOfMethod({ methods }: NormalizedOptions, method: string): string {
  if (!isToken(method)) return 'is no token'
  if (methods === '*') return 'is too long to be echoed'
  const isUnlikeInCase = methods.some((one) => one.toUpperCase() === method.toUpperCase())
  const hint = isUnlikeInCase ? ' (methods are case-sensitive)' : ''
  return `is not in the list${hint}: ${listed(methods)}`
}

function headersStep(options: NormalizedOptions, facts: RequestFacts): ExplanationStep {
  const requested = factOf(facts, 'requestHeaders')
  if (requested === undefined) return step('headers', true, 'none asked for')
  const refused = refusedHeaders(options, requested)
  if (refused === undefined) return step('headers', true, `${quote(requested)} are allowed`)
  const verdict =
    refused.length === 0
      ? 'cannot be read: too long, or no list of names'
      : `${quote(refused.join(', '))} not in the list: ${listed(options.allowedHeaders)}`
  return step('headers', false, refused.length === 0 ? `${quote(requested)} ${verdict}` : verdict)
}

function answerStep({ outcome, status, headers, vary }: CorsDecision): ExplanationStep {
  const ends = status === undefined ? 'the application answers' : `ends here with ${status}`
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const varies = vary.length === 0 ? [] : [`vary: ${vary.join(', ')}`]
  const sent = [...fields, ...varies].join('; ')
  return step(
    'answer',
    outcome === 'allowed' || outcome === 'no-origin',
    `${ends}; ${sent || 'no CORS headers'}`,
  )
}

function listed(names: '*' | readonly string[]): string {
  if (names === '*') return '*'
  return names.length === 0 ? 'nothing beyond what browsers always allow' : names.join(', ')
}

function step(name: ExplanationStep['step'], passed: boolean, message: string): ExplanationStep {
  return Object.freeze({ step: name, passed, message: shorten(message, MOST_OF_MESSAGE) })
}
