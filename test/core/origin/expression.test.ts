import { describe, expect, it } from 'vitest'
import { definePolicy, isOriginAllowed } from '../../../src/index.ts'
import { type ExpressionProblem, inspectExpression } from '../../../src/origin/expression.ts'
import {
  REFUSED_EXPRESSIONS,
  SLOW_UNICODE_SETS,
  SOUND_EXPRESSIONS,
  SOUND_UNICODE_SETS,
} from '../../tables/expressions.ts'

describe('an expression without known mistakes is accepted', () => {
  it.each(SOUND_EXPRESSIONS)('%s', (expression) => {
    expect(problemsOf(expression)).toEqual([])
  })

  it.each(SOUND_UNICODE_SETS)('%s, with the flag v', (source) => {
    expect(problemsOf(new RegExp(source, 'v'))).toEqual([])
  })
})

describe('an expression with known mistakes is refused', () => {
  it.each(REFUSED_EXPRESSIONS)('$expression', ({ expression, codes, suggestion }) => {
    const problems = problemsOf(expression)
    expect(problems.map(({ code }) => code)).toEqual(codes)
    expect(new Set(problems.map((problem) => problem.suggestion))).toEqual(new Set([suggestion]))
  })
})

describe('an expression that is slow by the strings in its classes', () => {
  it.each(SLOW_UNICODE_SETS)('%s', (source) => {
    const problems = problemsOf(new RegExp(source, 'v'))
    expect(problems.map(({ code }) => code)).toEqual(['origin.regexp-slow'])
  })
})

describe('an expression that is accepted', () => {
  it('answers soon, whatever the origin', () => {
    const expression = /^https:\/\/[\w.-]+-[\w.-]+-[\w.-]+\.vercel\.app$/
    expect(problemsOf(expression)).toEqual([])
    const policy = definePolicy({ origin: expression })
    const start = performance.now()
    expect(isOriginAllowed(policy, `https://${`${'a--'.repeat(20)}a.`.repeat(4)}vercel.apq`)).toBe(
      false,
    )
    expect(isOriginAllowed(policy, `https://${`${'a-'.repeat(30)}a.`.repeat(4)}test`)).toBe(false)
    expect(performance.now() - start).toBeLessThan(1_000)
  })
})

describe('an expression in a policy', () => {
  it('remembers nothing from one origin to the next, whatever its flags', () => {
    const expression = /^https:\/\/[a-z]+\.test$/gy
    expression.lastIndex = 5
    const policy = definePolicy({ origin: expression })
    const answers = [1, 2, 3].map(() => isOriginAllowed(policy, 'https://a.test'))
    expect(answers).toEqual([true, true, true])
    expect(expression.lastIndex).toBe(5)
  })

  it('is a copy, which nothing that happens to the original changes', () => {
    const expression = /^https:\/\/a\.test$/
    const policy = definePolicy({ origin: [expression] })
    expression.compile('.*')
    expression.test = () => true
    expect(isOriginAllowed(policy, 'https://b.test')).toBe(false)
    expect(isOriginAllowed(policy, 'https://a.test')).toBe(true)
  })

  it('is not the copy that the options show', () => {
    const policy = definePolicy({ origin: /^https:\/\/a\.test$/ })
    const [shown] = policy.options.origin as readonly RegExp[]
    shown?.compile('.*')
    expect(isOriginAllowed(policy, 'https://b.test')).toBe(false)
  })

  it('is kept once for each source and flags', () => {
    const policy = definePolicy({
      origin: [/^https:\/\/a\.test$/g, /^https:\/\/a\.test$/, /^https:\/\/a\.test$/i],
    })
    expect(policy.options.origin).toEqual([/^https:\/\/a\.test$/, /^https:\/\/a\.test$/i])
  })

  it('keeps the acknowledgement that it needs, and only there', () => {
    const slow = /^https:\/\/(a+)+\.test$/
    const own = definePolicy({
      origin: [{ pattern: slow, dangerouslyAllow: ['slow-regexp', 'null-origin'] }],
      dangerouslyAllow: ['slow-regexp'],
    })
    expect(own.options.origin).toEqual([{ pattern: slow, dangerouslyAllow: ['slow-regexp'] }])
    expect(own.options.dangerouslyAllow).toEqual([])
    const shared = definePolicy({ origin: slow, dangerouslyAllow: ['slow-regexp'] })
    expect(shared.options.origin).toEqual([slow])
    expect(shared.options.dangerouslyAllow).toEqual(['slow-regexp'])
  })
})

function problemsOf(expression: RegExp): readonly ExpressionProblem[] {
  const { mistakes, slow } = inspectExpression(expression)
  return slow === undefined ? mistakes : [...mistakes, slow]
}
