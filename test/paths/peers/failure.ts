/** What other libraries fail at: how it is noted down. */

import type { Asker } from '../path.ts'
import type { RowId } from '../titles.ts'
import type { CheckName } from './checks.ts'

/** The libraries as they were observed, and the framework of ours that answers in their place. */
export const PEERS = {
  'cors 2.8.6 on Express 4.22': { library: 'cors', framework: 'express4' },
  'cors 2.8.6 on Express 5.3': { library: 'cors', framework: 'express5' },
  '@fastify/cors 11.4.3 on Fastify 5.12': { library: '@fastify/cors', framework: 'fastify5' },
  '@koa/cors 5.0.0 on Koa 2.16': { library: '@koa/cors', framework: 'koa2' },
  '@koa/cors 5.0.0 on Koa 3.3': { library: '@koa/cors', framework: 'koa3' },
  // Without an adapter of their own, these stand against Node's own server.
  'hono/cors 4.13.19 on node-server 2.1': { library: 'hono/cors', framework: 'http' },
  'h3 2.0.8': { library: 'h3', framework: 'http' },
  '@elysiajs/cors 1.4.2': { library: '@elysiajs/cors', framework: 'http' },
  '@hapi/hapi 21.4.10': { library: '@hapi/hapi', framework: 'http' },
  '@middy/http-cors 7.9.2': { library: '@middy/http-cors', framework: 'http' },
  'NestJS 12.5.1 on Fastify': { library: 'NestJS', framework: 'fastify5' },
} as const

export type Peer = keyof typeof PEERS
export type FrameworkId = (typeof PEERS)[Peer]['framework']

export const EXPRESS4 = 'cors 2.8.6 on Express 4.22'
export const EXPRESS5 = 'cors 2.8.6 on Express 5.3'
export const FASTIFY = '@fastify/cors 11.4.3 on Fastify 5.12'
export const KOA2 = '@koa/cors 5.0.0 on Koa 2.16'
export const KOA3 = '@koa/cors 5.0.0 on Koa 3.3'
export const HONO = 'hono/cors 4.13.19 on node-server 2.1'
export const H3 = 'h3 2.0.8'
export const ELYSIA = '@elysiajs/cors 1.4.2'
export const HAPI = '@hapi/hapi 21.4.10'
export const MIDDY = '@middy/http-cors 7.9.2'
export const NEST = 'NestJS 12.5.1 on Fastify'

export const EXPRESS = [EXPRESS4, EXPRESS5] as const
export const KOA = [KOA2, KOA3] as const
export const ALL = [...EXPRESS, FASTIFY, ...KOA] as const

/** What shows that crossgate does not fail there: a row of the matrix, or a check of its own. */
export type Proof = ByRow | ByCheck

interface ByRow {
  readonly row: RowId
  /** @default an allowed origin */
  readonly asker?: Asker
  /** Why nobody can answer there: the framework alone does not answer, either. */
  readonly neverAnswered?: string
}

interface ByCheck {
  readonly check: CheckName
  /** The row of the matrix that it belongs to. */
  readonly row?: RowId
  readonly neverAnswered?: string
  /** What to write where the framework itself leaves no other way. */
  readonly instead?: string
}

/** One experiment, and the libraries that fail at it alike. */
export interface Failure {
  readonly experiment: string
  readonly peers: readonly Peer[]
  readonly failure: string
  readonly by: Proof
}
