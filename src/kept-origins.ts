/** Allowed origins, kept with their answers: always where they are few, else while they come again and again. */

import { type AllowedOrigin, allowedOrigin, keepAnswers } from './answers.ts'

/** Allowed origins whose answers are kept, in two halves. What an attacker can vary is bounded by this. */
const KEPT_ORIGINS = 1000

/** So many comparisons cost no more than to hash a text that has just come in. */
export const FEW_ORIGINS = 16

/** Finds one of a few origins, each written out, which are kept for good. */
export function fewOrigins(
  origins: readonly string[],
): (origin: string) => AllowedOrigin | undefined {
  const few = origins.map(allowedOrigin)
  for (const one of few) keepAnswers(one)
  return (origin) => {
    for (let index = 0; index < few.length; index += 1) {
      const one = few[index] as AllowedOrigin
      if (one.allowOrigin === origin) return one
    }
    return undefined
  }
}

export interface KeptOrigins {
  readonly find: (origin: string) => AllowedOrigin | undefined
  readonly add: (origin: string) => AllowedOrigin
}

/**
 * Origins that were allowed lately. Once there are many, those that were not asked for since the last
 * time are forgotten, so that a flood of new ones does not push out those that come again and again.
 */
export function keptOrigins(): KeptOrigins {
  let young = new Map<string, AllowedOrigin>()
  let old = new Map<string, AllowedOrigin>()

  function put(origin: string, allowed: AllowedOrigin): void {
    if (young.size >= KEPT_ORIGINS / 2) {
      old = young
      young = new Map()
    }
    young.set(origin, allowed)
  }

  return {
    find: (origin) => {
      const found = young.get(origin)
      if (found !== undefined) {
        if (!found.isKept) keepAnswers(found)
        return found
      }
      if (old.size === 0) return undefined
      const aged = old.get(origin)
      if (aged !== undefined) put(origin, aged)
      return aged
    },
    add: (origin) => {
      const added = allowedOrigin(origin)
      put(origin, added)
      return added
    },
  }
}
