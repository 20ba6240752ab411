/** Plugins of Fastify, and hooks written by hand. */

import fastifyCors from '@fastify/cors'
import crossgate from 'crossgate/fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { expressionsOf, isLater, lookUpOf, originsOf, tenantOrigins } from '../rule.ts'
import type { Rule, Scenario } from '../scenarios.ts'
import { sharedOptions } from './cors-package.ts'
import { sourceOf } from './crossgate.ts'
import {
  ALLOW_CREDENTIALS,
  ALLOW_ORIGIN,
  EXPOSE_HEADERS,
  EXPOSED_LIST,
  preflightFields,
} from './fields.ts'
import { spoils, varyOf } from './floor.ts'
import type { Subjects } from './subjects.ts'

/** Puts CORS on an instance. */
export type Install = (instance: FastifyInstance) => unknown

export const FASTIFY_SUBJECTS: Subjects<Install> = {
  bare: () => (instance) => instance.addHook('onRequest', (_request, _reply, done) => done()),
  floor: installFloor,
  crossgate: ({ rule }) => {
    const source = sourceOf<FastifyRequest>(rule, ({ headers }) => headers.host)
    return (instance) => instance.register(crossgate, source as never)
  },
  '@fastify/cors':
    ({ rule }) =>
    (instance) =>
      instance.register(fastifyCors, documented(rule) as never),
  '@fastify/cors, expert':
    ({ rule }) =>
    (instance) =>
      instance.register(fastifyCors, expert(rule) as never),
}

function installFloor({ rule, application }: Scenario): Install {
  if (spoils(application)) return installLateFloor(rule, varyOf(application))
  const hook = isLater(rule) ? promisedHook(rule) : constantHook(rule)
  return (instance) => instance.addHook('onRequest', hook)
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void

/** By tenants, by a look-up, or for everybody. */
function grantsOf(rule: Rule): (request: FastifyRequest) => boolean {
  if (rule.origins.kind === 'tenants') {
    const origins = tenantOrigins(rule)
    return ({ headers: { host = '', origin } }) =>
      origin !== undefined && origins.get(host) === origin
  }
  const allows = lookUpOf(rule)
  return ({ headers: { origin } }) => origin !== undefined && allows(origin)
}

function constantHook(rule: Rule): Hook {
  const grants = grantsOf(rule)
  const any = rule.origins.kind === 'any'
  return (request, reply, done) => {
    if (any) {
      reply.header(ALLOW_ORIGIN, '*')
      reply.header(EXPOSE_HEADERS, EXPOSED_LIST)
    } else if (!grants(request)) reply.header('vary', 'Origin')
    else if (isPreflight(request)) return endPreflight(rule, request, reply)
    else grant(request, reply)
    done()
  }
}

function promisedHook(rule: Rule): Hook {
  const grants = grantsOf(rule)
  const asked = async (request: FastifyRequest): Promise<boolean> => grants(request)
  return (request, reply, done) => {
    asked(request).then((granted) => {
      if (granted) grant(request, reply)
      else reply.header('vary', 'Origin')
      done()
    })
  }
}

function grant(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('vary', 'Origin')
  reply.header(ALLOW_ORIGIN, request.headers.origin)
  reply.header(ALLOW_CREDENTIALS, 'true')
  reply.header(EXPOSE_HEADERS, EXPOSED_LIST)
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
}

function endPreflight(rule: Rule, { headers }: FastifyRequest, reply: FastifyReply): void {
  const { origin = '', 'access-control-request-headers': asked } = headers
  reply
    .code(204)
    .headers(preflightFields(rule, origin, asked))
    .send()
}

/** After an application that spoils what was set before it. */
function installLateFloor(rule: Rule, vary: string): Install {
  const grants = grantsOf(rule)
  return (instance) =>
    instance.addHook('onSend', (request, reply, payload, done) => {
      reply.header('vary', vary)
      if (grants(request)) {
        reply.header(ALLOW_ORIGIN, request.headers.origin)
        reply.header(ALLOW_CREDENTIALS, 'true')
        reply.header(EXPOSE_HEADERS, EXPOSED_LIST)
      }
      done(null, payload)
    })
}

type Callback = (error: Error | null, allowed: unknown) => void

/** Its documentation: a string, an array, an array of expressions, a delegate, a function. */
function documented(rule: Rule): unknown {
  const shared = sharedOptions(rule)
  switch (rule.origins.kind) {
    case 'any':
      return { ...shared, origin: '*' }
    case 'exact': {
      const origins = originsOf(rule)
      return { ...shared, origin: origins.length === 1 ? origins[0] : origins }
    }
    case 'wildcards':
      return { ...shared, origin: expressionsOf(rule) }
    case 'tenants':
      return tenantDelegate(rule)
    case 'promised': {
      const origins = originsOf(rule)
      return { ...shared, origin: async (origin: string) => origins.includes(origin) }
    }
  }
}

function expert(rule: Rule): unknown {
  const shared = sharedOptions(rule)
  if (rule.origins.kind === 'tenants') return tenantDelegate(rule)
  if (rule.origins.kind === 'any') return { ...shared, origin: '*' }
  const allows = lookUpOf(rule)
  if (isLater(rule)) return { ...shared, origin: async (origin: string) => allows(origin) }
  return {
    ...shared,
    origin: (origin: string | undefined, callback: Callback) =>
      callback(null, origin !== undefined && allows(origin)),
  }
}

function tenantDelegate(rule: Rule): unknown {
  const shared = sharedOptions(rule)
  const origins = tenantOrigins(rule)
  return {
    delegator: ({ headers: { host = '' } }: FastifyRequest, callback: Callback) =>
      callback(null, { ...shared, origin: [origins.get(host)] }),
  }
}
