/** Starts the application of the contract by the author's means, and asks it. */

import type { Field } from '../../../src/browser/index.ts'
import { type PolicySource, REQUEST_FIELDS, type RequestFacts } from '../../../src/index.ts'
import { untilAborted, withDeadline } from '../deadline.ts'
import { reasonOf } from '../failure.ts'
import { wrongValue } from '../mistake.ts'
import { type BrowserTarget, openTarget } from '../target.ts'
import type { IncomingResponse } from '../wire.ts'
import { type ContractRoute, contractRoutes, type Runs } from './application.ts'

/** An application that can be asked. */
export interface ContractService {
  /** What else `crossgate/testing` takes: a URL, a server, a listener, an application, a Fetch handler. */
  readonly target: BrowserTarget
  /** Ends it. A server that does not listen, or a Fetch handler, may have nothing to end. */
  readonly close?: (() => unknown) | undefined
}

/** What `adapterContract` takes. */
export interface AdapterContractOptions {
  /**
   * Starts an application by the framework's own means: with the adapter around it, or, where `source`
   * is `undefined`, without. It is called anew for each case.
   *
   * @param source What the adapter takes: options, a delegate, a live source.
   * @param routes The routes of the application. Whatever else is asked for is the framework's 404.
   * @param onError To be called with each error that reaches the error handling of the framework.
   * @throws What the adapter throws for wrong options.
   */
  readonly serve: (
    source: PolicySource<unknown> | undefined,
    routes: readonly ContractRoute[],
    onError: (error: unknown) => void,
  ) => ContractService | Promise<ContractService>
  /**
   * Whether `request` is what delegates and observers get with this adapter.
   *
   * @default not looked at: the cases about it are left out
   */
  readonly isRequest?: ((request: unknown) => boolean) | undefined
  /**
   * `false` where a request whose handler fails is never answered by the framework. The cases about
   * such handlers are left out.
   *
   * @default true
   */
  readonly answersErrors?: boolean | undefined
  /**
   * `false` where the framework has no error handling that could call `onError`. The cases about the
   * error path are left out.
   *
   * @default true
   */
  readonly reportsErrors?: boolean | undefined
  /**
   * Milliseconds for one answer; a later one counts as none.
   *
   * @default 3000, below the 5 seconds that most runners give a test
   */
  readonly timeout?: number | undefined
}

/** What is asked for. */
export interface ContractRequest {
  /** @default 'GET' */
  readonly method?: string
  /** @default '/answer' */
  readonly path?: string
  readonly headers?: readonly Field[]
}

/** Stands for the origin of the service under test. */
export const SELF = '{self}'

const DEFAULT_TIMEOUT = 3000
const BODY = '{"a":1}'

/** A service, and what can be seen of it besides its answers. */
export interface RunningService {
  readonly ask: (request: ContractRequest) => Promise<Received>
  /** What has reached the framework's error handling. */
  readonly errors: readonly unknown[]
}

export interface Received extends Pick<IncomingResponse, 'status' | 'headers'> {
  readonly body: string
  readonly facts: RequestFacts
  /** How often routes were run for it. Requests of one service may overlap, and then share this. */
  readonly runs: number
}

/** Serves as long as `use` takes. */
export async function withService<Value>(
  { serve, timeout = DEFAULT_TIMEOUT }: AdapterContractOptions,
  source: PolicySource<unknown> | undefined,
  use: (service: RunningService) => Promise<Value>,
): Promise<Value> {
  const runs: Runs = { count: 0 }
  const errors: unknown[] = []
  const service = await serve(source, contractRoutes(runs), (error) => {
    errors.push(error)
  })
  if (typeof service !== 'object' || service === null || !('target' in service)) {
    throw wrongValue('what serve returned', service, 'return { target, close }')
  }
  const { target } = service
  const name = source === undefined ? 'the application without the adapter' : 'the service'
  const ask = async (request: ContractRequest): Promise<Received> => {
    const before = runs.count
    const received = await send(target, request, timeout, name)
    return { ...received, runs: runs.count - before }
  }
  try {
    return await use({ ask, errors })
  } finally {
    await service.close?.()
  }
}

async function send(
  target: BrowserTarget,
  request: ContractRequest,
  timeout: number,
  name: string,
): Promise<Omit<Received, 'runs'>> {
  const { method = 'GET', path = '/answer' } = request
  const late = (): Error =>
    new Error(`${name} gave no answer to ${method} ${path} within ${timeout} ms`)
  return withDeadline(timeout, late, async (signal) => {
    const opened =
      typeof target === 'string' || isUrl(target)
        ? await openTarget(new URL(path, target), undefined, signal)
        : await openTarget(target, path, signal)
    try {
      const headers = (request.headers ?? []).map(
        ([name, value]): Field => [name, value === SELF ? opened.url.origin : value],
      )
      const outgoing = { method, url: opened.url, readsBody: true, ...contentOf(method, headers) }
      const {
        status,
        headers: fields,
        bytes,
      } = await untilAborted(signal, opened.ask(outgoing, signal))
      const facts = factsOf(method, headers, opened.url.origin)
      return { status, headers: fields, body: new TextDecoder().decode(bytes), facts }
    } catch (error) {
      if (signal.aborted) throw error
      throw new Error(`${name} did not answer ${method} ${path}: ${reasonOf(error)}`, {
        cause: error,
      })
    } finally {
      await opened.close()
    }
  })
}

/** By its form, since runners have a `URL` of their own. */
function isUrl(target: BrowserTarget): target is URL {
  return typeof (target as Partial<URL>).href === 'string'
}

/** A POST has a body, so that a look-up that takes time can lose it. */
function contentOf(
  method: string,
  headers: readonly Field[],
): { headers: readonly Field[]; body: Uint8Array | undefined } {
  if (method !== 'POST') return { headers, body: undefined }
  const content: readonly Field[] = [
    ['content-type', 'application/json'],
    ['content-length', String(BODY.length)],
  ]
  return { headers: [...headers, ...content], body: new TextEncoder().encode(BODY) }
}

/** The facts of a request, which the adapter has to read from what was sent. */
function factsOf(method: string, headers: readonly Field[], selfOrigin: string): RequestFacts {
  const value = (field: string): string | undefined => {
    const values = headers.filter(([name]) => name.toLowerCase() === field).map(([, text]) => text)
    return values.length === 0 ? undefined : values.join(', ')
  }
  const { origin, requestMethod, requestHeaders, fetchSite } = REQUEST_FIELDS
  return {
    method,
    origin: value(origin),
    requestMethod: value(requestMethod),
    requestHeaders: value(requestHeaders),
    fetchSite: value(fetchSite),
    selfOrigin,
  }
}
