/** The policies under which the application is served. */

import type { CorsOptions } from '../../src/index.ts'

/** The page's origin, by both schemes: each adapter is reached from pages of its own scheme. */
const APP = ['http://app.example.test', 'https://app.example.test']

/** With credentials `http:` has to be acknowledged. */
const CREDENTIALS = { credentials: true, dangerouslyAllow: ['insecure-origins'] } as const

const LISTS = {
  origin: APP,
  methods: ['PUT', 'OPTIONS'],
  allowedHeaders: ['X-A', 'Content-Type'],
  exposedHeaders: ['X-Total', 'X-Two'],
} as const

export const POLICIES = {
  any: { origin: '*' },
  app: { origin: APP },
  'app-credentials': { origin: APP, ...CREDENTIALS },
  lists: LISTS,
  'lists-credentials': { ...LISTS, ...CREDENTIALS },
  'nothing-more': { origin: APP, methods: [], allowedHeaders: [] },
  'any-method': { origin: '*', methods: '*' },
  'any-method-credentials': { origin: APP, methods: '*', ...CREDENTIALS },
  'exposes-all': { origin: '*', exposedHeaders: '*' },
  'authorization-only': { origin: APP, allowedHeaders: 'Authorization' },
  remembers: { origin: APP, maxAge: 600 },
  'remembers-credentials': { origin: APP, maxAge: 600, ...CREDENTIALS },
  forgets: { origin: APP, maxAge: 0 },
  subdomains: { origin: ['http://*.example.test', 'https://*.example.test'] },
  previews: { origin: ['http://pr-*.example.test', 'https://pr-*.example.test'] },
  ports: {
    origin: [
      'http://localhost:*',
      'http://app.example.test:8080',
      'https://app.example.test:8443',
      'https://localhost:*',
    ],
  },
  hosts: {
    origin: [
      'http://127.0.0.1:8080',
      'http://[::1]:8080',
      'http://xn--bcher-kva.example.test',
      'https://xn--bcher-kva.example.test',
      'http://my_app.example.test',
      'https://my_app.example.test',
      'http://dotted.example.test.',
      'https://dotted.example.test.',
    ],
  },
  expression: { origin: /^https?:\/\/(?:app|admin)\.example\.test$/ },
  predicate: { origin: async (origin: string) => origin.endsWith('//app.example.test') },
  failing: {
    origin: async () => {
      throw new Error('the look-up failed')
    },
  },
  'null-origin': { origin: 'null', dangerouslyAllow: ['null-origin'] },
  nobody: { origin: false },
  reject: { origin: APP, onDisallowed: 'reject' },
  'status-200': { origin: APP, optionsSuccessStatus: 200 },
  continues: { origin: APP, preflightContinue: true },
  debug: { origin: APP, methods: ['PUT'], debug: true },
  'cached-preflights': { origin: APP, cacheControl: 600 },
} as const satisfies Readonly<Record<string, CorsOptions>>

export type PolicyName = keyof typeof POLICIES
