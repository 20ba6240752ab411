/** What a policy with `debug` sends besides, by every adapter. */

import { describe, expect, it, onTestFinished } from 'vitest'
import { APP, EVIL } from '../tables/exchanges.ts'
import { APPLICATION } from './application.ts'
import { failOnUnhandledRejections, type Harness, type Source } from './harness.ts'
import * as harnesses from './harnesses.ts'
import { from, preflight } from './serving.ts'
import type { Fields, WireRequest } from './wire.ts'

describe.each(Object.values(harnesses))('$name', (harness) => {
  it('x', async () => {
    const s = await harness.serve({ origin: APP, debug: true, methods: ['PUT'] }, APPLICATION)
    const a = await s.send(preflight(EVIL)); console.log(harness.name, a)
    console.log(await s.send(preflight(APP, 'PURGE')))
    await s.close()
  })
})
