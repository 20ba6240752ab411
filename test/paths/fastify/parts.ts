/** What Fastify applications of the matrix are put together from. */

import crossgate from 'crossgate/fastify'
import createFastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RouteOptions,
} from 'fastify'
import { HOST } from '../../adapters/wire.ts'
import type { Application, Path, Setting } from '../path.ts'

/** An application whose instance can be asked without a socket. */
export interface FastifyApplication extends Application {
  readonly instance: FastifyInstance
}

export interface FastifyPath extends Path {
  readonly build: (setting: Setting) => Promise<FastifyApplication>
}

export type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown

/** Adds something to an instance: routes, hooks, plugins. */
export type Part = (app: FastifyInstance, setting: Setting) => unknown

/** One route behind crossgate. */
export function path(
  status: number,
  handler: Handler,
  options: Partial<RouteOptions> = {},
): FastifyPath {
  return parts(status, crossgateOf, route(handler, options))
}

/** An application of parts, in their order. */
export function parts(status: number, ...added: readonly Part[]): FastifyPath {
  return { status, build: (setting) => serve(setting, added) }
}

export async function serve(setting: Setting, added: readonly Part[]): Promise<FastifyApplication> {
  const instance = createFastify({ forceCloseConnections: true })
  for (const add of added) await add(instance, setting)
  return {
    instance,
    server: instance.server,
    listen: () => instance.listen({ port: 0, host: HOST }),
    close: () => instance.close(),
  }
}

export async function crossgateOf(app: FastifyInstance, { policy }: Setting): Promise<void> {
  if (policy !== undefined) await app.register(crossgate, policy)
}

export function route(handler: Handler, options: Partial<RouteOptions> = {}): Part {
  return (app, { ran }) => {
    app.route({
      method: 'GET',
      url: '/',
      ...options,
      handler: (request, reply) => {
        ran()
        return handler(request, reply) as never
      },
    })
  }
}

/** An encapsulated instance. */
export function below(prefix: string, ...added: readonly Part[]): Part {
  return (app, setting) =>
    app.register(
      async (inner) => {
        for (const add of added) await add(inner, setting)
      },
      { prefix },
    )
}
