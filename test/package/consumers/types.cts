// A CommonJS project in TypeScript.
import express = require('crossgate/express')
import koaDefault, { cors as koa } from 'crossgate/koa'
import crossgate = require('crossgate')

const middleware: express.CorsMiddleware = express({ origin: '*' })
const named: express.CorsMiddleware = express.cors({ origin: '*' })
const policy: crossgate.CorsPolicy = crossgate.definePolicy({ origin: '*' })
const both: typeof koa = koaDefault.cors
export = { middleware, named, policy, both }
