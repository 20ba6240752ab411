/** A project of its own, with a framework from npm and crossgate as it is here. */

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { close, HOST, listen, sendHttp1, type WireRequest } from '../adapters/wire.ts'

const run = promisify(execFile)

export const APP = 'https://app.example.com'
export const EVIL = 'https://app.example.com.evil.test'

/** The lines on every answer that the page of APP can read, but for `Vary`. */
export const READABLE = [
  'access-control-allow-credentials: true',
  `access-control-allow-origin: ${APP}`,
]
export const PASSED = [
  'access-control-allow-credentials: true',
  'access-control-allow-headers: content-type',
  'access-control-allow-methods: GET,HEAD,PUT,PATCH,POST,DELETE',
  `access-control-allow-origin: ${APP}`,
  'access-control-max-age: 600',
]

export interface Project {
  readonly folder: string
  write(file: string, text: string): Promise<void>
  remove(file: string): Promise<void>
  /** Runs a command of the framework's. */
  call(...command: readonly string[]): Promise<void>
  /** Starts a server with `PORT`, and waits until it listens. */
  serve(...command: readonly string[]): Promise<Running>
  end(): Promise<void>
}

export interface Running {
  readonly port: number
  stop(): Promise<void>
}

/** Fetches packages, and copies a recipe and crossgate next to them. */
export async function createProject(
  recipe: string,
  dependencies: Readonly<Record<string, string>>,
): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'crossgate-'))
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text)
  }
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }
  await write('package.json', JSON.stringify({ private: true, type: 'module', dependencies }))
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, env })
  await cp(`examples/recipes/${recipe}`, folder, { recursive: true })
  await build({
    entryPoints: ['adapters/fetch.ts', 'adapters/node.ts'],
    outdir: join(folder, 'node_modules/crossgate'),
    bundle: true,
    format: 'esm',
    platform: 'node',
  })
  const exports = { './fetch': './fetch.js', './node': './node.js' }
  await write(
    'node_modules/crossgate/package.json',
    JSON.stringify({ name: 'crossgate', version: '0.0.0', type: 'module', exports }),
  )
  return {
    folder,
    write,
    remove: (file) => rm(join(folder, file), { recursive: true }),
    call: async (...command) => {
      await run(process.execPath, command, { cwd: folder, env })
    },
    serve: (...command) => serve(folder, env, command),
    end: () => rm(folder, { recursive: true, force: true }),
  }
}

async function serve(
  cwd: string,
  env: NodeJS.ProcessEnv,
  command: readonly string[],
): Promise<Running> {
  const port = await freePort()
  const child = spawn(process.execPath, command, {
    cwd,
    env: { ...env, PORT: String(port), HOST, HOSTNAME: HOST },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk
    })
  }
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`ended: ${output}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return {
    port,
    stop: async () => {
      if (child.exitCode !== null) throw new Error(`ended: ${output}`)
      child.kill()
      await once(child, 'exit')
    },
  }
}

export interface Answer {
  readonly status: number
  /** The CORS fields, as received, sorted. */
  readonly fields: readonly string[]
  /** All names of all lines of `Vary`. */
  readonly vary: readonly string[]
}

export async function ask(
  port: number,
  path: string,
  origin?: string,
  more: WireRequest = {},
): Promise<Answer> {
  const own = origin === undefined ? [] : [['Origin', origin] as const]
  const headers = [...own, ...(more.headers ?? [])]
  const { status, rawHeaders } = await sendHttp1(port, { ...more, path, headers })
  const lines = rawHeaders.map(([name, value]) => [name.toLowerCase(), value] as const)
  const fields = lines.filter(([name]) => name.startsWith('access-control-'))
  const vary = lines.filter(([name]) => name === 'vary').flatMap(([, value]) => value.split(', '))
  return { status, fields: fields.map(([name, value]) => `${name}: ${value}`).sort(), vary }
}

export const PREFLIGHT: WireRequest = {
  method: 'OPTIONS',
  headers: [
    ['Access-Control-Request-Method', 'POST'],
    ['Access-Control-Request-Headers', 'content-type'],
  ],
}

function isListening(port: number): Promise<boolean> {
  const socket = connect(port, HOST)
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
  }).then((is) => {
    socket.destroy()
    return is as boolean
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await close(server)
  return port
}
