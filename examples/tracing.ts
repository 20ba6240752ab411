/** What CORS decided, on the span of each request. Run it: `npx tsx examples/tracing.ts` */

import { subscribe } from 'node:diagnostics_channel'
import { createServer, type Server } from 'node:http'
import { trace } from '@opentelemetry/api'
import type { DecisionMessage, ReplacementMessage } from 'crossgate'
import { withCors } from 'crossgate/node'

/** Told once, this covers every policy of the process, whatever the framework. */
export function traceCors(): void {
  subscribe('crossgate:decision', (message) => {
    const { kind, outcome } = (message as DecisionMessage).decision
    trace.getActiveSpan()?.setAttributes({ 'cors.kind': kind, 'cors.outcome': outcome })
  })
  subscribe('crossgate:replaced', (message) => {
    const names = (message as ReplacementMessage).replaced.map(({ name }) => name)
    trace.getActiveSpan()?.setAttributes({ 'cors.replaced': names })
  })
}

export function createApp(): Server {
  const listener = withCors({ origin: 'https://app.example.com' }, (_request, response) => {
    response.end('hello')
  })
  // OpenTelemetry's instrumentation of node:http starts such a span by itself.
  return createServer((request, response) =>
    trace.getTracer('example').startActiveSpan(`${request.method}`, (span) => {
      response.once('close', () => span.end())
      listener(request, response)
    }),
  )
}

if (process.argv[1] === import.meta.filename) {
  const { PORT = 3000 } = process.env
  traceCors()
  createApp().listen(Number(PORT), '127.0.0.1', () => {
    console.log(`listening on http://127.0.0.1:${PORT}`)
  })
}
