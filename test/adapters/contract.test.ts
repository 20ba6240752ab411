import { describeAdapter } from './contract.ts'
import * as harnesses from './harnesses.ts'

for (const harness of Object.values(harnesses)) describeAdapter(harness)
