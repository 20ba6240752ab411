import { describeFramework } from './matrix.ts'
import { http } from './node.ts'

describeFramework(http)
