/** Where Chromium, the standard and the model part, and why that is known. */

import { PORTS_OPEN_IN_CHROMIUM } from '../tables/browser-requests.ts'
import { LOCAL_NETWORK } from './scenarios/mixed-content.ts'

/** Two that are compared; the expectation is what the policy declares and the standard says. */
export type Pair = 'expected/chromium' | 'expected/standard' | 'chromium/model'

export interface Disagreement {
  /** Of the scenario. */
  readonly title: string
  readonly pairs: readonly Pair[]
  readonly reason: string
  readonly source: string
}

const CORS_CC = 'Chromium, services/network/public/cpp/cors/cors.cc, IsCorsSafelistedHeader'

export const DISAGREEMENTS: readonly Disagreement[] = [
  {
    title: 'Access-Control-Allow-Headers: * for Authorization',
    pairs: ['expected/chromium'],
    reason: "Chromium lets '*' stand for Authorization",
    source: 'https://github.com/whatwg/fetch/issues/1919',
  },
  {
    title: 'Access-Control-Max-Age: -1 is malformed, so that it is five seconds',
    pairs: ['expected/chromium'],
    reason: 'Chromium takes a number below zero as zero',
    source:
      'Chromium, services/network/public/cpp/cors/preflight_result.cc, ParseAccessControlMaxAge',
  },
  ...[
    'Device-Memory: 1',
    'Downlink: 1',
    'DPR: 1',
    'ECT: 4g',
    'RTT: 1',
    'Save-Data: on',
    'Viewport-Width: 1',
    'Width: 1',
  ].map(
    (hint): Disagreement => ({
      title: `${hint} has to be granted`,
      pairs: ['expected/chromium'],
      reason: 'Chromium sends client hints of pages unasked',
      source: CORS_CC,
    }),
  ),
  {
    title: 'a User-Agent of the page has to be granted',
    pairs: ['expected/chromium'],
    reason: 'Chromium drops it',
    source: 'https://crbug.com/571722',
  },
  {
    title: 'two Accept headers of 100 bytes are sent unasked',
    pairs: ['expected/chromium'],
    reason: 'Chromium combines equal names before it measures them, the standard does not',
    source: 'https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names',
  },
  {
    title: 'a range with a number beyond 64 bits is sent unasked',
    pairs: ['expected/chromium'],
    reason: 'Chromium reads numbers of 64 bits, the standard of any size',
    source: CORS_CC,
  },
  {
    title: 'a redirect with an empty Location leads to itself',
    pairs: ['expected/chromium'],
    reason: 'to Chromium an empty Location is none',
    source: 'Chromium, net/http/http_response_headers.cc, IsRedirect',
  },
  {
    title: 'a redirect with two Locations that are the same',
    pairs: ['expected/chromium'],
    reason: 'Chromium minds only Locations that differ',
    source: 'Chromium, net/http/http_stream_parser.cc, ParseResponseHeaders',
  },
  {
    title: 'a request that fails makes the browser forget the grant',
    pairs: ['expected/chromium'],
    reason: 'Chromium remembers the grant until it has to ask for another',
    source: 'https://fetch.spec.whatwg.org/#concept-cache-clear',
  },
  ...['is remembered as any', 'is any to requests without'].map(
    (rest): Disagreement => ({
      title: `a method called * that is granted with credentials ${rest}`,
      pairs: ['expected/chromium'],
      reason: "to Chromium '*' is no wildcard in a grant with credentials, remembered or not",
      source:
        'Chromium, services/network/public/cpp/cors/preflight_result.cc, EnsureAllowedCrossOriginMethod',
    }),
  ),
  ...PORTS_OPEN_IN_CHROMIUM.map(
    (port): Disagreement => ({
      title: `nothing is sent to port ${port}`,
      pairs: ['expected/chromium'],
      reason: 'Chromium connects to it',
      source: 'Chromium, net/base/port_util.cc, kRestrictedPorts',
    }),
  ),
  ...LOCAL_NETWORK.map(
    (at): Disagreement => ({
      title: `a page of https cannot ask for ${at}`,
      pairs: ['expected/chromium', 'chromium/model'],
      reason: 'Chromium leaves it to the user, whom the model does not have',
      source: 'https://wicg.github.io/local-network-access/#mixed-content',
    }),
  ),
]
