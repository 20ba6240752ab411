/**
 * The guard where the inside of Node's responses is not as it is known, as in other runtimes: it stands
 * at `writeHead` then.
 */

import { ServerResponse } from 'node:http'
import { expect, it } from 'vitest'
import { hasInside } from '../../adapters/shared/inside.ts'
import type { NodeResponse } from '../../adapters/shared/response.ts'
import { describeAdapter } from './contract.ts'
import { express5, fastify5, koa3, nodeHttp } from './harnesses.ts'

const { prototype } = ServerResponse
const { writeHead } = prototype

// A head that is made in one go: whatever stands in for what makes it today is not asked.
prototype.writeHead = function (this: ServerResponse, ...parameters: unknown[]) {
  delete (this as { _storeHeader?: unknown })._storeHeader
  return writeHead.apply(this, parameters as never)
} as never

it('is known to be unknown', () => {
  const response = new ServerResponse({ method: 'GET' } as never)
  expect(hasInside(response as unknown as NodeResponse)).toBe(false)
})

for (const harness of [nodeHttp, express5, fastify5, koa3]) describeAdapter(harness)
