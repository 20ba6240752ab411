/**
 * Answers to preflights that echo what was asked for. A page asks for the same again and again, so that a few
 * answers are kept for each of the origins that did so lately.
 */

import type { CorsDecision } from './decision.ts'

/** Origins whose echoes are kept. With what is below, that is less than a megabyte of a policy. */
export const ECHOING_ORIGINS = 64
/** For each origin. */
const MOST_ECHOES = 8
/** Letters of what was asked for. Longer lists are answered anew each time. */
const LONGEST_KEPT = 256

export interface KeptEcho {
  readonly outcome: string
  readonly method: string
  readonly headers: string
  readonly decision: CorsDecision
}

/**
 * A few comparisons cost less than to hash a text that has just come in. What is found moves up, so that
 * what is at the end is asked for least.
 */
export function findEcho(
  echoes: KeptEcho[],
  outcome: string,
  method: string,
  headers: string,
): CorsDecision | undefined {
  for (let index = 0; index < echoes.length; index += 1) {
    const echo = echoes[index] as KeptEcho
    if (echo.headers === headers && echo.method === method && echo.outcome === outcome) {
      if (index > 0) {
        echoes[index] = echoes[index - 1] as KeptEcho
        echoes[index - 1] = echo
      }
      return echo.decision
    }
  }
  return undefined
}

/** Keeps an echo, once there are many in the place of the last. */
export function keepEcho(echoes: KeptEcho[], echo: KeptEcho): void {
  if (echo.method.length + echo.headers.length > LONGEST_KEPT) return
  if (echoes.length === MOST_ECHOES) echoes.pop()
  echoes.push(echo)
}
