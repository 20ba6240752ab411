/** Scenarios as they are run: each on every server that it is for. */

import { originOf, type PageRequest } from '../../src/browser/index.ts'
import { ADAPTERS, type Adapter } from './adapters.ts'
import { hostOf } from './network.ts'
import { RAW, type RawAnswers } from './raw.ts'
import { APP, type Expected, type Scenario, type Step } from './scenario.ts'
import { SCENARIOS } from './scenarios/index.ts'

/** A scenario on one server. */
export interface Case {
  readonly scenario: Scenario
  /** The name of the adapter, or `'raw'`. */
  readonly on: string
  readonly scheme: 'http' | 'https'
  readonly number: number
}

/** Who runs a case: each has URLs of its own, so that caches and logs are not shared. */
export type Runner = 'chromium' | 'standard' | 'model'

/** A step as somebody runs it. */
export interface PreparedStep {
  /** Where the page is, as people write it; `'null'` and `'data:'` as in the scenario. */
  readonly page: string
  readonly request: PageRequest
}

type Place = Pick<Adapter, 'name' | 'protocol' | 'scheme'>

/** Where scenarios run: those with lines of their own on one server, the others on all. */
export const PLACES: readonly Place[] = [...ADAPTERS, RAW]

export const CASES: readonly Case[] = PLACES.flatMap((place) =>
  SCENARIOS.filter((scenario) => isFor(scenario, place)).map((scenario) => ({ scenario, place })),
).map(({ scenario, place }, number) => ({
  scenario,
  on: place.name,
  scheme: place.scheme,
  number,
}))

function isFor(scenario: Scenario, { name, protocol, scheme }: Place): boolean {
  if ('raw' in scenario) return name === RAW.name
  const { only = scheme } = scenario
  return name !== RAW.name && (only === scheme || only === protocol)
}

/** The first part of the path of a run's URLs. */
export function runOf({ number }: Case, runner: Runner): string {
  return `${runner}-${number}`
}

/** The lines of the raw server, by run. */
export const rawAnswers: RawAnswers = (run) => {
  const scenario = CASES[Number(run.split('-')[1])]?.scenario
  return scenario !== undefined && 'raw' in scenario ? scenario.raw : undefined
}

/** A step with everything that depends on the server and on who runs it. */
export function prepared(one: Case, step: Step, runner: Runner): PreparedStep {
  const { scenario, scheme } = one
  const { from, path = 'ok', at, expected, stored, ...request } = step
  const page = pageOf(from ?? scenario.from ?? APP, one)
  const base = (name: string): string => `${originAt(name, one)}/${runOf(one, runner)}`
  const own = 'raw' in scenario ? RAW.policy : scenario.policy
  const filled = path.replaceAll(/\{([a-z-]+)\}/g, (_all, name: string) =>
    name === 'page' ? `${scheme}:${APP}/${runOf(one, runner)}` : base(name),
  )
  const place = at === undefined ? base(own) : `${at}/${runOf(one, runner)}`
  return { page, request: { ...request, from: serialized(page), url: `${place}/${filled}` } }
}

/** What is expected, with the page's origin filled in. */
export function expectedOf(one: Case, { expected, from }: Step): Expected {
  if (!('body' in expected)) return expected
  const page = pageOf(from ?? one.scenario.from ?? APP, one)
  return { ...expected, body: expected.body.replace('{from}', serialized(page)) }
}

function pageOf(from: string, one: Case): string {
  if (from === '{self}') return 'policy' in one.scenario ? originAt(one.scenario.policy, one) : from
  return from.startsWith('//') ? `${one.scheme}:${from}` : from
}

function serialized(page: string): string {
  return page === 'null' || page === 'data:' ? 'null' : originOf(page)
}

function originAt(policy: string, { scheme, on }: Case): string {
  return `${scheme}://${hostOf(policy, { name: on })}`
}
