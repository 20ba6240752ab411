import { expressServer } from './express.ts'
import { fastifyServer } from './fastify.ts'
import { koaServer } from './koa.ts'
import { nodeServer } from './node-http.ts'
import type { DemoServer } from './server.ts'

export const SERVERS: readonly DemoServer[] = [expressServer, fastifyServer, koaServer, nodeServer]
