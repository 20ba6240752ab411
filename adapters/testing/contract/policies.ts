/** The policies that adapters are tested with. None looks at the request, whose form nobody knows. */

import type { PolicySource } from '../../../src/index.ts'
import { systemClock } from '../../shared/clock.ts'

export const APP = 'https://app.example.com'
export const PARTNER = 'https://eu.partner.example'
export const EVIL = 'https://app.example.com.evil.example'

/** Milliseconds that a look-up has; and that a slow one takes. */
const TIMEOUT = 50
const SLOW = 30

const ONLY_APP = { origin: APP }

/** Policies that are data. */
const OPTIONS = {
  list: {
    origin: [APP, 'https://*.partner.example'],
    credentials: true,
    methods: ['GET', 'PUT'],
    allowedHeaders: ['x-token', 'content-type'],
    exposedHeaders: ['x-total'],
    maxAge: 600,
  },
  any: { origin: '*', exposedHeaders: '*' },
  nobody: { origin: false },
  cached: { origin: '*', cacheControl: 300 },
  'in 200': { origin: APP, optionsSuccessStatus: 200 },
  echoing: { origin: APP, credentials: true, methods: '*' },
  rejecting: { origin: APP, onDisallowed: 'reject' },
  continuing: { origin: APP, preflightContinue: true },
  explaining: { origin: APP, debug: true },
  'explaining, continuing': { origin: APP, debug: true, preflightContinue: true },
} as const satisfies Record<string, PolicySource<unknown>>

/** Look-ups that answer. */
const ANSWERING = {
  predicate: { origin: (origin: string) => origin === APP },
  'async predicate': { origin: async (origin: string) => origin === APP },
  'predicate that calls back': {
    origin: (origin: string, callback: (error: null, allow: boolean) => void) => {
      systemClock.after(1, () => callback(null, origin === APP))
    },
  },
  delegate: () => ONLY_APP,
  'async delegate': async () => ONLY_APP,
  'delegate with settings': { delegator: async () => ({ origin: '*', vary: ['x-tenant'] }) },
} as const satisfies Record<string, PolicySource<unknown>>

/** Look-ups that fail. */
const FAILING = {
  'predicate that throws': {
    origin: () => {
      throw new Error('the predicate threw')
    },
  },
  'predicate that rejects': { origin: () => Promise.reject(new Error('the predicate rejected')) },
  'predicate that answers with no boolean': { origin: (() => 'yes') as never },
  'predicate that never answers': {
    origin: () => new Promise<boolean>(() => {}),
    timeout: TIMEOUT,
  },
  'delegate that throws': () => {
    throw new Error('the delegate threw')
  },
  'delegate that rejects': () => Promise.reject(new Error('the delegate rejected')),
  'delegate that never answers': {
    delegator: () => new Promise<undefined>(() => {}),
    timeout: TIMEOUT,
  },
} as const satisfies Record<string, PolicySource<unknown>>

export type FailingName = keyof typeof FAILING
export type AnsweringName = keyof typeof ANSWERING
export type PolicyName = keyof typeof OPTIONS | AnsweringName | FailingName

export const ANSWERING_NAMES = Object.keys(ANSWERING) as readonly AnsweringName[]
export const FAILING_NAMES = Object.keys(FAILING) as readonly FailingName[]

const POLICIES: Readonly<Record<PolicyName, PolicySource<unknown>>> = {
  ...OPTIONS,
  ...ANSWERING,
  ...FAILING,
}

export function policyOf(name: PolicyName): PolicySource<unknown> {
  return POLICIES[name]
}

/** Allows all but {@link EVIL}; what asks for {@link APP} waits longest. */
export const OVERTAKEN: PolicySource<unknown> = {
  origin: (origin: string) =>
    new Promise<boolean>((resolve) => {
      systemClock.after(origin === APP ? SLOW : 1, () => resolve(origin !== EVIL))
    }),
}

/** Data as it is, functions by that they are some. */
export function described(source: PolicySource<unknown>): string {
  const text = JSON.stringify(source, (_key, value) =>
    typeof value === 'function' ? 'a function' : value,
  )
  return text.slice(0, 300)
}
