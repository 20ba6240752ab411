/** Ports to which browsers do not connect. */

import { BAD_PORTS, GOOD_PORTS, PORTS_OPEN_IN_CHROMIUM } from '../../tables/browser-requests.ts'
import { hostOf } from '../network.ts'
import { RAW } from '../raw.ts'
import { blocked, reads, type Scenario } from '../scenario.ts'

const LINES = { response: { lines: [['Access-Control-Allow-Origin', '*']] } } as const

const at = (port: number): string => `http://${hostOf(RAW.policy, RAW)}:${port}`

export const PORTS: readonly Scenario[] = [
  {
    title: 'nothing is sent to the ports of other services',
    raw: LINES,
    steps: BAD_PORTS.filter((port) => !PORTS_OPEN_IN_CHROMIUM.includes(port)).map((port) => ({
      at: at(port),
      expected: blocked('url.bad-port', []),
    })),
  },
  ...PORTS_OPEN_IN_CHROMIUM.map(
    (port): Scenario => ({
      title: `nothing is sent to port ${port}`,
      raw: LINES,
      steps: [{ at: at(port), expected: blocked('url.bad-port', []) }],
    }),
  ),
  {
    title: 'other ports are asked',
    raw: LINES,
    steps: GOOD_PORTS.map((port) => ({ at: at(port), expected: reads('raw', ['GET']) })),
  },
  {
    title: 'nothing is sent to a bad port, whatever the mode',
    raw: LINES,
    steps: (['no-cors', 'same-origin'] as const).map((mode) => ({
      at: at(6000),
      mode,
      expected: blocked('url.bad-port', []),
    })),
  },
  {
    title: 'a bad port is not asked for either',
    raw: LINES,
    steps: [{ at: at(6000), method: 'PUT', expected: blocked('url.bad-port', []) }],
  },
  {
    title: 'a redirect to a bad port is not followed',
    policy: 'any',
    steps: [
      {
        path: 'redirect?to=https://app.example.test:6000/ok',
        expected: blocked('url.bad-port', ['GET']),
      },
    ],
  },
]
