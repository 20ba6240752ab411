/** What is made of the figures: ratios, standings, tables, and the limits of costs. */

import { describe, expect, it } from 'vitest'
import { figuresOf } from '../../bench/figures.ts'
import { loadOf } from '../../bench/load.ts'
import { detailsOf, withResults } from '../../bench/page.ts'
import type { Results } from '../../bench/results.ts'
import { median, spread } from '../../bench/statistics.ts'
import { asMarkdown, asText, notesOf, tablesOf } from '../../bench/tables.ts'
import { standingOf, TARGETS } from '../../bench/targets.ts'
import { judge } from '../../scripts/costs/judge.ts'
import type { Limit, Spot } from '../../scripts/costs/limits.ts'

const course = (subject: string, all: readonly number[], wrong: string[] = []) => ({
  subject,
  wrong,
  rounds: all.map((ns) => ({ ns, bytes: ns * 2 })),
})

const courses = [
  course('bare', [100, 100, 100]),
  course('floor', [200, 300, 200]),
  course('crossgate', [220, 350, 210]),
  course('cors', [500, 900, 180], ['vary lacks origin']),
]

const results: Results = {
  machine: {
    date: '2026-01-01',
    node: '20.0.0',
    v8: '11.3',
    platform: 'linux x64',
    processor: 'one',
    cores: 2,
    versions: { cors: '2.8.6' },
  },
  quick: true,
  micro: [
    { kind: 'node', scenario: 'get', figures: figuresOf(courses) },
    {
      kind: 'node',
      scenario: 'no-origin',
      figures: figuresOf(
        courses.map((one) => (one.subject === 'cors' ? course('cors', [90, 90, 90]) : one)),
      ),
    },
  ],
  macro: [],
  imports: [],
  sizes: [{ entry: 'crossgate/node', gzipped: 5000 }],
  memory: { policy: 31, set: 10 },
}

describe('figures', () => {
  it.each([
    [[3, 1, 2], 2, 1],
    [[4, 1, 2, 3], 2.5, 1],
    [[7], 7, 0],
  ])('have a middle, and a spread around it: %j', (values, middle, around) => {
    expect([median(values), spread(values)]).toEqual([middle, around])
  })

  it('are what a layer adds, over what the floor adds, round by round', () => {
    const shown = figuresOf(courses).map(({ subject, addedNs, ratio, wholeRatio, addedBytes }) => ({
      subject,
      addedNs,
      ratio,
      wholeRatio,
      addedBytes,
    }))
    expect(shown).toEqual([
      { subject: 'bare', addedNs: 0, ratio: 0, wholeRatio: 0.5, addedBytes: 0 },
      { subject: 'floor', addedNs: 100, ratio: 1, wholeRatio: 1, addedBytes: 200 },
      { subject: 'crossgate', addedNs: 120, ratio: 1.2, wholeRatio: 1.1, addedBytes: 240 },
      { subject: 'cors', addedNs: 400, ratio: 4, wholeRatio: 2.5, addedBytes: 800 },
    ])
  })

  it('need a floor', () => {
    expect(() => figuresOf([course('bare', [1])])).toThrow('no floor')
  })
})

describe('targets', () => {
  const [target] = TARGETS
  it.each([
    [1.1, 'aim'],
    [1.2, 'must'],
    [1.3, 'missed'],
    [undefined, 'not measured'],
    [Number.NaN, 'missed'],
  ])('are reached or missed: %s', (value, standing) => {
    expect(target && standingOf(target, value)).toBe(standing)
  })

  it('have names of their own', () => {
    const titles = TARGETS.map(({ title }) => title)
    expect([...new Set(titles)]).toEqual(titles)
  })
})

describe('tables', () => {
  it('show each target that was measured, and each subject but the floor', () => {
    const [targets, ratios, heap, sizes] = tablesOf(results)
    expect(targets?.rows).toEqual([
      ['GET, allowed: http', '1.10 x', '1.25 x', '1.20 x', 'must'],
      ['no Origin: http', '160 ns', '200 ns', '120 ns', 'aim'],
      ["no Origin: http, to the floor's", '2.46 x', '3.08 x', '1.20 x', 'aim'],
      ["heap of a GET, to the floor's: node", '1.00 x', '1.10 x', '1.20 x', 'missed'],
      ['100,000 exact origins on the heap', '30.0 MB', '30.0 MB', '31.0 MB', 'missed'],
      [
        'core and one adapter, minified and gzipped, the largest',
        '4.0 kB',
        '6.0 kB',
        '5.0 kB',
        'must',
      ],
      ['peers that are quicker in a scenario', '0', '0', '1', 'missed'],
    ])
    expect(ratios?.rows).toEqual([
      ['GET, one exact origin', '1.20 (1.10)', '4.00 (2.50) WRONG'],
      ['GET without Origin', '1.20 (1.10)', '-0.10 (0.45)'],
    ])
    expect(heap?.head).toEqual(['scenario', 'crossgate', 'cors'])
    expect(sizes?.rows).toEqual([['crossgate/node', '5.0']])
    expect(notesOf(results)).toEqual([
      'wrong: cors, node, get: vary lacks origin',
      'quicker: node, no-origin: cors',
    ])
  })

  it('are text and Markdown', () => {
    const table = { title: 'One', head: ['a', 'b'], rows: [['long', '1']] }
    expect(asText(table)).toBe('One\n\na     b\nlong  1')
    expect(asMarkdown(table)).toBe('## One\n\n| a | b |\n| --- | ---: |\n| long | 1 |')
  })

  it('go between the markers of the page, again and again', () => {
    const [first, last] = [
      '<!-- results on Node 20: written by npm run bench -- --write -->',
      '<!-- end of results on Node 20 -->',
    ]
    const empty = `before\n${first}\n${last}\nafter\n`
    const once = withResults(empty, results)
    expect(once).toContain('Measured 2026-01-01 on Node 20.0.0')
    expect(once.startsWith('before\n') && once.endsWith('\nafter\n')).toBe(true)
    expect(once).toContain('| GET, allowed: http | 1.10 x | 1.25 x | 1.20 x | must |')
    expect(once).not.toContain('GET, one exact origin')
    expect(withResults(once, results)).toBe(once)
    expect(() => withResults('no place', results)).toThrow('docs/performance.md needs')
  })
})

it('has a page for all that is not a target', () => {
  const page = detailsOf(results)
  expect(page.startsWith('# Performance on Node 20\n')).toBe(true)
  expect(page).toContain('| GET, one exact origin | 1.20 (1.10) | 4.00 (2.50) WRONG |')
  expect(page).toContain('- quicker: node, no-origin: cors')
  expect(page).not.toContain('GET, allowed: http')
})

describe('the load', () => {
  it('is read from what wrk prints', () => {
    const text = '  12345 requests in 1.10s, 2.60MB read\n  Non-2xx or 3xx responses: 7\n'
    expect(loadOf(text)).toEqual({ requests: 12345, seconds: 1.1, errors: 7 })
    expect(() => loadOf('connect error')).toThrow('nothing of requests')
  })
})

describe('limits of costs', () => {
  const spot: Spot = { kind: 'node', scenario: 'get', subject: 'crossgate' }
  const limit: Limit = {
    name: 'one',
    spot,
    against: { ...spot, subject: 'floor' },
    instructions: 1.5,
    bytes: 1.5,
  }
  it.each([
    ['what fits', 150, 100, false],
    ['what is too much', 151, 100, true],
    ['what was compared with nothing', 10, 0, true],
    ['what was not counted', Number.NaN, 100, true],
  ])('let through and hold up: %s', (_name, own, floor, isOver) => {
    const verdicts = judge([limit], ({ subject }) => {
      const count = subject === 'floor' ? floor : own
      return { instructions: count, bytes: count }
    })
    expect(verdicts.map((one) => [one.unit, one.isOver])).toEqual([
      ['instructions', isOver],
      ['bytes', isOver],
    ])
  })
})
