/** Starts the program of a framework in a runtime, and stops it. */

import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Framework } from './frameworks.ts'
import type { Runtime } from './runtimes.ts'

/** What a program that serves says of itself. */
export interface Serving {
  /** The port of each policy, by its name. */
  readonly ports: Readonly<Record<string, number>>
  /** Where its reports are. */
  readonly reports: readonly string[]
}

export interface Program extends Serving {
  readonly stop: () => Promise<void>
}

/** For a machine under load: a runtime starts within a second. */
const DEADLINE = 60_000

/** Starts a program, which prints one line of JSON once it serves. */
export async function startProgram(
  { binary, parameters, server }: Runtime,
  { host, program, parameter }: Framework,
  folder: string,
): Promise<Program> {
  const serve = { 'servers of Node': 'node', 'fetch handlers': server, Lambda: 'lambda' }[host]
  const child = spawn(binary, [...parameters, `serve-${serve}.mjs`, program, parameter], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  })
  const serving = await whenTold(child, child.stdout, (line) =>
    line.startsWith('{') ? (JSON.parse(line) as Serving) : undefined,
  )
  return { ...serving, stop: () => stop(child) }
}

/**
 * What a program tells in the lines of `output`, once `read` makes something of one. A program that ends
 * before, or keeps silent, is a failure with all that it has printed, and is stopped.
 */
export async function whenTold<Told>(
  child: ChildProcess,
  output: Readable,
  read: (line: string) => Told | undefined,
): Promise<Told> {
  const printed: string[] = []
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<Told>((resolve, reject) => {
      const fail = (what: string): void => reject(new Error(`${what}\n${printed.join('\n')}`))
      const hear = (stream: Readable | null, use: (line: string) => void): void => {
        if (stream !== null) createInterface(stream).on('line', use)
      }
      hear(output, (line) => {
        printed.push(line)
        const told = read(line)
        if (told !== undefined) resolve(told)
      })
      if (child.stdout !== output) hear(child.stdout, (line) => printed.push(line))
      hear(child.stderr, (line) => printed.push(line))
      timer = setTimeout(() => fail('the program does not say where it serves'), DEADLINE)
      child.once('error', (error) => fail(`the program does not start: ${error.message}`))
      child.once('close', (code, signal) => fail(`the program ended with ${code ?? signal}`))
    })
  } catch (error) {
    await stop(child)
    throw error
  } finally {
    clearTimeout(timer)
  }
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  await new Promise((resolve) => {
    child.once('close', resolve)
    child.kill('SIGKILL')
  })
}
