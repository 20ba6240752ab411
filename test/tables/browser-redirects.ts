/** Redirects, told as the requests that go out and what the page gets in the end. */

import type { BrowserName, Field, HintCode, RuleCode, Verdict } from '../../src/browser/index.ts'
import { API, BROWSERS, OTHER, PAGE, type PageOptions } from './browser-requests.ts'

export interface RedirectCase {
  readonly title: string
  /** @default API */
  readonly url?: string
  /** @default 'standard' */
  readonly browser?: BrowserName
  readonly request?: PageOptions
  /** By URL: where it redirects to. All other URLs answer with 200. */
  readonly redirects: Readonly<Record<string, { status?: number; headers: readonly Field[] }>>
  /** By URL: what it allows; anything else allows the origin that asks. */
  readonly allows?: Readonly<Record<string, string | undefined>>
  /** "METHOD URL Origin", where `-` is no Origin. */
  readonly sent: readonly string[]
  readonly type: Verdict['type']
  readonly step?: Verdict['step']
  readonly rule?: RuleCode
  readonly hint?: HintCode
}

const to = (location: string, status = 302): { status: number; headers: readonly Field[] } => ({
  status,
  headers: [['Location', location]],
})

const locations = (...values: readonly string[]): { headers: readonly Field[] } => ({
  headers: values.map((value): Field => ['Location', value]),
})

const OWN = `${PAGE}/items`
const BACK = `${PAGE}/back`
const NEXT = 'https://api.example/next'

export const REDIRECTS: readonly RedirectCase[] = [
  {
    title: 'within the own origin',
    url: OWN,
    redirects: { [OWN]: to('/back') },
    sent: [`GET ${OWN} -`, `GET ${BACK} -`],
    type: 'basic',
  },
  {
    title: 'from the own origin to another',
    url: OWN,
    redirects: { [OWN]: to(API) },
    sent: [`GET ${OWN} -`, `GET ${API} ${PAGE}`],
    type: 'cors',
  },
  {
    title: 'within another origin, which does not taint',
    redirects: { [API]: to('next') },
    sent: [`GET ${API} ${PAGE}`, `GET ${NEXT} ${PAGE}`],
    type: 'cors',
  },
  {
    title: 'from one foreign origin to another, which taints',
    redirects: { [API]: to(OTHER) },
    sent: [`GET ${API} ${PAGE}`, `GET ${OTHER} null`],
    type: 'cors',
  },
  {
    title: 'to an origin that allows the page, but not a tainted request',
    redirects: { [API]: to(OTHER) },
    allows: { [OTHER]: PAGE },
    sent: [`GET ${API} ${PAGE}`, `GET ${OTHER} null`],
    type: 'error',
    step: 'response',
    rule: 'allow-origin.mismatch',
    hint: 'tainted',
  },
  {
    title: 'back to the own origin, which stays a tainted CORS request',
    redirects: { [API]: to(BACK) },
    sent: [`GET ${API} ${PAGE}`, `GET ${BACK} null`],
    type: 'cors',
  },
  {
    title: 'back to the own origin, which allows nobody',
    redirects: { [API]: to(BACK) },
    allows: { [BACK]: undefined },
    sent: [`GET ${API} ${PAGE}`, `GET ${BACK} null`],
    type: 'error',
    step: 'response',
    rule: 'allow-origin.missing',
    hint: 'tainted',
  },
  {
    title: 'over three origins and back: taint stays',
    redirects: {
      [API]: to(OTHER),
      [OTHER]: to('/next'),
      'https://other.example/next': to(API + 2),
    },
    sent: [
      `GET ${API} ${PAGE}`,
      `GET ${OTHER} null`,
      'GET https://other.example/next null',
      `GET ${API}2 null`,
    ],
    type: 'cors',
  },
  {
    title: 'of a response that does not pass the CORS check',
    redirects: { [API]: to('next') },
    allows: { [API]: undefined },
    sent: [`GET ${API} ${PAGE}`],
    type: 'error',
    step: 'redirect',
    rule: 'allow-origin.missing',
  },
  {
    title: 'of a preflighted request, which is preflighted again',
    request: { method: 'PUT' },
    redirects: { [API]: to('next', 307) },
    sent: [
      `OPTIONS ${API} ${PAGE}`,
      `PUT ${API} ${PAGE}`,
      `OPTIONS ${NEXT} ${PAGE}`,
      `PUT ${NEXT} ${PAGE}`,
    ],
    type: 'cors',
  },
  {
    title: 'of a tainted request, whose preflight has no origin either',
    request: { method: 'PUT' },
    redirects: { [API]: to(OTHER, 308) },
    allows: { [OTHER]: PAGE },
    sent: [`OPTIONS ${API} ${PAGE}`, `PUT ${API} ${PAGE}`, `OPTIONS ${OTHER} null`],
    type: 'error',
    step: 'preflight',
    rule: 'allow-origin.mismatch',
    hint: 'tainted',
  },
  {
    title: 'of a PUT with 303, which goes on as GET',
    request: { method: 'PUT' },
    redirects: { [API]: to('next', 303) },
    sent: [`OPTIONS ${API} ${PAGE}`, `PUT ${API} ${PAGE}`, `GET ${NEXT} ${PAGE}`],
    type: 'cors',
  },
  ...[301, 302].map(
    (status): RedirectCase => ({
      title: `of a PUT with ${status}, which keeps the method`,
      request: { method: 'PUT' },
      url: OWN,
      redirects: { [OWN]: to('back', status) },
      sent: [`PUT ${OWN} ${PAGE}`, `PUT ${BACK} ${PAGE}`],
      type: 'basic',
    }),
  ),
  ...[301, 302, 303].map(
    (status): RedirectCase => ({
      title: `of a POST with ${status}, which goes on as GET`,
      request: { method: 'POST' },
      url: OWN,
      redirects: { [OWN]: to('back', status) },
      sent: [`POST ${OWN} ${PAGE}`, `GET ${BACK} -`],
      type: 'basic',
    }),
  ),
  ...[307, 308].map(
    (status): RedirectCase => ({
      title: `of a POST with ${status}, which keeps the method`,
      request: { method: 'POST' },
      url: OWN,
      redirects: { [OWN]: to('back', status) },
      sent: [`POST ${OWN} ${PAGE}`, `POST ${BACK} ${PAGE}`],
      type: 'basic',
    }),
  ),
  {
    title: 'of a HEAD with 303, which stays HEAD',
    request: { method: 'HEAD' },
    redirects: { [API]: to('next', 303) },
    sent: [`HEAD ${API} ${PAGE}`, `HEAD ${NEXT} ${PAGE}`],
    type: 'cors',
  },
  ...[300, 304, 305, 306].map(
    (status): RedirectCase => ({
      title: `with ${status}, which is none`,
      redirects: { [API]: to('next', status) },
      sent: [`GET ${API} ${PAGE}`],
      type: 'cors',
    }),
  ),
  {
    title: 'without a Location, which is a response like others',
    redirects: { [API]: { status: 302, headers: [] } },
    sent: [`GET ${API} ${PAGE}`],
    type: 'cors',
  },
  ...(['standard', 'firefox', 'safari'] as const).map(
    (browser): RedirectCase => ({
      title: `with two Locations that are equal, in ${browser}`,
      browser,
      redirects: { [API]: { status: 302, ...locations('next', 'next') } },
      sent: [`GET ${API} ${PAGE}`],
      type: 'error',
      step: 'redirect',
      rule: 'redirect.location',
    }),
  ),
  {
    title: 'with two Locations that are equal, in chromium: they are one',
    browser: 'chromium',
    redirects: { [API]: { status: 302, ...locations('next', ' next ') } },
    sent: [`GET ${API} ${PAGE}`, `GET ${NEXT} ${PAGE}`],
    type: 'cors',
  },
  ...[
    ['next', 'back'],
    ['', 'next'],
  ].flatMap((values) =>
    BROWSERS.map(
      (browser): RedirectCase => ({
        title: `with the Locations ${JSON.stringify(values)}, in ${browser}`,
        browser,
        redirects: { [API]: { status: 302, ...locations(...values) } },
        sent: [`GET ${API} ${PAGE}`],
        type: 'error',
        step: 'redirect',
        rule: 'redirect.location',
      }),
    ),
  ),
  ...[[''], ['', ' ']].map(
    (values): RedirectCase => ({
      title: `with the Locations ${JSON.stringify(values)}, in chromium: they are none`,
      browser: 'chromium',
      redirects: { [API]: { status: 302, ...locations(...values) } },
      sent: [`GET ${API} ${PAGE}`],
      type: 'cors',
    }),
  ),
  {
    title: 'to what is no URL',
    redirects: { [API]: to('https://') },
    sent: [`GET ${API} ${PAGE}`],
    type: 'error',
    step: 'redirect',
    rule: 'redirect.location',
  },
  ...['data:text/plain,x', 'ftp://api.example/'].map(
    (location): RedirectCase => ({
      title: `to ${location}`,
      redirects: { [API]: to(location) },
      sent: [`GET ${API} ${PAGE}`],
      type: 'error',
      step: 'redirect',
      rule: 'redirect.scheme',
    }),
  ),
  {
    title: 'to a URL with a password on another origin',
    url: OWN,
    redirects: { [OWN]: to('https://:secret@api.example/') },
    sent: [`GET ${OWN} -`],
    type: 'error',
    step: 'redirect',
    rule: 'redirect.credentials-in-url',
  },
  {
    title: 'to a URL with a user name on the own origin, back from another',
    redirects: { [API]: to('https://me@app.example/back') },
    sent: [`GET ${API} ${PAGE}`],
    type: 'error',
    step: 'redirect',
    rule: 'redirect.credentials-in-url',
  },
  {
    title: 'to a URL with a user name within the own origin',
    url: OWN,
    redirects: { [OWN]: to('https://me@app.example/back') },
    sent: [`GET ${OWN} -`, 'GET https://me@app.example/back -'],
    type: 'basic',
  },
  {
    title: 'to a URL with a user name on another origin in mode no-cors',
    request: { mode: 'no-cors' },
    redirects: { [API]: to('https://me@api.example/next') },
    sent: [`GET ${API} -`, 'GET https://me@api.example/next -'],
    type: 'opaque',
    step: 'response',
    rule: 'mode.no-cors-opaque',
  },
  ...BROWSERS.map(
    (browser): RedirectCase => ({
      title: `to itself, without end, in ${browser}`,
      browser,
      redirects: { [API]: to('#') },
      sent: Array.from({ length: 21 }, () => `GET ${API} ${PAGE}`),
      type: 'error',
      step: 'redirect',
      rule: 'redirect.too-many',
    }),
  ),
  ...(['standard', 'firefox', 'safari'] as const).map(
    (browser): RedirectCase => ({
      title: `with an empty Location, which is the URL itself, in ${browser}`,
      browser,
      redirects: { [API]: to('') },
      sent: Array.from({ length: 21 }, () => `GET ${API} ${PAGE}`),
      type: 'error',
      step: 'redirect',
      rule: 'redirect.too-many',
    }),
  ),
  {
    title: 'to http, from a page of https',
    redirects: { [API]: to('http://api.example/next') },
    sent: [`GET ${API} ${PAGE}`],
    type: 'error',
    step: 'redirect',
    rule: 'mixed-content',
    hint: 'downgrade',
  },
  {
    title: 'from the own origin to http',
    url: OWN,
    redirects: { [OWN]: to('http://app.example/items/') },
    sent: [`GET ${OWN} -`],
    type: 'error',
    step: 'redirect',
    rule: 'mixed-content',
    hint: 'downgrade',
  },
  {
    title: 'to http, which is trustworthy',
    request: { trustworthy: ['http://api.example'] },
    redirects: { [API]: to('http://api.example/next') },
    sent: [`GET ${API} ${PAGE}`, 'GET http://api.example/next null'],
    type: 'cors',
  },
  {
    title: 'to http on the loopback interface',
    redirects: { [API]: to('http://localhost:3000/next') },
    sent: [`GET ${API} ${PAGE}`, 'GET http://localhost:3000/next null'],
    type: 'cors',
  },
  {
    title: 'to a bad port',
    redirects: { [API]: to('https://api.example:6000/next') },
    sent: [`GET ${API} ${PAGE}`],
    type: 'error',
    step: 'redirect',
    rule: 'url.bad-port',
  },
  ...[301, 302, 307, 308].map(
    (status): RedirectCase => ({
      title: `of a stream with ${status}: it cannot be sent again`,
      request: { method: 'POST', streamBody: true },
      redirects: { [API]: to('next', status) },
      sent: [`OPTIONS ${API} ${PAGE}`, `POST ${API} ${PAGE}`],
      type: 'error',
      step: 'redirect',
      rule: 'redirect.stream',
    }),
  ),
  {
    title: 'of a stream within the own origin',
    url: OWN,
    request: { method: 'POST', streamBody: true },
    redirects: { [OWN]: to('back', 307) },
    sent: [`POST ${OWN} ${PAGE}`],
    type: 'error',
    step: 'redirect',
    rule: 'redirect.stream',
  },
  {
    title: 'of a stream with 303, which goes on as a GET that is still preflighted',
    request: { method: 'POST', streamBody: true },
    redirects: { [API]: to('next', 303), [NEXT]: to('last', 307) },
    sent: [
      `OPTIONS ${API} ${PAGE}`,
      `POST ${API} ${PAGE}`,
      `OPTIONS ${NEXT} ${PAGE}`,
      `GET ${NEXT} ${PAGE}`,
      `OPTIONS https://api.example/last ${PAGE}`,
      `GET https://api.example/last ${PAGE}`,
    ],
    type: 'cors',
  },
  {
    title: 'of a stream without a Location, which is a response like others',
    request: { method: 'POST', streamBody: true },
    redirects: { [API]: { status: 307, headers: [] } },
    sent: [`OPTIONS ${API} ${PAGE}`, `POST ${API} ${PAGE}`],
    type: 'cors',
  },
  {
    title: 'of a resource that is kept to its own origin, in mode no-cors',
    request: { mode: 'no-cors' },
    redirects: {
      [API]: {
        status: 302,
        headers: [
          ['Location', 'next'],
          ['Cross-Origin-Resource-Policy', 'same-origin'],
        ],
      },
    },
    sent: [`GET ${API} -`],
    type: 'error',
    step: 'redirect',
    rule: 'resource-policy',
  },
  {
    title: 'refused by the page',
    request: { redirect: 'error' },
    redirects: { [API]: to('next') },
    sent: [`GET ${API} ${PAGE}`],
    type: 'error',
    step: 'redirect',
    rule: 'redirect.refused',
  },
  {
    title: 'left to the page',
    request: { redirect: 'manual' },
    redirects: { [API]: to('next') },
    sent: [`GET ${API} ${PAGE}`],
    type: 'opaqueredirect',
    step: 'redirect',
    rule: 'redirect.manual',
  },
  {
    title: 'left to the page, by a response that does not pass the CORS check',
    request: { redirect: 'manual' },
    redirects: { [API]: to('next') },
    allows: { [API]: undefined },
    sent: [`GET ${API} ${PAGE}`],
    type: 'error',
    step: 'redirect',
    rule: 'allow-origin.missing',
  },
  {
    title: 'to another origin in mode same-origin',
    url: OWN,
    request: { mode: 'same-origin' },
    redirects: { [OWN]: to(API) },
    sent: [`GET ${OWN} -`],
    type: 'error',
    step: 'redirect',
    rule: 'mode.same-origin',
  },
  {
    title: 'back to the own origin in mode no-cors, which stays opaque',
    request: { mode: 'no-cors' },
    redirects: { [API]: to(BACK) },
    sent: [`GET ${API} -`, `GET ${BACK} -`],
    type: 'opaque',
    step: 'response',
    rule: 'mode.no-cors-opaque',
  },
  {
    title: 'of a tainted POST in mode no-cors',
    request: { mode: 'no-cors', method: 'POST' },
    redirects: { [API]: to(OTHER, 307) },
    sent: [`POST ${API} ${PAGE}`, `POST ${OTHER} null`],
    type: 'opaque',
    step: 'response',
    rule: 'mode.no-cors-opaque',
  },
]
