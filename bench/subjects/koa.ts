/** Middleware of Koa. */

import koaCors from '@koa/cors'
import { cors } from 'crossgate/koa'
import type { Context } from 'koa'
import { expressionsOf, isLater, lookUpOf, originsOf, tenantOrigins } from '../rule.ts'
import {
  ALLOWED_HEADERS,
  EXPOSED_HEADERS,
  MAX_AGE,
  METHODS,
  type Rule,
  type Scenario,
} from '../scenarios.ts'
import { sourceOf } from './crossgate.ts'
import { floorOf, lateFields, promisedFloorOf, spoils } from './floor.ts'
import type { Subjects } from './subjects.ts'

export type Middleware = (context: Context, next: () => Promise<void>) => Promise<void>

export const KOA_SUBJECTS: Subjects<Middleware> = {
  bare: () => (_context, next) => next(),
  floor: middlewareFloor,
  crossgate: ({ rule }) =>
    cors(sourceOf<Context>(rule, ({ req }) => req.headers.host) as never) as Middleware,
  '@koa/cors': ({ rule }) => koaCors(peerOptions(rule, documented(rule))) as Middleware,
  '@koa/cors, expert': ({ rule }) => koaCors(peerOptions(rule, lookUpOf(rule))) as Middleware,
}

function middlewareFloor(scenario: Scenario): Middleware {
  const { rule, application } = scenario
  if (isLater(rule)) {
    const floor = promisedFloorOf(rule)
    return (context, next) => floor(context.req, context.res).then(next)
  }
  if (spoils(application)) {
    const set = lateFields(rule, application)
    return (context, next) => next().then(() => set(context.req, context.res))
  }
  const floor = floorOf(scenario)
  const done = Promise.resolve()
  return (context, next) => (floor(context.req, context.res) ? next() : done)
}

/** Its documentation has one origin, or a function. */
function documented(rule: Rule): (origin: string) => boolean {
  if (rule.origins.kind === 'wildcards') {
    const expressions = expressionsOf(rule)
    return (origin) => expressions.some((one) => one.test(origin))
  }
  const origins = originsOf(rule)
  return (origin) => origins.includes(origin)
}

function peerOptions(
  rule: Rule,
  allows: (origin: string) => boolean,
): Parameters<typeof koaCors>[0] {
  return {
    origin: originOption(rule, allows),
    credentials: rule.credentials,
    allowMethods: [...METHODS],
    ...(rule.headers === 'any' ? {} : { allowHeaders: [...ALLOWED_HEADERS] }),
    exposeHeaders: [...EXPOSED_HEADERS],
    maxAge: MAX_AGE,
  }
}

function originOption(
  rule: Rule,
  allows: (origin: string) => boolean,
): Parameters<typeof koaCors>[0]['origin'] {
  const { origins } = rule
  const granted = ({ req }: Context): string => {
    const { origin = '' } = req.headers
    return allows(origin) ? origin : ''
  }
  if (origins.kind === 'any') return '*'
  if (isLater(rule)) return async (context: Context) => granted(context)
  if (origins.kind === 'tenants') {
    const known = tenantOrigins(rule)
    return ({ req }: Context) => known.get(req.headers.host ?? '') ?? ''
  }
  return granted
}
