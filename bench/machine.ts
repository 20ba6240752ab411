/** What the figures were made on. */

import { readFileSync } from 'node:fs'
import { arch, cpus, platform } from 'node:os'

export interface Machine {
  readonly date: string
  readonly node: string
  readonly v8: string
  readonly platform: string
  readonly processor: string
  readonly cores: number
  /** Of the peers. */
  readonly versions: Readonly<Record<string, string>>
}

const PACKAGES = [
  'cors',
  '@fastify/cors',
  '@koa/cors',
  'hono',
  '@hono/node-server',
  'express',
  'fastify',
  'koa',
]

export function machine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${platform()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    versions: Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
  }
}

function versionOf(name: string): string {
  const text = readFileSync(`node_modules/${name}/package.json`, 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
