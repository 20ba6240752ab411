/** The rows of the matrix: which program serves a framework's application, and what is its own. */

import type { Framework as FrameworkId } from '../tables/exchanges.ts'
import { majorOf } from './packages.ts'
import type { Host } from './runtimes.ts'

export interface Framework {
  /** As in the README's table. */
  readonly name: string
  /** The major; `undefined` where it is that of the runtime. */
  readonly version: string | undefined
  readonly host: Host
  /** Its program, `programs/<program>.mjs`, and what that gets to know. */
  readonly program: string
  readonly parameter: string
  /** How the table of exchanges calls it. */
  readonly id: FrameworkId | 'fetch' | 'lambda'
  readonly protocol: 'http/1' | 'http/2'
  /** Whether the application reads JSON bodies, with a limit of 1,000 bytes. */
  readonly parsesBodies: boolean
  /** Whether the framework itself answers for handlers that fail. */
  readonly answersErrors: boolean
}

const NODE = { host: 'servers of Node', protocol: 'http/1' } as const

export const FRAMEWORKS: readonly Framework[] = [
  ...(['http', 'http2'] as const).map((parameter) => ({
    ...NODE,
    name: `\`node:${parameter}\``,
    version: undefined,
    program: 'node',
    parameter,
    id: 'node' as const,
    protocol: parameter === 'http' ? ('http/1' as const) : ('http/2' as const),
    parsesBodies: false,
    answersErrors: false,
  })),
  ...['express4', 'express'].map((parameter) => ({
    ...NODE,
    name: 'Express',
    version: majorOf(parameter),
    program: 'express',
    parameter,
    id: 'express' as const,
    parsesBodies: true,
    answersErrors: true,
  })),
  {
    ...NODE,
    name: 'Fastify',
    version: majorOf('fastify'),
    program: 'fastify',
    parameter: 'fastify',
    id: 'fastify',
    parsesBodies: true,
    answersErrors: true,
  },
  ...['koa2', 'koa'].map((parameter) => ({
    ...NODE,
    name: 'Koa',
    version: majorOf(parameter),
    program: 'koa',
    parameter,
    id: 'koa' as const,
    parsesBodies: false,
    answersErrors: true,
  })),
  {
    name: 'fetch handlers',
    version: undefined,
    host: 'fetch handlers',
    program: 'fetch',
    parameter: '',
    id: 'fetch',
    protocol: 'http/1',
    parsesBodies: false,
    answersErrors: false,
  },
  {
    name: 'Hono',
    version: majorOf('hono'),
    host: 'fetch handlers',
    program: 'hono',
    parameter: '',
    id: 'hono',
    protocol: 'http/1',
    parsesBodies: false,
    answersErrors: true,
  },
  {
    name: 'AWS Lambda',
    version: undefined,
    host: 'Lambda',
    program: 'lambda',
    parameter: '',
    id: 'lambda',
    protocol: 'http/1',
    parsesBodies: false,
    answersErrors: false,
  },
]
