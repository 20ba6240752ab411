/** The handlers of every policy, and the report, for whatever serves fetch handlers. */

import { REPORT_PATH } from './agreement.mjs'
import { APPLICATION } from './application.mjs'
import { SOURCES } from './policies.mjs'
import { createReport } from './report.mjs'

const report = createReport()

/** @returns Handlers by the names of policies, each with the report of them all. */
export function handlersOf({ createApp }) {
  return SOURCES.map(([name, source]) => {
    const handler = createApp({ source, routes: APPLICATION, report })
    return [
      name,
      (request, ...rest) =>
        new URL(request.url).pathname === REPORT_PATH
          ? Response.json(report)
          : handler(request, ...rest),
    ]
  })
}

/** Listens for every policy, and prints where. */
export async function announce(handlers, listen) {
  const ports = {}
  for (const [name, handler] of handlers) ports[name] = await listen(handler)
  const [port] = Object.values(ports)
  console.log(JSON.stringify({ ports, reports: [`http://127.0.0.1:${port}${REPORT_PATH}`] }))
}

export const { unhandled } = report
