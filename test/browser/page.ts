/** What runs in Chromium's pages, and the pages. */

import type { Browser, BrowserContext, Frame } from 'playwright-core'
import type { Field, PageRequest } from '../../src/browser/index.ts'
import { type Seen, TEST_FIELDS } from './scenario.ts'

/** What a page reports of a response. */
type Reported =
  | {
      readonly type: string
      readonly status: number
      readonly body: string
      readonly headers: readonly Field[]
    }
  | { readonly type: 'error' }

/** The pages of a run. */
export interface Pages {
  /** Makes a request from a page of this origin, and tells what the page sees. */
  readonly fetch: (from: string, request: Omit<PageRequest, 'from'>) => Promise<Seen>
}

/** A cookie that goes along with credentials. */
const SESSION = {
  name: 'session',
  value: '1',
  domain: '.example.test',
  path: '/',
  sameSite: 'Lax' as const,
}

export async function openPages(browser: Browser): Promise<Pages> {
  const context = await browser.newContext()
  await context.addCookies([SESSION])
  const frames = new Map<string, Promise<Frame>>()
  return {
    fetch: async (from, request) => {
      const frame = frames.get(from) ?? openFrame(context, from)
      frames.set(from, frame)
      return seen(await (await frame).evaluate(fetchInPage, request))
    },
  }
}

/** Opens a page, or in one a frame that has an opaque origin. */
async function openFrame(context: BrowserContext, from: string): Promise<Frame> {
  const page = await context.newPage()
  if (from === 'null' || from === 'data:') {
    const path = from === 'null' ? '' : 'data'
    await page.goto(`http://frames.example.test/${path}`)
    const frame = page.frames()[1]
    if (frame === undefined) throw new Error('the page has no frame')
    await frame.waitForLoadState()
    return frame
  }
  // What servers of the application have, too.
  await page.goto(`${from}/ok`)
  return page.mainFrame()
}

function seen(reported: Reported): Seen {
  if (!('status' in reported)) return reported
  const { type, status, body } = reported
  if (type === 'opaque' || type === 'opaqueredirect') return { type }
  if (type !== 'basic' && type !== 'cors') throw new Error(`a response of type ${type}`)
  return { type, status, body, headers: comparedNames(reported.headers) }
}

/** The names among {@link TEST_FIELDS}, each once, sorted. */
export function comparedNames(headers: readonly Field[]): readonly string[] {
  const names = headers.map(([name]) => name.toLowerCase()).filter((name) => TEST_FIELDS.has(name))
  return [...new Set(names)].sort()
}

/** The parts of XMLHttpRequest that are used. */
interface PageXhr {
  readonly upload: { addEventListener: (type: string, listener: () => void) => void }
  readonly status: number
  readonly responseText: string
  withCredentials: boolean
  onload: () => void
  onerror: () => void
  open: (method: string, url: string) => void
  setRequestHeader: (name: string, value: string) => void
  getAllResponseHeaders: () => string
  send: (body?: string) => void
}

/** Runs in the page, so that it stands for itself. An upload listener asks for a preflight always. */
async function fetchInPage(request: Omit<PageRequest, 'from'>): Promise<Reported> {
  const { url, alwaysPreflight, streamBody, headers = [], ...init } = request
  const lines = headers.map(([name, value]): [string, string] => [name, value])
  if (alwaysPreflight !== true) {
    try {
      const stream = streamBody && { body: new Blob([init.body ?? '']).stream(), duplex: 'half' }
      const response = await fetch(url, { ...init, headers: lines, ...stream } as RequestInit)
      const { type, status } = response
      return { type, status, body: await response.text(), headers: [...response.headers] }
    } catch {
      return { type: 'error' }
    }
  }
  const Xhr = (globalThis as unknown as { XMLHttpRequest: new () => PageXhr }).XMLHttpRequest
  const xhr = new Xhr()
  xhr.open(init.method ?? 'GET', url)
  xhr.withCredentials = init.credentials === 'include'
  for (const [name, value] of lines) xhr.setRequestHeader(name, value)
  xhr.upload.addEventListener('progress', () => undefined)
  return new Promise((resolve) => {
    xhr.onerror = () => resolve({ type: 'error' })
    xhr.onload = () => {
      const all = xhr.getAllResponseHeaders().split('\r\n')
      resolve({
        type: 'cors',
        status: xhr.status,
        body: xhr.responseText,
        headers: all.map((line): Field => [line.split(':')[0] ?? '', '']),
      })
    }
    xhr.send(init.body)
  })
}
