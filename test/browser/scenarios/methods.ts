/** Which methods reach the server, and after which question. */

import { blocked, reads, type Scenario } from '../scenario.ts'

const PLAIN = [['Content-Type', 'text/plain']] as const

/** Methods that pages write in lower case, by what goes out. */
const UPPER_CASED = ['delete', 'get', 'head', 'options', 'post', 'put'] as const

export const METHODS: readonly Scenario[] = [
  {
    title: 'GET is sent unasked',
    policy: 'app',
    steps: [{ path: 'method', expected: reads('GET', ['GET']) }],
  },
  {
    title: 'HEAD is sent unasked',
    policy: 'app',
    steps: [{ path: 'method', method: 'HEAD', expected: reads('', ['HEAD']) }],
  },
  {
    title: 'POST of plain text is sent unasked',
    policy: 'app',
    steps: [
      {
        path: 'method',
        method: 'POST',
        headers: PLAIN,
        body: 'text',
        expected: reads('POST', ['POST']),
      },
    ],
  },
  ...['PUT', 'PATCH', 'DELETE'].map(
    (method): Scenario => ({
      title: `${method} is granted by default`,
      policy: 'app',
      steps: [{ path: 'method', method, expected: reads(method, ['OPTIONS', method]) }],
    }),
  ),
  ...UPPER_CASED.map((method): Scenario => {
    const sent = method.toUpperCase()
    const wire = ['GET', 'HEAD', 'POST'].includes(sent) ? [sent] : ['OPTIONS', sent]
    return {
      title: `${method} goes out as ${sent}`,
      policy: 'any-method',
      steps: [{ path: 'method', method, expected: reads(sent === 'HEAD' ? '' : sent, wire) }],
    }
  }),
  {
    title: 'patch is not PATCH',
    policy: 'app',
    steps: [{ method: 'patch', expected: blocked('allow-methods.missing', ['OPTIONS']) }],
  },
  {
    title: 'OPTIONS is not granted by default',
    policy: 'app',
    steps: [{ method: 'OPTIONS', expected: blocked('allow-methods.missing', ['OPTIONS']) }],
  },
  {
    title: 'OPTIONS of a page reaches the application, behind its preflight',
    policy: 'lists',
    steps: [
      {
        path: 'method',
        method: 'OPTIONS',
        expected: reads('OPTIONS', ['OPTIONS', 'OPTIONS']),
      },
    ],
  },
  {
    title: 'PROPFIND is not granted by default',
    policy: 'app',
    steps: [{ method: 'PROPFIND', expected: blocked('allow-methods.missing', ['OPTIONS']) }],
  },
  {
    title: 'PROPFIND is granted with any method',
    policy: 'any-method',
    steps: [
      { path: 'method', method: 'PROPFIND', expected: reads('PROPFIND', ['OPTIONS', 'PROPFIND']) },
    ],
  },
  ...['PUT', 'PROPFIND'].map(
    (method): Scenario => ({
      title: `${method} is granted with any method and credentials`,
      policy: 'any-method-credentials',
      steps: [
        {
          path: 'method',
          method,
          credentials: 'include',
          expected: reads(method, ['OPTIONS', method]),
        },
      ],
    }),
  ),
  {
    title: 'a listed method is granted',
    policy: 'lists',
    steps: [{ path: 'method', method: 'PUT', expected: reads('PUT', ['OPTIONS', 'PUT'], []) }],
  },
  ...['DELETE', 'PATCH'].map(
    (method): Scenario => ({
      title: `${method} is not granted where it is not listed`,
      policy: 'lists',
      steps: [{ method, expected: blocked('allow-methods.missing', ['OPTIONS']) }],
    }),
  ),
  ...['GET', 'HEAD', 'POST'].map(
    (method): Scenario => ({
      title: `${method} needs no grant, with an empty list of methods`,
      policy: 'nothing-more',
      steps: [
        {
          path: 'method',
          method,
          expected: reads(method === 'HEAD' ? '' : method, [method]),
        },
      ],
    }),
  ),
  {
    title: 'PUT is not granted with an empty list of methods',
    policy: 'nothing-more',
    steps: [{ method: 'PUT', expected: blocked('allow-methods.missing', ['OPTIONS']) }],
  },
  ...['TRACE', 'CONNECT', 'track'].map(
    (method): Scenario => ({
      title: `${method} never leaves the browser`,
      policy: 'any-method',
      steps: [{ method, expected: blocked('method.forbidden', []) }],
    }),
  ),
  {
    title: 'a method that is no token never leaves the browser',
    policy: 'any-method',
    steps: [{ method: 'two words', expected: blocked('method.invalid', []) }],
  },
  {
    title: 'GET with a body never leaves the browser',
    policy: 'any',
    steps: [{ body: 'text', expected: blocked('body.forbidden', []) }],
  },
  {
    title: 'PUT without CORS never leaves the browser',
    policy: 'any',
    steps: [{ method: 'PUT', mode: 'no-cors', expected: blocked('method.no-cors', []) }],
  },
  {
    title: 'PUT from a refused origin stops at the preflight',
    policy: 'app',
    from: '//evil.example.test',
    steps: [{ method: 'PUT', expected: blocked('allow-origin.missing', ['OPTIONS']) }],
  },
  {
    title: 'POST from a refused origin is made, and not read',
    policy: 'app',
    from: '//evil.example.test',
    steps: [{ method: 'POST', expected: blocked('allow-origin.missing', ['POST']) }],
  },
  ...(['app', 'nothing-more'] as const).map(
    (policy): Scenario => ({
      title: `POST with an upload listener is preflighted, and granted by ${policy}`,
      policy,
      steps: [
        {
          path: 'method',
          method: 'POST',
          headers: PLAIN,
          body: 'text',
          alwaysPreflight: true,
          expected: reads('POST', ['OPTIONS', 'POST']),
        },
      ],
    }),
  ),
  {
    title: 'POST with an upload listener from a refused origin stops at the preflight',
    policy: 'app',
    from: '//evil.example.test',
    steps: [
      {
        method: 'POST',
        body: 'text',
        alwaysPreflight: true,
        expected: blocked('allow-origin.missing', ['OPTIONS']),
      },
    ],
  },
]
