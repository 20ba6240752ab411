import { describe, expect, it } from 'vitest'
import { createLoads } from '../../../src/sources/loads.ts'
import type { Lookup, LookupAnswer } from '../../../src/sources/lookup.ts'
import { createFakeClock } from '../fake-clock.ts'
import { settled } from './tenant-store.ts'

const TIMEOUT = 100

/** Look-ups that end when a test says so. */
function createService(concurrency: number) {
  const clock = createFakeClock()
  const loads = createLoads(concurrency)
  const started: string[] = []
  const ends = new Map<string, (value: unknown) => void>()
  const run = (name: string, more: Partial<Lookup<unknown>> = {}) =>
    loads.run(
      {
        name,
        ask: () => {
          started.push(name)
          return new Promise((resolve) => ends.set(name, resolve))
        },
        callsBack: false,
        read: (value) => value,
        timeout: TIMEOUT,
        ...more,
      },
      clock,
    )
  const counts = (): number[] => [loads.running(), loads.waiting()]
  return { clock, run, started, counts, end: (name: string) => ends.get(name)?.(name) }
}

const outcomeOf = async (answer: unknown): Promise<unknown> => {
  const { value, error } = (await answer) as LookupAnswer<unknown>
  return error === undefined ? value : error.message
}

describe('loads', () => {
  it('run at most so many at once, and the others in order', async () => {
    const { run, started, counts, end } = createService(2)
    const answers = ['a', 'b', 'c', 'd'].map((name) => run(name))
    expect([started, counts()]).toEqual([
      ['a', 'b'],
      [2, 2],
    ])
    end('b')
    await settled()
    expect([started, counts()]).toEqual([
      ['a', 'b', 'c'],
      [2, 1],
    ])
    end('a')
    end('c')
    await settled()
    end('d')
    expect(await Promise.all(answers.map(outcomeOf))).toEqual(['a', 'b', 'c', 'd'])
    expect(counts()).toEqual([0, 0])
  })

  it('answer at once where they can, and take no turn then', () => {
    const { run, counts } = createService(1)
    expect(run('a', { ask: () => 7 })).toEqual({ value: 7, error: undefined })
    expect(run('b', { ask: () => 8 })).toEqual({ value: 8, error: undefined })
    expect(counts()).toEqual([0, 0])
  })

  it('that fail leave their turn to others', async () => {
    const { run, started, counts, end } = createService(1)
    const failing = {
      ask: () => {
        throw new Error('failed')
      },
    }
    expect(await outcomeOf(run('a', failing))).toBe('failed')
    const first = run('b', { ask: () => Promise.reject(new Error('rejected')) })
    const second = run('c', failing)
    const third = run('d')
    expect(await outcomeOf(first)).toBe('rejected')
    expect(await outcomeOf(second)).toBe('failed')
    await settled()
    end('d')
    expect([await outcomeOf(third), started, counts()]).toEqual(['d', ['d'], [0, 0]])
  })

  it('that hang leave their turn to others when their time is over', async () => {
    const { clock, run, started, counts, end } = createService(1)
    const first = run('a')
    clock.pass(TIMEOUT - 1)
    const second = run('b')
    clock.pass(1)
    expect(await outcomeOf(first)).toBe('a has not answered within 100 ms')
    await settled()
    expect(started).toEqual(['a', 'b'])
    // Too late, and nobody's answer.
    end('a')
    end('b')
    expect([await outcomeOf(second), counts()]).toEqual(['b', [0, 0]])
  })

  it('have their time while they wait, too', async () => {
    const { clock, run, started, counts, end } = createService(1)
    const first = run('a', { timeout: 10 * TIMEOUT })
    const second = run('b')
    const third = run('c', { timeout: 10 * TIMEOUT })
    clock.pass(TIMEOUT)
    expect(await outcomeOf(second)).toBe('b has not answered within 100 ms')
    expect(counts()).toEqual([1, 1])
    end('a')
    await first
    await settled()
    end('c')
    expect([await outcomeOf(third), started, counts()]).toEqual(['c', ['a', 'c'], [0, 0]])
  })

  it('wait for what is left of their time once they run', async () => {
    const { clock, run, end } = createService(1)
    run('a')
    clock.pass(60)
    const second = run('b')
    clock.pass(39)
    end('a')
    await settled()
    clock.pass(60)
    let isOver = false
    const over = outcomeOf(second).then((message) => {
      isOver = true
      return message
    })
    await settled()
    expect(isOver).toBe(false)
    clock.pass(1)
    expect(await over).toBe('b has not answered within 100 ms')
  })

  it('are refused where a thousand wait', async () => {
    const { clock, run, counts } = createService(1)
    const answers = Array.from({ length: 1001 }, (_, index) => run(String(index)))
    expect([run('one more'), counts()]).toEqual([undefined, [1, 1000]])
    clock.pass(TIMEOUT)
    await Promise.all(answers)
    expect(counts()).toEqual([0, 0])
  })
})
