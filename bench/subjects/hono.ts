/** Middleware of Hono. */

import { cors } from 'crossgate/hono'
import type { Context, MiddlewareHandler } from 'hono'
import { cors as honoCors } from 'hono/cors'
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
import {
  ALLOW_CREDENTIALS,
  ALLOW_ORIGIN,
  EXPOSE_HEADERS,
  EXPOSED_LIST,
  preflightFields,
} from './fields.ts'
import type { Subjects } from './subjects.ts'

export const HONO_SUBJECTS: Subjects<MiddlewareHandler> = {
  bare: () => (_context, next) => next(),
  floor: middlewareFloor,
  crossgate: ({ rule }) =>
    cors(
      sourceOf<Context>(rule, ({ req }) => req.header('host')) as never,
    ) as unknown as MiddlewareHandler,
  'hono/cors': ({ rule }) => honoCors(peerOptions(rule, documented(rule))),
  'hono/cors, expert': ({ rule }) => honoCors(peerOptions(rule, expert(rule))),
}

function middlewareFloor({ rule }: Scenario): MiddlewareHandler {
  const grants = grantsOf(rule)
  const later = isLater(rule)
  const asked = async (context: Context, origin: string): Promise<boolean> =>
    grants(context, origin)
  const any = rule.origins.kind === 'any'
  return async (context, next) => {
    const origin = context.req.header('origin')
    if (any) {
      context.header(ALLOW_ORIGIN, '*')
      context.header(EXPOSE_HEADERS, EXPOSED_LIST)
      return next()
    }
    context.header('vary', 'Origin')
    const granted =
      origin !== undefined && (later ? await asked(context, origin) : grants(context, origin))
    if (granted) {
      if (isPreflight(context)) return preflightAnswer(context, rule, origin)
      context.header(ALLOW_ORIGIN, origin)
      context.header(ALLOW_CREDENTIALS, 'true')
      context.header(EXPOSE_HEADERS, EXPOSED_LIST)
    }
    return next()
  }
}

function grantsOf(rule: Rule): (context: Context, origin: string) => boolean {
  if (rule.origins.kind === 'tenants') {
    const origins = tenantOrigins(rule)
    return ({ req }, origin) => origins.get(req.header('host') ?? '') === origin
  }
  const allows = lookUpOf(rule)
  return (_context, origin) => allows(origin)
}

function isPreflight({ req }: Context): boolean {
  return req.method === 'OPTIONS' && req.header('access-control-request-method') !== undefined
}

function preflightAnswer({ req }: Context, rule: Rule, origin: string): Response {
  const headers = preflightFields(rule, origin, req.header('access-control-request-headers'))
  return new Response(null, { status: 204, headers })
}

type HonoOptions = NonNullable<Parameters<typeof honoCors>[0]>
type OriginOption = NonNullable<HonoOptions['origin']>

function peerOptions(rule: Rule, origin: OriginOption): HonoOptions {
  return {
    origin,
    ...(rule.credentials ? { credentials: true } : {}),
    allowMethods: [...METHODS],
    ...(rule.headers === 'any' ? {} : { allowHeaders: [...ALLOWED_HEADERS] }),
    exposeHeaders: [...EXPOSED_HEADERS],
    maxAge: MAX_AGE,
  }
}

/** Its documentation: a string, an array, a function. */
function documented(rule: Rule): OriginOption {
  switch (rule.origins.kind) {
    case 'any':
      return '*'
    case 'exact': {
      const origins = originsOf(rule)
      return origins.length === 1 ? (origins[0] ?? '') : origins
    }
    case 'wildcards': {
      const expressions = expressionsOf(rule)
      return (origin) => (expressions.some((one) => one.test(origin)) ? origin : null)
    }
    case 'tenants':
      return tenantFunction(rule)
    case 'promised': {
      const origins = originsOf(rule)
      return async (origin) => (origins.includes(origin) ? origin : null)
    }
  }
}

function expert(rule: Rule): OriginOption {
  if (rule.origins.kind === 'any') return '*'
  if (rule.origins.kind === 'tenants') return tenantFunction(rule)
  const allows = lookUpOf(rule)
  if (isLater(rule)) return async (origin) => (allows(origin) ? origin : null)
  return (origin) => (allows(origin) ? origin : null)
}

function tenantFunction(rule: Rule): OriginOption {
  const origins = tenantOrigins(rule)
  return (_origin, { req }) => origins.get(req.header('host') ?? '')
}
