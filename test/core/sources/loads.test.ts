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
  const run = (name: string, more: Partial<Lookup<unknown>> = {}, isKnown = false) =>
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
      isKnown,
    )
  const runKnown = (name: string) => run(name, {}, true)
  const counts = (): number[] => [loads.running(), loads.waiting()]
  return { clock, run, runKnown, started, counts, end: (name: string) => ends.get(name)?.(name) }
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

  it('whose time is over when they have their turn are not started', async () => {
    const { clock, run, started, counts, end } = createService(1)
    run('a')
    const second = run('b')
    // Their time is over at once.
    clock.pass(TIMEOUT)
    await second
    await settled()
    end('a')
    expect([started, counts()]).toEqual([['a'], [0, 0]])
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

  it('of what is known go first, and a fifth of the turns is theirs alone', async () => {
    const { run, runKnown, started, counts, end } = createService(5)
    const answers = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => run(name))
    expect([started.join(''), counts()]).toEqual(['abcd', [4, 2]])
    answers.push(...['1', '2', '3'].map(runKnown))
    expect([started.join(''), counts()]).toEqual(['abcd1', [5, 4]])
    end('a')
    end('b')
    await settled()
    expect([started.join(''), counts()]).toEqual(['abcd123', [5, 2]])
    for (const name of 'cd123') end(name)
    await settled()
    end('e')
    end('f')
    expect(await Promise.all(answers.map(outcomeOf))).toEqual([...'abcdef123'])
    expect([started.join(''), counts()]).toEqual(['abcd123ef', [0, 0]])
  })

  it('leave the turns of the known free, also when one of those ends', async () => {
    const { run, runKnown, started, counts, end } = createService(5)
    for (const name of 'abcde') run(name)
    runKnown('1')
    end('1')
    await settled()
    expect([started.join(''), counts()]).toEqual(['abcd1', [4, 1]])
  })

  it('that have waited longest fail where a thousand wait, but for what is known', async () => {
    const { clock, run, runKnown, started, counts } = createService(1)
    const known = ['first', 'second'].map(runKnown)
    const answers = Array.from({ length: 1000 }, (_, index) => run(String(index)))
    expect(counts()).toEqual([1, 1001])
    const more = run('one more')
    expect(await outcomeOf(answers[0])).toBe('0 was not started, since too many are waiting')
    expect(counts()).toEqual([1, 1001])
    known.push(runKnown('third'))
    expect(counts()).toEqual([1, 1002])
    clock.pass(TIMEOUT)
    expect(await outcomeOf(more)).toBe('one more has not answered within 100 ms')
    await Promise.all([...answers, ...known])
    await settled()
    expect([started[0], counts()]).toEqual(['first', [0, 0]])
  })
})
