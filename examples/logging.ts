/** A log line for each refusal, and for each second CORS layer. Run it: `npx tsx examples/logging.ts` */

import { subscribe } from 'node:diagnostics_channel'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { DecisionMessage, ReplacementMessage } from 'crossgate'
import { withCors } from 'crossgate/node'
import { type Logger, pino } from 'pino'

/** Told once, this covers every policy of the process, whatever the framework. */
export function logCors(log: Logger): void {
  subscribe('crossgate:decision', (message) => {
    const { decision, request } = message as DecisionMessage
    const { kind, outcome, error } = decision
    if (outcome === 'allowed' || outcome === 'no-origin') return
    log.warn({ kind, outcome, ...facts(request), reason: short(error?.message) }, 'CORS refusal')
  })
  subscribe('crossgate:replaced', (message) => {
    const { replaced, request } = message as ReplacementMessage
    log.warn({ replaced, ...facts(request) }, 'a second CORS layer')
  })
}

/** Never the whole request, which has cookies and tokens; nor the query, which may have them, too. */
function facts(request: unknown): object {
  const { headers, url } = request as Pick<IncomingMessage, 'headers' | 'url'>
  return { origin: short(headers.origin), url: short(url?.split('?', 1)[0]) }
}

/** How long it is, the client decides, and JSON escapes only a part of what terminals obey. */
function short(text: string | undefined): string | undefined {
  return text?.slice(0, 200).replace(/[^ -~]/g, '?')
}

export function createApp(): Server {
  return createServer(
    withCors({ origin: 'https://app.example.com' }, (_request, response) => {
      response.end('hello')
    }),
  )
}

if (process.argv[1] === import.meta.filename) {
  const { PORT = 3000 } = process.env
  logCors(pino())
  createApp().listen(Number(PORT), '127.0.0.1', () => {
    console.log(`listening on http://127.0.0.1:${PORT}`)
  })
}
