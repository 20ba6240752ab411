/** Runs exchanges one after the other where the answer comes later. */

/** What an exchange calls when it is answered. */
export type Answered = () => void

export interface Turnstile {
  /** To be called by the application. */
  readonly answered: Answered
  /** Starts one after the other. */
  readonly run: <Exchange>(
    exchanges: readonly Exchange[],
    start: (exchange: Exchange) => unknown,
  ) => Promise<void>
}

export function turnstile(): Turnstile {
  let next: Answered = () => {}
  return {
    answered: () => next(),
    run: async (exchanges, start) => {
      for (const exchange of exchanges) {
        await new Promise<void>((resolve) => {
          next = resolve
          start(exchange)
        })
      }
    },
  }
}
