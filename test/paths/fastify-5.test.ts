import { fastify5 } from './fastify.ts'
import { describeFramework } from './matrix.ts'

describeFramework(fastify5)
