/**
 * The floor of everything that answers through Node's own response: what nobody who calls its public
 * functions can do with less. A precomputed look-up and as few calls as will do; no options, no merging,
 * no error paths, no guarantee.
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { APPLICATIONS } from '../exchange.ts'
import { lookUpOf, tenantOrigins } from '../rule.ts'
import type { Application, Rule, Scenario } from '../scenarios.ts'
import {
  ALLOW_CREDENTIALS,
  ALLOW_ORIGIN,
  EXPOSE_HEADERS,
  EXPOSED_LIST,
  preflightFields,
} from './fields.ts'

/** Answers whether the application is to go on. */
export type Floor = (request: IncomingMessage, response: ServerResponse) => boolean

export function floorOf({ rule, application }: Scenario): Floor {
  if (rule.origins.kind === 'any') return anyFloor
  if (rule.origins.kind === 'tenants') return tenantFloor(rule)
  return spoils(application) ? lateFloor(rule, application) : constantFloor(rule)
}

/** Whether an application spoils what was set before it. */
export function spoils(application: Application): boolean {
  return application === 'vary' || application === 'removes'
}

function grant(response: ServerResponse, origin: string): void {
  response.setHeader('vary', 'Origin')
  response.setHeader(ALLOW_ORIGIN, origin)
  response.setHeader(ALLOW_CREDENTIALS, 'true')
  response.setHeader(EXPOSE_HEADERS, EXPOSED_LIST)
}

const anyFloor: Floor = (_request, response) => {
  response.setHeader(ALLOW_ORIGIN, '*')
  response.setHeader(EXPOSE_HEADERS, EXPOSED_LIST)
  return true
}

function constantFloor(rule: Rule): Floor {
  const allows = lookUpOf(rule)
  return (request, response) => {
    const { origin } = request.headers
    if (origin === undefined || !allows(origin)) response.setHeader('vary', 'Origin')
    else if (isPreflight(request)) {
      endPreflight(rule, request, response, origin)
      return false
    } else grant(response, origin)
    return true
  }
}

/** The same between the two steps of an application that is known. */
function lateFloor(rule: Rule, application: Application): Floor {
  const { fields, head } = APPLICATIONS[application]
  const set = lateFields(rule, application)
  return (request, response) => {
    fields(response)
    set(request, response)
    head(response)
    return false
  }
}

/** What is set after an application that spoils what was set before it, with its Vary merged beforehand. */
export function lateFields(
  rule: Rule,
  application: Application,
): (request: IncomingMessage, response: ServerResponse) => void {
  const allows = lookUpOf(rule)
  const vary = varyOf(application)
  return (request, response) => {
    const { origin } = request.headers
    response.setHeader('vary', vary)
    if (origin === undefined || !allows(origin)) return
    response.setHeader(ALLOW_ORIGIN, origin)
    response.setHeader(ALLOW_CREDENTIALS, 'true')
    response.setHeader(EXPOSE_HEADERS, EXPOSED_LIST)
  }
}

/** Merged beforehand with that of the application. */
export function varyOf(application: Application): string {
  return application === 'vary' ? 'Accept-Encoding, Origin' : 'Origin'
}

function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
}

function endPreflight(
  rule: Rule,
  request: IncomingMessage,
  response: ServerResponse,
  origin: string,
): void {
  const asked = request.headers['access-control-request-headers']
  response.writeHead(204, preflightFields(rule, origin, asked))
  response.end()
}

function tenantFloor(rule: Rule): Floor {
  const origins = tenantOrigins(rule)
  return (request, response) => {
    const { origin, host } = request.headers
    if (origin !== undefined && origins.get(host ?? '') === origin) grant(response, origin)
    else response.setHeader('vary', 'Origin')
    return true
  }
}

/** Where the look-up takes a promise: set what is due, then go on. */
export function promisedFloorOf(
  rule: Rule,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const allows = lookUpOf(rule)
  const asked = async (origin: string): Promise<boolean> => allows(origin)
  return async (request, response) => {
    const { origin } = request.headers
    if (origin !== undefined && (await asked(origin))) grant(response, origin)
    else response.setHeader('vary', 'Origin')
  }
}
