/** NestJS on Express. Run it: `npx tsx examples/recipes/nestjs-express.ts` */

import 'reflect-metadata'
import { Controller, Get, Module, UnauthorizedException, UseGuards } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { cors } from 'crossgate/express'

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

const app = await NestFactory.create(App)
// Before other middleware; instead of `enableCors` and of `cors: true`.
app.use(cors({ origin: 'https://app.example.com', credentials: true, maxAge: 600 }))
await app.listen(PORT, '127.0.0.1')
