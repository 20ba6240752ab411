/** What a run of the benchmark found, as it is written to JSON. */

import type { Figures } from './figures.ts'
import type { Machine } from './machine.ts'

/** A scenario on one kind of server. */
export interface MicroResult {
  readonly kind: string
  readonly scenario: string
  readonly figures: readonly Figures[]
}

/** Whole servers under load. */
export interface MacroResult {
  readonly kind: string
  readonly scenario: string
  readonly figures: readonly MacroFigures[]
}

export interface MacroFigures {
  readonly subject: string
  /** What is wrong with the subject's answer. */
  readonly wrong: readonly string[]
  /** Microseconds of the server's processor that a request takes more than without the layer. */
  readonly addedCpu: number
  /** The whole of it over that without the layer. */
  readonly cpuRatio: number
  /** Requests in a second over those without the layer. */
  readonly throughputRatio: number
}

export interface ImportResult {
  readonly specifier: string
  readonly milliseconds: number
  /** To the import of `cors`. */
  readonly ratio: number
}

export interface SizeResult {
  readonly entry: string
  /** With its core, minified, in bytes of gzip. */
  readonly gzipped: number
}

export interface MemoryResult {
  /** Megabytes of heap that a policy of 100,000 exact origins keeps. */
  readonly policy: number
  /** Those that a `Set` of the same origins keeps. */
  readonly set: number
}

export interface Results {
  readonly machine: Machine
  readonly quick: boolean
  readonly micro: readonly MicroResult[]
  readonly macro: readonly MacroResult[]
  readonly imports: readonly ImportResult[]
  readonly sizes: readonly SizeResult[]
  readonly memory: MemoryResult | undefined
}

export function figuresIn(
  { micro }: Results,
  kind: string,
  scenario: string,
  subject = 'crossgate',
): Figures | undefined {
  return micro
    .find((one) => one.kind === kind && one.scenario === scenario)
    ?.figures.find((one) => one.subject === subject)
}

export function macroIn(
  { macro }: Results,
  kind: string,
  scenario: string,
  subject: string,
): MacroFigures | undefined {
  return macro
    .find((one) => one.kind === kind && one.scenario === scenario)
    ?.figures.find((one) => one.subject === subject)
}
