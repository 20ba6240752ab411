import { describeFramework } from './matrix.ts'
import { https } from './node.ts'

describeFramework(https)
