/** The kinds of servers, each loaded only where it is measured. */

import type { Kind } from './lane.ts'

export const KINDS: Readonly<Record<string, () => Promise<{ readonly kind: Kind }>>> = {
  node: () => import('./kinds/node.ts'),
  koa: () => import('./kinds/koa.ts'),
  fastify: () => import('./kinds/fastify.ts'),
  express: () => import('./kinds/express.ts'),
  hono: () => import('./kinds/hono.ts'),
  'hono-fetch': () => import('./kinds/hono-fetch.ts'),
  fetch: () => import('./kinds/fetch.ts'),
  decide: () => import('./kinds/decide.ts'),
}
