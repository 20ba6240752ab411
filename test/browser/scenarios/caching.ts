/** The browser's HTTP cache, which origins of one site share: the policy's `Vary` at work. */

import { blocked, hides, reads, type Scenario, type Step } from '../scenario.ts'

const APP = '//app.example.test'
const ADMIN = '//admin.example.test'
const OTHER = '//other.example.test'

const STORED = ['Cache-Control', 'max-age=600'] as const
const REFLECTED = ['Access-Control-Allow-Origin', '{origin}'] as const
const VARY = ['Vary', 'Origin'] as const

const opaque: Step = {
  path: 'stored',
  mode: 'no-cors',
  expected: hides('opaque', 'mode.no-cors-opaque', ['GET']),
}

export const CACHING: readonly Scenario[] = [
  {
    title: 'one origin is served from the cache',
    policy: 'app',
    steps: [
      { path: 'stored', expected: reads('stored', ['GET']) },
      { path: 'stored', stored: 'fresh', expected: reads('stored', []) },
    ],
  },
  ...['stored', 'own-vary'].map(
    (path): Scenario => ({
      title: `${path}: two listed origins do not get each other's answers`,
      policy: 'expression',
      steps: [
        { from: APP, path, expected: reads(path, ['GET']) },
        { from: ADMIN, path, expected: reads(path, ['GET']) },
      ],
    }),
  ),
  {
    title: 'two listed origins do not get each other their missing pages',
    policy: 'expression',
    steps: [
      {
        from: APP,
        path: 'stored-missing',
        expected: reads('stored-missing', ['GET'], [], 404),
      },
      {
        from: ADMIN,
        path: 'stored-missing',
        expected: reads('stored-missing', ['GET'], [], 404),
      },
    ],
  },
  {
    title: "two listed origins do not get each other's redirects",
    policy: 'expression',
    steps: [
      { from: APP, path: 'stored-redirect', expected: reads('ok', ['GET', 'GET']) },
      { from: ADMIN, path: 'stored-redirect', expected: reads('ok', ['GET', 'GET']) },
    ],
  },
  {
    title: 'where any origin may read, two origins share an answer',
    policy: 'any',
    steps: [
      { from: APP, path: 'stored', expected: reads('stored', ['GET']) },
      { from: ADMIN, path: 'stored', stored: 'fresh', expected: reads('stored', []) },
    ],
  },
  {
    title: 'what was stored without CORS is not served to CORS requests',
    policy: 'app',
    steps: [opaque, { path: 'stored', expected: reads('stored', ['GET']) }],
  },
  {
    title: 'where any origin may read, what was stored without CORS can be read',
    policy: 'any',
    steps: [opaque, { path: 'stored', stored: 'fresh', expected: reads('stored', []) }],
  },
  {
    title: 'what a refused origin got is not served to an allowed one',
    policy: 'expression',
    steps: [
      { from: OTHER, path: 'stored', expected: blocked('allow-origin.missing', ['GET']) },
      { from: APP, path: 'stored', expected: reads('stored', ['GET']) },
    ],
  },
  {
    title: 'what an allowed origin got is not served to a refused one',
    policy: 'expression',
    steps: [
      { from: APP, path: 'stored', expected: reads('stored', ['GET']) },
      { from: OTHER, path: 'stored', expected: blocked('allow-origin.missing', ['GET']) },
    ],
  },
  {
    title: "a handler's Vary of everything keeps the cache out",
    policy: 'app',
    steps: [
      { path: 'own-vary-star', expected: reads('own-vary-star', ['GET']) },
      { path: 'own-vary-star', expected: reads('own-vary-star', ['GET']) },
    ],
  },
  {
    title: 'what is still valid can be read again',
    policy: 'app',
    steps: [
      { path: 'versioned', expected: reads('versioned', ['GET']) },
      { path: 'versioned', stored: 'revalidated', expected: reads('versioned', ['GET']) },
    ],
  },
  {
    title: 'what is still valid for one origin can be read by another',
    policy: 'expression',
    steps: [
      { from: APP, path: 'versioned', expected: reads('versioned', ['GET']) },
      {
        from: ADMIN,
        path: 'versioned',
        stored: 'revalidated',
        expected: reads('versioned', ['GET']),
      },
    ],
  },
  {
    title: 'what is still valid for one origin cannot be read by a refused one',
    policy: 'expression',
    steps: [
      { from: APP, path: 'versioned', expected: reads('versioned', ['GET']) },
      { from: OTHER, path: 'versioned', expected: blocked('allow-origin.missing', ['GET']) },
    ],
  },
  {
    title: "without Vary one origin gets another's answer",
    raw: { response: { lines: [STORED, REFLECTED] } },
    steps: [
      { from: APP, expected: reads('raw', ['GET']) },
      { from: ADMIN, stored: 'fresh', expected: blocked('allow-origin.mismatch', []) },
    ],
  },
  {
    title: 'with Vary each origin gets its own answer',
    raw: { response: { lines: [STORED, REFLECTED, VARY] } },
    steps: [
      { from: APP, expected: reads('raw', ['GET']) },
      { from: ADMIN, expected: reads('raw', ['GET']) },
    ],
  },
  {
    title: 'without Vary what was stored without CORS is served to CORS requests',
    raw: { response: { lines: [STORED, REFLECTED] } },
    steps: [
      { ...opaque, path: 'ok' },
      { stored: 'fresh', expected: blocked('allow-origin.missing', []) },
    ],
  },
]
