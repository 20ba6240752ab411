/** Many tenants, many requests, and stores that fail. The numbers are in the output. */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { createTenantStore, hang, ORIGIN, settled, version } from './tenant-store.ts'

const MEGABYTE = 2 ** 20

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

function heapUsed(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed / MEGABYTE
}

const tell = (text: string): void => console.log(`tenants: ${text}`)

describe('a stampede', () => {
  it('of 1,000 requests for one cold tenant makes one load', async () => {
    const { ask, rows, loaded } = createTenantStore()
    rows.set('a', version('1'))
    const answers = await Promise.all(Array.from({ length: 1000 }, () => ask('a')))
    tell(`stampede: ${answers.length} requests, ${loaded.length} load`)
    expect(loaded).toEqual(['a'])
    expect(new Set(answers)).toEqual(new Set(['1']))
  })

  it('of 1,000 requests for an old policy makes one load, by waiting and in the background', async () => {
    for (const staleWhileRevalidate of [0, 1000]) {
      const { ask, rows, loaded, clock } = createTenantStore({ ttl: 100, staleWhileRevalidate })
      rows.set('a', version('1'))
      await ask('a')
      clock.pass(100)
      const answers = await Promise.all(Array.from({ length: 1000 }, () => ask('a')))
      expect([loaded.length, new Set(answers)]).toEqual([2, new Set(['1'])])
    }
  })

  it('of 1,000 requests during an outage makes one load a second', async () => {
    const { ask, breakWith, loaded, clock } = createTenantStore()
    breakWith(() => Promise.reject(new Error('away')))
    for (let index = 0; index < 1000; index += 1) {
      expect(await ask('a')).toBe('source-failed')
      clock.pass(10)
    }
    tell(`outage, one cold tenant: 1000 requests in 10 s, ${loaded.length} loads`)
    expect(loaded.length).toBe(10)
  })
})

describe('invented tenants', () => {
  const INVENTED = 1_000_000
  const REAL = 100
  const load = (id: string) => (id.startsWith('real') ? { origin: ORIGIN } : null)

  it('take no room from real ones, and no more memory than the bound', () => {
    const { decide, source } = createTenantStore({ load, maxMisses: 10_000, max: 1000 })
    for (let index = 0; index < REAL; index += 1) decide(`real ${index}`)
    const before = heapUsed()
    const start = performance.now()
    for (let index = 0; index < INVENTED; index += 1) decide(`invented ${index}`)
    const microseconds = ((performance.now() - start) * 1000) / INVENTED
    const grown = heapUsed() - before
    tell(
      `hostile: ${INVENTED} invented tenants, heap +${grown.toFixed(1)} MB, ${microseconds.toFixed(2)} us each, ${JSON.stringify(source.stats())}`,
    )
    const { policies, misses, loads, evicted } = source.stats()
    expect([policies, misses, loads, evicted]).toEqual([REAL, 10_000, INVENTED + REAL, 990_000])
    expect(grown).toBeLessThan(20)
    for (let index = 0; index < REAL; index += 1) decide(`real ${index}`)
    expect(source.stats()).toMatchObject({ hits: REAL, loads: INVENTED + REAL })
  })

  it('that are parts of long texts do not keep those', () => {
    const { decide, source } = createTenantStore({ load })
    const before = heapUsed()
    for (let index = 0; index < 20_000; index += 1) {
      const path = `invented tenant number ${index} ${'x'.repeat(16_384)}`
      // A part of a text that the engine has laid out.
      decide(path.slice(0, path.indexOf(' x')))
    }
    const grown = heapUsed() - before
    tell(`hostile: 10000 ids cut from texts of 16 KB are kept, heap +${grown.toFixed(1)} MB`)
    expect(source.stats().misses).toBe(10_000)
    expect(grown).toBeLessThan(20)
  })

  it('for which the load fails are bounded, too', async () => {
    const { decide, source, rows } = createTenantStore({ maxMisses: 100, load: () => 7 as never })
    for (let index = 0; index < 10_000; index += 1) decide(`invented ${index}`)
    expect(source.stats()).toMatchObject({ policies: 0, misses: 100, failures: 10_000 })
    expect(rows.size).toBe(0)
  })

  it('that all exist make room for each other, and the busiest stay', () => {
    const { decide, source } = createTenantStore({ load: () => ({ origin: ORIGIN }), max: 100 })
    decide('busy')
    for (let index = 0; index < 10_000; index += 1) {
      decide('busy')
      decide(`tenant ${index}`)
    }
    expect(source.stats()).toMatchObject({ policies: 100, hits: 10_000, loads: 10_001 })
  })
})

describe('an outage of the store', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['rejects', () => Promise.reject(new Error('away'))],
    ['hangs', hang],
  ])('that %s leaves kept tenants as they were, refuses cold ones, and ends', async (_, load) => {
    const WARM = 50
    const { ask, rows, clock, breakWith, source } = createTenantStore({ timeout: 500 })
    const warm = Array.from({ length: WARM }, (_unused, index) => `warm ${index}`)
    for (const id of [...warm, 'cold']) rows.set(id, version('1'))
    await Promise.all(warm.map(ask))

    breakWith(load)
    const answers: string[] = []
    let refused = 0
    // Half an hour, a round every ten seconds.
    for (let round = 0; round < 180; round += 1) {
      clock.pass(9_500)
      const asked = [...warm, 'cold'].map(ask)
      await settled()
      clock.pass(500)
      const [cold, ...kept] = (await Promise.all(asked)).reverse()
      answers.push(...kept)
      if (cold === 'source-failed') refused += 1
    }
    const { loads, failures, stale } = source.stats()
    tell(
      `outage of 30 min (${load === hang ? 'hangs' : 'rejects'}): ${answers.length} requests of warm tenants answered, ${refused} of a cold one refused, ${loads} loads, ${failures} failed, ${stale} stale`,
    )
    expect([new Set(answers), answers.length, refused]).toEqual([new Set(['1']), 180 * WARM, 180])

    breakWith(undefined)
    for (const id of rows.keys()) rows.set(id, version('2'))
    clock.pass(1000)
    expect(new Set(await Promise.all([...warm, 'cold'].map(ask)))).toEqual(new Set(['2']))
  })

  it('that lasts longer than staleIfError ends with nobody allowed', async () => {
    const { ask, rows, clock, breakWith } = createTenantStore({ staleIfError: 600_000 })
    rows.set('a', version('1'))
    await ask('a')
    breakWith(() => Promise.reject(new Error('away')))
    const answers: string[] = []
    for (let minute = 0; minute < 15; minute += 1) {
      clock.pass(60_000)
      answers.push(await ask('a'))
    }
    expect(answers).toEqual([...Array(10).fill('1'), ...Array(5).fill('source-failed')])
  })
})

describe('an edit', () => {
  it('reaches every request within ttl, whenever the policy was loaded', async () => {
    const TTL = 1000
    const { ask, rows, clock, source } = createTenantStore({ ttl: TTL })
    const TENANTS = 100
    const ids = Array.from({ length: TENANTS }, (_, index) => `tenant ${index}`)
    for (const id of ids) rows.set(id, version('1'))
    for (const id of ids) {
      await ask(id)
      clock.pass(7)
    }
    for (const id of ids) rows.set(id, version('2'))
    const seenAfter: number[] = []
    const waiting = new Set(ids)
    for (let time = 0; waiting.size > 0; time += 10) {
      for (const id of waiting) {
        if ((await ask(id)) !== '2') continue
        waiting.delete(id)
        seenAfter.push(time)
      }
      clock.pass(10)
    }
    const latest = Math.max(...seenAfter)
    tell(
      `propagation: ttl ${TTL} ms, ${TENANTS} tenants saw an edit after ${Math.min(...seenAfter)} to ${latest} ms, ${source.stats().loads} loads`,
    )
    expect(latest).toBeLessThanOrEqual(TTL)
    expect(latest).toBeGreaterThan(TTL / 2)
  })

  it('that is told by invalidate reaches the next request', async () => {
    const { ask, rows, source } = createTenantStore()
    for (let index = 0; index < 100; index += 1) {
      rows.set('a', version(`v${index}`))
      source.invalidate('a')
      expect(await ask('a')).toBe(`v${index}`)
    }
  })
})
