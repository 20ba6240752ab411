/** Says in one message what is missing, before any test runs. */

import { spawnSync } from 'node:child_process'

export default function requireRedis(): void {
  for (const program of ['redis-server', 'redis-cli']) {
    if (spawnSync(program, ['--version']).status === 0) continue
    throw new Error(`${program} is needed for these tests: apt-get install redis-server`)
  }
}
