import { koa2 } from './koa.ts'
import { describeFramework } from './matrix.ts'

describeFramework(koa2)
