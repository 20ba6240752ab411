/**
 * Serves the application of a framework on Node's servers, once for every policy, and prints where.
 *
 * node serve-node.mjs express express4
 */

import { createServer } from 'node:http'
import process from 'node:process'
import { DECIDING, HOST, WRAPPED, WRAPPERS_ORIGIN } from './agreement.mjs'
import { APPLICATION } from './application.mjs'
import { SOURCES } from './policies.mjs'
import { createReport } from './report.mjs'

const [framework, packageName] = process.argv.slice(2)
const { createApp } = await import(`./${framework}.mjs`)
const report = createReport()
process.on('unhandledRejection', report.unhandled)

const ports = {}
for (const [name, source] of SOURCES) ports[name] = await serve(source)
const reports = createServer((_request, response) => response.end(JSON.stringify(report)))
const reportPort = await listen(reports)
console.log(JSON.stringify({ ports, reports: [`http://${HOST}:${reportPort}/`] }))

async function serve(source) {
  const { server, listen: listenItself } = await createApp({
    source,
    routes: APPLICATION,
    report,
    packageName,
  })
  server.prependListener('request', wrap)
  if (listenItself === undefined) return listen(server)
  await listenItself({ port: 0, host: HOST })
  return server.address().port
}

/** What a tracing library does, or a compression, that comes first. */
function wrap(request, response) {
  const wrapper = request.headers[WRAPPED]
  if (wrapper === undefined) return
  const { writeHead } = response
  response.writeHead = (...parameters) => {
    if (wrapper === DECIDING) response.setHeader('Access-Control-Allow-Origin', WRAPPERS_ORIGIN)
    return writeHead.apply(response, parameters)
  }
}

function listen(server) {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, HOST, () => resolve(server.address().port))
  })
}
