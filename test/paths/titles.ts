/**
 * The ways in which a response leaves a server: the rows of the matrix.
 *
 * `lostBy` names the libraries that lose or double the headers there (observed on Node 20, with
 * cors 2.8.6, @fastify/cors 11.4.3 and @koa/cors 5.0.0).
 */

interface Row {
  readonly group: string
  readonly title: string
  readonly lostBy?: readonly string[]
}

const ALL = ['cors', '@fastify/cors', '@koa/cors']

export const ROWS = {
  success: { group: 'Answers', title: 'a success' },
  'not-found': { group: 'Answers', title: '404, where no route is' },
  head: { group: 'Answers', title: 'HEAD' },
  'no-content': { group: 'Answers', title: '204' },
  redirect: { group: 'Answers', title: 'a redirect' },
  'not-modified': { group: 'Answers', title: '304 to a conditional request' },
  'static-file': { group: 'Answers', title: 'a static file' },
  'static-missing': { group: 'Answers', title: '404 of a static file', lostBy: ['cors'] },
  'static-not-modified': { group: 'Answers', title: '304 of a static file' },
  'static-range': { group: 'Answers', title: '416 of a static file' },
  'own-options': {
    group: 'Answers',
    title: 'OPTIONS of the application, no preflight',
    lostBy: ALL,
  },
  'catch-all': {
    group: 'Answers',
    title: 'a catch-all route of the application',
    lostBy: ['@fastify/cors'],
  },

  throws: { group: 'Errors', title: 'a handler that throws' },
  rejects: { group: 'Errors', title: 'a handler that rejects', lostBy: ['cors (Express 4)'] },
  'throws-text': { group: 'Errors', title: 'a thrown string', lostBy: ['@koa/cors'] },
  'throws-null': { group: 'Errors', title: 'a thrown null', lostBy: ['@koa/cors'] },
  'throws-frozen': { group: 'Errors', title: 'a thrown frozen error', lostBy: ['@koa/cors'] },
  'error-headers': {
    group: 'Errors',
    title: 'an error with headers and a Vary of its own',
    lostBy: ['cors', '@fastify/cors'],
  },
  'error-handler-clears': {
    group: 'Errors',
    title: 'an error handler that removes all headers',
    lostBy: ALL,
  },
  'bad-json': { group: 'Errors', title: '400, a body that is no JSON' },
  'too-large': { group: 'Errors', title: '413, by the declared length' },
  'too-large-chunked': { group: 'Errors', title: '413, of a chunked body' },
  'unsupported-type': { group: 'Errors', title: '415' },
  schema: { group: 'Errors', title: '400, by a schema' },
  unserializable: {
    group: 'Errors',
    title: 'a body that cannot be serialized',
    lostBy: ['@koa/cors'],
  },
  'bad-url': {
    group: 'Errors',
    title: 'a path that cannot be decoded',
    lostBy: ['@fastify/cors'],
  },
  'long-parameter': {
    group: 'Errors',
    title: 'an over-long parameter',
    lostBy: ['@fastify/cors'],
  },
  closing: { group: 'Errors', title: '503 while the server closes', lostBy: ['@fastify/cors'] },
  timeout: { group: 'Errors', title: '503 by a timeout' },
  'outer-throws': {
    group: 'Errors',
    title: 'an outer layer that throws afterwards',
    lostBy: ['@koa/cors'],
  },
  'login-after': { group: 'Errors', title: '401 by a layer after crossgate' },
  'layer-before': { group: 'Errors', title: 'an error of a layer before crossgate', lostBy: ALL },

  'vary-set': { group: 'Headers of the handler', title: 'Vary, by setHeader', lostBy: ALL },
  'vary-append': { group: 'Headers of the handler', title: 'Vary, by appendHeader' },
  'vary-list': { group: 'Headers of the handler', title: 'Vary, as a list with duplicates' },
  'write-object': {
    group: 'Headers of the handler',
    title: 'writeHead with an object',
    lostBy: ALL,
  },
  'write-reason': {
    group: 'Headers of the handler',
    title: 'writeHead with a reason phrase and an object',
    lostBy: ALL,
  },
  'write-flat': {
    group: 'Headers of the handler',
    title: 'writeHead with a flat list',
    lostBy: ALL,
  },
  'write-pairs': { group: 'Headers of the handler', title: 'writeHead with a list of pairs' },
  'write-raw': {
    group: 'Headers of the handler',
    title: 'writeHead with the raw lines of an upstream, duplicates included',
    lostBy: ALL,
  },
  'upstream-copied': {
    group: 'Headers of the handler',
    title: "an upstream's headers, copied",
    lostBy: ALL,
  },
  'upstream-appended': {
    group: 'Headers of the handler',
    title: "an upstream's headers, appended",
    lostBy: ['cors', '@koa/cors'],
  },
  proxy: {
    group: 'Headers of the handler',
    title: 'a proxy that pipes an upstream',
    lostBy: ['@fastify/cors with @fastify/http-proxy'],
  },
  'own-cors': { group: 'Headers of the handler', title: 'CORS fields that the handler sets' },
  'removes-all': {
    group: 'Headers of the handler',
    title: 'a handler that removes all headers',
    lostBy: ALL,
  },
  'invalid-header': { group: 'Headers of the handler', title: 'a header that Node refuses' },

  stream: { group: 'Streams', title: 'a stream' },
  'stream-error-before': {
    group: 'Streams',
    title: 'a stream that fails before its first byte',
    lostBy: ['@koa/cors'],
  },
  'stream-error-after': {
    group: 'Streams',
    title: 'a stream that fails after its first byte',
    lostBy: ['@koa/cors'],
  },
  'events-flush': { group: 'Streams', title: 'events, after flushHeaders' },
  'events-write': { group: 'Streams', title: 'events, after writeHead', lostBy: ['@fastify/cors'] },
  'early-hints': { group: 'Streams', title: 'writeEarlyHints before the answer' },
  trailers: { group: 'Streams', title: 'trailers' },
  'taken-over': {
    group: 'Streams',
    title: "a response taken out of the framework's hands",
    lostBy: ['@fastify/cors', '@koa/cors'],
  },
  'write-after-end': { group: 'Streams', title: 'a handler that writes after the end' },
  destroys: { group: 'Streams', title: 'a handler that destroys the socket' },

  'compression-before': { group: 'Other layers', title: 'compression, before' },
  'compression-after': { group: 'Other layers', title: 'compression, after' },
  'helmet-before': { group: 'Other layers', title: 'helmet, before' },
  'helmet-after': { group: 'Other layers', title: 'helmet, after' },
  'wrapper-before': { group: 'Other layers', title: 'a wrapper of writeHead, before' },
  'wrapper-after': { group: 'Other layers', title: 'a wrapper of writeHead, after' },
  twice: {
    group: 'Other layers',
    title: 'crossgate twice, with two policies: the inner one',
    lostBy: ['@fastify/cors'],
  },
  'on-route': { group: 'Other layers', title: 'mounted on a route', lostBy: ['cors'] },
  'on-router': {
    group: 'Other layers',
    title: 'mounted on a router or a prefix',
  },
  'prefix-not-found': {
    group: 'Other layers',
    title: '404 below a prefix',
    lostBy: ['@fastify/cors'],
  },
  'route-policy': {
    group: 'Other layers',
    title: "a route's own policy",
    lostBy: ['@fastify/cors'],
  },
  'route-none': { group: 'Other layers', title: 'a route without CORS', lostBy: ['@fastify/cors'] },
} as const satisfies Record<string, Row>

export type RowId = keyof typeof ROWS
