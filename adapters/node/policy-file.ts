/** A policy in a JSON file that is watched: edits hold from the next request on. */

import { promises } from 'node:fs'
import { dirname, resolve } from 'node:path'
import {
  type AnyCorsPolicy,
  type LiveSource,
  policyFromJson,
  type ReloadableSource,
  reloadable,
} from '../../src/index.ts'
import { printError } from '../shared/failure.ts'
import { watchFolder } from './folder-watch.ts'

/** Who is told of what happens to the file, and how soon it is read. */
export interface PolicyFileSettings {
  /** Sees each policy that was put in force after the first. */
  readonly onReload?: ((policy: AnyCorsPolicy) => void) | undefined
  /**
   * Sees why the file could not be put in force, or not be watched, once for each reason; the last good
   * policy stays. The cause of the error is the {@link CorsConfigError}, or the file system's error.
   *
   * @default prints it to the console
   */
  readonly onError?: ((error: Error) => void) | undefined
  /** Milliseconds without an edit after which the file is read. @default 100 */
  readonly debounce?: number | undefined
  /**
   * Milliseconds after which the file is read, reported edits or not: not all file systems report
   * them. At least 100. @default 5000
   */
  readonly interval?: number | undefined
}

const NAMES = ['onReload', 'onError', 'debounce', 'interval']

/** As long as timers can wait; what is longer fires at once. */
const LONGEST_WAIT = 2_147_483_647

/** Milliseconds. A shorter interval does little but read. */
const SHORTEST_INTERVAL = 100

/** Bytes. What is longer is not read. */
const LONGEST_FILE = 1_048_576

/** A source that holds what a file said last. */
export interface PolicyFileSource extends LiveSource {
  /** The policy in force. */
  readonly policy: AnyCorsPolicy
  /** Ends the watch. The policy in force stays. */
  close(): void
}

/**
 * A policy in a JSON file that is watched. An edit holds for all requests that come in after it; a file that
 * is missing, half written or wrong changes nothing, and is told to `onError`. The file may be written in
 * place, replaced, or swapped behind a symbolic link, as Kubernetes does with config maps. The watch does not
 * keep the process alive.
 *
 * @param path The file, as {@link policyFromJson} reads it; relative to the working directory.
 * @throws {Error} (rejects) where the file cannot be read or makes no policy at the start.
 * @throws {TypeError} (rejects) where a setting is wrong or unknown.
 * @example
 * const source = await policyFile('/etc/my-service/cors.json')
 * app.use(cors(source))
 */
export async function policyFile(
  path: string,
  settings: PolicyFileSettings = {},
): Promise<PolicyFileSource> {
  const { onReload, onError, debounce, interval } = readSettings(settings)
  const file = resolve(path)
  const folder = watchFolder(dirname(file), onEdit)
  const tell = troublesOf(file, onError)
  let timer: NodeJS.Timeout | undefined
  let firstEdit: number | undefined
  let isReading = true
  let isClosed = false

  // Watched before it is read, so that no edit falls between.
  const failure = await folder.establish()
  const first = await load(file).catch((error) => {
    folder.close()
    throw about(file, error)
  })
  const { source } = first
  let { text } = first
  let refused: { readonly text: string; readonly error: unknown } | undefined
  tell('watch', failure)
  rest()

  function onEdit(): void {
    firstEdit ??= Date.now()
    // An edit during a reading is seen to at its end.
    if (!isReading) rest()
  }

  /** Until edits have paused; edits that never do put the reading off no further than time alone. */
  function rest(): void {
    isReading = false
    if (isClosed) return
    const delay =
      firstEdit === undefined ? interval : Math.min(debounce, firstEdit + interval - Date.now())
    clearTimeout(timer)
    timer = setTimeout(read, Math.max(delay, 0)).unref()
  }

  async function read(): Promise<void> {
    isReading = true
    firstEdit = undefined
    const watchFailure = await folder.establish()
    const fileFailure = await readText(file)
      .then(take)
      .catch((error: unknown) => error)
    if (isClosed) return
    tell('watch', watchFailure)
    tell('file', fileFailure)
    rest()
  }

  function take(next: string): void {
    if (isClosed || next === text) return
    // It takes time to find all that is wrong with a long text.
    if (next === refused?.text) throw refused.error
    try {
      source.reload(policyFromJson(next))
    } catch (error) {
      refused = { text: next, error }
      throw error
    }
    text = next
    guard(() => onReload?.(source.policy))
  }

  const { reload: _, ...live } = source
  return Object.freeze({
    ...live,
    get policy() {
      return source.policy
    },
    close: () => {
      isClosed = true
      clearTimeout(timer)
      folder.close()
    },
  })
}

async function load(file: string): Promise<{ readonly text: string; source: ReloadableSource }> {
  const text = await readText(file)
  return { text, source: reloadable(policyFromJson(text)) }
}

async function readText(file: string): Promise<string> {
  const { size } = await promises.stat(file)
  if (size > LONGEST_FILE) throw new RangeError(`this is more than ${LONGEST_FILE} bytes`)
  return promises.readFile(file, 'utf8')
}

/** @throws {TypeError} where a setting is wrong or unknown. */
function readSettings(settings: PolicyFileSettings) {
  if (typeof settings !== 'object' || settings === null) {
    throw new TypeError(`the settings of policyFile are an object; there is ${settings}`)
  }
  for (const name of Object.keys(settings)) {
    if (NAMES.includes(name)) continue
    throw new TypeError(`policyFile knows only ${NAMES.join(', ')}; there is ${name}`)
  }
  const { onReload, onError = printError, debounce = 100, interval = 5000 } = settings
  if (onReload !== undefined) assertFunction('onReload', onReload)
  assertFunction('onError', onError)
  assertMilliseconds('debounce', debounce, 0)
  assertMilliseconds('interval', interval, SHORTEST_INTERVAL)
  return { onReload, onError, debounce, interval }
}

function assertFunction(name: string, value: unknown): void {
  if (typeof value === 'function') return
  const found = value === null ? 'null' : typeof value
  throw new TypeError(`${name} of policyFile is a function; there is ${found}`)
}

function assertMilliseconds(name: string, value: unknown, least: number): void {
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= LONGEST_WAIT) return
  throw new TypeError(
    `${name} of policyFile is a whole number of milliseconds from ${least} to ${LONGEST_WAIT}` +
      `; there is ${String(value)}`,
  )
}

/** Tells each kind of trouble when it begins and when it changes, and not again at each reading. */
function troublesOf(
  file: string,
  onError: (error: Error) => void,
): (kind: 'file' | 'watch', reason: unknown) => void {
  const known = new Map<string, string>()
  return (kind, reason) => {
    if (reason === undefined) {
      known.delete(kind)
      return
    }
    const error = about(file, reason)
    if (known.get(kind) === error.message) return
    known.set(kind, error.message)
    guard(() => onError(error))
  }
}

/** File systems name files in some of their errors only, and options never know where they were read. */
function about(file: string, reason: unknown): Error {
  const message = reason instanceof Error ? reason.message : String(reason)
  return new Error(`the policy file ${file}: ${message}`, { cause: reason })
}

/** What an observer throws or rejects with must not end the process. */
function guard(observe: () => unknown): void {
  new Promise((resolve) => resolve(observe())).catch(printError)
}
