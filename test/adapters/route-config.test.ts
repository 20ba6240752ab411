import type { FastifyRequest } from 'fastify'
import fastify from 'fastify'
import { beforeEach, expect, it, vi } from 'vitest'

type ConfigOf = typeof import('../../adapters/fastify/route-config.ts')['configOf']

let configOf: ConfigOf

beforeEach(async () => {
  vi.resetModules()
  configOf = (await import('../../adapters/fastify/route-config.ts')).configOf
})

/** A request as a copy of Fastify makes it that keeps the route under `place`. */
function requestWith(place: symbol | undefined, config: object, reads: string[]): FastifyRequest {
  const request = {
    get routeOptions() {
      reads.push('routeOptions')
      return { config }
    },
  }
  if (place !== undefined) Object.assign(request, { [place]: { config } })
  return request as unknown as FastifyRequest
}

it('is read where Fastify keeps it, once that was found', () => {
  const reads: string[] = []
  const place = Symbol('fastify.context')
  for (const config of [{ cors: {} }, { url: '/' }, {}]) {
    expect(configOf(requestWith(place, config, reads))).toBe(config)
  }
  expect(reads).toEqual(['routeOptions'])
})

it('is read in the documented way, where it is kept elsewhere', () => {
  const reads: string[] = []
  for (const place of [undefined, Symbol('one'), Symbol('other')]) {
    const config = { cors: {} }
    expect(configOf(requestWith(place, config, reads))).toBe(config)
  }
  expect(reads).toHaveLength(3)
})

it('is found in requests of Fastify itself', async () => {
  const app = fastify()
  const found: unknown[] = []
  for (const url of ['/one', '/two']) {
    app.get(url, { config: { cors: { maxAge: url.length } } }, (request, reply) => {
      const { routeOptions } = request
      let reads = 0
      Object.defineProperty(request, 'routeOptions', {
        get: () => {
          reads += 1
          return routeOptions
        },
      })
      found.push(configOf(request)?.cors, reads)
      reply.send('ok')
    })
  }
  for (const url of ['/one', '/two', '/one']) await app.inject(url)
  expect(found).toEqual([{ maxAge: 4 }, 1, { maxAge: 4 }, 0, { maxAge: 4 }, 0])
})
