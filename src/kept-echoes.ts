/**
 * Answers to preflights that echo what was asked for. A page asks for the same again and again, so that
 * the last few answers to its origin are kept.
 */

import type { CorsDecision } from './decision.ts'

/** For each origin. What an attacker can vary is bounded by this, and by the number of kept origins. */
const MOST_ECHOES = 8
/** Letters of what was asked for. Longer lists are answered anew each time. */
const LONGEST_KEPT = 256

export interface KeptEcho {
  readonly outcome: string
  readonly method: string
  readonly headers: string
  readonly decision: CorsDecision
  /** Whether it was asked for more than once. */
  hasComeAgain: boolean
}

/** A few comparisons cost less than to hash a text that has just come in. */
export function findEcho(
  echoes: readonly KeptEcho[],
  outcome: string,
  method: string,
  headers: string,
): KeptEcho | undefined {
  for (let index = 0; index < echoes.length; index += 1) {
    const echo = echoes[index] as KeptEcho
    if (echo.headers === headers && echo.method === method && echo.outcome === outcome) return echo
  }
  return undefined
}

/** Keeps an echo in the place of the oldest. */
export function keepEcho(echoes: KeptEcho[], echo: KeptEcho): void {
  if (echo.method.length + echo.headers.length > LONGEST_KEPT) return
  if (echoes.length === MOST_ECHOES) echoes.shift()
  echoes.push(echo)
}
