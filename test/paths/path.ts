/** What a framework says of a row of the matrix, and how a server of it is started. */

import type { Server } from 'node:net'
import type { CorsOptions } from 'crossgate'
import { APP, PARTNER } from '../tables/exchanges.ts'
import type { Asked, Seen } from './client.ts'
import type { RowId } from './titles.ts'

/** The policy of all cells. */
export const POLICY = {
  origin: [APP],
  credentials: true,
  exposedHeaders: ['x-total'],
} as const satisfies CorsOptions

/** For cells in which two policies meet: what it allows is told apart by its lack of credentials. */
export const OTHER_POLICY = { origin: [APP, PARTNER] } as const satisfies CorsOptions

/** Who asks. */
export const ASKERS = {
  'an allowed origin': APP,
  'a refused origin': 'https://app.example.com.evil.example',
  'no origin': undefined,
} as const

export type Asker = keyof typeof ASKERS

/** The CORS fields and `Vary` of an answer: these and no others. */
export type CorsLines = Readonly<Record<string, string>>

export const POLICY_LINES: Readonly<Record<Asker, CorsLines>> = {
  'an allowed origin': {
    'access-control-allow-origin': APP,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'x-total',
    vary: 'Origin',
  },
  'a refused origin': { vary: 'Origin' },
  'no origin': { vary: 'Origin' },
}

export const OTHER_POLICY_LINES: Readonly<Record<Asker, CorsLines>> = {
  'an allowed origin': { 'access-control-allow-origin': APP, vary: 'Origin' },
  'a refused origin': { vary: 'Origin' },
  'no origin': { vary: 'Origin' },
}

/** No policy at all, or one that admits nobody. */
export const NO_LINES: Readonly<Record<Asker, CorsLines>> = {
  'an allowed origin': {},
  'a refused origin': {},
  'no origin': {},
}

/** What an application gets to be built with. */
export interface Setting {
  /** What its crossgate gets; `undefined` leaves crossgate out. */
  readonly policy: CorsOptions | undefined
  /** To be called by the handler, so that the matrix sees whether it ran. */
  readonly ran: () => void
}

/** An application that is ready to listen. */
export interface Application {
  readonly server: Server
  /** Where the framework wants to listen itself. */
  readonly listen?: () => Promise<unknown>
  /** Where there is more to close than the server: an upstream, an instance. */
  readonly close?: () => Promise<unknown>
}

/** How crossgate is put in: by the framework's adapter, or around its whole server. */
export type Layer = 'adapter' | 'installGuard'

export interface Path {
  readonly build: (setting: Setting) => Application | Promise<Application>
  /** @default GET / */
  readonly ask?: Asked
  /** Where one request does not do: gets what sends `ask`. */
  readonly exchange?: (send: (asked: Asked) => Promise<Seen>) => Promise<Seen>
  /** What is answered, with crossgate and without. `undefined`: the connection ends without an answer. */
  readonly status: number | undefined
  /** @default both */
  readonly layers?: readonly Layer[]
  /** What is sent instead of the fields of POLICY. `Vary` is merged with what is sent without crossgate. */
  readonly lines?: Readonly<Record<Asker, CorsLines>>
  /** Whether the answer breaks off. @default false */
  readonly breaksOff?: boolean
  /** The body, where nobody would answer without crossgate, so that there is nothing to compare with. */
  readonly alone?: string
}

/** A path, or why the framework has none. */
export type Paths = Readonly<Record<RowId, Path | string>>

export interface Framework {
  /** As in the README's table. */
  readonly name: string
  readonly protocol: 'http' | 'https' | 'http2'
  readonly paths: Paths
}
