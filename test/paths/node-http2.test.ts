import { describeFramework } from './matrix.ts'
import { http2 } from './node.ts'

describeFramework(http2)
