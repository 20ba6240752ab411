// A CommonJS project in TypeScript.
import express = require('crossgate/express')
import koaDefault, { cors as koa } from 'crossgate/koa'
import crossgate = require('crossgate')
import { verdictOf } from 'crossgate/testing'

const middleware: express.CorsMiddleware = express({ origin: '*' })
const named: express.CorsMiddleware = express.cors({ origin: '*' })
const policy: crossgate.CorsPolicy = crossgate.definePolicy({ origin: '*' })
const both: typeof koa = koaDefault.cors
const rule = verdictOf('http://127.0.0.1', { from: 'null' }).then((verdict) => verdict.rule)
export = { middleware, named, policy, both, rule }
