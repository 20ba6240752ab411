import { describe, expect, it, vi } from 'vitest'
import {
  CorsConfigError,
  type CorsDecision,
  type CorsIssue,
  type CorsOptions,
  createDecider,
  decide,
  definePolicy,
  isLiveSource,
  reloadable,
} from '../../../src/index.ts'
import { createFakeClock } from '../fake-clock.ts'

const A = 'https://a.test'
const B = 'https://b.test'
const GET = { method: 'GET', origin: A }
const REQUEST = {}

function issuesOf(action: () => void): readonly CorsIssue[] {
  try {
    action()
  } catch (error) {
    if (error instanceof CorsConfigError) return error.issues
    throw error
  }
  return []
}

/** The fields that a decision puts on a response. */
function fieldsOf({ headers, vary }: CorsDecision): unknown {
  return { ...headers, vary }
}

const ALLOWED = { 'access-control-allow-origin': A, vary: ['Origin'] }
const REFUSED = { vary: ['Origin'] }

function deciderOf(source: ReturnType<typeof reloadable>) {
  return createDecider(source, createFakeClock())
}

describe('a reloadable policy', () => {
  it('decides as its policy does', async () => {
    const options = { origin: [A, 'https://*.b.test'], credentials: true, maxAge: 5 }
    const decider = deciderOf(reloadable(options))
    const policy = definePolicy(options)
    const preflight = { method: 'OPTIONS', requestMethod: 'PUT', requestHeaders: 'x-a' }
    for (const origin of [A, B, 'https://x.b.test', 'null', undefined]) {
      for (const facts of [
        { method: 'GET', origin },
        { ...preflight, origin },
      ]) {
        expect(decider.decide(facts, REQUEST)).toEqual(decide(policy, facts))
      }
    }
  })

  it('puts another policy in force for what comes in from then on', () => {
    const source = reloadable({ origin: A })
    const decider = deciderOf(source)
    const before = source.policy
    expect(fieldsOf(decider.look(GET, REQUEST) as CorsDecision)).toEqual(ALLOWED)
    source.reload({ origin: B, credentials: true })
    expect(fieldsOf(decider.look(GET, REQUEST) as CorsDecision)).toEqual(REFUSED)
    expect(fieldsOf(decider.look({ ...GET, origin: B }, REQUEST) as CorsDecision)).toEqual({
      'access-control-allow-origin': B,
      'access-control-allow-credentials': 'true',
      vary: ['Origin'],
    })
    expect(source.policy).toEqual(definePolicy({ origin: B, credentials: true }))
    expect(before).toEqual(definePolicy({ origin: A }))
  })

  it('takes policies as well as options', () => {
    const first = definePolicy({ origin: A })
    const second = definePolicy({ origin: B })
    const source = reloadable(first)
    expect(source.policy).toBe(first)
    source.reload(second)
    expect(source.policy).toBe(second)
  })

  it('keeps the old policy where the new one is wrong, and says all that is', () => {
    const source = reloadable({ origin: A })
    const decider = deciderOf(source)
    const { policy } = source
    const wrong = { origin: 'https://b.test/', maxAge: -1, credentails: true } as CorsOptions
    const issues = issuesOf(() => source.reload(wrong))
    expect(issues.map(({ code }) => code)).toEqual([
      'option.unknown',
      'origin.trailing-slash',
      'option.range',
    ])
    expect(source.policy).toBe(policy)
    expect(fieldsOf(decider.look(GET, REQUEST) as CorsDecision)).toEqual(ALLOWED)
  })

  it.each([undefined, null, 'https://a.test', { origin: '*', credentials: true }, () => ({})])(
    'is made of right options only, not of %j',
    (options) => {
      expect(() => reloadable(options as CorsOptions)).toThrow(CorsConfigError)
    },
  )

  it('copies what it is given, so that later changes of the object change nothing', () => {
    const options = { origin: [A] }
    const source = reloadable(options)
    options.origin.push(B)
    expect(source.policy.options.origin).toEqual([A])
    source.reload(options)
    expect(source.policy.options.origin).toEqual([A, B])
  })

  it('can be changed by reloading only', () => {
    const source = reloadable({ origin: A })
    expect(Object.isFrozen(source)).toBe(true)
    expect(() => Object.assign(source, { policy: definePolicy({ origin: '*' }) })).toThrow(
      TypeError,
    )
  })
})

describe('Vary of a reloadable policy', () => {
  it('names the origin also where everybody may read, since the next policy may be another', () => {
    const source = reloadable({ origin: '*' })
    const decider = deciderOf(source)
    for (const facts of [
      GET,
      { method: 'GET' },
      { method: 'OPTIONS', origin: A, requestMethod: 'PUT' },
    ]) {
      expect((decider.look(facts, REQUEST) as CorsDecision).vary).toEqual(['Origin'])
    }
    source.reload({ origin: B })
    expect((decider.look({ method: 'GET' }, REQUEST) as CorsDecision).vary).toEqual(['Origin'])
  })
})

describe('a request under way', () => {
  it('keeps the policy that it came in under', async () => {
    let answer = (_allowed: boolean): void => undefined
    const asked = new Promise<boolean>((resolve) => {
      answer = resolve
    })
    const source = reloadable({ origin: () => asked, exposedHeaders: 'x-old' })
    const decider = deciderOf(source)
    const pending = decider.decide(GET, REQUEST)
    expect(pending).toBeInstanceOf(Promise)
    source.reload({ origin: B })
    expect(fieldsOf(decider.decide(GET, REQUEST) as CorsDecision)).toEqual(REFUSED)
    answer(true)
    expect(fieldsOf(await pending)).toEqual({
      ...ALLOWED,
      'access-control-expose-headers': 'x-old',
    })
  })

  it('is told to the observer of its own policy', async () => {
    const observers = { old: vi.fn(), new: vi.fn() }
    let answer = (_allowed: boolean): void => undefined
    const asked = new Promise<boolean>((resolve) => {
      answer = resolve
    })
    const source = reloadable({ origin: () => asked, onDecision: observers.old })
    const decider = deciderOf(source)
    const pending = decider.decide(GET, REQUEST)
    source.reload({ origin: A, onDecision: observers.new })
    answer(true)
    const decision = await pending
    expect(observers.old.mock.calls).toEqual([[decision, REQUEST]])
    expect(observers.new).not.toHaveBeenCalled()
    const next = await decider.decide(GET, REQUEST)
    expect(observers.new.mock.calls).toEqual([[next, REQUEST]])
  })
})

describe('whether decisions come at once', () => {
  it('follows the policy in force', () => {
    const source = reloadable({ origin: A })
    const decider = deciderOf(source)
    expect(decider.immediate).toBe(true)
    expect(decider.look(GET, REQUEST)).not.toBeInstanceOf(Promise)
    source.reload({ origin: async () => true })
    expect(decider.immediate).toBe(false)
    expect(decider.look(GET, REQUEST)).toBeInstanceOf(Promise)
    source.reload({ origin: A })
    expect(decider.immediate).toBe(true)
  })

  it('is not so for a predicate, which may take time, though it need not', () => {
    const decider = deciderOf(reloadable({ origin: (origin) => origin === A }))
    expect(decider.immediate).toBe(false)
    expect(fieldsOf(decider.look(GET, REQUEST) as CorsDecision)).toEqual(ALLOWED)
  })

  it('does not change that a predicate that fails allows nobody', async () => {
    const source = reloadable({ origin: A })
    const decider = deciderOf(source)
    source.reload({ origin: () => Promise.reject(new Error('the store is away')) })
    const decision = await decider.decide(GET, REQUEST)
    expect(decision).toMatchObject({ outcome: 'source-failed' })
    expect(fieldsOf(decision)).toEqual(REFUSED)
  })
})

describe('one reloadable policy', () => {
  it('serves any number of deciders', () => {
    const source = reloadable({ origin: A })
    const deciders = Array.from({ length: 5 }, () => deciderOf(source))
    const outcomes = () => deciders.map((one) => (one.look(GET, REQUEST) as CorsDecision).outcome)
    expect(new Set(outcomes())).toEqual(new Set(['allowed']))
    source.reload({ origin: B })
    expect(new Set(outcomes())).toEqual(new Set(['origin-refused']))
  })

  it('is a live source, which neither options nor policies are', () => {
    expect(isLiveSource(reloadable({ origin: A }))).toBe(true)
    expect(isLiveSource({ origin: A })).toBe(false)
    expect(isLiveSource(definePolicy({ origin: A }))).toBe(false)
    expect(isLiveSource(undefined)).toBe(false)
  })

  it('may be of another copy of crossgate in the same process', async () => {
    vi.resetModules()
    const other = await import('../../../src/index.ts')
    expect(other.reloadable).not.toBe(reloadable)
    const source = other.reloadable({ origin: A })
    expect(isLiveSource(source)).toBe(true)
    const decider = deciderOf(source)
    expect(fieldsOf(decider.look(GET, REQUEST) as CorsDecision)).toEqual(ALLOWED)
    source.reload(definePolicy({ origin: B }))
    expect(fieldsOf(decider.look(GET, REQUEST) as CorsDecision)).toEqual(REFUSED)
    expect(other.isLiveSource(reloadable({ origin: A }))).toBe(true)
  })
})

describe('a source that cannot be used as it is', () => {
  it('is one with options beside it, which would be ignored', () => {
    const source = { ...reloadable({ origin: '*' }), origin: '*', credentials: true }
    expect(() => createDecider(source, createFakeClock())).toThrow(
      new TypeError('a source has its own policies; take away origin, credentials beside it'),
    )
  })

  it('is one of a release that keeps other parts', () => {
    const source = { [Symbol.for('crossgate.source')]: { format: 2 } }
    expect(() => createDecider(source as never, createFakeClock())).toThrow(
      new TypeError('this source was made by another release of crossgate; install one release'),
    )
  })
})
