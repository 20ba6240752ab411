/** The checks by their names: one for each failure that is no row of the matrix. */

import express from 'express'
import Koa from 'koa'
import { expect, onTestFinished } from 'vitest'
import { APPLICATION } from '../../adapters/application.ts'
import {
  corsLines,
  expectedLines,
  type Harness,
  type Route,
  type Source,
} from '../../adapters/harness.ts'
import * as harnesses from '../../adapters/harnesses.ts'
import { requireExpress4, requireKoa2 } from '../../adapters/majors.ts'
import { EXCHANGES, type ExchangeName, REFUSALS, type RefusalName } from './exchanges.ts'
import * as inExpress from './express.ts'
import type { FrameworkId } from './failure.ts'
import * as inFastify from './fastify.ts'
import * as unanswered from './unanswered.ts'

const HARNESSES: Readonly<Record<FrameworkId, Harness>> = {
  express4: harnesses.express4,
  express5: harnesses.express5,
  fastify5: harnesses.fastify5,
  koa2: harnesses.koa2,
  koa3: harnesses.koa3,
  http: harnesses.nodeHttp,
}

const EXPRESSES = { express4: requireExpress4(), express5: express } as const
const KOAS = { koa2: requireKoa2(), koa3: Koa } as const

/** Longer than it takes a promise to settle. */
const SLOW: Route = {
  method: 'GET',
  path: '/slow',
  run: async (reply) => {
    await new Promise((resolve) => setImmediate(resolve))
    reply.send(200, 'slow')
  },
}

/** What only one framework can be asked. */
const OWN = {
  'a rejection in Express 4': () => unanswered.checkRejectionInExpress(EXPRESSES.express4),
  'a thrown null in Koa': (id) => unanswered.checkThrownInKoa(koaOf(id), null, 'nothing'),
  'a thrown frozen error in Koa': (id) =>
    unanswered.checkThrownInKoa(koaOf(id), Object.freeze(new Error('frozen')), 'TypeError'),
  'a stream that fails later in Koa 2': () => unanswered.checkStreamErrorInKoa(KOAS.koa2),
  'a preflight for a bad URL in Fastify': inFastify.checkBadUrlPreflight,
  'a bad URL in Fastify over HTTP/2': inFastify.checkBadUrlOverHttp2,
  'a bad URL in Fastify with frameworkErrors': inFastify.checkFrameworkErrors,
  'registered again below a prefix in Fastify': inFastify.checkInnerRegistration,
  'OPTIONS of every path in Fastify': inFastify.checkOptionsOfEveryPath,
  'the preflight of a route with a policy in Fastify': inFastify.checkRoutePolicyPreflight,
  'the preflight of a route without CORS in Fastify': inFastify.checkRouteWithoutCorsPreflight,
  'the preflight of one route in Express': (id) =>
    inExpress.checkOneRoute(id === 'express4' ? EXPRESSES.express4 : EXPRESSES.express5),
  'OPTIONS of every path in Express 5': () => inExpress.checkOptionsOfEveryPath(EXPRESSES.express5),
} as const satisfies Record<string, (id: FrameworkId) => Promise<void>>

export type CheckName = RefusalName | ExchangeName | keyof typeof OWN

export const CHECK_NAMES = [REFUSALS, EXCHANGES, OWN].flatMap(Object.keys) as CheckName[]

export function runCheck(name: CheckName, id: FrameworkId): Promise<void> {
  if (name in REFUSALS) return checkRefusal(name as RefusalName, HARNESSES[id])
  if (name in EXCHANGES) return checkExchange(name as ExchangeName, HARNESSES[id])
  return OWN[name as keyof typeof OWN](id)
}

async function checkRefusal(name: RefusalName, harness: Harness): Promise<void> {
  const { options, issues } = REFUSALS[name]
  await expect(harness.serve(options as unknown as Source, APPLICATION)).rejects.toMatchObject({
    name: 'CorsConfigError',
    issues: issues.map(([code, ...path]) => ({ code, path })),
  })
}

async function checkExchange(name: ExchangeName, harness: Harness): Promise<void> {
  const { source, steps } = EXCHANGES[name]
  const service = await harness.serve(source as Source, [...APPLICATION, SLOW])
  onTestFinished(() => service.close())
  for (const [index, { ask, status, lines, ran }] of steps.entries()) {
    const answer = await service.send(ask)
    expect([index, answer.status, corsLines(answer.rawHeaders), answer.handlerRan]).toEqual([
      index,
      status,
      expectedLines(lines),
      ran,
    ])
  }
}

function koaOf(id: FrameworkId): typeof Koa {
  return id === 'koa2' ? KOAS.koa2 : KOAS.koa3
}
