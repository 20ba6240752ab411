/** A mutation is caught by any counterexample: it need not be a small one. */

import fc from 'fast-check'

fc.configureGlobal({ endOnFailure: true })
