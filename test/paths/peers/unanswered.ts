/**
 * Checks of requests that nobody answers: neither the framework alone, nor with crossgate, which makes
 * no answers in its place.
 */

import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { cors as expressCors } from 'crossgate/express'
import { cors as koaCors } from 'crossgate/koa'
import type express from 'express'
import type Koa from 'koa'
import { expect, onTestFinished } from 'vitest'
import { corsLines, expectedLines } from '../../adapters/harness.ts'
import { close, HOST, listen, parseHead } from '../../adapters/wire.ts'
import { APP } from '../../tables/exchanges.ts'
import { POLICY, POLICY_LINES } from '../path.ts'

const REQUEST = `GET / HTTP/1.1\r\nHost: ${HOST}\r\nOrigin: ${APP}\r\n\r\n`

/** How far a response has come. */
interface Progress {
  readonly headersSent: boolean
  readonly ended: boolean
}

const NOTHING: Progress = { headersSent: false, ended: false }
const HEAD_ONLY: Progress = { headersSent: true, ended: false }

/** With crossgate, and without. */
const BOTH = [true, false]

export async function checkRejectionInExpress(framework: typeof express): Promise<void> {
  for (const covered of BOTH) {
    const app = framework()
    if (covered) app.use(expressCors(POLICY))
    let rejection = Promise.resolve()
    app.get('/', () => {
      const rejecting = Promise.reject(new Error('rejected'))
      // Express 4 would leave it unhandled, which ends the process.
      rejection = rejecting.catch(() => {})
      return rejecting
    })
    const progress = await progressOf(app, () => rejection)
    expect(progress).toEqual(NOTHING)
  }
}

/** What Koa makes of an error that is thrown, as its callback reports it. */
export async function checkThrownInKoa(
  Framework: typeof Koa,
  thrown: unknown,
  reported: unknown,
): Promise<void> {
  for (const covered of BOTH) {
    const app = koaApp(Framework, covered)
    app.use(() => {
      throw thrown
    })
    const handle = app.callback()
    let handled: Promise<unknown> = Promise.resolve()
    const listener: RequestListener = (request, response) => {
      handled = handle(request, response).then(
        () => 'nothing',
        (error: Error) => error.name,
      )
    }
    expect(await progressOf(listener, () => handled)).toEqual(NOTHING)
    expect(await handled).toBe(reported)
  }
}

/** The head was sent, with the policy's fields; the rest never comes. */
export async function checkStreamErrorInKoa(Framework: typeof Koa): Promise<void> {
  for (const covered of BOTH) {
    const app = koaApp(Framework, covered)
    const body = new Readable({ read() {} })
    app.use((context) => {
      context.body = body
    })
    const told = once(app, 'error')
    const handle = app.callback()
    let response: ServerResponse | undefined
    const port = await serve((request, one) => {
      response = one
      handle(request, one)
    })
    body.push('first')
    const received = await firstBytes(port)
    const [head = ''] = received.split('\r\n\r\n')
    const lines = covered ? expectedLines(POLICY_LINES['an allowed origin']) : []
    expect(corsLines(parseHead(head))).toEqual(lines)
    body.destroy(new Error('the source failed'))
    await told
    expect(await progressAfterAll(response)).toEqual(HEAD_ONLY)
  }
}

function koaApp(Framework: typeof Koa, covered: boolean): Koa {
  const app = new Framework()
  app.silent = true
  if (covered) app.use(koaCors(POLICY))
  return app
}

/** How far the response to one request has come when its handling is over. */
async function progressOf(
  listener: RequestListener,
  handled: () => Promise<unknown>,
): Promise<Progress> {
  const served = new Promise<ServerResponse>((resolve) => {
    const tell: RequestListener = (request, response) => {
      listener(request, response)
      resolve(response)
    }
    void serve(tell).then((port) => {
      const socket = connect(port, HOST, () => socket.write(REQUEST))
      socket.on('error', () => {})
    })
  })
  const response = await served
  await handled()
  return progressAfterAll(response)
}

/** Frameworks put answers off by a turn of the event loop at most. */
async function progressAfterAll(response: ServerResponse | undefined): Promise<Progress> {
  await new Promise((resolve) => setImmediate(resolve))
  return {
    headersSent: response?.headersSent === true,
    ended: response?.writableEnded === true || response?.destroyed === true,
  }
}

async function firstBytes(port: number): Promise<string> {
  const socket = connect(port, HOST, () => socket.write(REQUEST))
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  let received = ''
  while (!received.includes('first')) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    received += chunk.toString('latin1')
  }
  return received
}

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  const port = await listen(server)
  onTestFinished(() => close(server))
  return port
}
