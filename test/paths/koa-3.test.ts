import { koa3 } from './koa.ts'
import { describeFramework } from './matrix.ts'

describeFramework(koa3)
