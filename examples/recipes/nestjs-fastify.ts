/** NestJS on Fastify. Run it: `npx tsx examples/recipes/nestjs-fastify.ts` */

import 'reflect-metadata'
import { Controller, Get, Module, UnauthorizedException, UseGuards } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import crossgate from 'crossgate/fastify'

const { PORT = 3000 } = process.env

function refuse(): never {
  throw new UnauthorizedException()
}

@Controller()
class Hello {
  @Get('hello')
  hello() {
    return { message: 'hello' }
  }

  @Get('account')
  @UseGuards({ canActivate: refuse })
  account() {}

  @Get('report')
  report() {
    throw new Error('the report is not ready')
  }
}

@Module({ controllers: [Hello] })
class App {}

const app = await NestFactory.create<NestFastifyApplication>(App, new FastifyAdapter())
await app.register(crossgate, { origin: 'https://app.example.com', credentials: true, maxAge: 600 })
await app.listen(PORT, '127.0.0.1')
