import { vi } from 'vitest'
import { express5 } from './express.ts'
import { describeFramework } from './matrix.ts'

// Express prints the errors that it answers for.
vi.spyOn(console, 'error').mockImplementation(() => {})

describeFramework(express5)
