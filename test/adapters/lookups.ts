/** The policies of the table of exchanges that are functions. */

import { definePolicy } from 'crossgate'
import { APP, type LOOKUPS, POLICIES, type PolicyName } from '../tables/exchanges.ts'
import type { Source, Subject } from './harness.ts'

const TIMEOUT = 50

const ONLY_APP = { origin: APP }
const TENANTS: Readonly<Record<string, typeof ONLY_APP & { vary?: string[] }>> = {
  open: { origin: '*', vary: ['x-tenant'] },
  constant: { origin: '*', vary: [] },
}
const POLICY = definePolicy({ origin: APP })

const sources: Record<(typeof LOOKUPS)[number], Source> = {
  predicate: { origin: (origin) => origin === APP },
  'predicate, async': { origin: async (origin) => origin === APP },
  'predicate, calling back': {
    origin: (origin, callback) => {
      setImmediate(() => callback(null, origin === APP))
    },
  },
  'predicate, refusing': { origin: () => false },
  'predicate, throwing': {
    origin: () => {
      throw new Error('the predicate threw')
    },
  },
  'predicate, throwing no error': {
    origin: () => {
      throw null
    },
  },
  'predicate, rejecting': {
    origin: async () => {
      throw new Error('the predicate rejected')
    },
  },
  'predicate, rejecting with nothing': { origin: () => Promise.reject<boolean>() },
  'predicate, calling back an error': {
    origin: (_origin, callback) => callback(new Error('Not allowed by CORS')),
  },
  'predicate, with a wrong answer': { origin: (() => 'yes') as never },
  'predicate, without an answer': { origin: () => undefined },
  'predicate, silent': { origin: () => new Promise<boolean>(() => {}), timeout: TIMEOUT },
  delegate: ({ headers }: Subject) => TENANTS[String(headers['x-tenant'])] ?? ONLY_APP,
  'delegate, async': async () => ONLY_APP,
  'delegate, calling back': (_request, callback) => {
    setImmediate(() => callback(null, ONLY_APP))
  },
  'delegate, yielding a policy': () => POLICY,
  'delegate, throwing': () => {
    throw new Error('the delegate threw')
  },
  'delegate, rejecting': async () => {
    throw new Error('the delegate rejected')
  },
  'delegate, calling back an error': (_request, callback) => callback(new Error('no such tenant')),
  'delegate, with wrong options': () => ({ origin: `${APP}/` }),
  'delegate, without an answer': () => undefined,
  'delegate, silent': { delegator: () => new Promise<undefined>(() => {}), timeout: TIMEOUT },
}

export function sourceOf(name: PolicyName): Source {
  return name in POLICIES
    ? POLICIES[name as keyof typeof POLICIES]
    : sources[name as keyof typeof sources]
}
