/** Commands with a deadline, and with a bound for those that wait while Redis is away. */

import type { Clock } from '../../src/index.ts'

/**
 * Clients keep commands while Redis is away, also those that nobody waits for any more. Without a bound, a
 * long outage would fill the memory with them.
 */
const MOST_UNANSWERED = 1000

/** Runs commands. A command that gets no answer in time fails; what it answers later is dropped. */
export type CommandRunner = <Answer>(command: () => Promise<Answer>) => Promise<Answer>

export function createCommandRunner(timeout: number, clock: Clock): CommandRunner {
  let unanswered = 0
  return async (command) => {
    if (unanswered >= MOST_UNANSWERED) {
      throw new Error(`Redis has not answered ${MOST_UNANSWERED} commands yet`)
    }
    unanswered += 1
    const answered = attempt(command).finally(() => {
      unanswered -= 1
    })
    return inTime(answered, timeout, clock)
  }
}

/** Clients throw as well as reject. */
export async function attempt<Answer>(command: () => Promise<Answer>): Promise<Answer> {
  return command()
}

function inTime<Answer>(answered: Promise<Answer>, timeout: number, clock: Clock): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(timeout, () =>
      reject(new Error(`Redis has not answered within ${timeout} ms`)),
    )
    answered.then(resolve, reject).finally(cancel)
  })
}
