// What a CommonJS project does with the package.
const assert = require('node:assert/strict')
const { decide, definePolicy } = require('crossgate')
const express = require('crossgate/express')
const fastify = require('crossgate/fastify')
const hono = require('crossgate/hono')
const koa = require('crossgate/koa')
const { withCors } = require('crossgate/node')
const { createCors } = require('crossgate/fetch')
const lambda = require('crossgate/lambda')

for (const middleware of [express, fastify, hono, koa]) {
  assert.equal(typeof middleware, 'function')
  assert.equal(middleware.cors, middleware)
  assert.equal(middleware.default, middleware)
}
assert.equal(express({ origin: '*' }).name, 'corsMiddleware')
assert.equal(typeof withCors({ origin: '*' }, () => {}), 'function')
assert.equal(typeof createCors({ origin: '*' }), 'function')
assert.equal(typeof lambda.withCors({ origin: '*' }, () => {}), 'function')
assert.equal(decide(definePolicy({ origin: '*' }), { method: 'GET' }).outcome, 'allowed')
console.log('cjs ok')
