/** A policy in a file, edited as editors, deployments and Kubernetes do it. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs, { promises, writeFileSync } from 'node:fs'
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AnyCorsPolicy,
  type CorsIssueCode,
  definePolicy,
  isCorsConfigError,
  isLiveSource,
} from 'crossgate'
import {
  type PolicyFileSettings,
  type PolicyFileSource,
  policyFile,
  withCors,
} from 'crossgate/node'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const A = 'https://a.test'
const B = 'https://b.test'
const C = 'https://c.test'

/** Longer than any test: only reported edits are read. */
const NEVER = 600_000
const SOON = 20
/** The shortest interval. */
const OFTEN = 100

let folder: string
let file: string
const opened: PolicyFileSource[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossgate-'))
  file = join(folder, 'cors.json')
  await writeFile(file, documentOf(A))
})

afterEach(async () => {
  vi.restoreAllMocks()
  syncBuiltinESMExports()
  for (const source of opened.splice(0)) source.close()
  await rm(folder, { recursive: true, force: true })
})

function documentOf(origin: string): string {
  return JSON.stringify({ origin })
}

/** Writes a file so that nobody ever sees a part of it. */
async function replace(text: string, path = file): Promise<void> {
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
}

/** What a source told, each to be waited for once, in order. */
function toldOf<Told>() {
  const told: Told[] = []
  const waiting: ((told: Told) => void)[] = []
  return {
    take: (value: Told): void => {
      const next = waiting.shift()
      if (next === undefined) told.push(value)
      else next(value)
    },
    next: async (): Promise<Told> =>
      told.length > 0
        ? (told.shift() as Told)
        : new Promise<Told>((resolve) => waiting.push(resolve)),
    unread: (): readonly Told[] => told,
  }
}

async function open(settings: Omit<PolicyFileSettings, 'onReload' | 'onError'> = {}, path = file) {
  const reloads = toldOf<AnyCorsPolicy>()
  const errors = toldOf<Error>()
  const source = await policyFile(path, {
    debounce: SOON,
    interval: NEVER,
    ...settings,
    onReload: reloads.take,
    onError: errors.take,
  })
  opened.push(source)
  return { source, reloads, errors }
}

/** A reader that never looks at the watch: edits are found by time alone. */
const BY_TIME = { debounce: NEVER, interval: OFTEN }

describe('a policy file', () => {
  it('is a source with the policy of the file', async () => {
    const { source, reloads, errors } = await open()
    expect(isLiveSource(source)).toBe(true)
    expect(source.policy).toEqual(definePolicy({ origin: A }))
    expect(Object.keys(source)).toEqual(['policy', 'close'])
    expect([reloads.unread(), errors.unread()]).toEqual([[], []])
  })

  it('may be named relative to the working directory, as it was at the start', async () => {
    vi.spyOn(process, 'cwd').mockReturnValueOnce(folder)
    const { source, reloads } = await open({}, 'cors.json')
    await writeFile(file, documentOf(B))
    expect(await reloads.next()).toBe(source.policy)
    expect(source.policy).toEqual(definePolicy({ origin: B }))
  })

  it('is in force for the next request of every server that it serves', async () => {
    const { source, reloads } = await open()
    const servers = [await serve(source), await serve(source)]
    try {
      expect(await Promise.all(servers.map((server) => fieldsFor(server, A)))).toEqual([
        { vary: 'Origin', 'access-control-allow-origin': A },
        { vary: 'Origin', 'access-control-allow-origin': A },
      ])
      await writeFile(file, documentOf(B))
      await reloads.next()
      for (const server of servers) {
        expect(await fieldsFor(server, A)).toEqual({ vary: 'Origin' })
        expect(await fieldsFor(server, B)).toEqual({
          vary: 'Origin',
          'access-control-allow-origin': B,
        })
      }
    } finally {
      for (const server of servers) server.close()
    }
  })
})

describe('a first reading that fails', () => {
  async function failureOf(path: string): Promise<Error> {
    const onError = vi.fn()
    const failure = await policyFile(path, { onError }).then(
      () => undefined,
      (error: Error) => error,
    )
    expect(onError).not.toHaveBeenCalled()
    return failure ?? new Error('it did not fail')
  }

  it.each([
    ['{"origin":"https://a.test/"}', 'origin.trailing-slash'],
    ['{"origin":', 'options.type'],
    ['', 'options.type'],
  ])('rejects with the name of the file and every issue: %s', async (text, code) => {
    await writeFile(file, text)
    const failure = await failureOf(file)
    expect(failure.message).toContain(`the policy file ${file}: the CORS options have a problem`)
    expect(codesOf(failure)).toEqual([code])
  })

  it.each(['missing.json', 'missing/cors.json'])(
    'rejects where there is no file: %s',
    async (name) => {
      const path = join(folder, name)
      const failure = await failureOf(path)
      expect(failure.message).toMatch(`the policy file ${path}: ENOENT`)
      expect(failure.cause).toMatchObject({ code: 'ENOENT' })
    },
  )

  it('rejects where it is a folder', async () => {
    expect((await failureOf(folder)).cause).toMatchObject({ code: 'EISDIR' })
  })
})

describe('an edit', () => {
  /** Ways to write a file, by what does it. */
  const edits: readonly (readonly [string, (text: string) => Promise<void>])[] = [
    ['in place', (text) => writeFile(file, text)],
    [
      'in two steps, the file empty between',
      async (text) => {
        await truncate(file)
        await appendFile(file, text)
      },
    ],
    [
      'by renaming another file, as editors do',
      async (text) => {
        await writeFile(`${file}.new`, text)
        await rename(`${file}.new`, file)
      },
    ],
    [
      'by renaming the old one away first',
      async (text) => {
        await rename(file, `${file}~`)
        await writeFile(file, text)
      },
    ],
    [
      'by removing it and making it again',
      async (text) => {
        await rm(file)
        await writeFile(file, text)
      },
    ],
  ]

  it.each(edits)('is put in force %s, again and again', async (_title, edit) => {
    const { source, reloads } = await open()
    for (const origin of [B, C, A, B]) {
      await edit(documentOf(origin))
      const policy = await reloads.next()
      expect(policy).toEqual(definePolicy({ origin }))
      expect(source.policy).toBe(policy)
    }
    expect(reloads.unread()).toEqual([])
  })

  it('is put in force by a swap of symbolic links, as Kubernetes makes it', async () => {
    const mounted = await mountConfigMap(documentOf(A))
    const { source, reloads, errors } = await open({}, mounted.file)
    for (const origin of [B, C, A]) {
      await mounted.swap(documentOf(origin))
      expect(await reloads.next()).toBe(source.policy)
      expect(source.policy).toEqual(definePolicy({ origin }))
    }
    expect(errors.unread()).toEqual([])
  })

  it('is found in time where the file system reports none', async () => {
    const elsewhere = join(folder, 'elsewhere')
    await mkdir(elsewhere)
    await rename(file, join(elsewhere, 'cors.json'))
    await symlink(join(elsewhere, 'cors.json'), file)
    const { reloads } = await open({ interval: OFTEN })
    await writeFile(join(elsewhere, 'cors.json'), documentOf(B))
    expect(await reloads.next()).toEqual(definePolicy({ origin: B }))
  })

  it('is read once where many come at a time', async () => {
    const { reloads, errors } = await open()
    for (let index = 0; index < 50; index += 1) {
      writeFileSync(file, documentOf(`https://site-${index}.test`))
    }
    expect(await reloads.next()).toEqual(definePolicy({ origin: 'https://site-49.test' }))
    await writeFile(file, documentOf(B))
    expect(await reloads.next()).toEqual(definePolicy({ origin: B }))
    expect([reloads.unread(), errors.unread()]).toEqual([[], []])
  })

  it('is read in the end where edits never pause', async () => {
    const { reloads } = await open({ interval: 200 })
    let read = false
    const policy = reloads.next().finally(() => {
      read = true
    })
    while (!read) {
      await replace(documentOf(B))
    }
    expect(await policy).toEqual(definePolicy({ origin: B }))
  })

  it('of other files, of the mode, or without a change is no reload', async () => {
    const { reloads, errors } = await open()
    await chmod(file, 0o600)
    await replace(documentOf(A))
    await writeFile(join(folder, 'other.json'), documentOf(C))
    await replace(documentOf(A))
    await replace(documentOf(B))
    expect(await reloads.next()).toEqual(definePolicy({ origin: B }))
    expect([reloads.unread(), errors.unread()]).toEqual([[], []])
  })
})

describe('what makes no policy', () => {
  it('is told with every issue, and the old policy stays', async () => {
    const { source, reloads, errors } = await open()
    const { policy } = source
    await replace('{"origin":"https://b.test/","maxAge":-1}')
    const error = await errors.next()
    expect(error.message).toContain(file)
    expect(codesOf(error)).toEqual(['origin.trailing-slash', 'option.range'])
    expect(source.policy).toBe(policy)
    expect(reloads.unread()).toEqual([])
  })

  it('is half a file, until the other half is there', async () => {
    const { source, reloads, errors } = await open()
    const text = documentOf(B)
    await writeFile(file, text.slice(0, 12))
    expect((await errors.next()).message).toContain('this is no JSON at line 1, column 11')
    expect(source.policy).toEqual(definePolicy({ origin: A }))
    await appendFile(file, text.slice(12))
    expect(await reloads.next()).toEqual(definePolicy({ origin: B }))
  })

  it('is a file that is missing, until it is there again', async () => {
    const { source, reloads, errors } = await open()
    await rm(file)
    expect((await errors.next()).cause).toMatchObject({ code: 'ENOENT' })
    expect(source.policy).toEqual(definePolicy({ origin: A }))
    await replace(documentOf(B))
    expect(await reloads.next()).toEqual(definePolicy({ origin: B }))
    expect(errors.unread()).toEqual([])
  })

  it('is no reload where the old text comes back', async () => {
    const { source, reloads, errors } = await open()
    const { policy } = source
    await replace('nonsense')
    await errors.next()
    await replace(documentOf(A))
    await replace('nonsense')
    await replace(documentOf(B))
    expect(await reloads.next()).toEqual(definePolicy({ origin: B }))
    expect(policy).toEqual(definePolicy({ origin: A }))
    expect(reloads.unread()).toEqual([])
  })

  it('is told once, however often it is read, and again after it was right', async () => {
    const { reloads, errors } = await open(BY_TIME)
    await replace('nonsense')
    const first = await errors.next()
    const read = vi.spyOn(promises, 'readFile')
    await vi.waitFor(() => expect(read.mock.calls.length).toBeGreaterThan(3))
    await replace(documentOf(B))
    await reloads.next()
    await replace('nonsense')
    expect((await errors.next()).message).toBe(first.message)
    expect(errors.unread()).toEqual([])
  })
})

describe('a wrong text', () => {
  it('is compiled once, however often it is read', async () => {
    const { reloads, errors } = await open(BY_TIME)
    const parse = vi.spyOn(JSON, 'parse')
    const parsed = (): number => parse.mock.calls.filter(([text]) => text === bad).length
    const bad = '{"origin":["x"]}'
    await replace(bad)
    const first = await errors.next()
    const read = vi.spyOn(promises, 'readFile')
    await vi.waitFor(() => expect(read.mock.calls.length).toBeGreaterThan(2))
    expect(parsed()).toBe(1)
    await replace(documentOf(B))
    await reloads.next()
    await replace(bad)
    expect((await errors.next()).cause).toBe(first.cause)
    expect(parsed()).toBe(1)
  })

  it('is one of more than a megabyte, which is not read at all', async () => {
    const { source, reloads, errors } = await open()
    const long = documentOf(B).padEnd(1_048_577)
    const read = vi.spyOn(promises, 'readFile')
    await replace(long)
    expect((await errors.next()).message).toBe(
      `the policy file ${file}: this is more than 1048576 bytes`,
    )
    expect(read).not.toHaveBeenCalled()
    await expect(policyFile(file)).rejects.toThrow('this is more than 1048576 bytes')
    await replace(long.slice(0, 1_048_576))
    expect(await reloads.next()).toBe(source.policy)
  })
})

describe('wrong settings', () => {
  const milliseconds = (name: string, least: number): string =>
    `${name} of policyFile is a whole number of milliseconds from ${least} to 2147483647`

  it.each<[string, unknown]>([
    [`${milliseconds('interval', 100)}; there is 0`, { interval: 0 }],
    [`${milliseconds('interval', 100)}; there is 99`, { interval: 99 }],
    [`${milliseconds('interval', 100)}; there is NaN`, { interval: Number.NaN }],
    [`${milliseconds('interval', 100)}; there is Infinity`, { interval: Number.POSITIVE_INFINITY }],
    [`${milliseconds('interval', 100)}; there is 3000000000`, { interval: 3e9 }],
    [`${milliseconds('interval', 100)}; there is false`, { interval: false }],
    [`${milliseconds('interval', 100)}; there is 5s`, { interval: '5s' }],
    [`${milliseconds('debounce', 0)}; there is -1`, { debounce: -1 }],
    [`${milliseconds('debounce', 0)}; there is 0.5`, { debounce: 0.5 }],
    ['onError of policyFile is a function; there is null', { onError: null }],
    ['onReload of policyFile is a function; there is null', { onReload: null }],
    ['onReload of policyFile is a function; there is string', { onReload: 'print' }],
    [
      'policyFile knows only onReload, onError, debounce, interval; there is debounceMs',
      { debounceMs: 5 },
    ],
    ['the settings of policyFile are an object; there is null', null],
  ])('are refused: %s', async (message, settings) => {
    const made = policyFile(file, settings as PolicyFileSettings)
    await expect(made).rejects.toThrow(TypeError)
    await expect(made).rejects.toThrow(message)
  })

  it('are none that are undefined', async () => {
    const absent = { onReload: undefined, onError: undefined }
    opened.push(await policyFile(file, { ...absent, debounce: undefined, interval: undefined }))
    opened.push(await policyFile(file, { debounce: 0, interval: 2_147_483_647 }))
    expect(opened).toHaveLength(2)
  })
})

describe('a folder that is deleted', () => {
  /** Sees what is watched, by every way in which modules have `fs.watch`. */
  function watches() {
    const watched = vi.spyOn(fs, 'watch')
    syncBuiltinESMExports()
    return watched
  }

  it('is watched again when it is back', async () => {
    const nested = join(folder, 'nested')
    const path = join(nested, 'cors.json')
    await mkdir(nested)
    await writeFile(path, documentOf(A))
    const watched = watches()
    const { source, reloads, errors } = await open({ interval: OFTEN }, path)
    await rm(nested, { recursive: true })
    expect((await errors.next()).cause).toMatchObject({ code: 'ENOENT' })
    expect(source.policy).toEqual(definePolicy({ origin: A }))
    await mkdir(nested)
    await replace(documentOf(B), path)
    expect(await reloads.next()).toEqual(definePolicy({ origin: B }))
    await replace(documentOf(C), path)
    expect(await reloads.next()).toEqual(definePolicy({ origin: C }))
    expect(errors.unread()).toEqual([])
    expect(watched.mock.calls.map(([watchedPath]) => watchedPath)).toEqual([nested, nested])
  })

  it('is replaced by another under its name, which is then watched', async () => {
    const [nested, next] = [join(folder, 'nested'), join(folder, 'next')]
    for (const [path, origin] of [
      [nested, A],
      [next, B],
    ] as const) {
      await mkdir(path)
      await writeFile(join(path, 'cors.json'), documentOf(origin))
    }
    const watched = watches()
    const { reloads } = await open({ interval: 200 }, join(nested, 'cors.json'))
    await rename(nested, join(folder, 'old'))
    await rename(next, nested)
    expect(await reloads.next()).toEqual(definePolicy({ origin: B }))
    await replace(documentOf(C), join(nested, 'cors.json'))
    expect(await reloads.next()).toEqual(definePolicy({ origin: C }))
    expect(watched.mock.calls.map(([path]) => path)).toEqual([nested, nested])
  })
})

describe('a watch that fails', () => {
  /** Every way in which modules have `fs.watch`. */
  function watchWith(watch: typeof fs.watch): void {
    vi.spyOn(fs, 'watch').mockImplementation(watch)
    syncBuiltinESMExports()
  }

  it('is told once, and the file is read by time alone', async () => {
    watchWith(() => {
      throw new Error('ENOSPC: the limit of watches is reached')
    })
    const { reloads, errors } = await open({ interval: OFTEN })
    for (const origin of [B, C]) {
      await replace(documentOf(origin))
      expect(await reloads.next()).toEqual(definePolicy({ origin }))
    }
    expect(errors.unread().map(({ message }) => message)).toEqual([
      `the policy file ${file}: ENOSPC: the limit of watches is reached`,
    ])
  })

  it('is told, and set up again', async () => {
    const { watch } = fs
    const watchers: fs.FSWatcher[] = []
    watchWith(((path: string, options: object, listener: () => void) => {
      const watcher = watch(path, options, listener)
      watchers.push(watcher)
      return watcher
    }) as typeof fs.watch)
    const { reloads, errors } = await open()
    watchers[0]?.emit('error', new Error('EPERM: the folder is away'))
    expect((await errors.next()).message).toContain('EPERM: the folder is away')
    expect(watchers).toHaveLength(2)
    await replace(documentOf(B))
    expect(await reloads.next()).toEqual(definePolicy({ origin: B }))
    expect(errors.unread()).toEqual([])
  })
})

describe('observers that fail', () => {
  it('are printed, and the file goes on being read', async () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const seen = toldOf<string>()
    const source = await policyFile(file, {
      debounce: SOON,
      interval: NEVER,
      onReload: async () => {
        seen.take('reload')
        throw new Error('the reload was not taken well')
      },
      onError: () => {
        seen.take('error')
        throw new Error('the error was not taken well')
      },
    })
    opened.push(source)
    await replace(documentOf(B))
    expect(await seen.next()).toBe('reload')
    await replace('nonsense')
    expect(await seen.next()).toBe('error')
    await replace(documentOf(C))
    expect(await seen.next()).toBe('reload')
    await vi.waitFor(() => expect(print).toHaveBeenCalledTimes(3))
    expect(print.mock.calls.map(([error]) => (error as Error).message)).toEqual([
      'the reload was not taken well',
      'the error was not taken well',
      'the reload was not taken well',
    ])
    expect(source.policy).toEqual(definePolicy({ origin: C }))
  })

  it('are not needed: errors are printed', async () => {
    const printed = toldOf<Error>()
    vi.spyOn(console, 'error').mockImplementation(printed.take)
    opened.push(await policyFile(file, { debounce: SOON }))
    await replace('nonsense')
    expect((await printed.next()).message).toContain(`the policy file ${file}: `)
  })
})

describe('a source that is closed', () => {
  it('reads no more, and keeps its policy', async () => {
    const { source, reloads, errors } = await open({ interval: OFTEN })
    const other = await open()
    await replace(documentOf(B))
    await Promise.all([reloads.next(), other.reloads.next()])
    source.close()
    source.close()
    await replace(documentOf(C))
    await other.reloads.next()
    expect(source.policy).toEqual(definePolicy({ origin: B }))
    expect([reloads.unread(), errors.unread()]).toEqual([[], []])
  })

  it('takes nothing from a reading that was under way', async () => {
    const { source, reloads, errors } = await open()
    const { policy } = source
    const closed = new Promise<void>((resolve) => {
      vi.spyOn(promises, 'readFile').mockImplementationOnce(async () => {
        source.close()
        resolve()
        return documentOf(B)
      })
    })
    await writeFile(join(folder, 'other.json'), '')
    await closed
    // What the reading led to comes before.
    await new Promise(setImmediate)
    expect(source.policy).toBe(policy)
    expect([reloads.unread(), errors.unread()]).toEqual([[], []])
  })
})

describe('a process with nothing else to do', () => {
  it('ends, although the file is watched', async () => {
    const script = `
      import { policyFile } from 'crossgate/node'
      const source = await policyFile(${JSON.stringify(file)})
      console.log(source.policy.options.origin)
    `
    const path = join(import.meta.dirname, `ending-${process.pid}.mts`)
    await writeFile(path, script)
    try {
      const child = spawn(process.execPath, ['--import', 'tsx', path], { stdio: 'pipe' })
      expect(await endOf(child)).toEqual({ code: 0, output: `[ '${A}' ]\n` })
    } finally {
      await rm(path)
    }
  })
})

function codesOf(error: Error): readonly CorsIssueCode[] {
  if (!isCorsConfigError(error.cause)) throw error
  return error.cause.issues.map(({ code }) => code)
}

async function endOf(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = ''
  child.stdout?.on('data', (chunk) => {
    output += chunk
  })
  child.stderr?.on('data', (chunk) => {
    output += chunk
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

/** A volume as the kubelet writes it: the file and `..data` are links, and only `..data` is swapped. */
async function mountConfigMap(text: string) {
  const mount = join(folder, 'mount')
  let version = 0
  const write = async (content: string): Promise<string> => {
    version += 1
    const name = `..2026_${version}`
    await mkdir(join(mount, name), { recursive: true })
    await writeFile(join(mount, name, 'cors.json'), content)
    return name
  }
  const first = await write(text)
  await symlink(first, join(mount, '..data'))
  await symlink(join('..data', 'cors.json'), join(mount, 'cors.json'))
  let current = first
  return {
    file: join(mount, 'cors.json'),
    swap: async (content: string): Promise<void> => {
      const next = await write(content)
      await symlink(next, join(mount, '..data_tmp'))
      await rename(join(mount, '..data_tmp'), join(mount, '..data'))
      await rm(join(mount, current), { recursive: true })
      current = next
      expect(await readFile(join(mount, 'cors.json'), 'utf8')).toBe(content)
    },
  }
}

async function serve(source: PolicyFileSource): Promise<Server> {
  const server = createServer(withCors(source, (_request, response) => response.end('ok')))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function fieldsFor(server: Server, origin: string): Promise<Record<string, string>> {
  const { port } = server.address() as AddressInfo
  const { headers } = await fetch(`http://127.0.0.1:${port}/`, { headers: { origin } })
  return Object.fromEntries(
    [...headers].filter(([name]) => name === 'vary' || name.startsWith('access-control-')),
  )
}
