/** The application behind every exchange of the table. */

import { Readable } from 'node:stream'
import type { Reply, Route } from './harness.ts'

const OTHER = 'https://other.example'

/** What a handler sends that believes CORS to be its own business. */
const OWN_FIELDS = {
  'Access-Control-Allow-Origin': OTHER,
  'access-control-allow-credentials': 'true',
  'Access-Control-Allow-Methods': 'DELETE',
  'Access-Control-Expose-Headers': 'x-secret',
  'ACCESS-CONTROL-MAX-AGE': '1',
  'Access-Control-Allow-Private-Network': 'true',
}
const WITH_VARY = { ...OWN_FIELDS, Vary: 'Accept-Encoding', 'X-Total': '7' }

/** As a proxied server sent it: with lines of its own, some of them twice. */
const UPSTREAM = [
  ['Access-Control-Allow-Origin', '*'],
  ['Access-Control-Allow-Origin', OTHER],
  ['Vary', 'Accept-Encoding'],
  ['X-Total', '7'],
  ['vary', 'Accept'],
  ['Set-Cookie', 'a=1; Path=/'],
  ['Set-Cookie', 'b=2; Path=/'],
] as const

const COOKIES = ['a=1; Path=/', 'b=2; Path=/']
const COOKIE_LINES = COOKIES.map((cookie) => ['Set-Cookie', cookie] as const)

const LATER = 10

export const APPLICATION: readonly Route[] = [
  get('/', (reply) => {
    reply.set('X-Total', '7')
    reply.send(200, 'ok')
  }),
  { method: 'POST', path: '/echo', run: (reply) => reply.send(201, 'created') },
  { method: 'OPTIONS', path: '/own', run: (reply) => reply.send(200, 'options') },
  get('/throw', () => {
    throw new Error('thrown')
  }),
  get('/set-throw', (reply) => {
    for (const [name, value] of Object.entries(WITH_VARY)) reply.set(name, value)
    throw new Error('thrown')
  }),
  get('/reject', async () => {
    throw new Error('rejected')
  }),
  get('/redirect', (reply) => reply.redirect('/elsewhere')),
  get('/not-modified', (reply) => {
    reply.set('ETag', '"1"')
    reply.send(304, '')
  }),
  get('/stream', (reply) => {
    reply.set('Content-Type', 'text/plain')
    reply.stream(Readable.from(['one,', 'two']))
  }),
  get('/later', (reply) => {
    const response = reply.raw()
    setTimeout(() => response.end('later'), LATER)
  }),
  get('/set', (reply) => {
    for (const [name, value] of Object.entries(WITH_VARY)) reply.set(name, value)
    reply.send(200, 'set')
  }),
  get('/append', (reply) => {
    reply.set('Vary', ['Accept', 'Accept-Encoding', 'accept'])
    reply.set('Access-Control-Allow-Origin', [OTHER, '*'])
    reply.send(200, 'append')
  }),
  get('/vary-lower', (reply) => {
    reply.set('vary', 'origin, , Accept')
    reply.send(200, 'vary-lower')
  }),
  get('/vary-star', (reply) => {
    reply.set('Vary', 'Accept, *')
    reply.send(200, 'vary-star')
  }),
  raw('write-object', (response) => response.writeHead(200, WITH_VARY)),
  raw('write-object-reason', (response) => response.writeHead(200, 'Fine', WITH_VARY)),
  raw('write-object-lists', (response) =>
    response.writeHead(200, {
      ...OWN_FIELDS,
      'Access-Control-Allow-Origin': [OTHER, '*'] as never,
      Vary: ['Accept', 'Accept-Encoding'],
    }),
  ),
  raw('write-pairs', (response) => response.writeHead(200, Object.entries(WITH_VARY) as never)),
  raw('write-flat', (response) => response.writeHead(200, Object.entries(WITH_VARY).flat())),
  raw('write-upstream', (response) => response.writeHead(200, UPSTREAM.flat())),
  raw('set-and-write', (response) => {
    response.setHeader('Access-Control-Allow-Origin', OTHER)
    response.setHeader('Vary', 'Accept')
    response.setHeader('X-Stored', '1')
    response.writeHead(200, WITH_VARY)
  }),
  raw('clear', (response) => {
    response.setHeader('Access-Control-Allow-Origin', OTHER)
    for (const name of response.getHeaderNames()) response.removeHeader(name)
  }),
  get('/cookies-set', (reply) => {
    reply.set('Set-Cookie', COOKIES)
    reply.send(200, 'cookies-set')
  }),
  raw('cookies-object', (response) => response.writeHead(200, { 'Set-Cookie': COOKIES })),
  raw('cookies-pairs', (response) => response.writeHead(200, COOKIE_LINES as never)),
  raw('cookies-flat', (response) => response.writeHead(200, COOKIE_LINES.flat())),
]

function get(path: string, run: (reply: Reply) => unknown): Route {
  return { method: 'GET', path, run }
}

/** Answers through Node's response, with the path's name. */
function raw(name: string, writeHead: (response: ReturnType<Reply['raw']>) => unknown): Route {
  return get(`/${name}`, (reply) => {
    const response = reply.raw()
    writeHead(response)
    response.end(name)
  })
}
