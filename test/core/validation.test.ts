import { describe, expect, it } from 'vitest'
import {
  CorsConfigError,
  type CorsIssue,
  type CorsOptions,
  definePolicy,
  ISSUE_CODES,
} from '../../src/index.ts'
import { ISSUE_CASES, ISSUES_IN_USE } from '../tables/issues.ts'
import { OPTION_NAMES } from '../tables/lists.ts'

function issuesOf(options: unknown): readonly CorsIssue[] {
  try {
    definePolicy(options as CorsOptions)
  } catch (error) {
    if (error instanceof CorsConfigError) return error.issues
    throw error
  }
  return []
}

function shown({ code, path, suggestion }: CorsIssue): unknown {
  return suggestion === undefined ? { code, path } : { code, path, suggestion }
}

describe('options that make no policy', () => {
  it.each(ISSUE_CASES)('$name', ({ options, issues }) => {
    expect(issuesOf(options).map(shown)).toEqual(issues)
  })

  it('have an example for every code', () => {
    const shownCodes = ISSUE_CASES.flatMap(({ issues }) => issues.map(({ code }) => code))
    expect(new Set([...shownCodes, ...ISSUES_IN_USE])).toEqual(new Set(ISSUE_CODES))
    expect(shownCodes.filter((code) => ISSUES_IN_USE.includes(code))).toEqual([])
  })
})

describe('lists of names', () => {
  it.each(OPTION_NAMES)('$option: $value', ({ option, value, normal }) => {
    const policy = definePolicy({ origin: 'https://a.test', [option]: value } as CorsOptions)
    expect(policy.options[option]).toEqual(normal)
  })
})

describe('a message', () => {
  it.each([
    [{ optionsSuccessStatus: '200' }, "'200': optionsSuccessStatus is a whole number"],
    [{ optionsSuccessStatus: 300 }, '300: optionsSuccessStatus is a whole number from 200 to 299'],
    [{ maxAge: '5' }, "'5': maxAge is a whole number of seconds"],
    [{ timeout: 0 }, '0: timeout is a whole number of milliseconds from 1 to 60000'],
    [{ allowedHeaders: ['Origin'] }, "'Origin': no page can set this header; remove it"],
    [{ methods: ['ALL'] }, "'ALL': this is a method of that name only; any method is '*'"],
    [
      { methods: 'GET|POST' },
      "'GET|POST': several methods are a list, or have commas between them",
    ],
  ])('says what is wrong: %j', (options, message) => {
    expect(issuesOf({ origin: 'https://a.test', ...options })[0]?.message).toBe(message)
  })
})

describe('options that inherit', () => {
  const defaults = { origin: 'https://a.test', credentials: true }

  it('have what their prototypes have, and their own before that', () => {
    const { options } = definePolicy(
      Object.assign(Object.create(Object.create(defaults)), { credentials: false, maxAge: 5 }),
    )
    expect(options).toMatchObject({ origin: ['https://a.test'], credentials: false, maxAge: 5 })
  })

  it('are checked like others', () => {
    const inherited = Object.create({ ...defaults, credentails: true, maxAge: -1 })
    expect(issuesOf(inherited).map(({ code }) => code)).toEqual(['option.unknown', 'option.range'])
  })

  it('may be instances of a class', () => {
    class Defaults {
      origin = 'https://a.test'
      describe(): string {
        return this.origin
      }
    }
    class Options extends Defaults {
      maxAge = 5
    }
    const { options } = definePolicy(new Options() as CorsOptions)
    expect(options).toMatchObject({ origin: ['https://a.test'], maxAge: 5 })
  })
})

describe('a list that contains itself', () => {
  it('is an issue, not an endless walk', () => {
    const list: unknown[] = ['https://a.test']
    list.push(list, [list], list)
    expect(issuesOf({ origin: list }).map(shown)).toEqual([
      { code: 'origin.nesting', path: ['origin', 1] },
      { code: 'origin.nesting', path: ['origin', 2, 0] },
      { code: 'origin.nesting', path: ['origin', 3] },
    ])
  })

  it('is not meant where one list stands in two places', () => {
    const shared = ['https://a.test']
    expect(issuesOf({ origin: [shared, [shared]] })).toEqual([])
  })
})

describe('a sparse list', () => {
  it('has entries that are missing', () => {
    const origin = Object.assign(['https://a.test'], { length: 2 })
    const methods = Object.assign(['GET'], { length: 2 })
    expect(issuesOf({ origin, methods }).map(shown)).toEqual([
      { code: 'origin.type', path: ['origin', 1] },
      { code: 'methods.invalid', path: ['methods', 1] },
    ])
  })
})

describe('an acknowledged risk', () => {
  const insecure = 'http://a.test'

  it('is taken for the whole policy', () => {
    const { options } = definePolicy({
      origin: [insecure, 'http://b.test'],
      credentials: true,
      dangerouslyAllow: ['insecure-origins'],
    })
    expect(options.origin).toEqual([insecure, 'http://b.test'])
    expect(options.dangerouslyAllow).toEqual(['insecure-origins'])
  })

  it('is taken for one pattern', () => {
    const entry = { pattern: insecure, dangerouslyAllow: ['insecure-origins'] } as const
    const { options } = definePolicy({ origin: entry, credentials: true })
    expect(options.origin).toEqual([entry])
    expect(options.dangerouslyAllow).toEqual([])
  })

  it('is not taken for the others', () => {
    const issues = issuesOf({
      origin: [{ pattern: insecure, dangerouslyAllow: ['insecure-origins'] }, 'http://b.test'],
      credentials: true,
    })
    expect(issues.map(shown)).toEqual([
      { code: 'credentials.insecure-origin', path: ['origin', 1] },
    ])
  })

  it('is left out where nothing needs it', () => {
    const { options } = definePolicy({
      origin: ['https://a.test', { pattern: 'https://b.test', dangerouslyAllow: ['null-origin'] }],
      dangerouslyAllow: ['insecure-origins', 'slow-regexp', 'public-suffix'],
    })
    expect(options.origin).toEqual(['https://a.test', 'https://b.test'])
    expect(options.dangerouslyAllow).toEqual([])
  })

  it('is left out where the pattern that needs it is included by another', () => {
    const { options } = definePolicy({
      origin: [
        'https://*.github.io',
        { pattern: 'https://*.io', dangerouslyAllow: ['public-suffix'] },
      ],
      credentials: true,
      dangerouslyAllow: ['shared-hosting'],
    })
    expect(options.origin).toEqual([
      { pattern: 'https://*.io', dangerouslyAllow: ['public-suffix'] },
    ])
    expect(options.dangerouslyAllow).toEqual([])
  })

  it('is kept for sources of tenants, which no pattern shows', () => {
    const { options } = definePolicy({
      origin: 'https://a.test',
      dangerouslyAllow: ['tenant-by-origin'],
    })
    expect(options.dangerouslyAllow).toEqual(['tenant-by-origin'])
  })

  it('of each kind lets its pattern pass', () => {
    const { options } = definePolicy({
      origin: ['http://*.github.io', 'https://*.com', /^https:\/\/(a+)+\.test$/],
      credentials: true,
      dangerouslyAllow: ['slow-regexp', 'shared-hosting', 'public-suffix', 'insecure-origins'],
    })
    expect(options.dangerouslyAllow).toEqual([
      'insecure-origins',
      'public-suffix',
      'shared-hosting',
      'slow-regexp',
    ])
  })
})

describe('with credentials', () => {
  it.each([
    'http://localhost',
    'http://localhost.:3000',
    'http://localhost:*',
    'http://*.localhost',
    'http://app.localhost:3000',
    'http://127.0.0.1:8080',
    'http://127.255.0.3',
    'http://[::1]:3000',
    'https://*.localhost',
    'https://*.example.com',
    'https://*.me.github.io',
    'https://github.io',
    'https://vercel.app:*',
    'https://*.my.r2.dev',
    'https://*.amazonaws.com.test',
    'https://*.notamazonaws.com',
    'https://app.s3.amazonaws.com',
    'app://-',
    'app://*.localhost',
  ])('%s needs no acknowledgement', (origin) => {
    expect(issuesOf({ origin, credentials: true })).toEqual([])
  })

  it('a list of suffixes is asked about parents of wildcards that are not known', () => {
    const asked: string[] = []
    const issues = issuesOf({
      origin: [
        'https://x.suffix.test',
        'https://*.suffix.test',
        'https://pr-*.other.test.',
        'https://*.github.io',
        'https://*.com',
        'https://*.localhost',
      ],
      credentials: true,
      isPublicSuffix: (host: string) => {
        asked.push(host)
        return host === 'suffix.test'
      },
      dangerouslyAllow: ['shared-hosting'],
    })
    expect(asked).toEqual(['suffix.test', 'other.test'])
    expect(issues.map(shown)).toEqual([
      { code: 'credentials.public-suffix', path: ['origin', 1] },
      { code: 'credentials.public-suffix', path: ['origin', 4] },
    ])
  })

  it('what a list of suffixes throws is quoted, whatever it is', () => {
    const messageOf = (thrown: unknown): string | undefined =>
      issuesOf({
        origin: 'https://*.a.test',
        credentials: true,
        isPublicSuffix: () => {
          throw thrown
        },
      })[0]?.message
    expect(messageOf(new Error('no\nlist'))).toContain("'no\\u000alist'")
    expect(messageOf('late')).toContain("'late'")
    expect(messageOf(undefined)).toContain('undefined')
  })
})

describe('without credentials', () => {
  it('nothing is asked about wildcards and schemes', () => {
    const asked: string[] = []
    const issues = issuesOf({
      origin: ['http://a.test', 'https://*.com', 'https://*.github.io'],
      isPublicSuffix: (host: string) => asked.push(host) > 0,
    })
    expect(issues).toEqual([])
    expect(asked).toEqual([])
  })
})

describe('options with very many problems', () => {
  const many = <Value>(value: Value): Value[] => Array.from({ length: 100_000 }, () => value)
  const cases: readonly [string, unknown][] = [
    ['origins', { origin: many(1) }],
    ['origins that are misspelt', { origin: many('HTTPS://A.TEST') }],
    ['methods', { origin: '*', methods: many('a b') }],
    ['risks', { origin: '*', dangerouslyAllow: many('nul-origin') }],
    [
      'names',
      { origin: '*', ...Object.fromEntries(many('').map((_, index) => [`origi${index}`, 1])) },
    ],
  ]

  it.each(cases)('are reported up to a hundred: %s', (_what, options) => {
    let thrown: unknown
    try {
      definePolicy(options as CorsOptions)
    } catch (error) {
      thrown = error
    }
    const { issues, message } = thrown as CorsConfigError
    expect(issues).toHaveLength(100)
    expect(message).toContain('100 problems or more')
    expect(message.length).toBeLessThan(100_000)
  })
})
