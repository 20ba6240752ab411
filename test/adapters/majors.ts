/** The older majors, installed under other names. Their types are those of the current ones. */

import { createRequire } from 'node:module'
import type express from 'express'
import type Koa from 'koa'

const require = createRequire(import.meta.url)

export function requireExpress4(): typeof express {
  return require('express4') as typeof express
}

export function requireKoa2(): typeof Koa {
  return require('koa2') as typeof Koa
}
