/** What a kind of server makes of a subject and a scenario: exchanges to prepare, to run, to read. */

import type { Application, Scenario } from './scenarios.ts'

/** What was sent, or would have been. */
export interface Answer {
  readonly status: number
  /** Names in lower case, in the order in which they came. */
  readonly fields: readonly (readonly [name: string, value: string])[]
}

export interface Lane<Exchange = unknown> {
  /** Fresh exchanges, made outside of what is timed. */
  make(count: number): Exchange[] | Promise<Exchange[]>
  /** What is timed: each from the layer to the head that is written. */
  run(exchanges: readonly Exchange[]): void | Promise<void>
  answerOf(exchange: Exchange): Answer | Promise<Answer>
}

/** A kind of server. */
export interface Kind {
  /** `bare` and `floor` are among them. */
  readonly subjects: readonly string[]
  /** The applications that can be written for it; all, where there is no list. */
  readonly applications?: readonly Application[]
  /** The scenarios that mean something there; all, where there is no such function. */
  readonly takes?: (scenario: Scenario) => boolean
  prepare(subject: string, scenario: Scenario): Lane | Promise<Lane>
}
