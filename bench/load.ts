/** Load on a server, by `wrk`, which needs a tenth of what a client in JavaScript does. */

import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request as send } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { headerPairs } from './exchange.ts'
import type { Answer } from './lane.ts'
import type { BenchRequest } from './scenarios.ts'

const run = promisify(execFile)
const CONNECTIONS = 8

export interface Load {
  readonly requests: number
  readonly seconds: number
  /** Answers other than 2xx and 3xx. */
  readonly errors: number
}

/** Whether a program is there. */
export async function has(program: string): Promise<boolean> {
  try {
    await run('which', [program])
    return true
  } catch {
    return false
  }
}

/** A program with its arguments, on a processor of its own where that can be said. */
export async function pinned(core: number, command: readonly string[]): Promise<readonly string[]> {
  return (await has('taskset')) ? ['taskset', '-c', String(core), ...command] : command
}

/** Sends a request again and again, on connections that are kept. */
export async function load(port: number, request: BenchRequest, seconds: number): Promise<Load> {
  const folder = mkdtempSync(join(tmpdir(), 'load-'))
  const script = join(folder, 'request.lua')
  writeFileSync(script, `wrk.method = "${request.method}"\n`)
  const headers = headerPairs(request).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const command = ['wrk', '-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', script, ...headers]
  const [file = 'wrk', ...rest] = await pinned(0, [...command, `http://127.0.0.1:${port}/`])
  try {
    const { stdout } = await run(file, rest)
    const loaded = loadOf(stdout)
    if (loaded.errors > 0) throw new Error(`the server failed ${loaded.errors} times`)
    return loaded
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Sends a request once, and reads the answer. */
export async function answerTo(port: number, request: BenchRequest): Promise<Answer> {
  const { method } = request
  const headers = Object.fromEntries(headerPairs(request))
  const sent = send({ host: '127.0.0.1', port, method, headers, agent: false })
  sent.end()
  const [received] = (await once(sent, 'response')) as [IncomingMessage]
  received.resume()
  await once(received, 'end')
  const { statusCode = 0, rawHeaders } = received
  const fields = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? ''] as const] : [],
  )
  return { status: statusCode, fields }
}

/** Reads what `wrk` prints. */
export function loadOf(text: string): Load {
  const found = /(\d+) requests in ([\d.]+)s/.exec(text)
  if (found === null) throw new Error(`wrk said nothing of requests:\n${text}`)
  const errors = /Non-2xx or 3xx responses: (\d+)/.exec(text)
  return {
    requests: Number(found[1]),
    seconds: Number(found[2]),
    errors: Number(errors?.[1] ?? 0),
  }
}
