/** Calls a function as an HTTP API of AWS would, for every policy, and prints where. */

import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { HOST } from './agreement.mjs'
import { APPLICATION } from './application.mjs'
import { eventOf } from './lambda-events.mjs'
import { answerOf } from './lambda-gateways.mjs'
import { SOURCES } from './policies.mjs'
import { createReport } from './report.mjs'

const DIALECT = 'v2'
const { createApp } = await import(`./${process.argv[2]}.mjs`)

const report = createReport()
process.on('unhandledRejection', report.unhandled)

const ports = {}
for (const [name, source] of SOURCES) {
  const handler = createApp({ source, routes: APPLICATION, report })
  ports[name] = await listen((request, response) => invoke(handler, request, response))
}
const reportPort = await listen((_request, response) => response.end(JSON.stringify(report)))
console.log(JSON.stringify({ ports, reports: [`http://${HOST}:${reportPort}/`] }))

async function invoke(handler, request, response) {
  const { method, url: path, rawHeaders } = request
  const body = await text(request)
  const headers = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1]]] : [],
  )
  const event = eventOf(DIALECT, { method, path, headers, ...(body === '' ? {} : { body }) })
  const answer = answerOf(await handler(event, {}), DIALECT, method)
  response.writeHead(answer.status, answer.rawHeaders.flat())
  response.end(answer.body)
}

function listen(listener) {
  return new Promise((resolve, reject) => {
    const server = createServer(listener)
    server.once('error', reject)
    server.listen(0, HOST, () => resolve(server.address().port))
  })
}
