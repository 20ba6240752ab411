/** What is sent to every server, and what has to come of it. */

import type { Conclusion, PageRequest } from './browser.ts'

export interface DemoRequest extends PageRequest {
  readonly label: string
  readonly method: string
  readonly path: string
  /** Sent as JSON. */
  readonly body?: string
  readonly expected: { readonly status: number; readonly conclusion: Conclusion }
}

/** Bodies above this are refused by every server of the demo. */
export const BODY_LIMIT = 1024

const APP = 'https://app.example.com'
const SUBDOMAIN = 'https://eu.partner.example'
const STRANGER = 'https://app.example.com.evil.test'

const READABLE: Conclusion = { verdict: 'readable by the page' }
const KEPT: Conclusion = { verdict: 'kept from the page', reason: 'allow-origin is absent' }
const PASSES: Conclusion = { verdict: 'preflight passes' }

export const REQUESTS: readonly DemoRequest[] = [
  {
    label: 'allowed origin',
    method: 'GET',
    path: '/hello',
    origin: APP,
    credentialed: true,
    expected: { status: 200, conclusion: READABLE },
  },
  {
    label: 'allowed subdomain',
    method: 'GET',
    path: '/hello',
    origin: SUBDOMAIN,
    credentialed: true,
    expected: { status: 200, conclusion: READABLE },
  },
  {
    label: 'refused origin',
    method: 'GET',
    path: '/hello',
    origin: STRANGER,
    credentialed: true,
    expected: { status: 200, conclusion: KEPT },
  },
  {
    label: 'preflight, allowed',
    method: 'OPTIONS',
    path: '/messages',
    origin: APP,
    credentialed: true,
    asks: { method: 'POST', headers: ['content-type'] },
    expected: { status: 204, conclusion: PASSES },
  },
  {
    label: 'preflight, refused',
    method: 'OPTIONS',
    path: '/messages',
    origin: STRANGER,
    credentialed: true,
    asks: { method: 'POST', headers: ['content-type'] },
    expected: {
      status: 403,
      conclusion: { verdict: 'preflight fails', reason: 'allow-origin is absent' },
    },
  },
  {
    label: 'preflight, DELETE',
    method: 'OPTIONS',
    path: '/messages',
    origin: APP,
    credentialed: true,
    asks: { method: 'DELETE', headers: [] },
    expected: {
      status: 204,
      conclusion: { verdict: 'preflight fails', reason: 'DELETE is not allowed' },
    },
  },
  {
    label: 'message',
    method: 'POST',
    path: '/messages',
    origin: APP,
    credentialed: true,
    body: '{"text":"good morning"}',
    expected: { status: 201, conclusion: READABLE },
  },
  {
    label: 'unknown path',
    method: 'GET',
    path: '/nowhere',
    origin: APP,
    credentialed: true,
    expected: { status: 404, conclusion: READABLE },
  },
  {
    label: 'thrown error',
    method: 'GET',
    path: '/broken',
    origin: APP,
    credentialed: true,
    expected: { status: 500, conclusion: READABLE },
  },
  {
    label: 'oversized body',
    method: 'POST',
    path: '/messages',
    origin: APP,
    credentialed: true,
    body: JSON.stringify({ text: 'x'.repeat(BODY_LIMIT) }),
    expected: { status: 413, conclusion: READABLE },
  },
]
