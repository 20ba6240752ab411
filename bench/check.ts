/** Whether an answer is what the rule says, as a browser and a cache would see it. */

import type { Answer } from './lane.ts'
import { originsOf } from './rule.ts'
import { ALLOWED_HEADERS, EXPOSED_HEADERS, MAX_AGE, METHODS, type Scenario } from './scenarios.ts'
import {
  ALLOW_CREDENTIALS,
  ALLOW_HEADERS,
  ALLOW_MAX_AGE,
  ALLOW_METHODS,
  ALLOW_ORIGIN,
  EXPOSE_HEADERS,
} from './subjects/fields.ts'

/** Subjects that send a single origin to everybody, so that their answers need no Vary. */
const SEND_TO_ALL = ['@fastify/cors']

/**
 * What is wrong with an answer; nothing where it is right.
 *
 * @param subject Whose answer it is.
 */
export function wrongOf(answer: Answer, scenario: Scenario, subject: string): string[] {
  const fields = fieldsOf(answer)
  return [
    ...repeated(answer),
    ...(scenario.expected.startsWith('preflight')
      ? preflightFaults(answer.status, fields, scenario)
      : actualFaults(answer.status, fields, scenario)),
    ...varyFaults(fields, scenario, SEND_TO_ALL.includes(subject)),
  ]
}

type Fields = ReadonlyMap<string, string>

function fieldsOf({ fields }: Answer): Fields {
  const all = new Map<string, string>()
  for (const [name, value] of fields) {
    const before = all.get(name)
    all.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return all
}

function repeated({ fields }: Answer): string[] {
  const names = fields.map(([name]) => name).filter((name) => name.startsWith('access-control-'))
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
    (name) => `${name} twice`,
  )
}

/** Servers add their character set. */
function isText(type: string | undefined): boolean {
  return type?.split(';')[0]?.trim() === 'text/plain'
}

function listOf(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .filter((one) => one !== '')
    .sort()
}

function differs(name: string, found: string | undefined, expected: string | undefined): string[] {
  return found === expected ? [] : [`${name} is ${found ?? 'absent'}`]
}

function differsAsList(name: string, found: string | undefined, expected: readonly string[]) {
  const same = listOf(found).join() === listOf(expected.join()).join()
  return same ? [] : [`${name} is ${found?.slice(0, 60) ?? 'absent'}`]
}

function actualFaults(status: number, fields: Fields, scenario: Scenario): string[] {
  const own = [
    ...(status === 200 ? [] : [`status ${status}`]),
    ...(isText(fields.get('content-type'))
      ? []
      : [`content-type is ${fields.get('content-type')}`]),
    ...differs('x-total', fields.get('x-total'), '7'),
  ]
  if (scenario.expected === 'unreadable') return [...own, ...readableFaults(fields, scenario)]
  return [
    ...own,
    ...grantFaults(fields, scenario),
    ...differsAsList(EXPOSE_HEADERS, fields.get(EXPOSE_HEADERS), EXPOSED_HEADERS),
  ]
}

function grantFaults(fields: Fields, { rule, request }: Scenario): string[] {
  const origin = rule.origins.kind === 'any' ? '*' : request.origin
  return [
    ...differs(ALLOW_ORIGIN, fields.get(ALLOW_ORIGIN), origin),
    ...differs(
      ALLOW_CREDENTIALS,
      fields.get(ALLOW_CREDENTIALS),
      rule.credentials ? 'true' : undefined,
    ),
  ]
}

/** A single origin may be sent to everybody: no browser lets another read. */
function readableFaults(fields: Fields, scenario: Scenario): string[] {
  const sent = fields.get(ALLOW_ORIGIN)
  return sent === undefined || sent === onlyOriginOf(scenario) ? [] : [`${ALLOW_ORIGIN} is ${sent}`]
}

function onlyOriginOf({ rule }: Scenario): string | undefined {
  const { origins } = rule
  return origins.kind === 'exact' && origins.count === 1 ? originsOf(rule)[0] : undefined
}

function preflightFaults(status: number, fields: Fields, scenario: Scenario): string[] {
  const passes = scenario.expected === 'preflight-passes'
  const allowed = fields.get(ALLOW_HEADERS)
  const asked = listOf(scenario.request.requestHeaders)
  const covers = asked.every((one) => listOf(allowed).includes(one))
  return [
    ...(status >= 200 && status < 300 ? [] : [`status ${status}`]),
    ...grantFaults(fields, scenario),
    ...differsAsList(ALLOW_METHODS, fields.get(ALLOW_METHODS), METHODS),
    ...differs(ALLOW_MAX_AGE, fields.get(ALLOW_MAX_AGE), String(MAX_AGE)),
    ...(passes && !covers ? [`${ALLOW_HEADERS} is ${allowed ?? 'absent'}`] : []),
    ...(scenario.rule.headers === 'listed'
      ? differsAsList(ALLOW_HEADERS, allowed, ALLOWED_HEADERS)
      : []),
  ]
}

/** `Vary: Origin` wherever another origin would have got another answer. */
function varyFaults(fields: Fields, scenario: Scenario, sentToAll: boolean): string[] {
  const { rule, request, application } = scenario
  const vary = listOf(fields.get('vary'))
  const only = onlyOriginOf(scenario)
  const sameForAll =
    rule.origins.kind === 'any' ||
    (sentToAll && only !== undefined && fields.get(ALLOW_ORIGIN) === only)
  const echoes = rule.headers === 'any' && request.method === 'OPTIONS'
  const needed = [
    ...(sameForAll ? [] : ['origin']),
    ...(echoes ? ['access-control-request-headers'] : []),
    ...(application === 'vary' ? ['accept-encoding'] : []),
  ]
  return needed.filter((one) => !vary.includes(one)).map((one) => `vary lacks ${one}`)
}
