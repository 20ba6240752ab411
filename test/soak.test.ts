/** The soak finds nothing in a moment, and would find what is not as it should be. */

import { type CorsOptions, decide, definePolicy } from 'crossgate'
import { expect, it } from 'vitest'
import { courseOf } from '../scripts/soak/heap.ts'
import { main } from '../scripts/soak/main.ts'
import { expectedOf, policyOf, type SoakRequest } from '../scripts/soak/policies.ts'

it('passes for every server and source', async () => {
  const lines: string[] = []
  expect(await main(1000, (text) => lines.push(text))).toBe(0)
  expect(lines.slice(0, -2).map((line) => line.slice(0, 20).trim())).toEqual([
    'express, reloadable',
    'express, tenants',
    'fastify, reloadable',
    'fastify, tenants',
    'koa, reloadable',
    'koa, tenants',
    'node, reloadable',
    'node, tenants',
  ])
  expect(lines.at(-2)).toMatch(/^\n\d+ requests, \d+ reloads, 0 mismatches\.$/)
  expect(lines.at(-1)).toMatch(/^Heap: .* flat\.$/)
})

it.each([
  ['stays as it is', [30, 40, 50, 50, 51, 49, 50, 50, 50], true],
  ['becomes smaller', [90, 80, 70, 60, 50, 50, 40, 40, 40], true],
  ['breathes', [30, 40, 50, 50, 58, 50, 50, 58, 50], true],
  ['grows', [30, 40, 50, 60, 70, 80, 90, 100, 110], false],
  ['grows slowly', [50, 51, 52, 100, 104, 108, 112, 116, 120], false],
  ['was never measured', [], false],
] as const)('sees that the heap %s', (_name, samples, isFlat) => {
  expect(courseOf(samples).isFlat).toBe(isFlat)
})

it('tells each version from the one before and the one after', () => {
  const request: SoakRequest = {
    path: '/',
    host: 'red',
    origin: 'https://a.test',
    preflight: false,
  }
  for (const preflight of [true, false]) {
    for (let version = 1; version < 10; version += 1) {
      const [one, next] = [version, version + 1].map((each) =>
        expectedOf('red', each, { ...request, preflight }),
      )
      expect(one).not.toEqual(next)
    }
  }
})

it('expects what the policy says', () => {
  const origin = 'https://a.test'
  for (let version = 1; version < 10; version += 1) {
    const policy = definePolicy(policyOf('red', version) as CorsOptions)
    for (const preflight of [true, false]) {
      const facts = preflight
        ? { method: 'OPTIONS', origin, requestMethod: 'PUT' }
        : { method: 'GET', origin }
      const { status = 200, headers, vary } = decide(policy as never, facts)
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
      expect({ status, lines: [...lines, `vary: ${vary.join(', ')}`].sort() }).toEqual(
        expectedOf('red', version, { path: '/', host: 'red', origin, preflight }),
      )
    }
  }
})
