/** Allowed origins, kept with their answers: always where they are few, else while they come again and again. */

import { type AllowedOrigin, allowedOrigin, keepAnswers } from './answers.ts'
import { generations } from './generations.ts'

/** Allowed origins whose answers are kept. */
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

/** Origins that were allowed lately. */
export interface KeptOrigins {
  /** Whoever is found has come again, and is kept. */
  readonly find: (origin: string) => AllowedOrigin | undefined
  readonly add: (origin: string) => AllowedOrigin
}

export function keptOrigins(): KeptOrigins {
  const { find, put } = generations<string, AllowedOrigin>(KEPT_ORIGINS)
  return {
    find: (origin) => {
      const found = find(origin)
      if (found?.isKept === false) keepAnswers(found)
      return found
    },
    add: (origin) => {
      const added = allowedOrigin(origin)
      put(origin, added)
      return added
    },
  }
}
