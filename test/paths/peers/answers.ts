/** Ways in which a response leaves the server, and who loses or doubles its headers there. */

import {
  ALL,
  ELYSIA,
  EXPRESS,
  EXPRESS4,
  EXPRESS5,
  FASTIFY,
  type Failure,
  H3,
  HONO,
  KOA,
  KOA2,
  KOA3,
  MIDDY,
  NEST,
} from './failure.ts'

const GONE = 'all headers are gone'

export const ANSWERS: readonly Failure[] = [
  // Errors
  {
    experiment: '(b) a handler rejects',
    peers: [EXPRESS4],
    failure: 'the request hangs, and the rejection is unhandled',
    by: {
      neverAnswered: 'Express 4 does not look at what a handler returns',
      check: 'a rejection in Express 4',
      row: 'rejects',
    },
  },
  {
    experiment: '(b) a handler throws a string',
    peers: KOA,
    failure: 'no allowed origin, no Vary',
    by: { row: 'throws-text' },
  },
  {
    experiment: '(b) a handler throws a string',
    peers: [HONO],
    failure: 'a bare 500',
    by: { row: 'throws-text' },
  },
  {
    experiment: '(b) a handler throws null',
    peers: KOA,
    failure: 'an error of its own: 500 without headers',
    by: {
      neverAnswered: 'Koa takes a thrown null for no error',
      check: 'a thrown null in Koa',
      row: 'throws-null',
    },
  },
  {
    experiment: '(b) a handler throws null',
    peers: [HONO],
    failure: 'a bare 500',
    by: { row: 'throws-null' },
  },
  {
    experiment: '(b) a handler throws a frozen error',
    peers: KOA,
    failure: 'the request hangs',
    by: {
      neverAnswered: 'Koa writes to the error before it answers',
      check: 'a thrown frozen error in Koa',
      row: 'throws-frozen',
    },
  },
  {
    experiment: '(b) an error carries a Vary of its own',
    peers: [...EXPRESS, FASTIFY],
    failure: 'Origin is lost from Vary',
    by: { row: 'error-headers' },
  },
  {
    experiment: '(b) the handler throws for a refused origin',
    peers: KOA,
    failure: 'Vary is lost, so that a cache serves the answer to allowed origins',
    by: { row: 'throws', asker: 'a refused origin' },
  },
  {
    experiment: '(c) a 404 below a prefix',
    peers: [FASTIFY],
    failure: 'no headers',
    by: { row: 'prefix-not-found' },
  },
  {
    experiment: '(h) a path that cannot be decoded',
    peers: [FASTIFY, NEST, H3],
    failure: '400 without headers',
    by: { row: 'bad-url' },
  },
  {
    experiment: '(h) a preflight for a path that cannot be decoded',
    peers: [FASTIFY],
    failure: '400 without Vary',
    by: { check: 'a preflight for a bad URL in Fastify' },
  },
  {
    experiment: '(h) a path that cannot be decoded, over HTTP/2',
    peers: [FASTIFY],
    failure: '400 without headers',
    by: { check: 'a bad URL in Fastify over HTTP/2' },
  },
  {
    experiment: '(h) a path that cannot be decoded, with frameworkErrors',
    peers: [FASTIFY],
    failure: '400 without headers',
    by: { check: 'a bad URL in Fastify with frameworkErrors' },
  },
  {
    experiment: '(h) an over-long parameter',
    peers: [FASTIFY],
    failure: '414 without headers, after a preflight that says yes',
    by: { row: 'long-parameter' },
  },
  {
    experiment: 'a 503 while the server closes',
    peers: [FASTIFY],
    failure: 'no headers',
    by: { row: 'closing' },
  },
  {
    experiment: '(i) a body that cannot be serialized',
    peers: KOA,
    failure: GONE,
    by: { row: 'unserializable' },
  },
  {
    experiment: '(s) an earlier layer throws',
    peers: [...ALL, H3, MIDDY],
    failure: 'no headers',
    by: { row: 'layer-before' },
  },
  {
    experiment: '(s) an earlier layer throws',
    peers: [ELYSIA],
    failure: '200 with the text of the error as its body',
    by: { row: 'layer-before' },
  },
  {
    experiment: '(s) an outer layer throws after next()',
    peers: KOA,
    failure: GONE,
    by: { row: 'outer-throws' },
  },
  {
    experiment: '(s) an error handler removes all headers',
    peers: ALL,
    failure: GONE,
    by: { row: 'error-handler-clears' },
  },

  // Headers of the handler
  {
    experiment: '(f) a handler sets Vary',
    peers: [...ALL, H3, ELYSIA],
    failure: 'Origin is lost from Vary',
    by: { row: 'vary-set' },
  },
  {
    experiment: '(f) a handler repeats names in Vary',
    peers: [HONO],
    failure: 'they are sent twice',
    by: { row: 'vary-list' },
  },
  {
    experiment: '(g) the headers of an upstream are copied',
    peers: ALL,
    failure: "the upstream's * wins, and Vary is lost",
    by: { row: 'upstream-copied' },
  },
  {
    experiment: '(g) an upstream behind @fastify/http-proxy',
    peers: [FASTIFY],
    failure: "the server does not start, or, below a prefix, the upstream's * wins",
    by: { row: 'proxy' },
  },
  {
    experiment: '(g) the headers of an upstream are appended',
    peers: [...EXPRESS, ...KOA],
    failure: 'two allowed origins are sent',
    by: { row: 'upstream-appended' },
  },
  {
    experiment: '(g) a handler sets an allowed origin, in lower case',
    peers: [MIDDY],
    failure: 'two allowed origins are sent',
    by: { row: 'own-cors' },
  },
  {
    experiment: '(g) a handler answers with an allowed origin and a Vary of its own',
    peers: [ELYSIA],
    failure: "the handler's are sent",
    by: { row: 'own-cors' },
  },
  {
    experiment: '(g) a handler answers with an allowed origin and a Vary of its own',
    peers: [H3],
    failure: "the handler's Vary is thrown away",
    by: { row: 'write-object' },
  },
  {
    experiment: '(j) writeHead with a Vary',
    peers: EXPRESS,
    failure: 'Origin is lost from Vary',
    by: { row: 'write-object' },
  },
  {
    experiment: '(j) writeHead with a Vary, on the raw response',
    peers: [FASTIFY, HONO],
    failure: 'the allowed origin and Vary are lost',
    by: { row: 'write-object' },
  },
  {
    experiment: '(j) writeHead with a Vary',
    peers: KOA,
    failure: 'Vary is lost',
    by: { row: 'write-object' },
  },
  {
    experiment: '(j) writeHead with a reason phrase and a Vary',
    peers: ALL,
    failure: "its lines are sent in place of the policy's",
    by: { row: 'write-reason' },
  },
  {
    experiment: '(j) writeHead with a Vary in a flat list',
    peers: ALL,
    failure: "its lines are sent in place of the policy's",
    by: { row: 'write-flat' },
  },
  {
    experiment: '(j) writeHead with the raw lines of an upstream',
    peers: ALL,
    failure: "its lines are sent in place of the policy's",
    by: { row: 'write-raw' },
  },
  {
    experiment: "(j) a response out of the framework's hands",
    peers: KOA,
    failure: 'Vary is lost',
    by: { row: 'taken-over' },
  },
  {
    experiment: "(j) a response out of the framework's hands",
    peers: [FASTIFY],
    failure: 'the allowed origin and Vary are lost',
    by: { row: 'taken-over' },
  },
  {
    experiment: '(s) a handler removes all headers',
    peers: ALL,
    failure: GONE,
    by: { row: 'removes-all' },
  },
  {
    experiment: '(s) a 404 of send',
    peers: EXPRESS,
    failure: GONE,
    by: { row: 'static-missing' },
  },

  // Streams
  {
    experiment: '(i) a stream fails before its first byte',
    peers: [KOA2],
    failure: GONE,
    by: { row: 'stream-error-before' },
  },
  {
    experiment: '(i) a stream fails before its first byte',
    peers: [KOA3],
    failure: 'the connection is closed without an answer',
    by: {
      neverAnswered: 'Koa 3 destroys the connection',
      row: 'stream-error-before',
    },
  },
  {
    experiment: '(i) a stream fails after its first byte',
    peers: [KOA2],
    failure: 'the answer never ends',
    by: {
      neverAnswered: 'Koa 2 leaves an answer open whose head is sent',
      check: 'a stream that fails later in Koa 2',
      row: 'stream-error-after',
    },
  },
  {
    experiment: 'events by writeHead, on the raw response',
    peers: [FASTIFY],
    failure: 'no headers',
    by: { row: 'events-write' },
  },

  // Where it is put in
  {
    experiment: '(m) an OPTIONS of the application',
    peers: [...EXPRESS, HONO],
    failure: 'it never arrives: 204',
    by: { row: 'own-options' },
  },
  {
    experiment: '(m) an OPTIONS of the application',
    peers: [FASTIFY],
    failure: 'it never arrives: 400',
    by: { row: 'own-options' },
  },
  {
    experiment: '(m) an OPTIONS of the application',
    peers: KOA,
    failure: 'no headers',
    by: { row: 'own-options' },
  },
  {
    experiment: 'registered twice',
    peers: [FASTIFY],
    failure: 'the server does not start',
    by: { row: 'twice' },
  },
  {
    experiment: 'registered twice',
    peers: [HONO],
    failure: 'an inner policy cannot narrow an outer one',
    by: { row: 'twice' },
  },
  {
    experiment: 'registered again below a prefix',
    peers: [FASTIFY],
    failure: 'the server does not start',
    by: { check: 'registered again below a prefix in Fastify', row: 'on-router' },
  },
  {
    experiment: 'a catch-all route of the application',
    peers: [FASTIFY],
    failure: 'the server does not start',
    by: { row: 'catch-all' },
  },
  {
    experiment: 'an OPTIONS route of the application for every path',
    peers: [FASTIFY],
    failure: 'the server does not start',
    by: { check: 'OPTIONS of every path in Fastify', row: 'catch-all' },
  },
  {
    experiment: 'options of a route, and its preflight',
    peers: [FASTIFY],
    failure: 'the preflight has the policy of the registration',
    by: { check: 'the preflight of a route with a policy in Fastify', row: 'route-policy' },
  },
  {
    experiment: 'a route without CORS, and its preflight',
    peers: [FASTIFY],
    failure: 'the preflight says yes',
    by: { check: 'the preflight of a route without CORS in Fastify', row: 'route-none' },
  },
  {
    experiment: 'mounted by app.get(path, ...), and its preflight',
    peers: EXPRESS,
    failure: '200 of the framework, without headers',
    by: {
      instead: 'app.use(path, cors(options))',
      check: 'the preflight of one route in Express',
      row: 'on-route',
    },
  },
  {
    experiment: "mounted by app.options('*', ...)",
    peers: [EXPRESS5],
    failure: 'the server does not start',
    by: { instead: 'app.use(cors(options))', check: 'OPTIONS of every path in Express 5' },
  },
]
